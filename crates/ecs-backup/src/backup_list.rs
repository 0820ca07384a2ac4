//! The backups that there are while a run adds new ones and deletes the oldest.

use std::collections::BTreeMap;

use ecs_log::LogName;

use crate::holds::Holds;
use crate::names::LogFile;
use crate::order::SavedOrder;
use crate::survey::Backup;

/// The backups that there are.
#[derive(Debug)]
pub(crate) struct BackupList {
    /// In the order in which they were made, by their place in it. Within a group the name tells which is older.
    groups: BTreeMap<usize, Group>,
    /// Those that cannot be deleted, or whose deletion frees nothing.
    passed_over: Vec<Backup>,
    /// Those that are held: they are not deleted, and do not count as those that are kept.
    held: Vec<Backup>,
    holds: Holds,
}

/// Backups that were made one after another, sorted by name.
#[derive(Default, Debug)]
struct Group {
    backups: Vec<Backup>,
    /// So many at the start of `backups` are deleted, or passed over.
    n_done: usize,
}

impl Group {
    fn left(&self) -> &[Backup] {
        self.backups.get(self.n_done..).unwrap_or_default()
    }

    fn get_mut(&mut self, name: LogName) -> Option<&mut Backup> {
        let place = self.left().binary_search_by_key(&name, |backup| backup.name).ok()?;
        self.backups.get_mut(self.n_done.saturating_add(place))
    }
}

impl BackupList {
    /// From all backups, sorted by name.
    pub(crate) fn new(sorted: Vec<Backup>, holds: Holds, order: &SavedOrder) -> BackupList {
        let mut list = BackupList {
            groups: BTreeMap::new(),
            passed_over: Vec::new(),
            held: Vec::new(),
            holds,
        };
        // Each is moved once, since there may be a million.
        for backup in sorted {
            if list.holds.of(backup.name).is_some() {
                list.held.push(backup);
            } else {
                let group = list.groups.entry(order.place(backup.name)).or_default();
                group.backups.push(backup);
            }
        }
        list
    }

    /// Whether nobody knows which backups are held, so that none may go.
    pub(crate) fn may_all_be_held(&self) -> bool {
        self.holds.unknown().next().is_some()
    }

    /// Those that may be deleted, oldest first.
    pub(crate) fn deletable(&self) -> impl Iterator<Item = Backup> {
        self.groups.values().flat_map(Group::left).copied()
    }

    /// All that there are.
    pub(crate) fn all(&self) -> impl Iterator<Item = Backup> {
        let kept = self.passed_over.iter().chain(&self.held);
        kept.copied().chain(self.deletable())
    }

    pub(crate) fn n_left(&self) -> usize {
        let left = self.groups.values().map(|group| group.left().len());
        left.fold(self.passed_over.len(), usize::saturating_add)
    }

    pub(crate) fn oldest(&self) -> Option<Backup> {
        self.deletable().next()
    }

    /// The oldest is deleted.
    pub(crate) fn remove_oldest(&mut self) {
        if let Some(group) = self.groups.values_mut().find(|group| !group.left().is_empty()) {
            group.n_done = group.n_done.saturating_add(1);
        }
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
        let is_namesake = |backup: &&Backup| backup.name.with_number(1) == name.with_number(1);
        let mut namesakes = Vec::from_iter(self.passed_over.iter().chain(&self.held).filter(is_namesake).copied());
        for group in self.groups.values() {
            let left = group.left();
            let first = left.partition_point(|backup| backup.name < name.with_number(1));
            let from_first = left.get(first..).unwrap_or_default();
            namesakes.extend(from_first.iter().take_while(is_namesake));
        }
        namesakes
    }

    /// Adds a backup that was made, or another form of one that there is.
    pub(crate) fn add(&mut self, file: LogFile, order: &SavedOrder) {
        let added = Backup::from(file);
        let mut kept = self.passed_over.iter_mut().chain(&mut self.held);
        let kept = kept.find(|backup| backup.name == file.name);
        let mut groups = self.groups.values_mut();
        let known = kept.or_else(|| groups.find_map(|group| group.get_mut(file.name)));
        if let Some(backup) = known {
            return backup.add(added);
        }
        if self.holds.of(file.name).is_some() {
            return self.held.push(added);
        }
        let group = self.groups.entry(order.place(file.name)).or_default();
        let place = group.left().partition_point(|backup| backup.name < file.name);
        group.backups.insert(group.n_done.saturating_add(place), added);
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::BackupList;
    use crate::holds::{Hold, Holds};
    use crate::names::LogFile;
    use crate::order::SavedOrder;

    fn file(second: u8, packed: bool) -> LogFile {
        let name = format!("2017-0427-0844{second:02}.log");
        LogFile {
            name: ecs_log::LogName::parse(OsStr::new(&name)).unwrap(),
            packed,
        }
    }

    #[test]
    fn new_ones_find_their_place_and_the_oldest_goes_first() {
        let order = &SavedOrder::default();
        let mut backup_list = BackupList::new(
            vec![file(1, true).into(), file(5, true).into()],
            Holds::default(),
            order,
        );
        backup_list.add(file(3, true), order);
        backup_list.add(file(5, false), order);
        backup_list.remove_oldest();
        backup_list.add(file(9, true), order);
        let seconds: Vec<u8> = backup_list
            .deletable()
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
        backup_list.add(second, order);
        assert_eq!(numbers(&backup_list, 5), [1, 2]);
        assert!(numbers(&backup_list, 4).is_empty());
        assert!(
            backup_list
                .get(file(5, true).name)
                .is_some_and(|backup| backup.plain && backup.packed)
        );
        backup_list.pass_over_oldest();
        assert_eq!((backup_list.n_left(), backup_list.deletable().count()), (4, 3));
        assert_eq!(numbers(&backup_list, 3), [1]);
        backup_list.add(file(3, false), order);
        assert!(
            backup_list
                .all()
                .next()
                .is_some_and(|backup| backup.plain && backup.packed)
        );
        assert_eq!(backup_list.n_left(), 4);
        (0..5).for_each(|_| backup_list.remove_oldest());
        assert_eq!(backup_list.oldest(), None);
        backup_list.add(file(2, true), order);
        assert_eq!(backup_list.deletable().count(), 1);
    }

    #[test]
    fn those_that_were_made_first_go_first_whatever_their_names() {
        let in_year = |year: u16, second: u8| LogFile {
            name: ecs_log::LogName::parse(OsStr::new(&format!("{year}-0427-0844{second:02}.log"))).unwrap(),
            packed: true,
        };
        let mut order = SavedOrder::default();
        for (year, second) in [(2027, 1), (2027, 2), (2026, 1)] {
            order.add(in_year(year, second).name, true);
        }
        let files = [(2016, 3), (2026, 1), (2027, 1), (2027, 2)];
        let backups = files.map(|(year, second)| in_year(year, second).into());
        let mut list = BackupList::new(backups.to_vec(), Holds::default(), &order);
        order.add(in_year(2026, 2).name, true);
        list.add(in_year(2026, 2), &order);
        assert_eq!(list.n_left(), 5);
        assert!(list.get(in_year(2026, 1).name).is_some());
        let years = Vec::from_iter(list.deletable().map(|backup| backup.name.begun().year()));
        assert_eq!(years, [2016, 2027, 2027, 2026, 2026]);
        list.pass_over_oldest();
        list.remove_oldest();
        assert_eq!(list.oldest().map(|backup| backup.name), Some(in_year(2027, 2).name));
        list.remove_oldest();
        assert_eq!(list.oldest().map(|backup| backup.name), Some(in_year(2026, 1).name));
    }

    #[test]
    fn what_is_held_is_known_and_neither_deleted_nor_counted() {
        let order = &SavedOrder::default();
        let range: ecs_log::TimeRange = "20170427:084403-20170427:084405".parse().unwrap();
        let hold = Hold::last("case".parse().unwrap(), range.into());
        let mut holds = Holds::new(vec![hold], &[Vec::new()]);
        holds.put_in_force(&[], &[], &[]);
        let backups = [1, 3, 5, 7].map(|second| file(second, true).into());
        let mut list = BackupList::new(backups.to_vec(), holds, order);
        list.add(file(4, true), order);
        list.add(file(3, false), order);
        let seconds =
            |backups: Vec<super::Backup>| Vec::from_iter(backups.iter().map(|backup| backup.name.begun().second()));
        assert_eq!(seconds(list.deletable().collect()), [1, 7]);
        assert_eq!(list.n_left(), 2);
        assert_eq!(seconds(list.all().collect()), [3, 5, 4, 1, 7]);
        assert_eq!(seconds(list.namesakes(file(4, true).name)), [4]);
        assert!(
            list.get(file(3, true).name)
                .is_some_and(|backup| backup.plain && backup.packed)
        );
    }
}
