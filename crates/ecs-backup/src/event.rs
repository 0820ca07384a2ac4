//! What happens in a run, reported as it happens, and its outcome.

use std::sync::atomic::AtomicBool;

use crate::error::Error;
use crate::gap::Gap;
use crate::hold::HoldName;
use crate::names::LogFile;
use crate::notices::{HowFar, Told};
use crate::plan::CopyReason;
use crate::survey::Backup;

/// Who watches a run: is told what happens, and may ask it to end.
#[allow(missing_debug_implementations, reason = "a closure has none")]
pub struct Watcher<'a> {
    /// Is told what happens as it happens.
    pub report: &'a mut dyn FnMut(Event<'_>),
    /// Is looked at before each block is read. Once it is true, the run ends: what is copied is made sure, what is half copied
    /// is removed.
    pub is_to_end: &'a AtomicBool,
}

/// What happened just now. Sizes are bytes.
#[derive(Debug)]
pub enum Event<'a> {
    /// A log is saved: flushed to disk, under its final name.
    Copied {
        /// The log.
        log: LogFile,
        /// The backup.
        file: LogFile,
        /// Why it was made.
        reason: CopyReason,
        /// The size of the log.
        read: u64,
        /// The size of the backup.
        written: u64,
    },
    /// A backup was moved into the folder of a hold.
    Held {
        /// Which.
        file: LogFile,
        /// The hold.
        hold: &'a HoldName,
    },
    /// A backup was deleted to make room.
    Pruned {
        /// Which.
        backup: Backup,
        /// What it took on disk.
        bytes: u64,
        /// The use of the partition that made it necessary, in per cent.
        percent: u8,
    },
    /// A log was deleted, emptied, cut or replaced after it was listed. It is lost, as it was then.
    Vanished(LogFile),
    /// Logs that vanished, from when to when. Comes at the end.
    Lost(Gap),
    /// A log was not copied, since there is no room, and no backup may be deleted for it.
    NoFreeRoom(LogFile),
    /// Backups that this run made were deleted by it to stay below the limit.
    GoneAgain {
        /// So many.
        n: u64,
        /// So many older ones could not be deleted, or their deletion would have freed nothing.
        n_passed_over: u64,
    },
    /// Something went wrong. If it concerns a log, that log is not saved.
    Failed(&'a Error),
    /// The run did what it could. Now what lasts is to be told, and added to what was told before: after that it is written
    /// down.
    Ends {
        /// How far it came.
        how_far: HowFar,
        /// What was told.
        told: &'a mut Told,
    },
}

/// The outcome of a run. Sizes are bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Logs that were saved.
    pub n_copied: u64,
    /// Their size.
    pub read: u64,
    /// The size of their backups.
    pub written: u64,
    /// Backups that were deleted to make room.
    pub n_pruned: u64,
    /// Logs that should have been saved and are not (also those that vanished), and other failures.
    pub n_failed: u64,
    /// The use of the partition after the run, in per cent, if that could be read.
    pub percent: Option<u8>,
}
