//! What went wrong in a task, as one line for a person.

use std::fmt;
use std::io;
use std::path::Path;

/// One line that says where and what, and the exit status that goes with it.
#[derive(Debug)]
pub(crate) struct Error {
    text: String,
    exit_status: u8,
}

impl Error {
    /// The task itself failed.
    pub(crate) fn failed(text: String) -> Self {
        Self { text, exit_status: 1 }
    }

    /// The task could not read, write or start what is at `path`.
    pub(crate) fn at(path: &Path, cause: &io::Error) -> Self {
        Self::failed(format!("{}: {cause}", path.display()))
    }

    /// The arguments are wrong.
    pub(crate) fn usage(text: String) -> Self {
        Self { text, exit_status: 2 }
    }

    /// What the process should exit with.
    pub(crate) fn exit_status(&self) -> u8 {
        self.exit_status
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
