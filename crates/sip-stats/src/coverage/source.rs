//! How the logs of one source follow one another.

use std::collections::VecDeque;

use sip_scan::{Lines, Stamp};

use crate::calendar::seconds;
use crate::log_lines::rise;

/// How many logs tell whether the running number can be relied upon: the one that is looked at, and as many before it as may be
/// given as context.
const TELLING: usize = 5;

/// Seconds between two logs in which no line need stand, where the running number does not tell.
pub(super) const MOST_SILENT: i64 = 60;

/// What is known of one source.
#[derive(Debug)]
pub(super) struct Source {
    /// The last log that has lines, and its first and last line so far.
    log: usize,
    pub(super) ends: Lines,
    /// The last log.
    last_log: usize,
    /// Of the last logs, whether the running number rises by one from line to line. `None` for a log without lines.
    rising: VecDeque<Option<bool>>,
}

/// How lines go on where those before them, of the same source, end.
pub(super) enum Join {
    /// Nothing is missing.
    Whole,
    /// So many lines are missing.
    Missing(u64),
    /// Lines may be missing, nobody knows how many.
    Unknown,
}

impl Source {
    /// A source whose first log has these ends.
    pub(super) fn new(ends: Lines, log: usize) -> Source {
        Source {
            log,
            ends,
            last_log: log,
            rising: VecDeque::from([Some(is_rising(&ends))]),
        }
    }

    /// How the first lines go on where reading began at a time.
    pub(super) fn begin(&self, begun: &Stamp) -> Join {
        match passed(begun, &self.ends.first.stamp) {
            0..MOST_SILENT => Join::Whole,
            _ => Join::Unknown,
        }
    }

    /// Nothing of `log` has lines that stand behind those before.
    pub(super) fn pass(&mut self, log: usize) {
        if log > self.last_log {
            self.next(log);
        }
    }

    /// Takes up lines of `log` as those that follow, and says how they go on where the lines before them end.
    pub(super) fn follow(&mut self, ends: Lines, log: usize) -> Join {
        let before = self.ends.last;
        let is_same_log = log == self.log;
        if log != self.last_log {
            self.next(log);
        }
        if !is_same_log && self.is_new() {
            (self.log, self.ends) = (log, ends);
            self.note_rising();
            return Join::Unknown;
        }
        let missing = if is_same_log {
            self.ends.last = ends.last;
            rise(&before, &ends.first)
        } else {
            (self.log, self.ends) = (log, ends);
            let numbers = before.number.zip(ends.first.number);
            numbers.map(|(before, first)| i64::from(first).saturating_sub(before.into()).saturating_sub(1))
        };
        self.note_rising();
        let missing = missing.filter(|_| self.is_trusted());
        let passed = passed(&before.stamp, &ends.first.stamp);
        match missing.map(u64::try_from) {
            _ if passed < 0 => Join::Unknown,
            Some(Ok(0)) => Join::Whole,
            Some(Ok(missing)) => Join::Missing(missing),
            Some(Err(_)) | None if is_same_log || passed < MOST_SILENT => Join::Whole,
            Some(Err(_)) | None => Join::Unknown,
        }
    }

    /// Whether all logs that may be given as context before the last one have no line. Then nothing is known of what was before.
    fn is_new(&self) -> bool {
        self.rising.len() == TELLING && self.rising.iter().rev().skip(1).all(Option::is_none)
    }

    /// Notes whether the running number rises in the last log.
    fn note_rising(&mut self) {
        if let Some(rising) = self.rising.back_mut() {
            *rising = Some(is_rising(&self.ends));
        }
    }

    /// Whether the running number tells what is missing: in four of five logs, the last one and those right before it, it rises by
    /// one from line to line.
    pub(super) fn is_trusted(&self) -> bool {
        let known = self.rising.iter().flatten();
        let rising = known.clone().filter(|is_rising| **is_rising);
        rising.count().saturating_mul(5) >= known.count().saturating_mul(4)
    }

    /// Another log follows.
    fn next(&mut self, log: usize) {
        self.last_log = log;
        self.rising.push_back(None);
        if self.rising.len() > TELLING {
            self.rising.pop_front();
        }
    }
}

fn is_rising(ends: &Lines) -> bool {
    rise(&ends.first, &ends.last) == Some(0)
}

/// How many seconds after one stamp another is.
fn passed(from: &Stamp, to: &Stamp) -> i64 {
    let seconds = seconds(from).zip(seconds(to));
    seconds.map_or(i64::MAX, |(from, to)| to.saturating_sub(from))
}
