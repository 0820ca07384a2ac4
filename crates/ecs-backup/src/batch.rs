//! Copies that are made sure together: one flush of the folder does for several names.
//!
//! A copy counts as saved when its file was flushed, then renamed, and the folder flushed after that. All of it is done
//! before any backup is deleted.

use std::mem;

use ecs_log::LogName;

use crate::attempt::Run;
use crate::copy::{Named, Written};

/// How many copies are made sure together, and of how many bytes of logs, at most.
const MOST: usize = 32;
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Copies under temporary names, oldest first.
#[derive(Default, Debug)]
pub(crate) struct Batch<'a> {
    copies: Vec<Written<'a>>,
    read: u64,
}

impl Batch<'_> {
    fn is_full(&self) -> bool {
        self.copies.len() >= MOST || self.read >= MOST_BYTES
    }
}

impl<'a> Run<'a> {
    /// Takes one more copy; false where no other log can be saved.
    pub(crate) fn add(&mut self, copy: Written<'a>) -> bool {
        // If a power cut left a newer one only, this one would look as if its backup had been pruned.
        let is_urgent = !self.has_older(copy.job.log.name);
        self.batch.read = self.batch.read.saturating_add(copy.read);
        self.batch.copies.push(copy);
        if is_urgent || self.batch.is_full() {
            return self.settle();
        }
        true
    }

    /// Makes all copies sure; false where no other log can be saved.
    pub(crate) fn settle(&mut self) -> bool {
        let copies = mem::take(&mut self.batch).copies;
        let flushed: Vec<_> = copies.into_iter().map(|copy| (copy.flush(), copy)).collect();
        let mut named = Vec::new();
        for (flushed, copy) in flushed {
            let job = copy.job;
            match flushed.and_then(|()| copy.rename()) {
                Ok(copy) => named.push(copy),
                Err(failure) => {
                    self.make_sure(mem::take(&mut named));
                    let saved = self.save_alone(&job, failure);
                    if !self.conclude(&job, saved) {
                        // Nothing newer may be there without it.
                        return false;
                    }
                }
            }
        }
        self.make_sure(named);
        true
    }

    /// Flushes the folder, so that the names stay.
    fn make_sure(&mut self, copies: Vec<Named<'a>>) {
        let Some(n_more) = copies.len().checked_sub(1) else {
            return;
        };
        if let Err(error) = self.backups.sync().or_else(|_| self.backups.sync()) {
            self.fail(&error);
            let n_more = u64::try_from(n_more).unwrap_or(u64::MAX);
            self.outcome.n_failed = self.outcome.n_failed.saturating_add(n_more);
            return;
        }
        for copy in copies {
            self.count(copy);
        }
    }

    /// Returns true if and only if a backup that is sure is older.
    pub(crate) fn has_older(&self, name: LogName) -> bool {
        self.backup_list.oldest().is_some_and(|oldest| oldest.name < name)
    }
}
