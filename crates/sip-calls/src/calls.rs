//! Follows INVITE transactions in the order of time, and tells how the attempts to make a call ended.

use sip_filter::{Interval, StampRange};
use sip_scan::{Origin, Stamp};

use crate::followed::{Followed, Missed};
use crate::gather::CallMessages;
use crate::pending::{Due, Pending};
use crate::rows::ClosedCalls;
use crate::time::{Millis, millis};

#[cfg(test)]
mod tests;

/// The most bytes of messages that are held until it is their turn. Beyond that the oldest are taken, though older ones may come.
const MAX_PENDING: usize = 6 << 20;

/// Follows the calls of one run.
///
/// Whoever hands over messages takes all [closed windows](Calls::next_closed) before the next call.
#[derive(Debug)]
pub struct Calls {
    range: Option<(Millis, Millis)>,
    pending: Pending,
    /// Messages before this time are due.
    due: Millis,
    /// More is held than may be.
    is_full: bool,
    followed: Followed,
    /// The time of the last message of all, and of the last line of which it was told.
    last: Millis,
    is_finished: bool,
}

impl Calls {
    /// Calls in windows of this length. Only attempts that begin in `range` count; what became of them is followed beyond it.
    pub fn new(interval: Interval, range: Option<StampRange>) -> Calls {
        Calls {
            range: range.map(|range| (millis(&range.first), millis(&range.last))),
            pending: Pending::default(),
            due: 0,
            is_full: false,
            followed: Followed::new(interval, false),
            last: 0,
            is_finished: false,
        }
    }

    /// The same of logs that are followed: time passes by a clock too.
    pub fn live(interval: Interval, range: Option<StampRange>) -> Calls {
        Calls {
            followed: Followed::new(interval, true),
            ..Calls::new(interval, range)
        }
    }

    /// Live: following begins at `at`, within a window. Of several sources, the earliest counts.
    pub fn begin(&mut self, at: &Stamp) {
        let begun = &mut self.followed.rows.begun;
        *begun = Some(begun.map_or(millis(at), |begun| begun.min(millis(at))));
    }

    /// Takes what one log, or a piece of one, held.
    pub fn absorb(&mut self, messages: CallMessages, from: Origin) {
        self.last = messages.last.map_or(self.last, |last| self.last.max(millis(&last)));
        self.pending.add(messages, from);
        self.is_full = self.pending.bytes() > MAX_PENDING;
    }

    /// The logs of a source have a gap that begins at `from`: what was logged then is not there. Attempts that were undecided, and of which
    /// nothing is seen afterwards, are unknown.
    pub fn gap(&mut self, source: usize, from: &Stamp) {
        self.followed.add_gap(source, millis(from));
    }

    /// All gaps of a source up to `to` are told, the time of a line in its logs.
    pub fn hear(&mut self, source: usize, to: &Stamp) {
        let to = millis(to);
        self.last = self.last.max(to);
        self.followed.hear(source, to);
    }

    /// Nothing older than `before` comes any more. Time does not pass beyond what was heard of the only source; nor, for
    /// 180 s, beyond what was heard of one of several, or live: what comes next of it may begin with a gap.
    pub fn settle(&mut self, before: &Stamp) {
        self.due = self.due.max(self.followed.heard_before(millis(before)));
    }

    /// Nothing more comes. Where a live run was stopped, `at` says at which time of the logs. What was not decided by the last line
    /// remains so.
    pub fn finish(&mut self, at: Option<&Stamp>) {
        self.followed.rows.ended = at.map(millis);
        self.is_finished = true;
    }

    /// The next window that is closed, in order.
    pub fn next_closed(&mut self) -> Option<ClosedCalls> {
        loop {
            if let Some(closed) = self.followed.next_closed() {
                return Some(closed);
            }
            let Some(due) = self.next_due() else {
                break;
            };
            let time = due.record.time;
            let counts = self.range.is_none_or(|(first, last)| (first..=last).contains(&time));
            self.followed.advance(time);
            self.followed.take(&due, counts);
        }
        if self.is_finished {
            self.followed.advance(self.last);
            self.followed.give_up();
        } else {
            self.followed.advance(self.due);
        }
        self.followed.next_closed()
    }

    /// How many attempts are undecided now.
    pub fn undecided(&self) -> u64 {
        self.followed.rows.undecided()
    }

    /// What is not told.
    pub fn missed(&self) -> Missed {
        self.followed.missed()
    }

    /// Whether all is told that lies in the range of time. A run without a range has no end.
    pub fn is_past_range(&self) -> bool {
        self.range.is_some_and(|(_, last)| self.followed.is_past(last))
    }

    fn next_due(&mut self) -> Option<Due> {
        self.is_full = self.is_full && self.pending.bytes() > MAX_PENDING / 2;
        let first = self.pending.first()?;
        let is_due = first < self.due || self.is_full || self.is_finished;
        if is_due { self.pending.pop() } else { None }
    }
}
