//! What is shown of earlier runs, as lines of the state.

use std::ffi::OsStr;
use std::fmt::Write as _;

use ecs_log::LogName;

use super::{History, LastRun, RunEnd};
use crate::gap::{Gap, GapBegin, GapEnd};

const ENDED: &str = "ended";
const STOPPED: &str = "stopped";
const WITH: &str = "with";
const AFTER: &str = "after";
/// Stands before the last log that is lost, where no log after it is known.
const LAST: char = '=';

impl History {
    /// Adds its lines to a text.
    pub(crate) fn to_text(&self, text: &mut String) {
        if let Some(LastRun { begun, end }) = self.last_run {
            let _ = write!(text, "run {begun}");
            if let Some(end) = end {
                let word = if end.is_stopped { STOPPED } else { ENDED };
                let _ = write!(text, " {word} {} {} {}", end.n_copied, end.n_pruned, end.n_failed);
            }
            text.push('\n');
        }
        if self.n_losses > 0 {
            let _ = writeln!(text, "losses {}", self.n_losses);
        }
        for gap in &self.losses {
            let _ = writeln!(text, "lost {}", gap_words(*gap));
        }
    }

    /// Takes a line of a text. Lines of other kinds are of later versions. `None` if it is malformed.
    pub(crate) fn add_line(&mut self, line: &str) -> Option<()> {
        if let Some(words) = line.strip_prefix("run ") {
            self.last_run = Some(last_run(words)?);
        } else if let Some(number) = line.strip_prefix("losses ") {
            self.n_losses = number.parse().ok()?;
        } else if let Some(words) = line.strip_prefix("lost ") {
            self.losses.push(gap(words)?);
        }
        Some(())
    }
}

fn last_run(words: &str) -> Option<LastRun> {
    let mut words = words.split(' ');
    let begun = words.next()?.parse().ok()?;
    let end = match words.next() {
        None => None,
        Some(word @ (ENDED | STOPPED)) => {
            let mut number = || words.next()?.parse().ok();
            Some(RunEnd {
                is_stopped: word == STOPPED,
                n_copied: number()?,
                n_pruned: number()?,
                n_failed: number()?,
            })
        }
        Some(_) => return None,
    };
    Some(LastRun { begun, end })
}

/// A loss as words of a line.
pub(crate) fn gap_words(gap: Gap) -> String {
    let (word, name) = match gap.from {
        GapBegin::With(name) => (WITH, name),
        GapBegin::After(name) => (AFTER, name),
    };
    match gap.until {
        GapEnd::Before(until) => format!("{word} {name} {until}"),
        GapEnd::With(until) => format!("{word} {name} {LAST}{until}"),
    }
}

/// The loss that such words tell of.
pub(crate) fn gap(words: &str) -> Option<Gap> {
    let mut words = words.split(' ');
    let from = match words.next()? {
        WITH => GapBegin::With,
        AFTER => GapBegin::After,
        _ => return None,
    };
    let from = from(name(words.next()?)?);
    let word = words.next()?;
    let until = match word.strip_prefix(LAST) {
        Some(last) => GapEnd::With(name(last)?),
        None => GapEnd::Before(name(word)?),
    };
    Some(Gap { from, until })
}

fn name(word: &str) -> Option<LogName> {
    LogName::parse(OsStr::new(word))
}
