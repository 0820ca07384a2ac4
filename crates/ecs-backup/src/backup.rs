//! Backups of one log.

use ecs_log::LogName;

use crate::names::LogFile;

/// Backups of one log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Backup {
    /// Its name. Its number tells it from others of the same time.
    pub name: LogName,
    /// There is a plain backup.
    pub plain: bool,
    /// There is a backup with `.gz`.
    pub packed: bool,
}

impl Backup {
    /// Its one or two files.
    pub fn files(self) -> impl Iterator<Item = LogFile> {
        let name = self.name;
        [(self.plain, false), (self.packed, true)]
            .into_iter()
            .filter_map(move |(is_there, packed)| is_there.then_some(LogFile { name, packed }))
    }

    pub(crate) fn add(&mut self, other: Backup) {
        self.plain |= other.plain;
        self.packed |= other.packed;
    }
}

impl From<LogFile> for Backup {
    fn from(file: LogFile) -> Backup {
        Backup {
            name: file.name,
            plain: !file.packed,
            packed: file.packed,
        }
    }
}
