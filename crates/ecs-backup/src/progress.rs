//! Tells what happens in a run, and counts it.

use crate::batch::Named;
use crate::error::Error;
use crate::event::{Event, Outcome};
use crate::gap::Gap;
use crate::hold::HoldName;
use crate::names::LogFile;
use crate::notices::{HowFar, Told};

/// Tells what happens, and counts it.
pub(crate) struct Progress<'a> {
    pub(crate) outcome: Outcome,
    report: &'a mut dyn FnMut(Event<'_>),
    n_gone_again: u64,
    n_passed_over: u64,
    has_told_of_flush: bool,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(report: &'a mut dyn FnMut(Event<'_>)) -> Progress<'a> {
        Progress {
            outcome: Outcome::default(),
            report,
            n_gone_again: 0,
            n_passed_over: 0,
            has_told_of_flush: false,
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

    /// The file system of the backups cannot flush folders, which is told once.
    pub(crate) fn unflushable(&mut self, error: &Error) {
        if !self.has_told_of_flush {
            self.has_told_of_flush = true;
            self.failed(error, 1);
        }
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

    /// A backup could not be deleted, or that would have freed nothing.
    pub(crate) fn passed_over(&mut self) {
        self.n_passed_over = self.n_passed_over.saturating_add(1);
    }

    /// Logs vanished one after another.
    pub(crate) fn lost(&mut self, gap: Gap) {
        (self.report)(Event::Lost(gap));
    }

    /// A backup that this run made was deleted by it. So its log is not saved.
    pub(crate) fn gone_again(&mut self) {
        self.outcome.n_failed = self.outcome.n_failed.saturating_add(1);
        self.n_gone_again = self.n_gone_again.saturating_add(1);
    }

    /// Tells what was not told one by one, and lets all that lasts be told. Returns false if that could not be written.
    pub(crate) fn finish(&mut self, is_stopped: bool, told: &mut Told) -> bool {
        if self.n_gone_again > 0 {
            (self.report)(Event::GoneAgain {
                n: self.n_gone_again,
                n_passed_over: self.n_passed_over,
            });
        }
        let how_far = match self.outcome.n_copied {
            _ if is_stopped => HowFar::NotToEnd,
            0 => HowFar::Looked,
            _ => HowFar::Saved,
        };
        let mut is_told = true;
        (self.report)(Event::Ends {
            how_far,
            told,
            is_told: &mut is_told,
        });
        is_told
    }

    /// One error, by which `n_failed` logs are not saved.
    pub(crate) fn failed(&mut self, error: &Error, n_failed: usize) {
        let n_failed = u64::try_from(n_failed).unwrap_or(u64::MAX);
        self.outcome.n_failed = self.outcome.n_failed.saturating_add(n_failed);
        (self.report)(Event::Failed(error));
    }
}
