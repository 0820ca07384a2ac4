//! Lists the logs of an archive that can be read in any order.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::tar::{Next, Seekable, TarWalk};
use super::{Damage, Entry, Packing, Part, folder, wanted, zip};
use crate::error::{Error, Operation};
use crate::find::Found;
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
            self.damaged_entry(&[b"...", end].concat(), Damage::LongName);
            return false;
        }
        let needed = self.entry_bytes.saturating_add(name.len());
        if self.is_full || needed > self.room {
            if !self.is_full {
                self.damaged(Damage::TooMany);
            }
            self.is_full = true;
            return false;
        }
        true
    }

    /// Takes an entry that [`Listing::wants`] wanted.
    pub(crate) fn add(&mut self, name: &[u8], part: Part) -> &mut Found {
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
        let is_regular = !matches!(part, Part::Streamed(_));
        let entry = Entry {
            archive: self.archive.clone(),
            folder,
            name: name.into(),
            part,
        };
        let found = Found::new(Log::in_archive(entry, wanted(name).flatten()), is_regular);
        self.found.push_mut(found)
    }

    /// Notes what is wrong with the archive.
    pub(crate) fn damaged(&mut self, damage: Damage) {
        self.problem(Error::archive(self.archive.as_deref(), damage));
    }

    /// Notes what is wrong with an entry.
    pub(crate) fn damaged_entry(&mut self, name: &[u8], damage: Damage) {
        self.problem(Error::archive(self.archive.as_deref(), damage).in_entry(name));
    }

    /// Notes that the archive could not be read.
    pub(crate) fn read_failed(&mut self, cause: io::Error) {
        self.problem(Error::io(self.archive.as_deref(), Operation::Read, cause));
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
            self.damaged(Damage::NoLogs);
        }
        if self.unnamed > 0 {
            let more = Damage::More(self.unnamed);
            self.problems.push(Error::archive(self.archive.as_deref(), more));
            self.unnamed = 0;
        }
    }
}

/// Lists the logs of a tar.
pub(crate) fn tar(file: File, listing: &mut Listing) {
    let mut walk = match Seekable::new(file) {
        Ok(source) => TarWalk::new(source),
        Err(cause) => return listing.read_failed(cause),
    };
    while let Some(next) = walk.next() {
        match next {
            Ok(Next::Entry(entry)) if listing.wants(&entry.name) => {
                if entry.is_sparse {
                    listing.damaged_entry(&entry.name, Damage::Sparse);
                    continue;
                }
                let part = Part::Range {
                    offset: entry.offset,
                    length: entry.length,
                    packing: Packing::Tar,
                };
                listing.add(&entry.name, part);
            }
            Ok(Next::Entry(_)) => {}
            Ok(Next::Damaged(damage)) => listing.damaged(damage),
            Err(cause) => listing.read_failed(cause),
        }
    }
}

/// Lists the logs of a zip by the directory at its end. False if that cannot be read to its own end: then the listing is
/// of no use.
pub(crate) fn zip(file: File, listing: &mut Listing) -> bool {
    let mut ranges = Vec::new();
    let is_whole = zip::list(file, |name, part| {
        if !listing.wants(name) {
            return;
        }
        match part() {
            Ok((offset, length, zipped)) => {
                ranges.push((offset, offset.saturating_add(length), listing.found.len()));
                let packing = Packing::Zip(zipped);
                let part = Part::Range {
                    offset,
                    length,
                    packing,
                };
                listing.add(name, part);
            }
            Err(damage) => listing.damaged_entry(name, damage),
        }
    });
    if is_whole {
        without_overlaps(listing, ranges);
    }
    is_whole
}

/// Drops entries that share bytes with one before: a few bytes could stand for any number of logs.
fn without_overlaps(listing: &mut Listing, mut ranges: Vec<(u64, u64, usize)>) {
    ranges.sort_unstable();
    let mut end = 0;
    let mut overlapping = Vec::new();
    for (first, after, place) in ranges {
        if first < end {
            overlapping.push(place);
        } else {
            end = after;
        }
    }
    if overlapping.is_empty() {
        return;
    }
    overlapping.sort_unstable();
    let all = std::mem::take(&mut listing.found);
    for (place, found) in all.into_iter().enumerate() {
        match found.log.entry().filter(|_| overlapping.binary_search(&place).is_ok()) {
            Some(entry) => {
                let name = entry.name.clone();
                listing.damaged_entry(&name, Damage::Overlap);
            }
            None => listing.found.push(found),
        }
    }
}

#[cfg(test)]
mod tests;
