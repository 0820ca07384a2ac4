//! One log: where it is, and when it was begun.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use log_archive::Place;

use crate::entry::{Content, Entry};
use crate::error::{Error, Operation};
use crate::escape::{escape, escape_path};
use crate::name::LogName;
use crate::open::{self, LogReader};

/// One input: where it is, and its name if it has the name of an ECS log.
///
/// `Display` gives its path, safe to show, or `standard input`; of a log in an archive, `ARCHIVE: ENTRY`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Log {
    location: Location,
    name: Option<LogName>,
    listed: bool,
    stream: Option<Begun>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Location {
    Stdin,
    File(PathBuf),
    Entry(Arc<Entry>),
}

/// What can be read only once, and may have been opened already, to look what it is.
#[derive(Clone, Debug, Default)]
struct Begun(Arc<Mutex<Option<LogReader>>>);

impl Begun {
    fn put(&self, reader: LogReader) {
        if let Ok(mut place) = self.0.lock() {
            *place = Some(reader);
        }
    }

    fn take(&self) -> Option<LogReader> {
        self.0.lock().ok()?.take()
    }
}

/// Where a log is, tells it from others.
impl PartialEq for Begun {
    fn eq(&self, _other: &Begun) -> bool {
        true
    }
}

impl Eq for Begun {}

impl Log {
    pub(crate) fn stdin() -> Log {
        Log {
            location: Location::Stdin,
            name: None,
            listed: false,
            stream: Some(Begun::default()),
        }
    }

    /// `listed`: it was found in a folder, and not named itself.
    pub(crate) fn at(path: PathBuf, listed: bool) -> Log {
        let name = path.file_name().and_then(LogName::parse);
        Log {
            location: Location::File(path),
            name,
            listed,
            stream: None,
        }
    }

    pub(crate) fn in_archive(entry: Entry, name: Option<LogName>) -> Log {
        Log {
            location: Location::Entry(Arc::new(entry)),
            name,
            listed: false,
            stream: None,
        }
    }

    /// Says that it is no regular file.
    pub(crate) fn into_stream(mut self) -> Log {
        self.stream = Some(Begun::default());
        self
    }

    /// Gives a stream back what was opened to look what it is; it is read from there.
    pub(crate) fn put_back(&self, reader: LogReader) {
        if let Some(begun) = &self.stream {
            begun.put(reader);
        }
    }

    /// The file where it is, an archive perhaps; `None` is standard input.
    pub fn path(&self) -> Option<&Path> {
        match &self.location {
            Location::Stdin => None,
            Location::File(path) => Some(path),
            Location::Entry(entry) => entry.archive.as_deref(),
        }
    }

    /// The folder where it is; within an archive, the archive and the folder in it as one path, which does not exist.
    /// `None` is standard input.
    ///
    /// Logs of one folder are of one server.
    pub fn folder(&self) -> Option<&Path> {
        match &self.location {
            Location::Stdin => None,
            Location::File(path) => path.parent(),
            Location::Entry(entry) => Some(&entry.folder),
        }
    }

    pub(crate) fn entry(&self) -> Option<&Entry> {
        match &self.location {
            Location::Entry(entry) => Some(entry),
            Location::Stdin | Location::File(_) => None,
        }
    }

    /// Where it lies in the file of its archive.
    pub(crate) fn place(&self) -> Option<&Place> {
        match &self.entry()?.content {
            Content::InFile(place) => Some(place),
            Content::Streamed(_) => None,
        }
    }

    /// Returns true if and only if it lies in an archive, of whatever kind.
    pub fn is_in_archive(&self) -> bool {
        self.entry().is_some()
    }

    /// The number of a log that came by in an [`ArchiveStream`](crate::ArchiveStream), in the order in which
    /// [`next_log`](crate::ArchiveStream::next_log) gave them, over all streams of one [`Inputs`](crate::Inputs).
    ///
    /// It cannot be opened.
    pub fn streamed(&self) -> Option<usize> {
        match self.entry()?.content {
            Content::Streamed(number) => Some(number),
            Content::InFile(_) => None,
        }
    }

    /// Its name, if it has the name of an ECS log.
    pub fn name(&self) -> Option<LogName> {
        self.name
    }

    /// Returns true if and only if it is standard input.
    pub fn is_stdin(&self) -> bool {
        self.location == Location::Stdin
    }

    /// Returns true if and only if it can be read only once, such as a pipe: what is read of it is gone.
    pub fn is_stream(&self) -> bool {
        self.stream.is_some()
    }

    /// Opens it for reading from its start. Its first two bytes say whether it is gzip, not its
    /// name.
    ///
    /// # Errors
    ///
    /// It cannot be opened, or its first bytes cannot be read: it is a folder, say, or it was
    /// deleted. Or it came by in an archive that can be read only once.
    pub fn open(&self) -> Result<LogReader, Error> {
        let operation = if self.listed {
            Operation::OpenListed
        } else {
            Operation::Open
        };
        if let Some(reader) = self.stream.as_ref().and_then(Begun::take) {
            return Ok(reader);
        }
        let reader = match &self.location {
            Location::Stdin => open::open(None),
            Location::File(path) => open::open(Some(path)),
            Location::Entry(entry) => open_entry(entry),
        };
        reader.map_err(|cause| self.failed(operation, cause))
    }

    /// Names this log in an error that its [`LogReader`] gave.
    pub fn read_failed(&self, cause: io::Error) -> Error {
        self.failed(Operation::Read, cause)
    }

    fn failed(&self, operation: Operation, cause: io::Error) -> Error {
        let error = Error::io(self.path(), operation, cause);
        match self.entry() {
            Some(entry) => error.in_entry(&entry.name),
            None => error,
        }
    }

    pub(crate) fn has_gzip_name(&self) -> bool {
        match &self.location {
            Location::Stdin => false,
            Location::File(path) => path.extension().is_some_and(|end| end == "gz"),
            Location::Entry(entry) => entry.name.ends_with(b".gz"),
        }
    }
}

fn open_entry(entry: &Entry) -> io::Result<LogReader> {
    match (&entry.archive, &entry.content) {
        (Some(archive), Content::InFile(place)) => open::entry(place.open(archive)?),
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path() {
            Some(path) => f.write_str(&escape_path(path))?,
            None => f.write_str("standard input")?,
        }
        match self.entry() {
            Some(entry) => write!(f, ": {}", escape(&entry.name)),
            None => Ok(()),
        }
    }
}
