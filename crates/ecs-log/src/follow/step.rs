//! What a follower does in one step.

use std::time::SystemTime;

use crate::error::Error;
use crate::log::Log;
use crate::name::LogName;

/// One step of a [`Follower`](crate::Follower).
#[derive(Debug)]
pub enum Step {
    /// So many bytes were read.
    Bytes(usize),
    /// So many bytes were read that stand right before the place from which on it follows: they tell the time, and do
    /// not count. `written` is when the log was last written to.
    Before {
        /// Bytes in the buffer; 0 where the log is empty or compressed.
        length: usize,
        /// By the clock of the file system, if it says so.
        written: Option<SystemTime>,
    },
    /// The log has been read to its end. What is read next is the beginning of the one after.
    EndOfLog,
    /// Logs were deleted before they were read. What is read next does not follow on what was read last.
    Lost(Lost),
    /// The log was made shorter or replaced; it is read anew from its start, and nothing of it goes on.
    Restarted(Log),
    /// A log could not be read, or not to its end; it is passed over.
    Failed(Error),
    /// The folder cannot be listed. That is told once.
    FolderGone(Error),
    /// The folder can be listed again.
    FolderBack,
    /// Nothing more is there.
    Idle,
}

/// Logs that were deleted before they were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// How many are known. 0: the log read last is itself no longer there, so others after it may be gone as well.
    pub known: usize,
    /// The log read before them, if one was.
    pub after: Option<LogName>,
    /// The log read after them, if one is there.
    pub before: Option<LogName>,
}
