//! What earlier runs knew and did: for each log in the source folder, what became of it.

#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

use ecs_log::LogName;
use rustix::fs::Stat;

use crate::folder::size;
use crate::history::History;
use crate::names::LogFile;
use crate::notices::Told;
use crate::order::SavedOrder;

/// By what a log is known again: the same file with the same content.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// When it was changed last: seconds since 1970, and nanoseconds.
    pub seconds: i64,
    /// Nanoseconds of that time.
    pub nanoseconds: u32,
    /// The file's number in its file system.
    pub inode: u64,
}

impl From<&Stat> for Stamp {
    fn from(stat: &Stat) -> Stamp {
        Stamp {
            size: size(stat),
            seconds: stat.st_mtime,
            nanoseconds: u32::try_from(stat.st_mtime_nsec).unwrap_or(0),
            inode: stat.st_ino,
        }
    }
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Stamp {
        Stamp {
            size: metadata.len(),
            seconds: metadata.mtime(),
            nanoseconds: u32::try_from(metadata.mtime_nsec()).unwrap_or(0),
            inode: metadata.ino(),
        }
    }
}

/// What became of a log, as it is known by its [`Stamp`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// A run saw it, and did not get to it, or did not live to write down that it did.
    Open,
    /// It is in its backup, to its end.
    Saved,
    /// A run tried to save it and could not.
    Failed,
    /// Its backup was deleted to make room.
    Pruned,
    /// It is the beginning of its backup: it was emptied or cut. Nobody is told yet.
    Shrunk,
    /// As `Shrunk`, and that is told.
    ShrunkTold,
    /// It was there before the state was, and is older than all backups were then. Perhaps its backup was deleted to make
    /// room.
    Unknown,
}

impl Fate {
    /// Returns true if and only if the log is lost if it is gone now.
    pub(crate) fn is_unsaved(self) -> bool {
        matches!(self, Fate::Open | Fate::Failed)
    }
}

/// What is known of one log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Record {
    /// As the last run saw it.
    pub stamp: Stamp,
    /// The number of its backup's name, or of the one that is meant for it.
    pub number: u16,
    /// What became of it.
    pub fate: Fate,
}

impl Record {
    /// Whether the log is gone where a file with this stamp bears its name: that is another log, or what was left of it.
    pub(crate) fn is_gone(self, now: Stamp) -> bool {
        now.inode != self.stamp.inode || now.size < self.stamp.size
    }
}

/// What is known of the logs that lay in the source folder, by their names there.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct State {
    /// By name.
    pub records: BTreeMap<LogName, Record>,
    /// The name of the server whose logs these are; empty if it is not known.
    pub host: String,
    /// When a backup was deleted in vain, in seconds since 1970: nothing was freed by it.
    pub stuck: Option<i64>,
    /// What was told of what lasts.
    pub told: Told,
    /// Damaged backups whose logs are gone. They were told.
    pub damaged: BTreeSet<LogFile>,
    /// In what order backups were made.
    pub order: SavedOrder,
    /// What is shown of earlier runs.
    pub history: History,
}

impl State {
    /// Whether both tell the same, whatever they tell of the last run.
    pub(crate) fn tells_the_same(&self, other: &State) -> bool {
        let other = State {
            history: History {
                last_run: self.history.last_run,
                ..other.history.clone()
            },
            ..other.clone()
        };
        *self == other
    }

    pub(crate) fn get(&self, name: LogName) -> Option<Record> {
        self.records.get(&name).copied()
    }

    /// Writes down what became of a log that has a record.
    pub(crate) fn set_fate(&mut self, name: LogName, fate: Fate) {
        if let Some(record) = self.records.get_mut(&name) {
            record.fate = fate;
        }
    }

    /// Writes down by what a log that has a record is known now.
    pub(crate) fn set_stamp(&mut self, name: LogName, stamp: Stamp) {
        if let Some(record) = self.records.get_mut(&name) {
            record.stamp = stamp;
        }
    }

    /// The folder could not be flushed: what was not known before as saved may not be on disk.
    pub(crate) fn doubt(&mut self, before: Option<&State>) {
        for (name, record) in &mut self.records {
            let is_sure = before.is_some_and(|before| before.get(*name) == Some(*record));
            if record.fate == Fate::Saved && !is_sure {
                record.fate = Fate::Failed;
            }
        }
    }

    /// Writes down that the backup under this name was deleted to make room.
    pub(crate) fn prune(&mut self, backup: LogName) {
        if let Some(record) = self.records.get_mut(&backup.with_number(1))
            && record.number == backup.number()
        {
            record.fate = Fate::Pruned;
        }
        self.damaged.retain(|file| file.name != backup);
    }
}
