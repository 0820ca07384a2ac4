//! Why a file was not made.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file was not made. `Display` says that without the path.
#[derive(Debug)]
pub struct NotMade {
    path: PathBuf,
    why: Why,
}

/// Why a file was not made.
#[derive(Debug)]
pub enum Why {
    /// There is a file of this name, which may not be replaced.
    Exists,
    /// It would take the place of something that is read.
    IsRead,
    /// There is something of this name that is not a file.
    NotAFile,
    /// The path does not end in the name of a file.
    NoName,
    /// Nothing can be written in this folder.
    Folder(io::Error),
    /// It could not be written, or not be named.
    Write(io::Error),
    /// Another program made a file of this name meanwhile.
    MadeMeanwhile,
    /// An end was asked for.
    Ended,
}

impl NotMade {
    /// Says why `path` was not made.
    pub fn new(path: &Path, why: Why) -> NotMade {
        NotMade {
            path: path.to_owned(),
            why,
        }
    }

    /// What should have been made.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why it was not.
    pub fn why(&self) -> &Why {
        &self.why
    }

    /// The reason behind the error of a write, if that is a file which is not made.
    pub fn of(error: &io::Error) -> Option<&NotMade> {
        error.get_ref()?.downcast_ref()
    }
}

impl fmt::Display for NotMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.why {
            Why::Exists => f.write_str("is there already"),
            Why::IsRead => f.write_str("is an input, or has the name of a log; not replaced"),
            Why::NotAFile => f.write_str("is not a file"),
            Why::NoName => f.write_str("is not the name of a file"),
            Why::Folder(cause) => write!(f, "cannot write there: {cause}"),
            Why::Write(cause) => write!(f, "cannot write: {cause}; not made"),
            Why::MadeMeanwhile => f.write_str("made by another program meanwhile; not replaced"),
            Why::Ended => f.write_str("not made, as the program was ended"),
        }
    }
}

impl std::error::Error for NotMade {}

impl From<NotMade> for io::Error {
    fn from(error: NotMade) -> io::Error {
        io::Error::other(error)
    }
}
