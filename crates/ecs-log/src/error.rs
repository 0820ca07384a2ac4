//! What went wrong with one input, and where.

use std::error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use log_archive::Damage;

use crate::escape::{escape, escape_path};
use crate::recognise::Seeming;

/// What went wrong with one input.
///
/// `Display` gives `PATH: WHAT`, or `ARCHIVE: ENTRY: WHAT`, in one line that is safe to show. If WHAT does not say all,
/// [`source`](error::Error::source) has the cause. If it does, there is no source, so that nothing is said twice.
#[derive(Debug)]
pub struct Error {
    /// `None` is standard input.
    path: Option<PathBuf>,
    /// The name of an entry of an archive, as the archive has it.
    entry: Option<Box<[u8]>>,
    kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Io(Operation, io::Error),
    Archive(Damage),
    /// It is something that is not read.
    NotALog(Seeming),
    /// The name of a log in an archive is too long.
    LongName,
    /// An archive holds more logs than can be kept.
    TooManyLogs,
    /// An archive holds no logs.
    NoLogs,
    /// An archive lies in too many others.
    TooDeep,
    /// So many more entries of an archive than those that were named could not be read.
    MoreEntries(usize),
    /// So many files of a folder have names that are not quite those of logs, such as this one.
    OtherNames(usize, Box<[u8]>),
    /// So many folders in a folder that has logs have logs too, such as this one.
    InnerFolders(usize, Box<[u8]>),
    /// There are more folders in a folder than are looked into.
    TooManyFolders,
    /// Nothing matches a pattern.
    NoMatch,
    /// The pattern is malformed, and why.
    MalformedPattern(&'static str),
}

/// What was tried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    /// To open what was named, or to look what it is.
    Open,
    /// To open what was found in a folder.
    OpenListed,
    /// To open what a link leads to that was found in a folder.
    OpenLink,
    List,
    Read,
}

impl Error {
    /// The path of the file that it is about, which may be an archive; `None` is standard input.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The kind of the cause. `None` if a pattern is malformed or matches nothing, if an input is not a log, or if a part of
    /// an archive cannot be read at all.
    ///
    /// A damaged gzip or entry of an archive is `InvalidData`. One that ends too early is `UnexpectedEof`.
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match &self.kind {
            Kind::Io(_, cause) => Some(cause.kind()),
            Kind::Archive(damage) => damage.io_kind(),
            _ => None,
        }
    }

    /// Returns true if and only if the log was found in a folder and was gone when it was to be opened.
    ///
    /// On a server this happens to the oldest logs all the time.
    pub fn is_vanished(&self) -> bool {
        matches!(self.kind, Kind::Io(Operation::OpenListed, _)) && self.io_kind() == Some(io::ErrorKind::NotFound)
    }

    pub(crate) fn io(path: Option<&Path>, operation: Operation, cause: io::Error) -> Error {
        let operation = match operation {
            Operation::OpenListed if path.is_some_and(Path::is_symlink) => Operation::OpenLink,
            operation => operation,
        };
        let kind = match cause.downcast::<Damage>() {
            Ok(damage) => Kind::Archive(damage),
            Err(cause) => match cause.downcast::<Seeming>() {
                Ok(seeming) => Kind::NotALog(seeming),
                Err(cause) => Kind::Io(operation, cause),
            },
        };
        Error::new(path, kind)
    }

    /// Says that it is about an entry of the archive, by its name.
    pub(crate) fn in_entry(mut self, name: &[u8]) -> Error {
        self.entry = Some(name.into());
        self
    }

    /// What is wrong with the file at `path`; `None` is standard input.
    pub(crate) fn new(path: Option<&Path>, kind: Kind) -> Error {
        Error {
            path: path.map(Path::to_owned),
            entry: None,
            kind,
        }
    }
}

/// The cause in plain words, where there are some.
fn plain_words(operation: Operation, cause: &io::Error) -> Option<&'static str> {
    match (operation, cause.kind()) {
        (_, io::ErrorKind::PermissionDenied) => Some("permission denied"),
        (Operation::OpenListed, io::ErrorKind::NotFound) => Some("vanished after it was listed"),
        (Operation::OpenLink, io::ErrorKind::NotFound) => Some("is a link to a file that is not there"),
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
                Operation::Open | Operation::OpenListed | Operation::OpenLink => "cannot open",
                Operation::List => "cannot list",
                Operation::Read => "cannot read",
            })),
            Kind::Archive(damage) => damage.fmt(f),
            Kind::NotALog(seeming) => seeming.fmt(f),
            Kind::LongName => f.write_str("it has a name over 4 KiB; not read"),
            Kind::TooManyLogs => f.write_str("it holds more logs than can be kept; the rest could not be read"),
            Kind::NoLogs => f.write_str("holds no ECS logs, such as 2017-0427-084412.log"),
            Kind::TooDeep => f.write_str("it lies in three archives, one in the other, and is not read; unpack it"),
            Kind::MoreEntries(count) => write!(f, "{count} more entries could not be read"),
            Kind::OtherNames(1, name) => write!(
                f,
                "{} is not read, as its name is not that of an ECS log; rename or unpack it, or name the file itself",
                escape(name)
            ),
            Kind::OtherNames(count, name) => write!(
                f,
                "{count} files such as {} are not read, as their names are not those of ECS logs; rename or unpack them, or name the files themselves",
                escape(name)
            ),
            Kind::InnerFolders(1, name) => write!(
                f,
                "the logs in its folder {} are not read; name that folder too",
                escape(name)
            ),
            Kind::InnerFolders(count, name) => write!(
                f,
                "the logs in {count} of its folders, such as {}, are not read; name those folders too",
                escape(name)
            ),
            Kind::TooManyFolders => f.write_str("has too many folders to look for logs in; name those that hold logs"),
            Kind::NoMatch => f.write_str("no file matches the pattern"),
            Kind::MalformedPattern(reason) => write!(f, "malformed pattern: {reason}"),
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

    use super::{Error, Kind, Operation};

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
            Error::new(Some(Path::new("20*")), Kind::NoMatch),
            Error::new(
                Some(Path::new("20[")),
                Kind::MalformedPattern("unclosed character class"),
            ),
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
