//! In what order backups were made. Their names tell that, unless the clock of the server was set: so it is kept as ranges of
//! names, and a new range begins where names jump.

use ecs_log::LogName;

/// Names that are apart by more than this jump, in seconds.
const JUMP: i64 = 24 * 60 * 60;

/// So many ranges are kept. Backups of earlier ones count as made before all others.
const MOST: usize = 1000;

/// Names of backups that were made one after another. Within a range the name tells which is older.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    /// The least name.
    pub first: LogName,
    /// The greatest name.
    pub last: LogName,
}

impl Range {
    fn contains(self, name: LogName) -> bool {
        (self.first..=self.last).contains(&name.with_number(1))
    }

    /// Whether the name lies less than a jump from the range.
    fn is_near(self, name: LogName) -> bool {
        let seconds = |from: LogName, to: LogName| (to.begun() - from.begun()).whole_seconds();
        seconds(name, self.first) <= JUMP && seconds(self.last, name) <= JUMP
    }
}

/// In what order backups were made.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct SavedOrder(Vec<Range>);

impl SavedOrder {
    /// The ranges, those first that were made first.
    pub(crate) fn ranges(&self) -> &[Range] {
        &self.0
    }

    pub(crate) fn push(&mut self, range: Range) {
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        self.0.push(range);
    }

    /// Takes in a backup that was just made. `is_new` is false if it replaced another: then it keeps its place.
    pub(crate) fn add(&mut self, backup: LogName, is_new: bool) {
        let name = backup.with_number(1);
        let has_place = !is_new && self.place(name) > 0;
        match self.0.last_mut() {
            Some(last) if last.is_near(name) => {
                last.first = last.first.min(name);
                last.last = last.last.max(name);
            }
            _ if has_place => {}
            _ => self.push(Range {
                first: name,
                last: name,
            }),
        }
    }

    /// When a backup was made: a number that is greater for later ones, and 0 if that is not known, since it was before there
    /// was a state. Where several ranges have the name, the last.
    pub(crate) fn place(&self, backup: LogName) -> usize {
        let found = self.0.iter().rposition(|range| range.contains(backup));
        found.map_or(0, |place| place.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use ecs_log::LogName;

    use super::{Range, SavedOrder};

    fn name(day: u8, second: u8) -> LogName {
        LogName::parse(OsStr::new(&format!("2017-04{day:02}-0844{second:02}.log"))).unwrap()
    }

    fn order(names: &[(u8, u8)]) -> SavedOrder {
        let mut order = SavedOrder::default();
        for (day, second) in names {
            order.add(name(*day, *second), true);
        }
        order
    }

    fn shown(order: &SavedOrder) -> String {
        let range = |Range { first, last }: &Range| format!("{first}..{last}").replace(".log", "");
        Vec::from_iter(order.ranges().iter().map(range)).join(" ")
    }

    #[test]
    fn a_range_ends_where_names_jump_by_more_than_a_day() {
        for (names, expected) in [
            (&[(1, 0), (1, 5), (2, 5)][..], "2017-0401-084400..2017-0402-084405"),
            (
                &[(1, 0), (1, 5), (2, 6)],
                "2017-0401-084400..2017-0401-084405 2017-0402-084406..2017-0402-084406",
            ),
            (&[(2, 5), (1, 5)], "2017-0401-084405..2017-0402-084405"),
            (
                &[(2, 5), (1, 4), (1, 3)],
                "2017-0402-084405..2017-0402-084405 2017-0401-084403..2017-0401-084404",
            ),
        ] {
            assert_eq!(shown(&order(names)), expected);
        }
    }

    #[test]
    fn a_place_is_that_of_the_last_range_with_the_name() {
        let mut order = order(&[(10, 0), (10, 9), (1, 0), (1, 9), (10, 3)]);
        let places = |order: &SavedOrder| [(10, 0), (1, 5), (10, 3), (5, 0)].map(|(day, n)| order.place(name(day, n)));
        assert_eq!(places(&order), [1, 2, 3, 0]);
        assert_eq!(order.place(name(1, 5).with_number(3)), 2);
        // One that is made anew keeps its place, and one that is found without a place gets the last.
        order.add(name(1, 5), false);
        assert_eq!((order.ranges().len(), order.place(name(1, 5))), (3, 2));
        order.add(name(5, 0), false);
        assert_eq!(places(&order), [1, 2, 3, 4]);
    }

    #[test]
    fn of_many_ranges_the_first_are_forgotten() {
        let alternating = |n: usize| if n.is_multiple_of(2) { (1, 0) } else { (20, 0) };
        let mut order = order(&Vec::from_iter((0..super::MOST).map(alternating)));
        order.add(name(10, 0), true);
        assert_eq!(order.ranges().len(), super::MOST);
        assert_eq!(order.place(name(10, 0)), super::MOST);
        assert_eq!(order.ranges().first().map(|range| range.first), Some(name(20, 0)));
    }
}
