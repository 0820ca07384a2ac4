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
    /// Bytes were read that stand right before the place from where on the log is followed. They tell the time, and do not
    /// count.
    Before {
        /// How many bytes are in the buffer; 0 if the log is empty or compressed.
        length: usize,
        /// When the log was last written to, by the clock of the file system, if that is known.
        written: Option<SystemTime>,
    },
    /// The log has been read to its end. What is read next is the start of the next log.
    EndOfLog,
    /// Logs were deleted before they were read. What is read next does not follow on what was read last.
    Lost(Lost),
    /// The log was made shorter or replaced. It is read again from its start, and nothing that was read before goes on there.
    Restarted(Log),
    /// A log could not be read, or not to its end. It is passed over.
    Failed(Error),
    /// The folder cannot be listed. This is told once.
    FolderGone(Error),
    /// The folder can be listed again.
    FolderBack,
    /// Nothing more is there.
    Idle,
}

/// Logs that were deleted before they were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// How many are known. 0 means that the log read last is no longer there, so others after it may be gone as well.
    pub known: usize,
    /// The log read before them, if one was.
    pub after: Option<LogName>,
    /// The log read after them, if one is there.
    pub before: Option<LogName>,
}
