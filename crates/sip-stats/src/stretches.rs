//! Stretches of time, in whole seconds.

/// The first and the last second of each stretch, in the order of time. None touches another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stretches(Vec<(i64, i64)>);

impl Stretches {
    /// Adds the seconds from one to another, both within.
    pub(crate) fn add(&mut self, first: i64, last: i64) {
        let begin = self.0.partition_point(|(_, to)| *to < first.saturating_sub(1));
        let touching = self.0.iter().skip(begin);
        let touching = touching.take_while(|(from, _)| *from <= last.saturating_add(1)).count();
        match self.0.get_mut(begin..begin.saturating_add(touching)) {
            Some([one, others @ ..]) => {
                let end = others.last().map_or(one.1, |(_, to)| *to);
                *one = (one.0.min(first), end.max(last));
                let next = begin.saturating_add(1);
                self.0.drain(next..begin.saturating_add(touching));
            }
            _ => self.0.insert(begin, (first, last)),
        }
    }

    /// What of the seconds from one to another is in no stretch.
    pub(crate) fn missing(&self, first: i64, last: i64) -> Vec<(i64, i64)> {
        let (mut missing, mut begin) = (Vec::new(), first);
        for (from, to) in self.within(first, last) {
            missing.push((begin, from.saturating_sub(1)));
            begin = to.saturating_add(1);
        }
        missing.push((begin, last));
        missing.retain(|(first, last)| first <= last);
        missing
    }

    /// How many of the seconds from one to another are in a stretch, and in none of `other`.
    pub(crate) fn seconds_without(&self, other: &Stretches, first: i64, last: i64) -> i64 {
        let own = self.within(first, last).flat_map(|(from, to)| other.missing(from, to));
        let lengths = own.map(|(from, to)| to.saturating_sub(from).saturating_add(1));
        lengths.fold(0, i64::saturating_add)
    }

    /// Whether any of the seconds from one to another is in a stretch.
    pub(crate) fn has_any(&self, first: i64, last: i64) -> bool {
        self.within(first, last).next().is_some()
    }

    /// The stretches between two seconds, cut to what lies there.
    fn within(&self, first: i64, last: i64) -> impl Iterator<Item = (i64, i64)> {
        let begin = self.0.partition_point(|(_, to)| *to < first);
        let all = self.0.iter().skip(begin).take_while(move |(from, _)| *from <= last);
        all.map(move |(from, to)| (*from.max(&first), *to.min(&last)))
    }

    /// How many stretches begin before a second.
    fn count_before(&self, second: i64) -> usize {
        self.0.partition_point(|(from, _)| *from < second)
    }

    /// The last stretch that begins before a second.
    pub(crate) fn before(&self, second: i64) -> Option<(i64, i64)> {
        self.0.get(self.count_before(second).checked_sub(1)?).copied()
    }

    /// The first stretch that begins at a second or behind it.
    pub(crate) fn from(&self, second: i64) -> Option<(i64, i64)> {
        self.0.get(self.count_before(second)).copied()
    }

    /// The last second of all.
    pub(crate) fn last(&self) -> Option<i64> {
        self.0.last().map(|(_, last)| *last)
    }

    /// How many seconds lie between stretches.
    pub(crate) fn between(&self) -> u64 {
        let neighbours = self.0.iter().zip(self.0.iter().skip(1));
        let between =
            neighbours.map(|((_, last), (next, _))| next.saturating_sub(*last).saturating_sub(1).unsigned_abs());
        between.fold(0, u64::saturating_add)
    }

    /// Forgets the stretches that begin before a second, but the last of them. How many seconds lay between stretches then lie
    /// between none.
    pub(crate) fn forget_before(&mut self, second: i64) -> u64 {
        let before = self.between();
        self.0.drain(..self.count_before(second).saturating_sub(1));
        before.saturating_sub(self.between())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::Stretches;

    /// Stretches, and the seconds in them.
    fn made(all: &[(i64, i64)]) -> (Stretches, BTreeSet<i64>) {
        let (mut stretches, mut plain) = (Stretches::default(), BTreeSet::new());
        for (first, length) in all {
            stretches.add(*first, first + length);
            plain.extend(*first..=first + length);
        }
        (stretches, plain)
    }

    proptest! {
        // What fails becomes a test of its own instead of a file of seeds.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn stretches_are_sets_of_seconds(
            all in vec((0..60_i64, 0..9_i64), 0..12),
            others in vec((0..60_i64, 0..9_i64), 0..4),
            first in 0..70_i64,
            length in 0..30_i64,
        ) {
            let (mut stretches, plain) = made(&all);
            let (other, other_plain) = made(&others);
            let last = first + length;
            let count = plain.difference(&other_plain).filter(|second| (first..=last).contains(second)).count();
            prop_assert_eq!(stretches.seconds_without(&other, first, last), i64::try_from(count).unwrap());
            prop_assert_eq!(stretches.has_any(first, last), plain.range(first..=last).next().is_some());
            let missing: Vec<i64> = stretches.missing(first, last).into_iter().flat_map(|(from, to)| from..=to).collect();
            let expected: Vec<i64> = (first..=last).filter(|second| !plain.contains(second)).collect();
            prop_assert_eq!(missing, expected);
            prop_assert_eq!(stretches.last(), plain.last().copied());
            let starts: Vec<i64> = plain.iter().copied().filter(|second| !plain.contains(&(second - 1))).collect();
            prop_assert_eq!(stretches.from(first).map(|(from, _)| from), starts.iter().copied().find(|start| *start >= first));
            let before = starts.iter().copied().rfind(|start| *start < first);
            prop_assert_eq!(stretches.before(first).map(|(from, _)| from), before);
            let count = stretches.0.len();
            let between = plain.first().map_or(0, |first| plain.last().unwrap() - first + 1) - plain.len() as i64;
            prop_assert_eq!(stretches.between(), between.unsigned_abs());
            let forgotten = stretches.forget_before(first);
            prop_assert_eq!(forgotten + stretches.between(), between.unsigned_abs());
            prop_assert_eq!(stretches.before(first).map(|(from, _)| from), before);
            let earlier = starts.iter().filter(|start| **start < first).count();
            prop_assert_eq!(count - stretches.0.len(), earlier.saturating_sub(1));
        }
    }
}
