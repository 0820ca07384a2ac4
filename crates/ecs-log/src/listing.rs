//! The logs that were found in one archive.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use log_archive::{Damage, Form, Place};

use crate::entry::{Content, Entry, folder, wanted};
use crate::error::{Error, Operation, Unlisted};
use crate::found::Found;
use crate::log::Log;

/// The longest name of an entry; no path is longer on Linux.
const MAX_NAME: usize = 4 << 10;

/// How many entries with something wrong are named one by one.
const MAX_PROBLEMS: usize = 100;

/// Bytes that an entry takes beside its name, roughly.
const ENTRY_BYTES: usize = 320;
/// The same for one whose counts wait, too, until all are known.
pub(crate) const STREAMED_BYTES: usize = 1024;

/// What was found in one archive.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) archive: Option<Arc<Path>>,
    pub(crate) found: Vec<Found>,
    pub(crate) problems: Vec<Error>,
    /// How many bytes of names may still be held.
    pub(crate) room: usize,
    /// Bytes that an entry takes beside its name.
    pub(crate) entry_bytes: usize,
    is_full: bool,
    /// Entries with something wrong that are not named.
    unnamed: usize,
    /// Mostly the next entry lies in the folder of the one before.
    last_folder: Option<Arc<Path>>,
}

impl Listing {
    pub(crate) fn new(archive: Option<Arc<Path>>, room: usize) -> Listing {
        Listing {
            archive,
            found: Vec::new(),
            problems: Vec::new(),
            room,
            entry_bytes: ENTRY_BYTES,
            is_full: false,
            unnamed: 0,
            last_folder: None,
        }
    }

    /// Whether an entry of this name can be taken. If not though it is a log, that is a problem.
    pub(crate) fn wants(&mut self, name: &[u8]) -> bool {
        if wanted(name).is_none() {
            return false;
        }
        if name.len() > MAX_NAME {
            let end = name.get(name.len().saturating_sub(60)..).unwrap_or(name);
            let problem = self.unlisted(Unlisted::LongName);
            self.problem(problem.in_entry(&[b"...", end].concat()));
            return false;
        }
        let needed = self.entry_bytes.saturating_add(name.len());
        if self.is_full || needed > self.room {
            if !self.is_full {
                self.problem(self.unlisted(Unlisted::TooMany));
            }
            self.is_full = true;
            return false;
        }
        true
    }

    /// Takes an entry that [`Listing::wants`] wanted.
    pub(crate) fn add(&mut self, name: &[u8], content: Content) -> &mut Found {
        self.room = self.room.saturating_sub(self.entry_bytes.saturating_add(name.len()));
        let folder = folder(self.archive.as_deref(), name);
        let folder = match &self.last_folder {
            Some(last) if last.as_os_str() == folder => Arc::clone(last),
            _ => {
                self.room = self.room.saturating_sub(folder.len());
                Arc::from(Path::new(&folder))
            }
        };
        self.last_folder = Some(Arc::clone(&folder));
        let is_regular = !matches!(content, Content::Streamed(_));
        let entry = Entry {
            archive: self.archive.clone(),
            folder,
            name: name.into(),
            content,
        };
        let found = Found::new(Log::in_archive(entry, wanted(name).flatten()), is_regular);
        self.found.push_mut(found)
    }

    /// Notes that the archive, or a part of it, could not be read.
    pub(crate) fn failed(&mut self, cause: io::Error) {
        self.problem(Error::io(self.archive.as_deref(), Operation::Read, cause));
    }

    /// Notes that an entry cannot be read.
    pub(crate) fn damaged_entry(&mut self, name: &[u8], damage: Damage) {
        self.problem(Error::io(self.archive.as_deref(), Operation::Read, damage.into()).in_entry(name));
    }

    fn unlisted(&self, reason: Unlisted) -> Error {
        Error::unlisted(self.archive.as_deref(), reason)
    }

    fn problem(&mut self, problem: Error) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.unnamed = self.unnamed.saturating_add(1);
        }
    }

    /// Nothing more comes: says so if nothing came.
    pub(crate) fn close(&mut self) {
        if self.found.is_empty() && self.problems.is_empty() {
            self.problem(self.unlisted(Unlisted::NoLogs));
        }
        if self.unnamed > 0 {
            let more = self.unlisted(Unlisted::More(self.unnamed));
            self.problems.push(more);
            self.unnamed = 0;
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
            match found.log.entry().filter(|_| overlapping.next_if_eq(&index).is_some()) {
                Some(entry) => self.damaged_entry(&entry.name, Damage::Overlap),
                None => self.found.push(found),
            }
        }
    }
}

#[cfg(test)]
mod tests;
