//! From when to when one log can hold messages.

use time::{Duration, PrimitiveDateTime};

use crate::name::LogName;

/// How far the clock may have been set back while a log was written.
const MOST_SET_BACK: Duration = Duration::DAY;

/// By how much the clock may have been set back while a log was written so that nothing tells it: the names go on rising.
const SMALL_STEP: Duration = Duration::seconds(2);

/// The times that a log can hold.
pub(super) struct Span {
    pub(super) first: PrimitiveDateTime,
    /// `None` if no later log is known in its folder.
    pub(super) last: Option<PrimitiveDateTime>,
}

impl Span {
    /// What the names tell.
    pub(super) fn of_names(name: LogName, next: Option<LogName>) -> Span {
        Span {
            first: name.begun(),
            last: next.map(end_before),
        }
    }

    pub(super) fn include(&mut self, time: PrimitiveDateTime) {
        self.first = self.first.min(time);
        self.last = self.last.map(|last| last.max(time));
    }

    /// Notes that the server began the log `next` right after this one.
    pub(super) fn ends_before(&mut self, next: LogName) {
        self.include(end_before(next));
    }

    /// Notes that the clock was set back while the log was written. How far is not known.
    pub(super) fn was_set_back(&mut self) {
        self.first = self.first.saturating_sub(MOST_SET_BACK);
        self.last = self.last.map(|last| last.saturating_add(MOST_SET_BACK));
    }
}

/// The latest time in a log after which the other was begun. A name is cut to the second.
fn end_before(next: LogName) -> PrimitiveDateTime {
    let within_second = Duration::milliseconds(999);
    next.begun().saturating_add(within_second).saturating_add(SMALL_STEP)
}
