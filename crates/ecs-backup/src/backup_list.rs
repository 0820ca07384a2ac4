//! The backups that there are while a run adds new ones and deletes the oldest.

use ecs_log::LogName;

use crate::holds::Holds;
use crate::names::LogFile;
use crate::survey::Backup;

/// The backups that there are, sorted by name.
#[derive(Debug)]
pub(crate) struct BackupList {
    backups: Vec<Backup>,
    /// So many at the start of `backups` are deleted, or passed over.
    n_done: usize,
    /// Those that cannot be deleted, or whose deletion frees nothing.
    passed_over: Vec<Backup>,
    /// Those that are held: they are not deleted, and do not count as those that are kept.
    held: Vec<Backup>,
    holds: Holds,
}

impl BackupList {
    pub(crate) fn new(sorted: Vec<Backup>, holds: Holds) -> BackupList {
        let is_held = |backup: &Backup| holds.of(backup.name).is_some();
        let (held, backups) = sorted.into_iter().partition(is_held);
        BackupList {
            backups,
            n_done: 0,
            passed_over: Vec::new(),
            held,
            holds,
        }
    }

    /// Those that may be deleted, oldest first.
    pub(crate) fn deletable(&self) -> &[Backup] {
        self.backups.get(self.n_done..).unwrap_or_default()
    }

    /// All that there are.
    pub(crate) fn all(&self) -> impl Iterator<Item = Backup> {
        self.passed_over
            .iter()
            .chain(&self.held)
            .chain(self.deletable())
            .copied()
    }

    pub(crate) fn n_left(&self) -> usize {
        self.passed_over.len().saturating_add(self.deletable().len())
    }

    pub(crate) fn oldest(&self) -> Option<Backup> {
        self.deletable().first().copied()
    }

    /// The oldest is deleted.
    pub(crate) fn remove_oldest(&mut self) {
        self.n_done = self.n_done.saturating_add(1).min(self.backups.len());
    }

    /// The oldest stays: what is the oldest now is another.
    pub(crate) fn pass_over_oldest(&mut self) {
        self.passed_over.extend(self.oldest());
        self.remove_oldest();
    }

    pub(crate) fn get(&self, name: LogName) -> Option<Backup> {
        self.namesakes(name).into_iter().find(|backup| backup.name == name)
    }

    /// All backups that bear the name of a log, with whatever number.
    pub(crate) fn namesakes(&self, name: LogName) -> Vec<Backup> {
        let left = self.deletable();
        let first = left.partition_point(|backup| backup.name < name.with_number(1));
        let end = left.partition_point(|backup| backup.name <= name.with_number(u16::MAX));
        let kept = self.passed_over.iter().chain(&self.held);
        let namesakes = kept.filter(|backup| backup.name.with_number(1) == name.with_number(1));
        namesakes
            .chain(left.get(first..end).unwrap_or_default())
            .copied()
            .collect()
    }

    pub(crate) fn add(&mut self, file: LogFile) {
        let added = Backup::from(file);
        let mut kept = self.passed_over.iter_mut().chain(&mut self.held);
        if let Some(backup) = kept.find(|backup| backup.name == file.name) {
            return backup.add(added);
        }
        if self.holds.of(file.name).is_some() {
            return self.held.push(added);
        }
        match self.deletable().binary_search_by_key(&file.name, |backup| backup.name) {
            Ok(place) => {
                if let Some(backup) = self.backups.get_mut(self.n_done.saturating_add(place)) {
                    backup.add(added);
                }
            }
            Err(place) => self.backups.insert(self.n_done.saturating_add(place), added),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::BackupList;
    use crate::holds::Holds;
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
        let mut backup_list = BackupList::new(vec![file(1, true).into(), file(5, true).into()], Holds::default());
        backup_list.add(file(3, true));
        backup_list.add(file(5, false));
        backup_list.remove_oldest();
        backup_list.add(file(9, true));
        let seconds: Vec<u8> = backup_list
            .deletable()
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
        backup_list.pass_over_oldest();
        assert_eq!((backup_list.n_left(), backup_list.deletable().len()), (4, 3));
        assert_eq!(numbers(&backup_list, 3), [1]);
        backup_list.add(file(3, false));
        assert!(
            backup_list
                .all()
                .next()
                .is_some_and(|backup| backup.plain && backup.packed)
        );
        assert_eq!(backup_list.n_left(), 4);
        (0..5).for_each(|_| backup_list.remove_oldest());
        assert_eq!(backup_list.oldest(), None);
        backup_list.add(file(2, true));
        assert_eq!(backup_list.deletable().len(), 1);
    }
}
