//! The backups that there are while a run adds new ones and deletes the oldest.

use ecs_log::LogName;

use crate::names::LogFile;
use crate::survey::Backup;

/// The backups that there are, sorted by name.
#[derive(Debug)]
pub(crate) struct BackupList {
    backups: Vec<Backup>,
    /// So many at the start of `backups` are deleted.
    n_deleted: usize,
}

impl BackupList {
    pub(crate) fn new(sorted: Vec<Backup>) -> BackupList {
        BackupList {
            backups: sorted,
            n_deleted: 0,
        }
    }

    /// Oldest first.
    pub(crate) fn left(&self) -> &[Backup] {
        self.backups.get(self.n_deleted..).unwrap_or_default()
    }

    pub(crate) fn oldest(&self) -> Option<Backup> {
        self.left().first().copied()
    }

    pub(crate) fn remove_oldest(&mut self) {
        self.n_deleted = self.n_deleted.saturating_add(1).min(self.backups.len());
    }

    pub(crate) fn get(&self, name: LogName) -> Option<Backup> {
        let place = self.left().binary_search_by_key(&name, |backup| backup.name).ok()?;
        self.left().get(place).copied()
    }

    /// All backups that bear the name of a log, with whatever number.
    pub(crate) fn namesakes(&self, name: LogName) -> &[Backup] {
        let left = self.left();
        let first = left.partition_point(|backup| backup.name < name.with_number(1));
        let end = left.partition_point(|backup| backup.name <= name.with_number(u16::MAX));
        left.get(first..end).unwrap_or_default()
    }

    pub(crate) fn add(&mut self, file: LogFile) {
        let added = Backup::from(file);
        match self.left().binary_search_by_key(&file.name, |backup| backup.name) {
            Ok(place) => {
                if let Some(backup) = self.backups.get_mut(self.n_deleted.saturating_add(place)) {
                    backup.add(added);
                }
            }
            Err(place) => self.backups.insert(self.n_deleted.saturating_add(place), added),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::BackupList;
    use crate::names::LogFile;

    fn file(second: u8, packed: bool) -> LogFile {
        let name = format!("2017-0427-0844{second:02}.log");
        LogFile {
            name: ecs_log::LogName::parse(OsStr::new(&name)).unwrap(),
            packed,
        }
    }

    #[test]
    fn new_ones_find_their_place_and_the_oldest_goes_first() {
        let mut backup_list = BackupList::new(vec![file(1, true).into(), file(5, true).into()]);
        backup_list.add(file(3, true));
        backup_list.add(file(5, false));
        backup_list.remove_oldest();
        backup_list.add(file(9, true));
        let seconds: Vec<u8> = backup_list
            .left()
            .iter()
            .map(|backup| backup.name.begun().second())
            .collect();
        assert_eq!(seconds, [3, 5, 9]);
        let numbers = |list: &BackupList, second| {
            Vec::from_iter(
                list.namesakes(file(second, true).name)
                    .iter()
                    .map(|backup| backup.name.number()),
            )
        };
        assert_eq!(numbers(&backup_list, 5), [1]);
        let second = LogFile {
            name: file(5, true).name.with_number(2),
            packed: true,
        };
        backup_list.add(second);
        assert_eq!(numbers(&backup_list, 5), [1, 2]);
        assert!(numbers(&backup_list, 4).is_empty());
        assert!(
            backup_list
                .get(file(5, true).name)
                .is_some_and(|backup| backup.plain && backup.packed)
        );
        (0..5).for_each(|_| backup_list.remove_oldest());
        assert_eq!(backup_list.oldest(), None);
        backup_list.add(file(2, true));
        assert_eq!(backup_list.left().len(), 1);
    }
}
