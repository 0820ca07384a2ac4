//! The lines of one source, log after log.

use sip_scan::{Lines, Stamp};

use crate::calendar::seconds;
use crate::log_lines::rise;

/// Seconds between two logs in which no line need stand, where the running number does not tell.
pub(super) const MOST_SILENT: i64 = 60;

/// What is known of one source.
#[derive(Debug)]
pub(super) struct Source {
    /// The log that was looked at last, and its first and last line so far.
    log: usize,
    ends: Lines,
    /// How many logs came before it, and in how many of these the running number rose by one from line to line.
    logs: u64,
    rising: u64,
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
    /// A source with its first lines.
    pub(super) fn new(ends: Lines, log: usize) -> Source {
        Source {
            log,
            ends,
            logs: 0,
            rising: 0,
        }
    }

    /// The stamp of the last line.
    pub(super) fn last(&self) -> Stamp {
        self.ends.last.stamp
    }

    /// Whether the running number tells what is missing: in nine of ten logs so far it rises by one from line to line.
    pub(super) fn is_trusted(&self) -> bool {
        let rising = self.rising.saturating_add(self.is_rising().into());
        rising.saturating_mul(10) >= self.logs.saturating_add(1).saturating_mul(9)
    }

    fn is_rising(&self) -> bool {
        rise(&self.ends.first, &self.ends.last) == Some(0)
    }

    /// How the first lines go on where reading began at a time.
    pub(super) fn begin(&self, begun: &Stamp) -> Join {
        match passed(begun, &self.ends.first.stamp) {
            0..MOST_SILENT => Join::Whole,
            _ => Join::Unknown,
        }
    }

    /// Takes up the lines that follow, and says how they go on where those before them end.
    pub(super) fn follow(&mut self, ends: Lines, log: usize) -> Join {
        let before = self.ends.last;
        let is_same_log = log == self.log;
        let missing = if is_same_log {
            self.ends.last = ends.last;
            rise(&before, &ends.first)
        } else {
            self.next(ends, log);
            let numbers = before.number.zip(ends.first.number);
            numbers.map(|(before, first)| i64::from(first).saturating_sub(before.into()).saturating_sub(1))
        };
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

    /// Another log follows.
    fn next(&mut self, ends: Lines, log: usize) {
        self.logs = self.logs.saturating_add(1);
        self.rising = self.rising.saturating_add(self.is_rising().into());
        (self.log, self.ends) = (log, ends);
    }
}

/// How many seconds after one stamp another is.
fn passed(from: &Stamp, to: &Stamp) -> i64 {
    let seconds = seconds(from).zip(seconds(to));
    seconds.map_or(i64::MAX, |(from, to)| to.saturating_sub(from))
}
