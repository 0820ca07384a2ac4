//! The logs of a folder, and what of the folder is passed over.

use std::path::{Path, PathBuf};

use crate::error::{Error, Kind};
use crate::folder;
use crate::name::LogName;

/// How deep folders in folders are looked into. In archives of servers logs lie as deep as `server/var/log/ecs`.
const MAX_DEPTH: usize = 8;

/// How many folders in a folder are looked into.
const MAX_FOLDERS: usize = 1000;

/// Looks for logs in folders.
pub(crate) struct Search<'a> {
    /// Whether a folder was named itself, so that it is not passed over.
    pub(crate) is_named: &'a dyn Fn(&Path) -> bool,
    /// What cannot be listed, and files that look like logs and are not read. Each folder tells of them once, with the number.
    pub(crate) problems: &'a mut Vec<Error>,
    /// Folders with logs that are not read. Each folder around them tells of them once, with the number.
    pub(crate) passed_over: &'a mut Vec<Error>,
}

impl Search<'_> {
    /// The files in the folder `root` with the names of ECS logs. If there are none, those of the folders in it, as they come out of
    /// an archive.
    pub(crate) fn logs(&mut self, root: &Path) -> Vec<PathBuf> {
        let mut logs = Vec::new();
        let mut level = vec![root.to_owned()];
        let mut n_folders: usize = 0;
        for _ in 0..=MAX_DEPTH {
            for folder in std::mem::take(&mut level) {
                n_folders = n_folders.saturating_add(1);
                if n_folders > MAX_FOLDERS {
                    self.problems.push(Error::new(Some(root), Kind::TooManyFolders));
                    return logs;
                }
                level.extend(self.add_logs(&folder, &mut logs));
            }
        }
        logs
    }

    /// Adds the logs of one folder. If it has none, gives back the folders in it.
    fn add_logs(&mut self, folder: &Path, logs: &mut Vec<PathBuf>) -> Vec<PathBuf> {
        let n_before = logs.len();
        let mut inner = Vec::new();
        let mut other_names = Vec::new();
        for entry in folder::list(folder, self.problems) {
            if entry.is_real_folder() {
                inner.push(entry.into_path());
            } else if LogName::parse(entry.name()).is_some() && entry.is_file() {
                logs.push(entry.into_path());
            } else if LogName::resembles(entry.name()) {
                other_names.push(entry.into_path());
            }
        }
        self.problems.extend(told(folder, Kind::OtherNames, &other_names));
        if logs.len() == n_before {
            return inner;
        }
        inner.truncate(MAX_FOLDERS);
        inner.retain(|inner| has_logs(inner) && !(self.is_named)(inner));
        self.passed_over.extend(told(folder, Kind::InnerFolders, &inner));
        Vec::new()
    }
}

/// What to tell of `paths`, which lie in the folder; `None` if there are none.
fn told(folder: &Path, kind: fn(usize, Box<[u8]>) -> Kind, paths: &[PathBuf]) -> Option<Error> {
    let example = paths.first()?.file_name()?.as_encoded_bytes();
    Some(Error::new(Some(folder), kind(paths.len(), example.into())))
}

/// Whether the folder itself has a log.
fn has_logs(folder: &Path) -> bool {
    let entries = folder::list(folder, &mut Vec::new());
    entries.iter().any(|entry| LogName::parse(entry.name()).is_some())
}

#[cfg(test)]
mod tests;
