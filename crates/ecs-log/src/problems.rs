//! What is wrong with an archive and its entries.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::archived::file_name;
use crate::error::{Error, Kind, Operation};
use crate::name::LogName;

/// The longest name of an entry, in bytes. No path is longer on Linux.
const MAX_NAME: usize = 4 << 10;

/// How many bytes of a longer name are shown.
const SHOWN: usize = 60;

/// How many entries that cannot be read are named one by one.
const MAX_PROBLEMS: usize = 100;

/// The problems of one archive, and of the archives in it.
#[derive(Debug)]
pub(crate) struct Problems {
    pub(crate) archive: Option<Arc<Path>>,
    /// The archives in it around the entries that come now, each with `/` behind its name.
    pub(crate) within: Vec<u8>,
    /// How many entries look like logs by their names and are not read, and the first of them.
    pub(crate) others: Option<(usize, Box<[u8]>)>,
    all: Vec<Error>,
    /// How many entries cannot be read and are not named.
    n_unnamed: usize,
}

impl Problems {
    pub(crate) fn new(archive: Option<&Path>) -> Problems {
        Problems {
            archive: archive.map(Arc::from),
            within: Vec::new(),
            others: None,
            all: Vec::new(),
            n_unnamed: 0,
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.all.len().saturating_add(self.n_unnamed)
    }

    /// Notes what is wrong with the archive that is read now.
    pub(crate) fn of_archive(&mut self, kind: Kind) {
        let error = Error::new(self.archive.as_deref(), kind);
        self.push_of_archive(error);
    }

    /// Notes that the archive, or a part of it, could not be read.
    pub(crate) fn failed(&mut self, cause: io::Error) {
        let error = Error::io(self.archive.as_deref(), Operation::Read, cause);
        self.push_of_archive(error);
    }

    fn push_of_archive(&mut self, error: Error) {
        let error = match self.within.strip_suffix(b"/") {
            Some(within) => error.in_entry(within),
            None => error,
        };
        self.push(error);
    }

    /// Notes that an entry cannot be read.
    pub(crate) fn of_entry(&mut self, name: &[u8], cause: io::Error) {
        let error = Error::io(self.archive.as_deref(), Operation::Read, cause);
        self.push(error.in_entry(name));
    }

    /// Notes that an archive lies in too many others.
    pub(crate) fn too_deep(&mut self, name: &[u8]) {
        self.push(Error::new(self.archive.as_deref(), Kind::TooDeep).in_entry(name));
    }

    /// Whether a name is so long that its entry is not read, which is a problem.
    pub(crate) fn is_too_long(&mut self, name: &[u8]) -> bool {
        let is_too_long = name.len() > MAX_NAME;
        if is_too_long {
            let error = Error::new(self.archive.as_deref(), Kind::LongName);
            self.push(error.in_entry(&shown(name)));
        }
        is_too_long
    }

    /// Counts an entry that is not read, if it looks like a log by its name.
    pub(crate) fn note_other(&mut self, name: &[u8]) {
        if LogName::resembles(file_name(name)) {
            let (count, _) = self.others.get_or_insert_with(|| (0, shown(name).into()));
            *count = count.saturating_add(1);
        }
    }

    /// Tells how many such entries there were.
    pub(crate) fn tell_others(&mut self) {
        if let Some((count, example)) = self.others.take() {
            self.push(Error::new(self.archive.as_deref(), Kind::OtherNames(count, example)));
        }
    }

    fn push(&mut self, problem: Error) {
        if self.all.len() < MAX_PROBLEMS {
            self.all.push(problem);
        } else {
            self.n_unnamed = self.n_unnamed.saturating_add(1);
        }
    }

    /// All of them, and how many more there are.
    pub(crate) fn into_all(mut self) -> Vec<Error> {
        if self.n_unnamed > 0 {
            let more = Kind::MoreEntries(self.n_unnamed);
            self.all.push(Error::new(self.archive.as_deref(), more));
        }
        self.all
    }
}

/// A name, or the end of a long one.
fn shown(name: &[u8]) -> Vec<u8> {
    match name.len().checked_sub(SHOWN) {
        Some(begin) if name.len() > MAX_NAME => [b"...", name.get(begin..).unwrap_or(name)].concat(),
        _ => name.to_vec(),
    }
}
