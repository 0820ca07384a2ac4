//! What part of the time the logs cover, and how many lines are missing.
//!
//! All in whole seconds: a second in which a line stands is covered.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use sip_filter::{Interval, StampRange, Window};
use sip_scan::{Lines, Origin, Stamp};

use crate::between::{Between, Gap};
use crate::calendar::{seconds, stamp_of};
use crate::cells::Cells;
use crate::closed_window::{ClosedWindow, Covered};
use crate::log_lines::LogLines;
use crate::stretches::Stretches;

pub use self::gaps::Gaps;

use self::source::{Join, MOST_SILENT, Source};

mod gaps;
mod source;
#[cfg(test)]
mod tests;

/// The most windows without a record, and gaps, that are told between two others.
const MOST_EMPTY: usize = 100_000;

/// What the logs cover, together: what one source does not cover, another may.
///
/// What disjoint parts of the logs of one source cover adds up to what all of them do, if each part has the logs before it as
/// [lead-in](Coverage::lead_in). A second belongs to the first log that covers it, and the time between two logs to the later one.
#[derive(Debug)]
pub struct Coverage {
    interval: Interval,
    range: Option<StampRange>,
    sources: BTreeMap<usize, Source>,
    /// What the logs cover.
    covered: Stretches,
    /// What lead-in covers. That is not covered once more.
    lead_in: Stretches,
    /// Where the running number does not tell what is missing.
    untold: Stretches,
    /// Missing lines, by the start of the window in which the next line stands.
    missing: BTreeMap<i64, u64>,
    /// All before this second was told.
    told: Option<i64>,
    /// How many seconds lay between stretches that were forgotten.
    uncovered: u64,
    /// Live: where reading began, and the second before which all was read.
    begun: Option<Stamp>,
    read_to: Option<i64>,
}

/// What the lines of a log say.
#[derive(Default)]
struct Taken {
    /// The stretches that they cover.
    stretches: Vec<(Stamp, Stamp)>,
    /// Before which times how many lines are missing.
    missing: Vec<(Stamp, u64)>,
    /// Whether the running number tells what is missing.
    is_trusted: bool,
}

impl Coverage {
    /// Of a run that counts what lies in `range`.
    pub fn new(interval: Interval, range: Option<StampRange>) -> Coverage {
        Coverage {
            interval,
            range,
            sources: BTreeMap::new(),
            covered: Stretches::default(),
            lead_in: Stretches::default(),
            untold: Stretches::default(),
            missing: BTreeMap::new(),
            told: None,
            uncovered: 0,
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
        let taken = self.take(lines, from);
        for (from, to) in taken.stretches {
            self.cover(&from, &to, taken.is_trusted);
        }
        let missing = taken.missing.into_iter();
        missing.for_each(|(before, missing)| self.miss(&before, missing));
    }

    /// Takes the lines of a log that does not count. It is read since another of its source goes on where it ends; what it covers
    /// is not covered once more by that.
    pub fn lead_in(&mut self, lines: &LogLines, from: Origin) {
        for (from, to) in self.take(lines, from).stretches {
            if let Some((first, last)) = self.wanted(&from, &to) {
                self.lead_in.add(first, last);
            }
        }
    }

    /// What the lines of a log say, where those before them of the same source end.
    fn take(&mut self, lines: &LogLines, from: Origin) -> Taken {
        let mut taken = Taken::default();
        let Some(ends) = lines.ends else {
            if let Some(source) = self.sources.get_mut(&from.source) {
                source.pass(from.log);
            }
            return taken;
        };
        let before = self.sources.get(&from.source).map(|source| source.ends.last.stamp);
        let before = before.or(self.begun);
        match (before, self.follow(ends, from)) {
            (Some(before), Join::Whole) => taken.stretches.push((before, ends.first.stamp)),
            (_, Join::Missing(missing)) => taken.missing.push((ends.first.stamp, missing)),
            _ => {}
        }
        let is_trusted = self.sources.get(&from.source).is_some_and(Source::is_trusted);
        let mut begin = ends.first.stamp;
        for found in lines.breaks.iter().filter(|found| is_trusted || found.missing == 0) {
            taken.missing.push((found.to, found.missing));
            taken.stretches.push((begin, found.from));
            begin = found.to;
        }
        taken.stretches.push((begin, ends.last.stamp));
        taken.is_trusted = is_trusted;
        taken
    }

    /// Takes up lines as those that follow in their source, and says how they go on where the lines before them end.
    fn follow(&mut self, ends: Lines, from: Origin) -> Join {
        match self.sources.entry(from.source) {
            Entry::Occupied(mut source) => source.get_mut().follow(ends, from.log),
            Entry::Vacant(place) => {
                let source = place.insert(Source::new(ends, from.log));
                self.begun.map_or(Join::Unknown, |begun| source.begin(&begun))
            }
        }
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

    /// How many seconds between the first and the last line no log covers.
    pub fn uncovered(&self) -> u64 {
        self.uncovered.saturating_add(self.covered.between())
    }

    /// Live: covers the time from the last line of each source on, within the seconds from `start` to `end` that are told now. The
    /// next line has not come, so nobody knows yet whether lines are missing.
    fn cover_silence(&mut self, start: i64, end: i64) {
        let Some(read_to) = self.read_to else {
            return;
        };
        let lasts = self.sources.values();
        let lasts: Vec<i64> = lasts.filter_map(|source| seconds(&source.ends.last.stamp)).collect();
        for last in lasts {
            let behind = end.min(read_to).min(last.saturating_add(MOST_SILENT));
            let silence = stamp_of(last.max(start)).zip(stamp_of(behind.saturating_sub(1)));
            if let Some((from, to)) = silence {
                self.cover(&from, &to, true);
            }
        }
    }

    fn covered_of(&self, start: i64) -> Option<Covered> {
        let last = start.saturating_add(self.length()).saturating_sub(1);
        let is_told = !self.untold.has_any(start, last);
        let seconds = self.covered.seconds_without(&self.lead_in, start, last);
        let covered = Covered {
            seconds: seconds.try_into().ok()?,
            missing: is_told.then(|| self.missing.get(&start).copied().unwrap_or(0)),
        };
        (!self.sources.is_empty()).then_some(covered)
    }

    /// Tells what lies before the second `end`.
    fn tell_to(&mut self, end: i64) -> Vec<Between> {
        let mut told = Vec::new();
        let mut at = self.told.unwrap_or(i64::MIN);
        while at < end && told.len() < MOST_EMPTY {
            let before = self.covered.before(at);
            let next = before.filter(|(_, last)| *last >= at);
            let Some((first, _)) = next.or_else(|| self.covered.from(at)) else {
                break;
            };
            let begin = self.start_of(first);
            if begin <= at {
                told.extend(self.window(at).map(Between::Window));
                at = at.saturating_add(self.length());
                continue;
            }
            let from = before.and_then(|(_, last)| stamp_of(last.saturating_add(1)));
            told.extend(
                from.zip(stamp_of(first))
                    .map(|(from, to)| Between::Gap(Gap { from, to })),
            );
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
        let uncovered = self.covered.forget_before(end);
        self.uncovered = self.uncovered.saturating_add(uncovered);
        self.lead_in.forget_before(end);
        self.untold.forget_before(end);
    }

    /// Adds the time from one stamp to another, both within, where the running number is trusted or not.
    fn cover(&mut self, from: &Stamp, to: &Stamp, is_trusted: bool) {
        let Some((first, last)) = self.wanted(from, to) else {
            return;
        };
        if !is_trusted {
            for (first, last) in self.covered.missing(first, last) {
                for (first, last) in self.lead_in.missing(first, last) {
                    self.untold.add(first, last);
                }
            }
        }
        self.covered.add(first, last);
    }

    /// The first and the last second of the range from one stamp to another.
    fn wanted(&self, from: &Stamp, to: &Stamp) -> Option<(i64, i64)> {
        let (from, to) = match &self.range {
            Some(range) => (from.max(&range.first), to.min(&range.last)),
            None => (from, to),
        };
        let ends = seconds(from).zip(seconds(to));
        ends.filter(|(first, last)| first <= last)
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
