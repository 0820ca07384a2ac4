//! The logs that were found in one archive.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use log_archive::{Damage, Form, Place};

use crate::archived::{ArchivedLog, Content, folder, wanted};
use crate::error::{Error, Kind};
use crate::found::Found;
use crate::log::Log;
use crate::open::LogReader;
use crate::problems::Problems;

/// How many archives, one in the other, are looked into.
const MAX_DEPTH: usize = 3;

/// How many bytes of memory a log takes beside its name, roughly.
const LOG_BYTES: usize = 320;
/// The same for a log that can be read only once. What it holds is kept until all are known.
const STREAMED_LOG_BYTES: usize = 1024;

/// The logs that were found in one archive.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) found: Vec<Found>,
    pub(crate) problems: Problems,
    /// Archives in the archive, each of which can be read once.
    pub(crate) inner: Vec<Log>,
    /// How many bytes of memory may still be used for logs.
    pub(crate) room: usize,
    /// How many archives lie around the entries that come now.
    depth: usize,
    /// The number of the archive among the inputs.
    order: usize,
    log_bytes: usize,
    is_full: bool,
    /// The folder of the last log. The next one mostly lies there too.
    folder: Option<Arc<Path>>,
}

/// What a listing goes back to when an archive in the archive ends.
#[derive(Debug)]
pub(crate) struct Around {
    within: Vec<u8>,
    others: Option<(usize, Box<[u8]>)>,
    /// How many logs and problems there were.
    n_told: usize,
}

impl Listing {
    /// Of an archive, which may lie in another.
    pub(crate) fn new(archive: &Log, order: usize, room: usize) -> Listing {
        let mut listing = Listing {
            found: Vec::new(),
            problems: Problems::new(archive.path()),
            inner: Vec::new(),
            room,
            depth: 1,
            order,
            log_bytes: LOG_BYTES,
            is_full: false,
            folder: None,
        };
        if let Some(archive) = archive.as_archived() {
            listing.enter(&archive.name);
        }
        listing
    }

    /// Of an archive that can be read only once.
    pub(crate) fn of_stream(mut self) -> Listing {
        self.log_bytes = STREAMED_LOG_BYTES;
        self
    }

    /// Whether the entry of this name is a log that can be taken. If it is a log and cannot, that is a problem.
    pub(crate) fn wants(&mut self, name: &[u8]) -> bool {
        if wanted(name).is_none() {
            self.problems.note_other(name);
            return false;
        }
        !self.problems.is_too_long(name) && self.has_room(name)
    }

    /// Whether one more entry of this name can be held. That the first one cannot is a problem.
    fn has_room(&mut self, name: &[u8]) -> bool {
        let is_full = self.is_full || self.log_bytes.saturating_add(name.len()) > self.room;
        if is_full && !self.is_full {
            self.problems.of_archive(Kind::TooManyLogs);
        }
        self.is_full = is_full;
        !is_full
    }

    /// The name of an entry, with those of the archives around it.
    pub(crate) fn full_name(&self, name: &[u8]) -> Vec<u8> {
        [&self.problems.within, name].concat()
    }

    /// Whether an archive of this name may be looked into. If not, that is a problem.
    pub(crate) fn may_enter(&mut self, name: &[u8]) -> bool {
        if self.problems.is_too_long(name) {
            return false;
        }
        if self.depth >= MAX_DEPTH {
            self.problems.too_deep(name);
        }
        self.depth < MAX_DEPTH
    }

    /// Lists what is in an archive of this name from now on.
    pub(crate) fn enter(&mut self, name: &[u8]) -> Around {
        self.depth = self.depth.saturating_add(1);
        Around {
            within: std::mem::replace(&mut self.problems.within, [name, b"/"].concat()),
            others: self.problems.others.take(),
            n_told: self.n_told(),
        }
    }

    /// Lists again what lies around an archive. It is a problem if the archive held nothing.
    pub(crate) fn leave(&mut self, around: Around) {
        self.problems.tell_others();
        if self.n_told() == around.n_told {
            self.problems.of_archive(Kind::NoLogs);
        }
        self.problems.others = around.others;
        self.problems.within = around.within;
        self.depth = self.depth.saturating_sub(1);
    }

    fn n_told(&self) -> usize {
        self.found.len().saturating_add(self.problems.count())
    }

    /// Takes an entry that [`Listing::wants`] wanted.
    pub(crate) fn add(&mut self, name: &[u8], content: Content) -> &mut Found {
        let log = Log::archived(self.archived(name, content), wanted(name).flatten());
        let is_regular = log.streamed().is_none();
        self.found.push_mut(Found::new(log, self.order, is_regular))
    }

    fn archived(&mut self, name: &[u8], content: Content) -> ArchivedLog {
        self.room = self.room.saturating_sub(self.log_bytes.saturating_add(name.len()));
        ArchivedLog {
            archive: self.problems.archive.clone(),
            folder: self.folder_of(name),
            name: name.into(),
            content,
        }
    }

    fn folder_of(&mut self, name: &[u8]) -> Arc<Path> {
        let folder = folder(self.problems.archive.as_deref(), name);
        match &self.folder {
            Some(last) if last.as_os_str() == folder => Arc::clone(last),
            _ => {
                self.room = self.room.saturating_sub(folder.len());
                Arc::clone(self.folder.insert(Arc::from(Path::new(&folder))))
            }
        }
    }

    /// Ends the list, and gives back the problems. It is a problem if there was nothing.
    pub(crate) fn take_problems(&mut self) -> Vec<Error> {
        self.problems.tell_others();
        if self.inner.is_empty() && self.n_told() == 0 {
            self.problems.of_archive(Kind::NoLogs);
        }
        std::mem::replace(&mut self.problems, Problems::new(None)).into_all()
    }

    /// Takes the logs of an archive that lies in a file.
    ///
    /// Fails if the directory of a zip cannot be read. The listing is of no use then.
    pub(crate) fn list(&mut self, file: File, form: Form) -> Result<(), Damage> {
        log_archive::list(file, form, |entry| match entry {
            Ok(entry) => self.list_entry(&self.full_name(&entry.name), entry.place),
            Err(cause) => self.problems.failed(cause),
        })?;
        if form == Form::Zip {
            self.drop_overlapping();
        }
        Ok(())
    }

    /// Takes an entry if it is a log or an archive.
    fn list_entry(&mut self, name: &[u8], place: Result<Place, Damage>) {
        match place {
            Ok(place) if self.wants(name) => drop(self.add(name, Content::InFile(place))),
            Ok(place)
                if wanted(name).is_none() && self.is_archive(&place) && self.may_enter(name) && self.has_room(name) =>
            {
                let log = self.archived(name, Content::InFile(place));
                self.inner.push(Log::archived(log, None));
            }
            Err(damage) if self.wants(name) => self.problems.of_entry(name, damage.into()),
            _ => {}
        }
    }

    fn is_archive(&self, place: &Place) -> bool {
        let opened = self
            .problems
            .archive
            .as_deref()
            .and_then(|archive| place.open(archive).ok());
        let reader = opened.and_then(|entry| LogReader::new(entry).ok());
        reader.is_some_and(|mut reader| reader.form().is_some())
    }

    /// Drops logs and archives that share bytes with others: a few bytes could stand for any number of them.
    fn drop_overlapping(&mut self) {
        let logs = self.found.iter().map(|found| &found.log);
        let overlapping = log_archive::overlapping(logs.chain(&self.inner).filter_map(Log::place));
        let mut names = Vec::new();
        let mut index = 0..;
        let mut stays = |log: &Log| {
            let stays = index
                .next()
                .is_none_or(|index| overlapping.binary_search(&index).is_err());
            names.extend(log.as_archived().filter(|_| !stays).map(|log| log.name.clone()));
            stays
        };
        self.found.retain(|found| stays(&found.log));
        self.inner.retain(stays);
        for name in names {
            self.problems.of_entry(&name, Damage::Overlap.into());
        }
    }
}

#[cfg(test)]
mod tests;
