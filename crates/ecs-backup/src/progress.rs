//! Tells what happens in a run, and counts it.

use crate::batch::Named;
use crate::error::Error;
use crate::event::{Event, Outcome};
use crate::hold::HoldName;
use crate::names::LogFile;

/// Tells what happens, and counts it.
pub(crate) struct Progress<'a> {
    pub(crate) outcome: Outcome,
    report: &'a mut dyn FnMut(Event<'_>),
    n_without_room: u64,
    n_gone_again: u64,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(report: &'a mut dyn FnMut(Event<'_>)) -> Progress<'a> {
        Progress {
            outcome: Outcome::default(),
            report,
            n_without_room: 0,
            n_gone_again: 0,
        }
    }

    pub(crate) fn saved(&mut self, copy: &Named<'_>) {
        let outcome = &mut self.outcome;
        outcome.n_copied = outcome.n_copied.saturating_add(1);
        outcome.read = outcome.read.saturating_add(copy.stamp.size);
        outcome.written = outcome.written.saturating_add(copy.written);
        (self.report)(Event::Copied {
            log: copy.job.log,
            file: copy.job.file(),
            reason: copy.job.reason,
            read: copy.stamp.size,
            written: copy.written,
        });
    }

    /// A backup is moved into the folder of its hold.
    pub(crate) fn held(&mut self, file: LogFile, hold: &HoldName) {
        (self.report)(Event::Held { file, hold });
    }

    /// A backup is deleted.
    pub(crate) fn pruned(&mut self, event: Event<'_>) {
        self.outcome.n_pruned = self.outcome.n_pruned.saturating_add(1);
        (self.report)(event);
    }

    pub(crate) fn no_free_room(&mut self, log: LogFile) {
        (self.report)(Event::NoFreeRoom(log));
    }

    pub(crate) fn vanished(&mut self, log: LogFile) {
        self.outcome.n_failed = self.outcome.n_failed.saturating_add(1);
        (self.report)(Event::Vanished(log));
    }

    /// There is no room for a log. That is told once, and at the end how many more there were.
    pub(crate) fn without_room(&mut self, error: &Error) {
        if self.n_without_room == 0 {
            self.failed(error, 1);
        } else {
            self.outcome.n_failed = self.outcome.n_failed.saturating_add(1);
        }
        self.n_without_room = self.n_without_room.saturating_add(1);
    }

    /// A backup that this run made was deleted by it.
    pub(crate) fn gone_again(&mut self) {
        self.n_gone_again = self.n_gone_again.saturating_add(1);
    }

    /// Tells what was not told one by one.
    pub(crate) fn finish(&mut self) {
        if self.n_gone_again > 0 {
            (self.report)(Event::GoneAgain(self.n_gone_again));
        }
        if self.n_without_room > 1 {
            (self.report)(Event::MoreWithoutRoom(self.n_without_room.saturating_sub(1)));
        }
    }

    /// One error, by which `n_failed` logs are not saved.
    pub(crate) fn failed(&mut self, error: &Error, n_failed: usize) {
        let n_failed = u64::try_from(n_failed).unwrap_or(u64::MAX);
        self.outcome.n_failed = self.outcome.n_failed.saturating_add(n_failed);
        (self.report)(Event::Failed(error));
    }
}
