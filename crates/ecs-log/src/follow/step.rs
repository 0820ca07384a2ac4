//! What a follower does in one step.

use std::fmt;
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

/// How many, and between which logs: `1 log was deleted before it was read, after 2017-0427-084410.log`.
impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.known {
            0 => f.write_str("logs may have been deleted before they were read")?,
            1 => f.write_str("1 log was deleted before it was read")?,
            known => write!(f, "{known} logs were deleted before they were read")?,
        }
        match (self.after, self.before) {
            (Some(after), Some(before)) => write!(f, ", between {after} and {before}"),
            (Some(after), None) => write!(f, ", after {after}"),
            (None, Some(before)) => write!(f, ", before {before}"),
            (None, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn what_was_lost_and_where() {
        let name = |name: &str| LogName::parse(OsStr::new(name));
        let (first, last) = (name("2017-0427-084410.log"), name("2017-0427-084415.log"));
        for (known, after, before, text) in [
            (
                0,
                first,
                last,
                "logs may have been deleted before they were read, between 2017-0427-084410.log and 2017-0427-084415.log",
            ),
            (
                1,
                first,
                last,
                "1 log was deleted before it was read, between 2017-0427-084410.log and 2017-0427-084415.log",
            ),
            (
                4,
                first,
                None,
                "4 logs were deleted before they were read, after 2017-0427-084410.log",
            ),
            (
                1,
                None,
                last,
                "1 log was deleted before it was read, before 2017-0427-084415.log",
            ),
            (2, None, None, "2 logs were deleted before they were read"),
        ] {
            assert_eq!(Lost { known, after, before }.to_string(), text);
        }
    }
}
