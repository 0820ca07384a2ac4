//! Finds the files that inputs stand for, each path once.

use std::collections::{HashSet, VecDeque};
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use log_archive::{Damage, Form};

use crate::error::{Error, Operation};
use crate::folder;
use crate::found::Found;
use crate::listing::Listing;
use crate::log::Log;
use crate::name::LogName;
use crate::open::LogReader;
use crate::pattern;
use crate::stream::ArchiveStream;

/// How many bytes the names of logs in archives may take; then their lists are cut, and that is told.
const ROOM: usize = 16 << 20;

/// What was found, in the order of the inputs, and what could not be.
#[derive(Debug)]
pub(crate) struct Finder {
    pub(crate) found: Vec<Found>,
    pub(crate) problems: Vec<Error>,
    /// What can be read only once, and is not read yet.
    unread: VecDeque<Unread>,
    seen: HashSet<Identity>,
    stdin: bool,
    /// Whether what is no regular file is not looked into.
    pub(crate) leaves_pipes: bool,
    order: usize,
    room: usize,
    next_number: usize,
}

/// An archive that can be read only once, or what may turn out to be one.
#[derive(Debug)]
struct Unread {
    log: Log,
    order: usize,
    /// Why it cannot be read in any order, though it lies in a file.
    damage: Option<Damage>,
}

/// The same for two paths if and only if they lead to the same file.
#[cfg(unix)]
pub(crate) type Identity = (u64, u64);
#[cfg(not(unix))]
pub(crate) type Identity = PathBuf;

impl Finder {
    pub(crate) fn new() -> Finder {
        Finder {
            found: Vec::new(),
            problems: Vec::new(),
            unread: VecDeque::new(),
            seen: HashSet::new(),
            stdin: false,
            leaves_pipes: false,
            order: 0,
            room: ROOM,
            next_number: 0,
        }
    }

    /// Adds a file, a folder's logs, the files that match a pattern, or standard input for `-`. Of an archive it adds the
    /// logs, unless it can be read only once.
    pub(crate) fn add_input(&mut self, input: &OsStr) {
        if input == "-" {
            if !self.stdin {
                self.stdin = true;
                self.add_unread(Log::stdin(), None);
            }
            return;
        }
        let path = Path::new(input);
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path),
            Ok(metadata) => self.add(Log::at(path.to_owned(), false), Some(&metadata)),
            // Whatever is wrong with its folder comes up again when that is listed.
            Err(_) if pattern::is_pattern(input) => {
                for path in pattern::expand(path, &mut self.problems) {
                    self.add_listed(path);
                }
            }
            Err(cause) => self.problems.push(Error::io(Some(path), Operation::Open, cause)),
        }
    }

    /// The next archive that can be read only once; [`Finder::take`] wants it back.
    pub(crate) fn next_archive(&mut self) -> Option<ArchiveStream> {
        while let Some(unread) = self.unread.pop_front() {
            if self.leaves_pipes && unread.log.is_stream() {
                self.found_unread(unread);
                continue;
            }
            let Ok(mut reader) = unread.log.open() else {
                // Whatever is wrong comes up again, if it is chosen.
                self.found_unread(unread);
                continue;
            };
            let Some(form) = form_of(&mut reader) else {
                unread.log.put_back(reader);
                self.found_unread(unread);
                continue;
            };
            let path = unread.log.path().map(Arc::from);
            let mut archive = ArchiveStream::new(path, form, reader);
            archive.order = unread.order;
            archive.next_number = self.next_number;
            archive.listing.room = self.room;
            if let Some(damage) = unread.damage {
                archive.listing.failed(damage.into());
            }
            return Some(archive);
        }
        None
    }

    /// Takes what was found in an archive that was read.
    pub(crate) fn take(&mut self, archive: ArchiveStream) {
        self.next_number = self.next_number.max(archive.next_number);
        self.take_listing(archive.listing, archive.order);
    }

    /// Takes what was not read as it is.
    pub(crate) fn close(&mut self) {
        while let Some(unread) = self.unread.pop_front() {
            self.found_unread(unread);
        }
    }

    fn take_listing(&mut self, mut listing: Listing, order: usize) {
        listing.close();
        self.room = listing.room;
        self.problems.append(&mut listing.problems);
        self.found
            .extend(listing.found.into_iter().map(|found| Found { order, ..found }));
    }

    fn found_unread(&mut self, unread: Unread) {
        self.found.push(Found {
            order: unread.order,
            ..Found::new(unread.log, false)
        });
    }

    fn add_unread(&mut self, log: Log, damage: Option<Damage>) {
        let order = self.next_order();
        self.unread.push_back(Unread { log, order, damage });
    }

    fn next_order(&mut self) -> usize {
        self.order = self.order.saturating_add(1);
        self.order
    }

    /// Adds the files directly in a folder that have the name of an ECS log.
    pub(crate) fn add_folder(&mut self, folder: &Path) {
        for entry in folder::list(folder, &mut self.problems) {
            if LogName::parse(entry.name()).is_some() && entry.is_file() {
                self.add_listed(entry.into_path());
            }
        }
    }

    fn add_listed(&mut self, path: PathBuf) {
        // Gone already: whether that matters shows when it is opened, if it is chosen at all.
        let metadata = fs::metadata(&path).ok();
        self.add(Log::at(path, true), metadata.as_ref());
    }

    fn add(&mut self, log: Log, metadata: Option<&Metadata>) {
        let identity = metadata.and_then(|metadata| identity(&log, metadata));
        if identity.is_none_or(|identity| self.seen.insert(identity)) {
            let regular = metadata.is_some_and(Metadata::is_file);
            if metadata.is_some() && !regular {
                self.add_unread(log.into_stream(), None);
            } else if !(regular && log.name().is_none() && self.add_archive(&log)) {
                let order = self.next_order();
                self.found.push(Found {
                    order,
                    ..Found::new(log, regular)
                });
            }
        }
    }

    /// Adds the logs in `log`, if that is an archive.
    fn add_archive(&mut self, log: &Log) -> bool {
        let (Some(path), Ok(mut reader)) = (log.path(), log.open()) else {
            return false;
        };
        let Some(form) = form_of(&mut reader) else {
            return false;
        };
        let file = File::open(path);
        let (Ok(file), false) = (file, reader.is_gzip()) else {
            self.add_unread(log.clone(), None);
            return true;
        };
        let mut listing = Listing::new(Some(Arc::from(path)), self.room);
        if let Err(damage) = listing.list(file, form) {
            self.add_unread(log.clone(), Some(damage));
            return true;
        }
        let order = self.next_order();
        self.take_listing(listing, order);
        true
    }
}

fn form_of(reader: &mut LogReader) -> Option<Form> {
    reader.peek(Form::LENGTH).ok().and_then(Form::of)
}

#[cfg(unix)]
pub(crate) fn identity(_log: &Log, metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(crate) fn identity(log: &Log, _metadata: &Metadata) -> Option<Identity> {
    fs::canonicalize(log.path()?).ok()
}
