//! What part of the time the logs cover, and how many lines are missing.
//!
//! All in whole seconds: a second in which a line stands is covered.

use std::collections::BTreeMap;

use sip_filter::{Interval, StampRange, Window};
use sip_scan::{Origin, Stamp};

use crate::between::{Between, Gap};
use crate::calendar::{seconds, stamp_of};
use crate::cells::Cells;
use crate::closed_window::{ClosedWindow, Covered};
use crate::log_lines::{LogLines, MOST_SILENT};
use crate::stretches::Stretches;

pub use self::gaps::Gaps;

use self::sources::Sources;

mod gaps;
mod source;
mod sources;
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
    sources: Sources,
    /// What the logs cover.
    covered: Stretches,
    /// What lead-in covers. That is not covered once more.
    lead_in: Stretches,
    /// Where the running number does not tell what is missing.
    untold: Stretches,
    /// Missing lines, by the start of the window in which the next line stands.
    missing: BTreeMap<i64, u64>,
    /// The first second that any log covers.
    first: Option<i64>,
    /// All before this second was told.
    told: Option<i64>,
    /// How many seconds lay between stretches that were forgotten.
    uncovered: u64,
    /// Live: the second before which all was read.
    read_to: Option<i64>,
}

impl Coverage {
    /// Of a run that counts what lies in `range`.
    pub fn new(interval: Interval, range: Option<StampRange>) -> Coverage {
        Coverage {
            interval,
            range,
            sources: Sources::default(),
            covered: Stretches::default(),
            lead_in: Stretches::default(),
            untold: Stretches::default(),
            missing: BTreeMap::new(),
            first: None,
            told: None,
            uncovered: 0,
            read_to: None,
        }
    }

    /// Live: reading begins at `at`.
    pub fn begin(&mut self, at: Stamp) {
        self.sources.begun = Some(at);
    }

    /// Live: all that was logged before `at` has been read.
    pub fn read_to(&mut self, at: &Stamp) {
        self.read_to = seconds(at);
    }

    /// Takes the lines of a log, or of the next piece of one.
    pub fn absorb(&mut self, lines: &LogLines, from: Origin) {
        let taken = self.sources.take(lines, from);
        for (from, to) in taken.stretches {
            self.cover(&from, &to, taken.is_trusted);
        }
        let missing = taken.missing.into_iter();
        missing.for_each(|(before, missing)| self.miss(&before, missing));
    }

    /// Takes the lines of a log that does not count. It is read since another of its source goes on where it ends; what it covers
    /// is not covered once more by that.
    pub fn lead_in(&mut self, lines: &LogLines, from: Origin) {
        for (from, to) in self.sources.take(lines, from).stretches {
            if let Some((first, last)) = self.wanted(&from, &to) {
                self.lead_in.add(first, last);
            }
        }
    }

    /// What lies between the window that was told last and `window`, in which there were records.
    pub fn before(&mut self, window: &Window) -> Vec<Between> {
        let end = seconds(&window.start());
        end.map_or_else(Vec::new, |end| self.tell_to(end))
    }

    /// What lies behind the window that was told last, up to the last line and, where there is a range, to its end.
    pub fn rest(&mut self) -> Vec<Between> {
        let told = self.told;
        let last = self.covered.last().map(|last| last.saturating_add(1));
        let mut rest = last.map_or_else(Vec::new, |last| self.tell_to(last));
        rest.extend(self.last_gap(told).map(Between::Gap));
        rest
    }

    /// The gap at the end of the range, where all before `told` was told.
    fn last_gap(&self, told: Option<i64>) -> Option<Gap> {
        let (end, begin) = (self.range_end()?, self.range_begin()?);
        let last = self.covered.last();
        let next = last.map_or(begin, |last| self.start_of(last).saturating_add(self.length()));
        let from = last.map_or(begin, |last| last.saturating_add(1));
        let is_gap = next.max(told.unwrap_or(next)) < end && !self.sources.is_empty();
        let (from, to) = stamp_of(from).zip(stamp_of(end))?;
        is_gap.then_some(Gap { from, to })
    }

    /// Where the range begins; live, where reading did within it. `None` without a range.
    fn range_begin(&self) -> Option<i64> {
        let first = self.range?.first;
        seconds(&self.sources.begun.map_or(first, |begun| begun.max(first)))
    }

    /// The first second behind the range; live, behind what was read of it. `None` where the range has no end, which is a range up to
    /// the last second of all.
    fn range_end(&self) -> Option<i64> {
        let end = seconds(&self.range?.last)?.saturating_add(1);
        stamp_of(end)?;
        Some(self.read_to.map_or(end, |read_to| read_to.min(end)))
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

    /// How many seconds no log covers, of the range or, where that has no such end, between the first and the last line.
    pub fn uncovered(&self) -> u64 {
        if self.sources.is_empty() {
            return 0;
        }
        let length = |from: Option<i64>, to: Option<i64>| {
            let length = from.zip(to).map(|(from, to)| to.saturating_sub(from));
            length.and_then(|length| u64::try_from(length).ok()).unwrap_or(0)
        };
        let head = length(self.range_begin(), self.first.or(self.range_end()));
        let tail = length(self.covered.last().map(|last| last.saturating_add(1)), self.range_end());
        let between = self.uncovered.saturating_add(self.covered.between());
        between.saturating_add(head).saturating_add(tail)
    }

    /// Live: covers the time from the last line of each source on, within the seconds from `start` to `end` that are told now. The
    /// next line has not come, so nobody knows yet whether lines are missing.
    fn cover_silence(&mut self, start: i64, end: i64) {
        let Some(read_to) = self.read_to else {
            return;
        };
        for last in self.sources.lasts() {
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
        let range = self.range_begin();
        let mut at = self
            .told
            .or(range.map(|begin| self.start_of(begin)))
            .unwrap_or(i64::MIN);
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
            let from = before
                .map(|(_, last)| last.saturating_add(1))
                .or(range)
                .and_then(stamp_of);
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
        self.first = Some(self.first.map_or(first, |earlier| earlier.min(first)));
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
