//! Copies one log: under its final name it is there whole, or not at all.

use std::fs::{File, Metadata};
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;

use flate2::{Compression, GzBuilder};

use crate::error::{Error, Operation};
use crate::failure::{Failure, SLACK};
use crate::folder::Folder;
use crate::names::LogFile;
use crate::options::Form;
use crate::plan::CopyReason;
use crate::temp::Temp;
use crate::times;

/// How much is read at a time, in bytes.
pub(crate) const BLOCK: usize = 128 * 1024;

/// How often a log is copied anew that changes while it is read.
const MOST_CHANGES: u32 = 3;

/// A copy of a log, all of it under a temporary name, on its way to disk.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    pub(crate) job: Job<'a>,
    /// The size of the log, in bytes.
    pub(crate) read: u64,
    /// Its own size, in bytes.
    bytes: u64,
    temp: Temp<'a>,
}

/// A copy of a log, on disk under its final name. The name is sure once the folder is flushed too.
#[derive(Debug)]
pub(crate) struct Named<'a> {
    pub(crate) job: Job<'a>,
    /// The size of the log, in bytes.
    pub(crate) read: u64,
    /// Its own size, in bytes.
    pub(crate) written: u64,
}

impl<'a> Written<'a> {
    pub(crate) fn flush(&self) -> Result<(), Failure> {
        self.temp.flush(self.bytes)
    }

    /// Gives the copy, which is flushed, its final name.
    pub(crate) fn rename(self) -> Result<Named<'a>, Failure> {
        self.temp.rename()?;
        Ok(Named {
            job: self.job,
            read: self.read,
            written: self.bytes,
        })
    }
}

/// From where to where, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    pub(crate) source: &'a Folder,
    pub(crate) log: LogFile,
    pub(crate) reason: CopyReason,
    pub(crate) backups: &'a Folder,
    pub(crate) form: Form,
}

impl<'a> Job<'a> {
    /// What the backup is called. A log that is packed already stays as it is.
    pub(crate) fn file(&self) -> LogFile {
        LogFile {
            name: self.log.name,
            packed: self.log.packed || matches!(self.form, Form::Gzip(_)),
        }
    }

    fn is_as_it_is(&self) -> bool {
        self.log.packed || self.form == Form::Plain
    }

    /// What the backup will need at least, in bytes, where that can be told before.
    pub(crate) fn need(&self) -> Option<u64> {
        let stat = self.source.stat_file(&self.log.to_string()).ok()?;
        self.is_as_it_is().then(|| crate::folder::size(&stat))
    }

    /// Copies the log to a temporary name.
    pub(crate) fn run(&self, block: &mut [u8]) -> Result<Written<'a>, Failure> {
        for _ in 0..MOST_CHANGES {
            if let Some(written) = self.try_once(block)? {
                return Ok(written);
            }
        }
        let path = self.source.at(&self.log.to_string());
        Err(Failure::Other(Error::keeps_changing(path)))
    }

    /// `None`: the log changed meanwhile.
    fn try_once(&self, block: &mut [u8]) -> Result<Option<Written<'a>>, Failure> {
        let name = self.log.to_string();
        let mut log = match self.source.open_file(&name) {
            Ok(log) => log,
            Err(error) if error.is_not_found() => return Err(Failure::Vanished),
            Err(error) => return Err(error.into()),
        };
        let cannot_read = |cause| Error::io(self.source.at(&name), Operation::Read, cause);
        let before = log.metadata().map_err(cannot_read)?;
        let temp = Temp::make(self.backups, self.file(), before.mode())?;
        let read = self.write(&mut log, &before, &temp, block)?;
        let after = log.metadata().map_err(cannot_read)?;
        if read != before.len() || !is_same(&before, &after) {
            return Ok(None);
        }
        let bytes = temp.take_after(&before)?;
        temp.begin_flush();
        Ok(Some(Written {
            job: *self,
            read,
            bytes,
            temp,
        }))
    }

    /// Writes all of the log; gives how many bytes that were.
    fn write(&self, log: &mut File, before: &Metadata, temp: &Temp<'_>, block: &mut [u8]) -> Result<u64, Failure> {
        let mut sink = match self.form {
            Form::Gzip(level) if !self.log.packed => {
                let header = GzBuilder::new()
                    .filename(self.log.name.to_string())
                    .mtime(times::modified_seconds(before).unwrap_or(0))
                    .operating_system(UNIX);
                Sink::Gzip(Box::new(header.write(&temp.file, Compression::new(level.get().into()))))
            }
            Form::Gzip(_) | Form::Plain => Sink::Plain(&temp.file),
        };
        let mut read = 0_u64;
        loop {
            let n = match log.read(block) {
                Ok(0) => break,
                Ok(n) => n,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                Err(cause) => {
                    let path = self.source.at(&self.log.to_string());
                    return Err(Error::io(path, Operation::Read, cause).into());
                }
            };
            let part = block.get(..n).unwrap_or_default();
            sink.write_all(part)
                .map_err(|cause| self.cannot_write(cause, temp, read, before.len()))?;
            read = read.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        }
        sink.finish()
            .map_err(|cause| self.cannot_write(cause, temp, read, before.len()))?;
        Ok(read)
    }

    fn cannot_write(&self, cause: io::Error, temp: &Temp<'_>, read: u64, length: u64) -> Failure {
        let error = Error::io(self.backups.at(&self.file().to_string()), Operation::Write, cause);
        let need = if self.is_as_it_is() {
            length
        } else {
            // As much for each byte as so far, and a little more.
            let written = temp.file.metadata().map_or(0, |metadata| metadata.len());
            let scaled = u128::from(written) * u128::from(length) / u128::from(read.max(1));
            u64::try_from(scaled)
                .unwrap_or(u64::MAX)
                .min(length)
                .saturating_add(SLACK)
        };
        Failure::of_write(error, need)
    }
}

/// What gzip(1) writes for the system a file comes from.
const UNIX: u8 = 3;

fn is_same(before: &Metadata, after: &Metadata) -> bool {
    let state = |metadata: &Metadata| (metadata.len(), metadata.mtime(), metadata.mtime_nsec());
    state(before) == state(after)
}

enum Sink<'a> {
    Plain(&'a File),
    Gzip(Box<flate2::write::GzEncoder<&'a File>>),
}

impl Sink<'_> {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Sink::Plain(file) => file.write_all(bytes),
            Sink::Gzip(encoder) => encoder.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Sink::Plain(_) => Ok(()),
            Sink::Gzip(encoder) => encoder.finish().map(drop),
        }
    }
}
