//! A log that waits to be saved, and what was tried for it.

use crate::copy::Job;

/// A log to save, and what was tried for it. Whatever fails is tried once more: most faults are over in a moment.
#[derive(Debug)]
pub(crate) struct Task<'a> {
    pub(crate) job: Job<'a>,
    pub(crate) room: Room,
    /// It failed once, and not because the disk was full.
    pub(crate) has_failed: bool,
    /// It failed in a batch. So it is flushed and renamed at once, before anything newer.
    pub(crate) is_alone: bool,
}

/// How far the search for room is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Room {
    /// The disk was not full so far.
    Untried,
    /// The disk was full. `may_pass`: it may have been full for a moment only.
    Full { need: u64, may_pass: bool },
    /// The disk was full, and had plenty of room when it was looked at.
    Passed,
    /// The disk was full, and room was made. If it is full again no other backup goes: that would be in vain.
    Made,
}

impl<'a> Task<'a> {
    pub(crate) fn new(job: Job<'a>) -> Task<'a> {
        Task {
            job,
            room: Room::Untried,
            has_failed: false,
            is_alone: false,
        }
    }

    /// Once more, after it failed in a batch.
    pub(crate) fn alone(job: Job<'a>) -> Task<'a> {
        Task {
            is_alone: true,
            ..Task::new(job)
        }
    }

    /// What waits in the batch takes room and open files, which may be what the log lacked when it failed.
    pub(crate) fn takes_empty_batch(&self) -> bool {
        self.has_failed || matches!(self.room, Room::Full { .. })
    }
}
