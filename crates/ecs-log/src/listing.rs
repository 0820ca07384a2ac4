//! The logs that were found in one archive.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use log_archive::{Damage, Form, Place};

use crate::archived::{ArchivedLog, Content, file_name, folder, wanted};
use crate::error::{Error, Kind, Operation};
use crate::found::Found;
use crate::log::Log;
use crate::name::LogName;
use crate::open::LogReader;

/// The longest name of an entry, in bytes. No path is longer on Linux.
const MAX_NAME: usize = 4 << 10;

/// How many archives, one in the other, are looked into.
const MAX_DEPTH: usize = 3;

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
    /// Archives in the archive, each of which can be read once.
    pub(crate) inner: Vec<Log>,
    /// How many bytes of memory may still be used for logs.
    pub(crate) room: usize,
    archive: Option<Arc<Path>>,
    /// The archives in it around what is listed now, each with `/` behind its name.
    within: Vec<u8>,
    /// How many archives those are, together with the outermost one.
    depth: usize,
    /// The number of the archive among the inputs.
    order: usize,
    log_bytes: usize,
    is_full: bool,
    /// How many entries look like logs by their names and are not read, and the first of them.
    others: Option<(usize, Box<[u8]>)>,
    /// How many entries cannot be read and are not named.
    n_unnamed: usize,
    /// The folder of the last log. The next one mostly lies there too.
    folder: Option<Arc<Path>>,
}

/// What a listing goes back to when an archive in the archive ends.
#[derive(Debug)]
pub(crate) struct Around {
    within: Vec<u8>,
    others: Option<(usize, Box<[u8]>)>,
    n_told: usize,
}

impl Listing {
    /// Of an archive, which may lie in another.
    pub(crate) fn new(archive: &Log, order: usize, room: usize) -> Listing {
        let mut listing = Listing {
            found: Vec::new(),
            problems: Vec::new(),
            inner: Vec::new(),
            room,
            archive: archive.path().map(Arc::from),
            within: Vec::new(),
            depth: 1,
            order,
            log_bytes: LOG_BYTES,
            is_full: false,
            others: None,
            n_unnamed: 0,
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
            self.note_other(name);
            return false;
        }
        if name.len() > MAX_NAME {
            let end = name.get(name.len().saturating_sub(60)..).unwrap_or(name);
            let problem = self.error(Kind::LongName);
            self.problem(problem.in_entry(&[b"...", end].concat()));
            return false;
        }
        self.has_room(name)
    }

    /// Counts an entry that looks like a log by its name and is not read.
    fn note_other(&mut self, name: &[u8]) {
        if LogName::resembles(file_name(name)) {
            let (count, _) = self.others.get_or_insert_with(|| (0, name.into()));
            *count = count.saturating_add(1);
        }
    }

    fn tell_others(&mut self) {
        if let Some((count, example)) = self.others.take() {
            let kind = Kind::OtherNames(count, example);
            self.problem(Error::new(self.archive.as_deref(), kind));
        }
    }

    /// Whether one more entry of this name can be held. That the first one cannot is a problem.
    fn has_room(&mut self, name: &[u8]) -> bool {
        let is_full = self.is_full || self.log_bytes.saturating_add(name.len()) > self.room;
        if is_full && !self.is_full {
            self.problem(self.error(Kind::TooManyLogs));
        }
        self.is_full = is_full;
        !is_full
    }

    /// The name of an entry, with those of the archives around it.
    pub(crate) fn full_name(&self, name: &[u8]) -> Vec<u8> {
        [&self.within, name].concat()
    }

    /// Whether an archive of this name may be looked into. If it lies too deep, that is a problem.
    pub(crate) fn may_enter(&mut self, name: &[u8]) -> bool {
        let is_too_deep = self.depth >= MAX_DEPTH;
        if is_too_deep {
            let problem = Error::new(self.archive.as_deref(), Kind::TooDeep);
            self.problem(problem.in_entry(name));
        }
        !is_too_deep
    }

    /// Lists what is in an archive of this name from now on.
    pub(crate) fn enter(&mut self, name: &[u8]) -> Around {
        self.depth = self.depth.saturating_add(1);
        Around {
            within: std::mem::replace(&mut self.within, [name, b"/"].concat()),
            others: self.others.take(),
            n_told: self.n_told(),
        }
    }

    /// Lists again what lies around an archive. It is a problem if the archive held nothing.
    pub(crate) fn leave(&mut self, around: Around) {
        self.tell_others();
        if self.n_told() == around.n_told {
            self.problem(self.error(Kind::NoLogs));
        }
        self.others = around.others;
        self.depth = self.depth.saturating_sub(1);
        self.within = around.within;
    }

    /// How many logs and problems there are.
    fn n_told(&self) -> usize {
        let n_problems = self.problems.len().saturating_add(self.n_unnamed);
        self.found.len().saturating_add(n_problems)
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
            archive: self.archive.clone(),
            folder: self.folder_of(name),
            name: name.into(),
            content,
        }
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
        self.problem(self.of_inner(Error::io(self.archive.as_deref(), Operation::Read, cause)));
    }

    /// Notes that an entry cannot be read.
    pub(crate) fn damaged_entry(&mut self, name: &[u8], damage: Damage) {
        self.problem(Error::io(self.archive.as_deref(), Operation::Read, damage.into()).in_entry(name));
    }

    fn error(&self, kind: Kind) -> Error {
        self.of_inner(Error::new(self.archive.as_deref(), kind))
    }

    /// Says that an error is about the archive in the archive that is listed.
    fn of_inner(&self, error: Error) -> Error {
        match self.within.strip_suffix(b"/") {
            Some(within) => error.in_entry(within),
            None => error,
        }
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
        self.tell_others();
        if self.found.is_empty() && self.inner.is_empty() && self.problems.is_empty() {
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
            Ok(entry) => self.list_entry(&self.full_name(&entry.name), entry.place),
            Err(cause) => self.failed(cause),
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
            Err(damage) if self.wants(name) => self.damaged_entry(name, damage),
            _ => {}
        }
    }

    fn is_archive(&self, place: &Place) -> bool {
        let opened = self.archive.as_deref().and_then(|archive| place.open(archive).ok());
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
            self.damaged_entry(&name, Damage::Overlap);
        }
    }
}

#[cfg(test)]
mod tests;
