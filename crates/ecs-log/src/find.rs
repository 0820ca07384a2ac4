//! Finds the files that inputs stand for, each path once.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use crate::error::{Error, Operation};
use crate::folder;
use crate::log::Log;
use crate::name::LogName;
use crate::pattern;

/// A log that was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) log: Log,
    /// It can be read twice. A pipe cannot: what is read from it is gone.
    pub(crate) regular: bool,
}

/// What was found, in the order of the inputs, and what could not be.
#[derive(Default)]
pub(crate) struct Finder {
    pub(crate) found: Vec<Found>,
    pub(crate) problems: Vec<Error>,
    seen: HashSet<Identity>,
    stdin: bool,
}

/// The same for two paths if and only if they lead to the same file.
#[cfg(unix)]
pub(crate) type Identity = (u64, u64);
#[cfg(not(unix))]
pub(crate) type Identity = PathBuf;

impl Finder {
    /// Adds a file, a folder's logs, the files that match a pattern, or standard input for `-`.
    pub(crate) fn add_input(&mut self, input: &OsStr) {
        if input == "-" {
            if !self.stdin {
                self.stdin = true;
                self.found.push(Found {
                    log: Log::stdin(),
                    regular: false,
                });
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
            let log = if regular || metadata.is_none() {
                log
            } else {
                log.into_stream()
            };
            self.found.push(Found { log, regular });
        }
    }
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
