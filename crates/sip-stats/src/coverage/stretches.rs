//! Stretches of time, in whole seconds.

use std::collections::BTreeMap;
use std::ops::Range;

/// The seconds that are covered.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    /// First and last second of each stretch. None touches another.
    held: BTreeMap<i64, i64>,
    /// How many seconds lay between stretches that were forgotten.
    forgotten: u64,
}

impl Stretches {
    /// Adds the seconds from `first` to `last`, if there are any.
    pub(super) fn add(&mut self, mut first: i64, mut last: i64) {
        if first > last {
            return;
        }
        let touching = self.held.range(..=last.saturating_add(1)).rev();
        let touching = touching.take_while(|(_, end)| **end >= first.saturating_sub(1));
        let touching: Vec<(i64, i64)> = touching.map(|(begin, end)| (*begin, *end)).collect();
        for (begin, end) in touching {
            self.held.remove(&begin);
            (first, last) = (first.min(begin), last.max(end));
        }
        self.held.insert(first, last);
    }

    /// How many of these seconds are covered.
    pub(super) fn seconds_in(&self, seconds: Range<i64>) -> i64 {
        let before = self.held.range(..seconds.start).next_back();
        let stretches = before.into_iter().chain(self.held.range(seconds.clone()));
        let covered = stretches.map(|(first, last)| {
            let (first, behind) = (*first.max(&seconds.start), last.saturating_add(1).min(seconds.end));
            behind.saturating_sub(first).max(0)
        });
        covered.sum()
    }

    /// The first second that is covered of the stretch at or behind `at`.
    pub(super) fn begin_at_or_behind(&self, at: i64) -> Option<i64> {
        let before = self.held.range(..at).next_back().filter(|(_, last)| **last >= at);
        let next = before.or_else(|| self.held.range(at..).next());
        next.map(|(first, _)| *first)
    }

    /// The last second that is covered before `at`, of a stretch that begins before it.
    pub(super) fn end_before(&self, at: i64) -> Option<i64> {
        self.held.range(..at).next_back().map(|(_, last)| *last)
    }

    /// The last second of all.
    pub(super) fn last(&self) -> Option<i64> {
        self.held.last_key_value().map(|(_, last)| *last)
    }

    /// How many seconds lie between stretches.
    pub(super) fn between(&self) -> u64 {
        let neighbours = self.held.iter().zip(self.held.keys().skip(1));
        let between = neighbours.map(|((_, last), next)| distance(*last, *next));
        between.fold(self.forgotten, u64::saturating_add)
    }

    /// Forgets all before the second `end` but the last stretch.
    pub(super) fn forget_before(&mut self, end: i64) {
        while let Some(next) = self.held.keys().nth(1).copied().filter(|next| *next < end)
            && let Some((_, last)) = self.held.pop_first()
        {
            self.forgotten = self.forgotten.saturating_add(distance(last, next));
        }
    }
}

/// How many seconds lie between two.
fn distance(last: i64, next: i64) -> u64 {
    next.saturating_sub(last).saturating_sub(1).unsigned_abs()
}
