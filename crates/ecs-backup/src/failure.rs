//! Why a log was not copied.

use std::io;

use crate::error::Error;
use crate::state::Stamp;

/// How much is needed at least to make a file, in bytes.
pub(crate) const SLACK: u64 = 4096;

/// Why a log was not copied.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The run was asked to end.
    Stopped,
    /// The log is gone.
    Vanished,
    /// The backup that bears its name is of another log.
    Taken,
    /// The log is the beginning of the backup that bears its name: it was emptied or cut. By what it is known now.
    Shrunk(Stamp),
    /// The backup that bears its name cannot be read, so that it may be of another log.
    Unreadable(Error),
    /// The disk is full. `need` is the size of the backup, in bytes.
    Full {
        error: Error,
        need: u64,
    },
    Other(Error),
}

impl Failure {
    /// Sorts an error of a write or a flush: is it that the disk is full?
    pub(crate) fn of_write(error: Error, need: u64) -> Failure {
        if error.io_kind().is_some_and(is_full) {
            Failure::Full { error, need }
        } else {
            Failure::Other(error)
        }
    }
}

/// Whether the disk is full, or the share of it that the user may use.
pub(crate) fn is_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Other(error)
    }
}
