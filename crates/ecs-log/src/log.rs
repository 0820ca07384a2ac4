//! One log: where it is, and when it was begun.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Operation};
use crate::escape::escape_path;
use crate::name::LogName;
use crate::open::{self, LogReader};

/// One input: where it is, and its name if it has the name of an ECS log.
///
/// `Display` gives its path, safe to show, or `standard input`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Log {
    /// `None` is standard input.
    path: Option<PathBuf>,
    name: Option<LogName>,
    listed: bool,
    stream: bool,
}

impl Log {
    pub(crate) fn stdin() -> Log {
        Log {
            path: None,
            name: None,
            listed: false,
            stream: true,
        }
    }

    /// `listed`: it was found in a folder, and not named itself.
    pub(crate) fn at(path: PathBuf, listed: bool) -> Log {
        let name = path.file_name().and_then(LogName::parse);
        Log {
            path: Some(path),
            name,
            listed,
            stream: false,
        }
    }

    /// Says that it is no regular file.
    pub(crate) fn into_stream(mut self) -> Log {
        self.stream = true;
        self
    }

    /// Where it is; `None` is standard input.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Its name, if it has the name of an ECS log.
    pub fn name(&self) -> Option<LogName> {
        self.name
    }

    /// Returns true if and only if it is standard input.
    pub fn is_stdin(&self) -> bool {
        self.path.is_none()
    }

    /// Returns true if and only if it can be read only once, such as a pipe: what is read of it is gone.
    pub fn is_stream(&self) -> bool {
        self.stream
    }

    /// Opens it for reading from its start. Its first two bytes say whether it is gzip, not its
    /// name.
    ///
    /// # Errors
    ///
    /// It cannot be opened, or its first bytes cannot be read: it is a folder, say, or it was
    /// deleted.
    pub fn open(&self) -> Result<LogReader, Error> {
        let operation = if self.listed {
            Operation::OpenListed
        } else {
            Operation::Open
        };
        open::open(self.path()).map_err(|cause| Error::io(self.path(), operation, cause))
    }

    /// Names this log in an error that its [`LogReader`] gave.
    pub fn read_failed(&self, cause: io::Error) -> Error {
        Error::io(self.path(), Operation::Read, cause)
    }

    pub(crate) fn has_gzip_name(&self) -> bool {
        self.path()
            .is_some_and(|path| path.extension().is_some_and(|end| end == "gz"))
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path() {
            Some(path) => f.write_str(&escape_path(path)),
            None => f.write_str("standard input"),
        }
    }
}
