//! How the logs of one source follow one another.

use std::collections::VecDeque;

use sip_scan::{Lines, Stamp};

use crate::log_lines::{LogLines, MOST_SILENT, Steps, Trust, passed, rise};

/// How many logs tell whether the running number can be relied upon: the one that is looked at, and as many before it as may be
/// given as context.
const TELLING: usize = 5;

/// What is known of one source.
#[derive(Debug)]
pub(super) struct Source {
    /// The last log that has lines, and its first and last line so far.
    log: usize,
    pub(super) ends: Lines,
    /// The steps within it so far.
    steps: Steps,
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
    /// A source whose first log has these lines, with their ends.
    pub(super) fn new(lines: &LogLines, ends: Lines, log: usize) -> Source {
        Source {
            log,
            ends,
            steps: lines.steps,
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

    /// Takes up lines of `log`, with their ends, as those that follow, and says how they go on where the lines before them end.
    pub(super) fn follow(&mut self, lines: &LogLines, ends: Lines, log: usize) -> Join {
        let before = self.ends.last;
        let is_same_log = log == self.log;
        if log != self.last_log {
            self.next(log);
        }
        if !is_same_log && self.is_new() {
            (self.log, self.ends, self.steps) = (log, ends, lines.steps);
            self.note_rising();
            return Join::Unknown;
        }
        let rise = if is_same_log {
            self.ends.last = ends.last;
            self.steps = self.steps.and(lines.steps);
            rise(&before, &ends.first)
        } else {
            (self.log, self.ends, self.steps) = (log, ends, lines.steps);
            let numbers = before.number.zip(ends.first.number);
            numbers.map(|(before, first)| i64::from(first).saturating_sub(before.into()).saturating_sub(1))
        };
        self.note_rising();
        let missing = rise.and_then(|rise| u64::try_from(rise).ok());
        let (passed, trust) = (passed(&before.stamp, &ends.first.stamp), self.trust());
        match missing {
            _ if passed < 0 => Join::Unknown,
            Some(0) if trust == Trust::Full => Join::Whole,
            Some(missing) if trust == Trust::Full => Join::Missing(missing),
            _ if passed < MOST_SILENT => Join::Whole,
            // Within a log only a number that may count the lines tells that some are missing.
            Some(0) | None if is_same_log => Join::Whole,
            Some(_) if is_same_log && trust == Trust::None => Join::Whole,
            _ => Join::Unknown,
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
    /// one from line to line; or it does so in nine of ten steps within the last log.
    pub(super) fn trust(&self) -> Trust {
        let known = self.rising.iter().flatten();
        let rising = known.clone().filter(|is_rising| **is_rising);
        if rising.count().saturating_mul(5) >= known.count().saturating_mul(4) {
            return Trust::Full;
        }
        self.steps.trust()
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
