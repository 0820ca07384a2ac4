//! A file under a temporary name. It becomes the backup when it is whole, or is removed.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::{Compression, GzBuilder, write::GzEncoder};
use rustix::fs::{Advice, Mode, fadvise};

use crate::acl;
use crate::compare::Along;
use crate::error::{Error, Operation};
use crate::failure::{Failure, SLACK, is_full};
use crate::folder::{Folder, everybodys};
use crate::names::{LogFile, temp};
use crate::options::Level;
use crate::source::OpenLog;
use crate::state::Stamp;
use crate::times;

/// How many temporary names are tried where files of others have those names.
const MOST_NAMES: u32 = 100;

/// The number by which a gzip header says that the file comes from Unix (RFC 1952, 2.3.1).
const UNIX: u8 = 3;

/// Where a copy goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) folder: &'a Folder,
    /// The final name.
    pub(crate) file: LogFile,
    /// How it is compressed; `None` if the log is copied as it is.
    pub(crate) level: Option<Level>,
    pub(crate) is_to_end: &'a AtomicBool,
}

impl Target<'_> {
    fn go_on(&self) -> Result<(), Failure> {
        let is_to_end = self.is_to_end.load(Ordering::Relaxed);
        if is_to_end { Err(Failure::Stopped) } else { Ok(()) }
    }
}

/// A file under a temporary name. It is removed unless it gets its final name.
#[derive(Debug)]
pub(crate) struct Temp<'a> {
    target: Target<'a>,
    name: String,
    file: File,
    /// The log as it was when it was opened.
    pub(crate) stamp: Stamp,
    /// The size of the copy, in bytes.
    pub(crate) written: u64,
    is_finished: bool,
}

impl<'a> Temp<'a> {
    /// Copies a log to a new file, and begins to write that to disk. `None` if the log changed while it was read. What it
    /// replaces is read along.
    pub(crate) fn of_log(
        target: Target<'a>,
        log: &mut OpenLog<'_>,
        replaced: &mut [Along],
        block: &mut [u8],
    ) -> Result<Option<Temp<'a>>, Failure> {
        let mut temp = Temp::make(target, log.metadata.mode())?;
        temp.fill(log, replaced, block)?;
        if !log.is_whole()? {
            return Ok(None);
        }
        temp.take_after(log)?;
        temp.stamp = Stamp::from(&log.metadata);
        // The later flushes of several files take less time so. It does not matter if the file system ignores it.
        let _ = fadvise(&temp.file, 0, None, Advice::DontNeed);
        Ok(Some(temp))
    }

    /// Makes a new file. Only its owner may open it, as far as the owner of the log may open the log.
    fn make(target: Target<'a>, mode: u32) -> Result<Temp<'a>, Failure> {
        let mode = Mode::from_raw_mode(mode & 0o600);
        for attempt in 0..MOST_NAMES {
            let name = temp(target.file, process::id(), attempt);
            match target.folder.make_file(&name, mode) {
                Ok(file) => {
                    return Ok(Temp {
                        target,
                        name,
                        file,
                        stamp: Stamp::default(),
                        written: 0,
                        is_finished: false,
                    });
                }
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => {
                    let error = Error::io(target.folder.at(&name), Operation::Write, cause);
                    return Err(Failure::of_write(error, SLACK));
                }
            }
        }
        let cause = io::Error::from(io::ErrorKind::AlreadyExists);
        let path = target.folder.at(&temp(target.file, process::id(), 0));
        Err(Failure::Other(Error::io(path, Operation::Write, cause)))
    }

    /// Writes the whole log, and shows it to what it replaces.
    ///
    /// If the disk is full, the rest is compressed without being written, to know how much room the backup needs.
    fn fill(&mut self, log: &mut OpenLog<'_>, replaced: &mut [Along], block: &mut [u8]) -> Result<(), Failure> {
        let mut sink = Sink::new(self.target, log, Counting::of(&self.file));
        loop {
            self.target.go_on()?;
            let n = log.read(block)?;
            if n == 0 {
                break;
            }
            let part = block.get(..n).unwrap_or_default();
            replaced.iter_mut().for_each(|along| along.take(part));
            let written = sink.write_all(part);
            written.map_err(|cause| self.fail(Operation::Write, cause))?;
        }
        let counting = sink.finish().map_err(|cause| self.fail(Operation::Write, cause))?;
        match counting.full {
            Some(cause) => Err(Failure::of_write(self.fail(Operation::Write, cause), counting.n_bytes)),
            None => Ok(()),
        }
    }

    /// Takes over owner, mode and times of the log.
    ///
    /// No access control list gives more: those in one of the log lose what they had by it, and one that the folder gives to new
    /// files is removed.
    ///
    /// The mode comes last: only then may others open the file, and only those who may open the log.
    fn take_after(&mut self, source: &OpenLog<'_>) -> Result<(), Error> {
        let log = &source.metadata;
        let mine = self.file.metadata();
        let mine = mine.map_err(|cause| self.fail(Operation::Look, cause))?;
        let mut mode = acl::mode_without_acl(source, log.mode() & 0o777);
        if !acl::remove(&self.file) {
            mode &= 0o700;
        }
        if (mine.uid(), mine.gid()) != (log.uid(), log.gid()) {
            // Only root may change the owner. Everybody may choose among the groups that they are in.
            let is_given = fchown(&self.file, Some(log.uid()), Some(log.gid())).is_ok()
                || fchown(&self.file, None, Some(log.gid())).is_ok();
            if !is_given && mine.gid() != log.gid() {
                // The file has another group than the log. That group gets the rights that everybody has.
                mode = everybodys(mode);
            }
        }
        times::copy(log, &self.file);
        // If the mode cannot be set, only the owner can open the backup. That is safe.
        let _ = self.file.set_permissions(Permissions::from_mode(mode));
        self.written = mine.len();
        Ok(())
    }

    /// Flushes the file to disk.
    pub(crate) fn flush(&self) -> Result<(), Failure> {
        // Some file systems promise space, and find only now that there is none.
        self.file
            .sync_all()
            .map_err(|cause| Failure::of_write(self.fail(Operation::Sync, cause), self.written))
    }

    /// Gives the file its final name. The file must be on disk; its name is once the folder is flushed too.
    pub(crate) fn rename(mut self) -> Result<(), Failure> {
        self.target.folder.rename(&self.name, &self.target.file.to_string())?;
        self.is_finished = true;
        Ok(())
    }

    fn fail(&self, operation: Operation, cause: io::Error) -> Error {
        Error::io(self.target.folder.at(&self.target.file.to_string()), operation, cause)
    }
}

impl Drop for Temp<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            // If that fails, the next run removes it.
            let _ = self.target.folder.delete(&self.name);
        }
    }
}

/// Writes to a file until the disk is full. From then on it only counts.
struct Counting<'a> {
    file: &'a File,
    n_bytes: u64,
    /// The error by which the disk told that it is full.
    full: Option<io::Error>,
}

impl<'a> Counting<'a> {
    fn of(file: &'a File) -> Counting<'a> {
        Counting {
            file,
            n_bytes: 0,
            full: None,
        }
    }
}

impl Write for Counting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = match self.full {
            Some(_) => bytes.len(),
            None => match self.file.write(bytes) {
                Err(cause) if is_full(cause.kind()) => {
                    self.full = Some(cause);
                    // Others may need the room.
                    let _ = self.file.set_len(0);
                    bytes.len()
                }
                written => written?,
            },
        };
        self.n_bytes = self.n_bytes.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where a copy is written to, compressed or as it is.
enum Sink<W: Write> {
    Plain(W),
    Gzip(Box<GzEncoder<W>>),
}

impl<W: Write> Sink<W> {
    fn new(target: Target<'_>, log: &OpenLog<'_>, writer: W) -> Sink<W> {
        let Some(level) = target.level else {
            return Sink::Plain(writer);
        };
        let header = GzBuilder::new()
            .filename(target.file.name.to_string())
            .mtime(times::modified_seconds(&log.metadata).unwrap_or(0))
            .operating_system(UNIX);
        Sink::Gzip(Box::new(header.write(writer, Compression::new(level.get().into()))))
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Sink::Plain(writer) => writer.write_all(bytes),
            Sink::Gzip(encoder) => encoder.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<W> {
        match self {
            Sink::Plain(writer) => Ok(writer),
            Sink::Gzip(encoder) => encoder.finish(),
        }
    }
}
