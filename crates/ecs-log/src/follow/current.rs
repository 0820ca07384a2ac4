//! The log that is read at the moment, and how far it has been read.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::SystemTime;

use crate::error::{Error, Operation};
use crate::gzip;
use crate::identity::{Identity, identity};
use crate::log::Log;
use crate::open::{LogReader, retry};
use crate::recognise::Seeming;

/// How many bytes at the start of a plain log tell whether it was written anew. A timestamp is among them.
const BEGIN: usize = 256;

/// A log that is open.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) log: Log,
    /// Whether nothing more is written to it, so that it ends where the next read finds nothing.
    pub(super) is_last_read: bool,
    reader: Reader,
    /// How many bytes of a plain log are read.
    position: u64,
    /// The first bytes of a plain log, as they were when it was read to its end.
    begin: Vec<u8>,
    /// Whether the last read found nothing.
    is_at_end: bool,
    identity: Option<Identity>,
}

#[derive(Debug)]
enum Reader {
    Plain(File),
    Gzip(LogReader),
    /// A compressed log that is not to be read. It is whole, and does not grow.
    Passed,
}

impl Current {
    /// Opens `log` at its start.
    pub(super) fn open(log: Log) -> Result<Current, Error> {
        Ok(Current::with_metadata(log)?.0)
    }

    /// Opens `log` at its end. The bytes before that go to `buffer`. Returns how many there are, and when the log was last
    /// written to.
    pub(super) fn open_at_end(log: Log, buffer: &mut [u8]) -> Result<(Current, usize, Option<SystemTime>), Error> {
        let (mut current, metadata) = Current::with_metadata(log)?;
        let Reader::Plain(file) = &mut current.reader else {
            current.reader = Reader::Passed;
            return Ok((current, 0, metadata.modified().ok()));
        };
        let tail = metadata.len().min(u64::try_from(buffer.len()).unwrap_or(u64::MAX));
        let begin = metadata.len().saturating_sub(tail);
        let read = file.seek(SeekFrom::Start(begin)).and_then(|_| {
            let tail = usize::try_from(tail).unwrap_or(buffer.len());
            read_full(file, buffer.get_mut(..tail).unwrap_or_default())
        });
        match read {
            Ok(length) => {
                current.position = begin.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
                Ok((current, length, metadata.modified().ok()))
            }
            Err(cause) => Err(current.log.read_failed(cause)),
        }
    }

    fn with_metadata(log: Log) -> Result<(Current, Metadata), Error> {
        let path = log.path().unwrap_or(Path::new(""));
        let opened = File::open(path).and_then(|mut file| {
            let begin = begin_of(&mut file, Seeming::LENGTH, 0)?;
            Ok((file.metadata()?, begin, file))
        });
        let failed = |cause| Error::io(log.path(), Operation::OpenListed, cause);
        let (metadata, begin, file) = opened.map_err(failed)?;
        let is_gzip = begin.starts_with(&gzip::MAGIC);
        if let Some(seeming) = Seeming::by_mark(&begin).filter(|_| !is_gzip) {
            return Err(failed(io::Error::new(io::ErrorKind::Unsupported, seeming)));
        }
        let reader = if is_gzip {
            Reader::Gzip(log.open()?)
        } else {
            Reader::Plain(file)
        };
        let current = Current {
            identity: identity(&log, &metadata),
            is_last_read: is_gzip,
            position: 0,
            begin: Vec::new(),
            is_at_end: false,
            reader,
            log,
        };
        Ok((current, metadata))
    }

    /// Reads on; 0 if nothing more is there for now.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.reader {
            Reader::Plain(file) => {
                let length = retry(|| file.read(buffer))?;
                self.position = self.position.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
                self.is_at_end = length == 0;
                if self.is_at_end && self.begin.len() < BEGIN {
                    self.begin = begin_of(file, BEGIN, self.position)?;
                }
                Ok(length)
            }
            Reader::Gzip(reader) => reader.read(buffer),
            Reader::Passed => Ok(0),
        }
    }

    /// Whether more may be written to it.
    pub(super) fn can_grow(&self) -> bool {
        matches!(self.reader, Reader::Plain(_))
    }

    /// Whether its length has changed since it was read to its end.
    pub(super) fn was_written_to(&self) -> bool {
        matches!(&self.reader, Reader::Plain(file) if file.metadata().is_ok_and(|metadata| metadata.len() != self.position))
    }

    /// Whether another file has its name by now.
    pub(super) fn is_replaced(&self) -> bool {
        let metadata = self.log.path().and_then(|path| fs::metadata(path).ok());
        metadata.is_some_and(|metadata| metadata.is_file() && identity(&self.log, &metadata) != self.identity)
    }

    /// Whether it was cut since it was read to its end, and may have grown again: it is shorter, or begins otherwise.
    pub(super) fn is_cut(&mut self) -> bool {
        let Reader::Plain(file) = &mut self.reader else {
            return false;
        };
        let is_shorter = |file: &File| file.metadata().is_ok_and(|metadata| metadata.len() < self.position);
        let begin = |file| begin_of(file, self.begin.len(), self.position);
        self.is_at_end && (is_shorter(file) || begin(file).is_ok_and(|begin| begin != self.begin))
    }
}

/// The first bytes of a file, so many if it has them. Afterwards the file is at `position`.
fn begin_of(file: &mut File, count: usize, position: u64) -> io::Result<Vec<u8>> {
    let mut begin = vec![0; count];
    file.seek(SeekFrom::Start(0))?;
    let length = read_full(file, &mut begin)?;
    file.seek(SeekFrom::Start(position))?;
    begin.truncate(length);
    Ok(begin)
}

/// Fills the buffer, as far as the file has bytes.
fn read_full(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match retry(|| file.read(rest))? {
            0 => break,
            more => length = length.saturating_add(more),
        }
    }
    Ok(length)
}
