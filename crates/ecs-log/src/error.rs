//! What went wrong with one input, and where.

use std::error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use log_archive::Damage;

use crate::escape::{escape, escape_path};

/// What went wrong with one input.
///
/// `Display` gives `PATH: WHAT`, or `ARCHIVE: ENTRY: WHAT`, in one line that is safe to show. Where WHAT does not say all,
/// [`source`](error::Error::source) has the cause; where it does, there is none, so nothing is said
/// twice.
#[derive(Debug)]
pub struct Error {
    /// `None` is standard input.
    path: Option<PathBuf>,
    /// The name of an entry of an archive, as it stands there.
    entry: Option<Box<[u8]>>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Io(Operation, io::Error),
    Archive(Damage),
    Unlisted(Unlisted),
    NoMatch,
    MalformedPattern(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    /// Opens what was named; before that, looks what it is.
    Open,
    /// Opens what stood in a listing.
    OpenListed,
    List,
    Read,
}

/// Why logs in an archive are not among those that were found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unlisted {
    /// The name of the log is too long.
    LongName,
    /// There are more logs than can be kept.
    TooMany,
    /// There are none.
    NoLogs,
    /// So many more entries than those that were named could not be read.
    More(usize),
}

impl fmt::Display for Unlisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unlisted::LongName => f.write_str("it has a name over 4 KiB; not read"),
            Unlisted::TooMany => f.write_str("it holds more logs than can be kept; the rest could not be read"),
            Unlisted::NoLogs => f.write_str("holds no ECS logs, such as 2017-0427-084412.log"),
            Unlisted::More(count) => write!(f, "{count} more entries could not be read"),
        }
    }
}

impl Error {
    /// The path of the file that it is about, which may be an archive; `None` is standard input.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The kind of the cause; `None` where a pattern is wrong or matches nothing, or where something of an archive
    /// cannot be read at all.
    ///
    /// A damaged gzip or entry of an archive is `InvalidData`, one that ends too early `UnexpectedEof`.
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match &self.kind {
            Kind::Io(_, cause) => Some(cause.kind()),
            Kind::Archive(damage) => damage.io_kind(),
            Kind::Unlisted(_) | Kind::NoMatch | Kind::MalformedPattern(_) => None,
        }
    }

    /// Returns true if and only if the log was in a listing and was gone when it was to be opened.
    ///
    /// On a server that is the ordinary fate of the oldest logs.
    pub fn is_vanished(&self) -> bool {
        matches!(self.kind, Kind::Io(Operation::OpenListed, _)) && self.io_kind() == Some(io::ErrorKind::NotFound)
    }

    pub(crate) fn io(path: Option<&Path>, operation: Operation, cause: io::Error) -> Error {
        let kind = match cause.downcast::<Damage>() {
            Ok(damage) => Kind::Archive(damage),
            Err(cause) => Kind::Io(operation, cause),
        };
        Error::new(path, kind)
    }

    /// Logs of an archive are not among those that were found.
    pub(crate) fn unlisted(archive: Option<&Path>, reason: Unlisted) -> Error {
        Error::new(archive, Kind::Unlisted(reason))
    }

    /// Says that it is about an entry of the archive.
    pub(crate) fn in_entry(mut self, name: &[u8]) -> Error {
        self.entry = Some(name.into());
        self
    }

    fn new(path: Option<&Path>, kind: Kind) -> Error {
        Error {
            path: path.map(Path::to_owned),
            entry: None,
            kind,
        }
    }

    pub(crate) fn no_match(pattern: &Path) -> Error {
        Error::new(Some(pattern), Kind::NoMatch)
    }

    pub(crate) fn malformed_pattern(pattern: &Path, reason: &'static str) -> Error {
        Error::new(Some(pattern), Kind::MalformedPattern(reason))
    }
}

/// The cause in plain words, where there are some.
fn plain_words(operation: Operation, cause: &io::Error) -> Option<&'static str> {
    match (operation, cause.kind()) {
        (_, io::ErrorKind::PermissionDenied) => Some("permission denied"),
        (Operation::OpenListed, io::ErrorKind::NotFound) => Some("vanished after it was listed"),
        (_, io::ErrorKind::NotFound) => Some("not found"),
        (Operation::List, io::ErrorKind::NotADirectory) => Some("is not a folder"),
        (_, io::ErrorKind::IsADirectory) => Some("is a folder"),
        (Operation::Read, io::ErrorKind::UnexpectedEof) => Some("damaged gzip: it is cut off"),
        _ => None,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{}: ", escape_path(path))?,
            None => f.write_str("standard input: ")?,
        }
        if let Some(name) = &self.entry {
            write!(f, "{}: ", escape(name))?;
        }
        match &self.kind {
            Kind::Io(operation, cause) => f.write_str(plain_words(*operation, cause).unwrap_or(match operation {
                Operation::Read if cause.kind() == io::ErrorKind::InvalidData => "damaged gzip",
                Operation::Open | Operation::OpenListed => "cannot open",
                Operation::List => "cannot list",
                Operation::Read => "cannot read",
            })),
            Kind::Archive(damage) => damage.fmt(f),
            Kind::Unlisted(reason) => reason.fmt(f),
            Kind::NoMatch => f.write_str("no file matches the pattern"),
            Kind::MalformedPattern(reason) => {
                write!(f, "malformed pattern: {reason}")
            }
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.kind {
            Kind::Io(operation, cause) if plain_words(*operation, cause).is_none() => Some(cause),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::io;
    use std::path::Path;

    use super::{Error, Operation};

    #[test]
    fn the_chain_says_each_thing_once() {
        let path = Path::new("/logs/a\n.log");
        let io = |operation, kind: io::ErrorKind| Error::io(Some(path), operation, kind.into());
        let errors = [
            io(Operation::Open, io::ErrorKind::PermissionDenied),
            io(Operation::Open, io::ErrorKind::NotFound),
            io(Operation::OpenListed, io::ErrorKind::NotFound),
            io(Operation::Open, io::ErrorKind::IsADirectory),
            io(Operation::Open, io::ErrorKind::OutOfMemory),
            io(Operation::List, io::ErrorKind::NotADirectory),
            io(Operation::List, io::ErrorKind::OutOfMemory),
            io(Operation::Read, io::ErrorKind::OutOfMemory),
            io(Operation::Read, io::ErrorKind::InvalidData),
            io(Operation::Read, io::ErrorKind::UnexpectedEof),
            Error::io(None, Operation::Read, io::ErrorKind::OutOfMemory.into()),
            Error::no_match(Path::new("20*")),
            Error::malformed_pattern(Path::new("20["), "unclosed character class"),
        ];
        let lines: Vec<String> = errors
            .iter()
            .map(|error| match error.source() {
                Some(cause) => format!("{error}: {cause}"),
                None => error.to_string(),
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        /logs/a\x0a.log: permission denied
        /logs/a\x0a.log: not found
        /logs/a\x0a.log: vanished after it was listed
        /logs/a\x0a.log: is a folder
        /logs/a\x0a.log: cannot open: out of memory
        /logs/a\x0a.log: is not a folder
        /logs/a\x0a.log: cannot list: out of memory
        /logs/a\x0a.log: cannot read: out of memory
        /logs/a\x0a.log: damaged gzip: invalid data
        /logs/a\x0a.log: damaged gzip: it is cut off
        standard input: cannot read: out of memory
        20*: no file matches the pattern
        20[: malformed pattern: unclosed character class
        ");
    }

    #[test]
    fn an_error_can_cross_threads() {
        fn check<T: Send + Sync + 'static>() {}
        check::<Error>();
    }
}
