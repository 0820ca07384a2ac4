//! What part of the time the logs cover, and how many lines are missing.
//!
//! All in whole seconds: a second in which a line stands is covered.

use std::collections::BTreeMap;

use sip_filter::{Interval, StampRange, Window};
use sip_scan::{Lines, Origin, Stamp};

use crate::calendar::{seconds, stamp_of};
use crate::cells::Cells;
use crate::closed_window::{ClosedWindow, Covered};
use crate::log_lines::{LogLines, rise};

#[cfg(test)]
mod tests;

/// Seconds between two logs in which no line need stand, where the running number does not tell.
const MOST_SILENT: i64 = 60;

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

/// What the logs of a batch cover, together: what one source does not cover, another may.
#[derive(Debug)]
pub struct Coverage {
    interval: Interval,
    range: Option<StampRange>,
    sources: BTreeMap<usize, Source>,
    /// The stretches that are covered: first and last second. None touches another.
    covered: BTreeMap<i64, i64>,
    /// Missing lines, by the start of the window in which the next line stands.
    missing: BTreeMap<i64, u64>,
    /// All before this second was told.
    told: Option<i64>,
}

/// What is known of one source.
#[derive(Debug)]
struct Source {
    /// The log that was looked at last, and its first and last line so far.
    log: usize,
    ends: Lines,
    /// How many logs came before it, and in how many of these the running number rose by one from line to line.
    logs: u64,
    rising: u64,
}

impl Source {
    /// Whether the running number tells what is missing: in nine of ten logs so far it rises by one from line to line.
    fn is_trusted(&self) -> bool {
        let rising = self.rising.saturating_add(self.is_rising().into());
        rising.saturating_mul(10) >= self.logs.saturating_add(1).saturating_mul(9)
    }

    fn is_rising(&self) -> bool {
        rise(&self.ends.first, &self.ends.last) == Some(0)
    }

    /// Another log follows.
    fn next(&mut self, ends: Lines, log: usize) {
        self.logs = self.logs.saturating_add(1);
        self.rising = self.rising.saturating_add(self.is_rising().into());
        (self.log, self.ends) = (log, ends);
    }
}

/// How lines go on where those before them, of the same source, end.
enum Join {
    /// Nothing is missing.
    Whole,
    /// So many lines are missing.
    Missing(u64),
    /// Lines may be missing, nobody knows how many.
    Unknown,
}

impl Coverage {
    /// Of a batch that counts what lies in `range`.
    pub fn new(interval: Interval, range: Option<StampRange>) -> Coverage {
        Coverage {
            interval,
            range,
            sources: BTreeMap::new(),
            covered: BTreeMap::new(),
            missing: BTreeMap::new(),
            told: None,
        }
    }

    /// Takes the lines of a log, or of the next piece of one.
    pub fn absorb(&mut self, lines: &LogLines, from: Origin) {
        let Some(ends) = lines.ends else {
            return;
        };
        let before = self.sources.get(&from.source).map(|source| source.ends.last.stamp);
        let join = self.follow(ends, from);
        match (before, join) {
            (Some(before), Join::Whole) => self.cover(&before, &ends.first.stamp),
            (_, Join::Missing(missing)) => self.miss(&ends.first.stamp, missing),
            _ => {}
        }
        let is_trusted = self.sources.get(&from.source).is_some_and(Source::is_trusted);
        let mut begin = ends.first.stamp;
        for found in lines.breaks.iter().filter(|found| is_trusted || found.missing == 0) {
            self.miss(&found.to, found.missing);
            self.cover(&begin, &found.from);
            begin = found.to;
        }
        self.cover(&begin, &ends.last.stamp);
    }

    /// Takes up lines as those that follow in their source, and says how they go on where the lines before them end.
    fn follow(&mut self, ends: Lines, from: Origin) -> Join {
        let Some(source) = self.sources.get_mut(&from.source) else {
            let source = Source {
                log: from.log,
                ends,
                logs: 0,
                rising: 0,
            };
            self.sources.insert(from.source, source);
            return Join::Unknown;
        };
        let before = source.ends.last;
        let is_same_log = from.log == source.log;
        let missing = if is_same_log {
            source.ends.last = ends.last;
            rise(&before, &ends.first)
        } else {
            source.next(ends, from.log);
            let numbers = before.number.zip(ends.first.number);
            numbers.map(|(before, first)| i64::from(first).saturating_sub(before.into()).saturating_sub(1))
        };
        let missing = missing.filter(|_| source.is_trusted());
        let passed = seconds(&before.stamp).zip(seconds(&ends.first.stamp));
        let passed = passed.map_or(i64::MAX, |(before, first)| first.saturating_sub(before));
        match missing.map(u64::try_from) {
            _ if passed < 0 => Join::Unknown,
            Some(Ok(0)) => Join::Whole,
            Some(Ok(missing)) => Join::Missing(missing),
            Some(Err(_)) | None if is_same_log || passed < MOST_SILENT => Join::Whole,
            Some(Err(_)) | None => Join::Unknown,
        }
    }

    /// What lies between the window that was told last and `window`, in which there were records.
    pub fn before(&mut self, window: &Window) -> Vec<Between> {
        let end = seconds(&window.start());
        end.map_or_else(Vec::new, |end| self.tell_to(end))
    }

    /// What lies behind the window that was told last.
    pub fn rest(&mut self) -> Vec<Between> {
        let last = self.covered.last_key_value().map(|(_, last)| last.saturating_add(1));
        last.map_or_else(Vec::new, |last| self.tell_to(last))
    }

    /// How much of a window is covered; `None` where nothing is known of any line. The window counts as told.
    pub fn of(&mut self, window: &Window) -> Option<Covered> {
        let start = seconds(&window.start())?;
        let covered = self.covered_of(start);
        self.forget_before(start.saturating_add(self.length()));
        covered
    }

    fn covered_of(&self, start: i64) -> Option<Covered> {
        let end = start.saturating_add(self.length());
        let before = self.covered.range(..start).next_back();
        let stretches = before.into_iter().chain(self.covered.range(start..end));
        let seconds = stretches.map(|(first, last)| {
            let (first, behind) = (*first.max(&start), last.saturating_add(1).min(end));
            behind.saturating_sub(first).max(0)
        });
        let is_trusted = self.sources.values().all(Source::is_trusted);
        let covered = Covered {
            seconds: seconds.sum::<i64>().try_into().ok()?,
            missing: is_trusted.then(|| self.missing.get(&start).copied().unwrap_or(0)),
        };
        (!self.sources.is_empty()).then_some(covered)
    }

    /// Tells what lies before the second `end`.
    fn tell_to(&mut self, end: i64) -> Vec<Between> {
        let mut told = Vec::new();
        let mut at = self.told.unwrap_or(i64::MIN);
        while at < end && told.len() < MOST_EMPTY {
            let before = self.covered.range(..at).next_back();
            let next = before.filter(|(_, last)| **last >= at);
            let Some((first, _)) = next.or_else(|| self.covered.range(at..).next()) else {
                break;
            };
            let begin = self.start_of(*first);
            if begin <= at {
                told.extend(self.window(at).map(Between::Window));
                at = at.saturating_add(self.length());
                continue;
            }
            let from = before.and_then(|(_, last)| stamp_of(last.saturating_add(1)));
            told.extend(
                from.zip(stamp_of(*first))
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
        while let Some((_, second)) = self.covered.first_key_value().zip(self.covered.keys().nth(1))
            && *second < end
        {
            self.covered.pop_first();
        }
    }

    /// Adds the time from one stamp to another, both within.
    fn cover(&mut self, from: &Stamp, to: &Stamp) {
        let (from, to) = match &self.range {
            Some(range) => (from.max(&range.first), to.min(&range.last)),
            None => (from, to),
        };
        let Some((mut first, mut last)) = seconds(from).zip(seconds(to)).filter(|(first, last)| first <= last) else {
            return;
        };
        let touching = self.covered.range(..=last.saturating_add(1)).rev();
        let touching = touching.take_while(|(_, end)| **end >= first.saturating_sub(1));
        let touching: Vec<(i64, i64)> = touching.map(|(begin, end)| (*begin, *end)).collect();
        for (begin, end) in touching {
            self.covered.remove(&begin);
            (first, last) = (first.min(begin), last.max(end));
        }
        self.covered.insert(first, last);
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
