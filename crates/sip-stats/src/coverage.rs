//! What part of the time the logs cover, and how many lines are missing.
//!
//! All in whole seconds: a second in which a line stands is covered.

mod source;
mod stretches;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use sip_filter::{Interval, StampRange, Window};
use sip_scan::{Origin, Stamp};

use crate::calendar::{seconds, stamp_of};
use crate::cells::Cells;
use crate::closed_window::{ClosedWindow, Covered};
use crate::log_lines::LogLines;

use self::source::{Join, MOST_SILENT, Source};
use self::stretches::Stretches;

#[cfg(test)]
mod tests;

/// The most windows without a record, and gaps, that are told between two others.
const MOST_EMPTY: usize = 100_000;

/// A stretch of time in which nothing was logged, and which holds at least one whole window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first second in which nothing was logged.
    pub from: Stamp,
    /// The first second in which something was logged again.
    pub to: Stamp,
}

/// What lies between two windows in which there were records.
#[derive(Clone, Debug)]
pub enum Between {
    /// A window without a record, of which the logs cover at least a part.
    Window(ClosedWindow),
    /// Nothing was logged.
    Gap(Gap),
}

/// What the logs cover, together: what one source does not cover, another may.
#[derive(Debug)]
pub struct Coverage {
    interval: Interval,
    range: Option<StampRange>,
    sources: BTreeMap<usize, Source>,
    /// The seconds that are covered.
    covered: Stretches,
    /// Missing lines, by the start of the window in which the next line stands.
    missing: BTreeMap<i64, u64>,
    /// All before this second was told.
    told: Option<i64>,
    /// Live: where reading began, and the second before which all was read.
    begun: Option<Stamp>,
    read_to: Option<i64>,
}

impl Coverage {
    /// Of a run that counts what lies in `range`.
    pub fn new(interval: Interval, range: Option<StampRange>) -> Coverage {
        Coverage {
            interval,
            range,
            sources: BTreeMap::new(),
            covered: Stretches::default(),
            missing: BTreeMap::new(),
            told: None,
            begun: None,
            read_to: None,
        }
    }

    /// Live: reading begins at `at`.
    pub fn begin(&mut self, at: Stamp) {
        self.begun = Some(at);
    }

    /// Live: all that was logged before `at` has been read.
    pub fn read_to(&mut self, at: &Stamp) {
        self.read_to = seconds(at);
    }

    /// Takes the lines of a log, or of the next piece of one.
    pub fn absorb(&mut self, lines: &LogLines, from: Origin) {
        let Some(ends) = lines.ends else {
            return;
        };
        let (before, join, is_trusted) = match self.sources.entry(from.source) {
            Entry::Occupied(source) => {
                let source = source.into_mut();
                let before = source.last();
                (Some(before), source.follow(ends, from.log), source.is_trusted())
            }
            Entry::Vacant(place) => {
                let source = place.insert(Source::new(ends, from.log));
                let join = self.begun.map_or(Join::Unknown, |begun| source.begin(&begun));
                (self.begun, join, source.is_trusted())
            }
        };
        match (before, join) {
            (Some(before), Join::Whole) => self.cover(&before, &ends.first.stamp),
            (_, Join::Missing(missing)) => self.miss(&ends.first.stamp, missing),
            _ => {}
        }
        let mut begin = ends.first.stamp;
        for found in lines.breaks.iter().filter(|found| is_trusted || found.missing == 0) {
            self.miss(&found.to, found.missing);
            self.cover(&begin, &found.from);
            begin = found.to;
        }
        self.cover(&begin, &ends.last.stamp);
    }

    /// What lies between the window that was told last and `window`, in which there were records.
    pub fn before(&mut self, window: &Window) -> Vec<Between> {
        let end = seconds(&window.start());
        end.map_or_else(Vec::new, |end| self.tell_to(end))
    }

    /// What lies behind the window that was told last.
    pub fn rest(&mut self) -> Vec<Between> {
        let last = self.covered.last().map(|last| last.saturating_add(1));
        last.map_or_else(Vec::new, |last| self.tell_to(last))
    }

    /// How much of a window is covered; `None` where nothing is known of any line. The window counts as told.
    pub fn of(&mut self, window: &Window) -> Option<Covered> {
        let start = seconds(&window.start())?;
        let end = start.saturating_add(self.length());
        self.cover_silence(start, end);
        let covered = self.covered_of(start);
        self.forget_before(end);
        covered
    }

    /// Live: covers the time from the last line of each source on, within the seconds from `start` to `end` that are told now. The next line
    /// has not come, so nobody knows yet whether lines are missing.
    fn cover_silence(&mut self, start: i64, end: i64) {
        let Some(read_to) = self.read_to else {
            return;
        };
        let lasts = self.sources.values().filter_map(|source| seconds(&source.last()));
        let lasts: Vec<i64> = lasts.collect();
        for last in lasts {
            let behind = end.min(read_to).min(last.saturating_add(MOST_SILENT));
            let silence = stamp_of(last.max(start)).zip(stamp_of(behind.saturating_sub(1)));
            if let Some((from, to)) = silence {
                self.cover(&from, &to);
            }
        }
    }

    /// How many seconds between the first and the last line no log covers.
    pub fn uncovered(&self) -> u64 {
        self.covered.between()
    }

    fn covered_of(&self, start: i64) -> Option<Covered> {
        let seconds = self.covered.seconds_in(start..start.saturating_add(self.length()));
        let is_trusted = self.sources.values().all(Source::is_trusted);
        let covered = Covered {
            seconds: seconds.try_into().ok()?,
            missing: is_trusted.then(|| self.missing.get(&start).copied().unwrap_or(0)),
        };
        (!self.sources.is_empty()).then_some(covered)
    }

    /// Tells what lies before the second `end`.
    fn tell_to(&mut self, end: i64) -> Vec<Between> {
        let mut told = Vec::new();
        let mut at = self.told.unwrap_or(i64::MIN);
        while at < end && told.len() < MOST_EMPTY {
            let Some(first) = self.covered.begin_at_or_behind(at) else {
                break;
            };
            let begin = self.start_of(first);
            if begin <= at {
                told.extend(self.window(at).map(Between::Window));
                at = at.saturating_add(self.length());
                continue;
            }
            let from = self.covered.end_before(at).map(|last| last.saturating_add(1));
            let gap = from.and_then(stamp_of).zip(stamp_of(first));
            told.extend(gap.map(|(from, to)| Between::Gap(Gap { from, to })));
            at = begin;
        }
        self.forget_before(end);
        told
    }

    /// The window that begins at a second, in which there were no records.
    fn window(&self, start: i64) -> Option<ClosedWindow> {
        Some(ClosedWindow {
            window: Window::of(&stamp_of(start)?, self.interval),
            interval: self.interval,
            from: None,
            to: None,
            coverage: self.covered_of(start),
            cells: Cells::default(),
        })
    }

    /// Forgets all before the second `end` but the last stretch.
    fn forget_before(&mut self, end: i64) {
        self.told = Some(end);
        self.missing = self.missing.split_off(&end);
        self.covered.forget_before(end);
    }

    /// Adds the time from one stamp to another, both within.
    fn cover(&mut self, from: &Stamp, to: &Stamp) {
        let (from, to) = match &self.range {
            Some(range) => (from.max(&range.first), to.min(&range.last)),
            None => (from, to),
        };
        if let Some((first, last)) = seconds(from).zip(seconds(to)) {
            self.covered.add(first, last);
        }
    }

    /// Notes that lines are missing before one with this stamp.
    fn miss(&mut self, stamp: &Stamp, missing: u64) {
        let is_wanted = missing > 0 && self.range.is_none_or(|range| range.contains(stamp));
        if let Some(seconds) = seconds(stamp).filter(|_| is_wanted) {
            let of_window = self.missing.entry(self.start_of(seconds)).or_default();
            *of_window = of_window.saturating_add(missing);
        }
    }

    fn length(&self) -> i64 {
        self.interval.seconds().into()
    }

    /// The first second of the window in which a second lies.
    fn start_of(&self, second: i64) -> i64 {
        second.saturating_sub(second.rem_euclid(self.length()))
    }
}
