//! Why a log was not copied.

use std::io;

use crate::error::Error;

/// What is added to the estimate of a copy that did not fit on the disk, in bytes.
pub(crate) const SLACK: u64 = 4096;

/// Why a log was not copied.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The log is gone.
    Vanished,
    /// The backup that bears its name is of another log.
    Taken,
    /// The backup that bears its name cannot be read, so that it may be of another log.
    Unreadable(Error),
    /// The disk is full. `need` is an estimate of the size of the backup, in bytes.
    Full {
        error: Error,
        need: u64,
    },
    Other(Error),
}

impl Failure {
    /// Sorts an error of a write or a flush: is it that the disk is full?
    pub(crate) fn of_write(error: Error, need: u64) -> Failure {
        let kind = error.io_kind();
        if matches!(kind, Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)) {
            Failure::Full { error, need }
        } else {
            Failure::Other(error)
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Other(error)
    }
}
