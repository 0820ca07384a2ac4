//! One log: where it is, and when it was begun.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use log_archive::Place;

use crate::archived::{ArchivedLog, Content};
use crate::error::{Error, Operation};
use crate::escape::{escape, escape_path};
use crate::name::LogName;
use crate::open::LogReader;

/// One input: where it is, and its name if it has the name of an ECS log.
///
/// `Display` gives its path, safe to show, or `standard input`; of a log in an archive, `ARCHIVE: ENTRY`. Two logs are
/// equal if they are in the same place.
#[derive(Clone, Debug)]
pub struct Log {
    location: Location,
    name: Option<LogName>,
    /// Whether it was found in a folder, and not named itself.
    is_listed: bool,
    /// If it can be read only once. It may have been opened already, to look what it is.
    opened: Option<Arc<Mutex<Option<LogReader>>>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Location {
    Stdin,
    File(PathBuf),
    Archive(Arc<ArchivedLog>),
}

impl PartialEq for Log {
    fn eq(&self, other: &Log) -> bool {
        self.location == other.location
    }
}

impl Eq for Log {}

impl Log {
    fn new(location: Location, name: Option<LogName>) -> Log {
        Log {
            location,
            name,
            is_listed: false,
            opened: None,
        }
    }

    pub(crate) fn stdin() -> Log {
        Log::new(Location::Stdin, None).into_stream()
    }

    /// A file that was named.
    pub(crate) fn named(path: PathBuf) -> Log {
        let name = path.file_name().and_then(LogName::parse);
        Log::new(Location::File(path), name)
    }

    /// A file that was found in a folder.
    pub(crate) fn listed(path: PathBuf) -> Log {
        Log {
            is_listed: true,
            ..Log::named(path)
        }
    }

    pub(crate) fn archived(log: ArchivedLog, name: Option<LogName>) -> Log {
        Log::new(Location::Archive(Arc::new(log)), name)
    }

    /// Says that it is not a regular file.
    pub(crate) fn into_stream(mut self) -> Log {
        self.opened = Some(Arc::default());
        self
    }

    /// Gives back to a stream what was opened to look what it is; the next [`Log::open`] gives it again.
    pub(crate) fn put_back(&self, reader: LogReader) {
        if let Some(Ok(mut opened)) = self.opened.as_ref().map(|opened| opened.lock()) {
            *opened = Some(reader);
        }
    }

    /// The file where it is, which may be an archive. `None` is standard input.
    pub fn path(&self) -> Option<&Path> {
        match &self.location {
            Location::Stdin => None,
            Location::File(path) => Some(path),
            Location::Archive(log) => log.archive.as_deref(),
        }
    }

    /// The folder where it is. Within an archive that is the archive and the folder in it as one path, which does not
    /// exist. `None` is standard input.
    ///
    /// Logs of one folder are of one server.
    pub fn folder(&self) -> Option<&Path> {
        match &self.location {
            Location::Stdin => None,
            Location::File(path) => path.parent(),
            Location::Archive(log) => Some(&log.folder),
        }
    }

    pub(crate) fn as_archived(&self) -> Option<&ArchivedLog> {
        match &self.location {
            Location::Archive(log) => Some(log),
            Location::Stdin | Location::File(_) => None,
        }
    }

    /// Where it lies in the file of its archive.
    pub(crate) fn place(&self) -> Option<&Place> {
        match &self.as_archived()?.content {
            Content::InFile(place) => Some(place),
            Content::Streamed(_) => None,
        }
    }

    /// Returns true if and only if it lies in an archive, of whatever kind.
    pub fn is_in_archive(&self) -> bool {
        self.as_archived().is_some()
    }

    /// The number of a log that came by in an [`ArchiveStream`](crate::ArchiveStream), in the order in which
    /// [`next_log`](crate::ArchiveStream::next_log) gave them, over all streams of one [`Inputs`](crate::Inputs).
    ///
    /// It cannot be opened.
    pub fn streamed(&self) -> Option<usize> {
        match self.as_archived()?.content {
            Content::Streamed(number) => Some(number),
            Content::InFile(_) => None,
        }
    }

    /// Its name, if that is the name of an ECS log.
    pub fn name(&self) -> Option<LogName> {
        self.name
    }

    /// Returns true if and only if it is standard input.
    pub fn is_stdin(&self) -> bool {
        self.location == Location::Stdin
    }

    /// Returns true if and only if it is a pipe or the like, which can be read only once.
    pub fn is_stream(&self) -> bool {
        self.opened.is_some()
    }

    /// Opens it for reading from its start. Its first two bytes say whether it is gzip; its name does not matter.
    ///
    /// # Errors
    ///
    /// It cannot be opened, or its first bytes cannot be read: for example, it is a folder, or it was deleted. Or they show
    /// that it is not a log. Or it came by in an archive that can be read only once.
    pub fn open(&self) -> Result<LogReader, Error> {
        let opened = self.open_as_it_is()?.recognised();
        opened.map_err(|cause| self.failed(Operation::Open, cause))
    }

    /// Opens it, whatever it is.
    pub(crate) fn open_as_it_is(&self) -> Result<LogReader, Error> {
        let opened = self.opened.as_ref().and_then(|opened| opened.lock().ok()?.take());
        if let Some(reader) = opened {
            return Ok(reader);
        }
        let reader = match &self.location {
            Location::Stdin => LogReader::new(io::stdin()),
            Location::File(path) => LogReader::of_file(path),
            Location::Archive(log) => log.open(),
        };
        let operation = if self.is_listed {
            Operation::OpenListed
        } else {
            Operation::Open
        };
        reader.map_err(|cause| self.failed(operation, cause))
    }

    /// Names this log in an error that its [`LogReader`] gave.
    pub fn read_failed(&self, cause: io::Error) -> Error {
        self.failed(Operation::Read, cause)
    }

    fn failed(&self, operation: Operation, cause: io::Error) -> Error {
        let error = Error::io(self.path(), operation, cause);
        match self.as_archived() {
            Some(log) => error.in_entry(&log.name),
            None => error,
        }
    }

    pub(crate) fn has_gzip_name(&self) -> bool {
        match &self.location {
            Location::Stdin => false,
            Location::File(path) => path.extension().is_some_and(|end| end == "gz"),
            Location::Archive(log) => log.name.ends_with(b".gz"),
        }
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path() {
            Some(path) => f.write_str(&escape_path(path))?,
            None => f.write_str("standard input")?,
        }
        match self.as_archived() {
            Some(log) => write!(f, ": {}", escape(&log.name)),
            None => Ok(()),
        }
    }
}
