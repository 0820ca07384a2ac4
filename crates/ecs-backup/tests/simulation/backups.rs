//! What is known of the backups from outside: what lies there, what was deleted, and what became of each log.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use ecs_log::LogName;

use crate::content::Content;

/// How much more may be deleted than was added, in bytes: the last that goes may be larger than what was needed, and the state grows
/// with the number of logs.
const SLACK: u64 = 64 * 1024;

/// What became of one log.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Record {
    /// So many lines a run could see.
    pub(crate) n_seen: u64,
    /// So many lines were in a backup.
    pub(crate) n_saved: u64,
    /// It was told as lost.
    pub(crate) is_told: bool,
}

/// A backup that lies there.
#[derive(Clone, Copy, Debug)]
struct Backup {
    content: Option<Content>,
    /// In bytes on disk.
    size: u64,
    /// When it was made first, in seconds that have passed.
    made: i64,
}

/// The folder of backups.
pub(crate) struct Backups {
    folder: PathBuf,
    files: BTreeMap<String, Backup>,
    /// By identity.
    pub(crate) logs: BTreeMap<u64, Record>,
    /// What was added and what was deleted since the last run that was not killed, in bytes on disk.
    added: u64,
    deleted: u64,
    /// The last run was killed: the next one cannot know for what that made room already.
    is_after_kill: bool,
}

impl Backups {
    pub(crate) fn new(folder: &Path) -> Backups {
        Backups {
            folder: folder.to_owned(),
            files: BTreeMap::new(),
            logs: BTreeMap::new(),
            added: 0,
            deleted: 0,
            is_after_kill: false,
        }
    }

    /// A run sees a log.
    pub(crate) fn see(&mut self, content: Content) {
        let record = self.logs.entry(content.id).or_default();
        record.n_seen = record.n_seen.max(content.n_lines);
    }

    /// A backup was made, or made anew.
    pub(crate) fn save(&mut self, file: &str, now: i64) {
        let path = self.folder.join(file);
        let (bytes, size) = (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().blocks() * 512);
        let content = Content::read(&bytes, file.ends_with(".gz"));
        if let Some(content) = content {
            let record = self.logs.entry(content.id).or_default();
            record.n_saved = record.n_saved.max(content.n_lines);
        }
        match self.files.get_mut(file) {
            Some(known) => {
                let goes_on = match (known.content, content) {
                    (Some(before), Some(content)) => before.id == content.id && before.n_lines <= content.n_lines,
                    (None, _) => true,
                    (Some(_), None) => false,
                };
                assert!(goes_on, "{file}: {:?} is replaced by {content:?}", known.content);
                if known.content != content {
                    self.added += size;
                }
                (known.content, known.size) = (content, size);
            }
            None => {
                self.added += size;
                self.files.insert(
                    file.to_owned(),
                    Backup {
                        content,
                        size,
                        made: now,
                    },
                );
            }
        }
    }

    /// A backup was deleted to make room: no other was made more than a day before it.
    pub(crate) fn prune(&mut self, file: &str) {
        let backup = self.files.remove(file).unwrap();
        self.deleted += backup.size;
        assert!(
            self.is_after_kill || self.deleted <= self.added + SLACK,
            "{} bytes deleted for {}",
            self.deleted,
            self.added
        );
        let oldest = self.files.iter().min_by_key(|(_, backup)| backup.made);
        if let Some((name, oldest)) = oldest {
            assert!(
                backup.made <= oldest.made + 24 * 60 * 60,
                "{file} of {} was deleted before {name} of {}",
                backup.made,
                oldest.made
            );
        }
    }

    /// A run was not killed.
    pub(crate) fn settle(&mut self) {
        (self.added, self.deleted) = (0, 0);
        self.is_after_kill = false;
    }

    /// Looks what lies there after a run that was killed, or at the end.
    pub(crate) fn look(&mut self, now: i64) {
        self.is_after_kill = true;
        let entries = fs::read_dir(&self.folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let names = Vec::from_iter(names.filter(|name| !name.starts_with('.')));
        for name in &names {
            self.save(name, now);
        }
        let gone = Vec::from_iter(self.files.keys().filter(|name| !names.contains(name)).cloned());
        assert!(gone.is_empty(), "{gone:?} are gone, and nobody said so");
    }

    /// What became of a log that was told as lost: it is not in a backup to where a run saw it.
    pub(crate) fn tell_lost(&mut self, id: u64) {
        let record = self.logs.get_mut(&id).unwrap();
        assert!(
            record.n_saved < record.n_seen,
            "log {id} is told as lost, and is saved: {record:?}"
        );
        record.is_told = true;
    }

    /// At the end each log that a run could see was saved, or told as lost.
    pub(crate) fn check(&self, names: &[(LogName, u64)], unseen: &[u64]) {
        for (id, record) in &self.logs {
            let names = Vec::from_iter(
                names
                    .iter()
                    .filter(|(_, known)| known == id)
                    .map(|(name, _)| name.to_string()),
            );
            assert!(
                record.n_saved >= record.n_seen || record.is_told || unseen.contains(id),
                "log {id}, {names:?}, is lost: {record:?}"
            );
        }
    }
}
