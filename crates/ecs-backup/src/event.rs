//! What happens in a run, told as it happens, and what came of it.

use crate::error::Error;
use crate::names::LogFile;
use crate::plan::CopyReason;
use crate::survey::Backup;

/// What happened just now. Sizes are bytes.
#[derive(Debug)]
pub enum Event<'a> {
    /// A log is saved: flushed to disk, under its final name.
    Copied {
        /// The backup.
        file: LogFile,
        /// Why it was made.
        reason: CopyReason,
        /// The size of the log.
        read: u64,
        /// The size of the backup.
        written: u64,
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
    /// A log vanished after it was listed: it is lost.
    Vanished(LogFile),
    /// A log was not copied: there is no room for one that is older than all backups, as it would be the next to go.
    TooOld(LogFile),
    /// Something went wrong. The log that it is about, if it is about one, is not saved.
    Failed(&'a Error),
}

/// What came of a run. Sizes are bytes.
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
    /// Logs that were to be saved and are not, those that vanished among them, and other failures.
    pub n_failed: u64,
    /// The use of the partition after it, in per cent, where that can be told.
    pub percent: Option<u8>,
}
