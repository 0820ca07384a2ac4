//! Copies that go to disk together: one flush of the folder does for several names.

use std::mem;

use crate::copy::Job;
use crate::failure::Failure;
use crate::state::Stamp;
use crate::task::Task;
use crate::temp::Temp;

/// How many copies wait at most, and how many bytes of logs they hold.
const MOST: usize = 32;
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// A copy of a whole log under a temporary name. It may not be on disk yet.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    pub(crate) task: Task<'a>,
    pub(crate) temp: Temp<'a>,
}

/// A copy of a log, on disk under its final name. The name is on disk once the folder is flushed too.
#[derive(Debug)]
pub(crate) struct Named<'a> {
    pub(crate) job: Job<'a>,
    /// The log as it was saved.
    pub(crate) stamp: Stamp,
    /// The size of the backup, in bytes.
    pub(crate) written: u64,
}

/// Copies under temporary names, oldest first.
#[derive(Default, Debug)]
pub(crate) struct Batch<'a> {
    copies: Vec<Written<'a>>,
    read: u64,
}

/// What became of the copies of a batch.
#[derive(Default)]
pub(crate) struct Settled<'a> {
    /// Under their final names. The names are sure once the folder is flushed.
    pub(crate) named: Vec<Named<'a>>,
    /// The first that failed.
    pub(crate) failed: Option<Failed<'a>>,
    /// Those after it. Their copies are dropped, so that logs are saved in order.
    pub(crate) rest: Vec<Job<'a>>,
}

/// A copy that did not get to disk, or not to its name.
pub(crate) struct Failed<'a> {
    /// What is tried next, alone.
    pub(crate) task: Task<'a>,
    pub(crate) failure: Failure,
}

impl<'a> Batch<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.copies.is_empty()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.copies.len() >= MOST || self.read >= MOST_BYTES
    }

    pub(crate) fn add(&mut self, copy: Written<'a>) {
        self.read = self.read.saturating_add(copy.temp.stamp.size);
        self.copies.push(copy);
    }

    /// Flushes all copies, then gives each its final name, up to the first that fails.
    pub(crate) fn settle(&mut self) -> Settled<'a> {
        let copies = mem::take(self).copies;
        let flushed: Vec<_> = copies.into_iter().map(|copy| (copy.temp.flush(), copy)).collect();
        let mut settled = Settled::default();
        for (flushed, Written { task, temp }) in flushed {
            let (job, stamp, written) = (task.job, temp.stamp, temp.written);
            if settled.failed.is_some() {
                settled.rest.push(job);
                continue;
            }
            match flushed.and_then(|()| temp.rename()) {
                Ok(()) => settled.named.push(Named { job, stamp, written }),
                Err(failure) => {
                    let task = if task.is_alone { task } else { Task::alone(job) };
                    settled.failed = Some(Failed { task, failure });
                }
            }
        }
        settled
    }
}
