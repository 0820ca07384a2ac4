//! The logs that were found in one archive.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use log_archive::{Damage, Form, Place};

use crate::archived::{ArchivedLog, Content, folder, wanted};
use crate::error::{Error, Kind, Operation};
use crate::found::Found;
use crate::log::Log;

/// The longest name of an entry, in bytes. No path is longer on Linux.
const MAX_NAME: usize = 4 << 10;

/// How many entries that cannot be read are named one by one.
const MAX_PROBLEMS: usize = 100;

/// How many bytes of memory a log takes beside its name, roughly.
const LOG_BYTES: usize = 320;
/// The same for a log that can be read only once. What it holds is kept until all are known.
const STREAMED_LOG_BYTES: usize = 1024;

/// The logs that were found in one archive.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) found: Vec<Found>,
    pub(crate) problems: Vec<Error>,
    /// How many bytes of memory may still be used for logs.
    pub(crate) room: usize,
    archive: Option<Arc<Path>>,
    /// The number of the archive among the inputs.
    order: usize,
    log_bytes: usize,
    is_full: bool,
    /// How many entries cannot be read and are not named.
    n_unnamed: usize,
    /// The folder of the last log. The next one mostly lies there too.
    folder: Option<Arc<Path>>,
}

impl Listing {
    /// Of the archive at a path; `None` is standard input.
    pub(crate) fn new(archive: Option<&Path>, order: usize, room: usize) -> Listing {
        Listing {
            found: Vec::new(),
            problems: Vec::new(),
            room,
            archive: archive.map(Arc::from),
            order,
            log_bytes: LOG_BYTES,
            is_full: false,
            n_unnamed: 0,
            folder: None,
        }
    }

    /// Of an archive that can be read only once.
    pub(crate) fn of_stream(mut self) -> Listing {
        self.log_bytes = STREAMED_LOG_BYTES;
        self
    }

    /// Whether the entry of this name is a log that can be taken. If it is a log and cannot, that is a problem.
    pub(crate) fn wants(&mut self, name: &[u8]) -> bool {
        if wanted(name).is_none() {
            return false;
        }
        if name.len() > MAX_NAME {
            let end = name.get(name.len().saturating_sub(60)..).unwrap_or(name);
            let problem = self.error(Kind::LongName);
            self.problem(problem.in_entry(&[b"...", end].concat()));
            return false;
        }
        let needed = self.log_bytes.saturating_add(name.len());
        if self.is_full || needed > self.room {
            if !self.is_full {
                self.problem(self.error(Kind::TooManyLogs));
            }
            self.is_full = true;
            return false;
        }
        true
    }

    /// Takes an entry that [`Listing::wants`] wanted.
    pub(crate) fn add(&mut self, name: &[u8], content: Content) -> &mut Found {
        self.room = self.room.saturating_sub(self.log_bytes.saturating_add(name.len()));
        let log = ArchivedLog {
            archive: self.archive.clone(),
            folder: self.folder_of(name),
            name: name.into(),
            content,
        };
        let log = Log::archived(log, wanted(name).flatten());
        let is_regular = log.streamed().is_none();
        self.found.push_mut(Found::new(log, self.order, is_regular))
    }

    fn folder_of(&mut self, name: &[u8]) -> Arc<Path> {
        let folder = folder(self.archive.as_deref(), name);
        match &self.folder {
            Some(last) if last.as_os_str() == folder => Arc::clone(last),
            _ => {
                self.room = self.room.saturating_sub(folder.len());
                Arc::clone(self.folder.insert(Arc::from(Path::new(&folder))))
            }
        }
    }

    /// Notes that the archive, or a part of it, could not be read.
    pub(crate) fn failed(&mut self, cause: io::Error) {
        self.problem(Error::io(self.archive.as_deref(), Operation::Read, cause));
    }

    /// Notes that an entry cannot be read.
    pub(crate) fn damaged_entry(&mut self, name: &[u8], damage: Damage) {
        self.problem(Error::io(self.archive.as_deref(), Operation::Read, damage.into()).in_entry(name));
    }

    fn error(&self, kind: Kind) -> Error {
        Error::new(self.archive.as_deref(), kind)
    }

    fn problem(&mut self, problem: Error) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.n_unnamed = self.n_unnamed.saturating_add(1);
        }
    }

    /// Ends the list: it is a problem if there was nothing.
    pub(crate) fn close(&mut self) {
        if self.found.is_empty() && self.problems.is_empty() {
            self.problem(self.error(Kind::NoLogs));
        }
        if self.n_unnamed > 0 {
            let more = self.error(Kind::MoreEntries(self.n_unnamed));
            self.problems.push(more);
            self.n_unnamed = 0;
        }
    }

    /// Takes the logs of an archive that lies in a file.
    ///
    /// Fails if the directory of a zip cannot be read. The listing is of no use then.
    pub(crate) fn list(&mut self, file: File, form: Form) -> Result<(), Damage> {
        log_archive::list(file, form, |entry| match entry {
            Err(cause) => self.failed(cause),
            Ok(entry) if self.wants(&entry.name) => match entry.place {
                Ok(place) => drop(self.add(&entry.name, Content::InFile(place))),
                Err(damage) => self.damaged_entry(&entry.name, damage),
            },
            Ok(_) => {}
        })?;
        if form == Form::Zip {
            self.drop_overlapping();
        }
        Ok(())
    }

    /// Drops logs that share bytes with another one.
    fn drop_overlapping(&mut self) {
        let places: Vec<&Place> = self.found.iter().filter_map(|found| found.log.place()).collect();
        let mut overlapping = log_archive::overlapping(places).into_iter().peekable();
        for (index, found) in std::mem::take(&mut self.found).into_iter().enumerate() {
            match found.log.as_archived() {
                Some(log) if overlapping.next_if_eq(&index).is_some() => self.damaged_entry(&log.name, Damage::Overlap),
                _ => self.found.push(found),
            }
        }
    }
}

#[cfg(test)]
mod tests;
