//! What part of a stretch of time the logs cover.

use std::fmt;

use sip_stats::Covered;

use crate::words;

/// How much of a stretch of time the logs cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cover {
    /// So many seconds of it.
    pub(super) seconds: u64,
    /// So many lines are missing, as far as that is known.
    pub(super) missing: u64,
}

/// Why there is nothing in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// Nothing was logged.
    Gap,
    /// No message came, as far as is known.
    Idle,
    /// No call began.
    NoCall,
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Absence::Gap => "nothing was logged",
            Absence::Idle => "no SIP message",
            Absence::NoCall => "no call",
        })
    }
}

impl Cover {
    pub(super) fn of(covered: Covered) -> Cover {
        Cover {
            seconds: covered.seconds.into(),
            missing: covered.missing.unwrap_or_default(),
        }
    }

    /// Both together.
    pub(super) fn and(self, more: Cover) -> Cover {
        Cover {
            seconds: self.seconds.saturating_add(more.seconds),
            missing: self.missing.saturating_add(more.missing),
        }
    }

    /// What is to be known of so many seconds. Nothing where all of it is covered.
    pub(super) fn note(self, length: i64) -> Option<String> {
        let length = length.unsigned_abs();
        let is_whole = self.seconds >= length && self.missing == 0;
        (!is_whole).then(|| words::covered_of(self.seconds, length, self.missing))
    }
}
