//! Logs that are lost while a run is at work.

use std::ops::Bound::{Excluded, Unbounded};

use super::Run;
use crate::copy::Job;
use crate::gap::Gap;
use crate::names::LogFile;
use crate::state::{Fate, Record, Stamp};

impl Run<'_> {
    /// From when to when logs were lost since the survey.
    pub(super) fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for name in &self.lost {
            let mut later = self.pruner.state.records.range((Excluded(*name), Unbounded));
            let next = later.find(|(next, _)| !self.lost.contains(*next));
            Gap::add(&mut gaps, *name, next.map(|(next, _)| *next));
        }
        gaps
    }

    /// The log is the beginning of its backup, which stays. What the survey saw is lost, unless the backup has it.
    pub(super) fn shrunk(&mut self, job: &Job<'_>, stamp: Stamp) {
        let is_told = !job.is_held() && self.lose_if_gone(job.log, stamp);
        let record = Record {
            stamp,
            number: job.backup.number(),
            fate: if is_told { Fate::ShrunkTold } else { Fate::Shrunk },
        };
        self.pruner.state.records.insert(job.log.name, record);
    }

    /// Whether the log that the survey saw is lost: it was not saved, and another one bears its name now, or what was left of it.
    pub(super) fn lose_if_gone(&mut self, log: LogFile, now: Stamp) -> bool {
        let seen = self.pruner.state.get(log.name);
        let is_lost = seen.is_some_and(|seen| seen.fate.is_unsaved() && seen.is_gone(now));
        if is_lost {
            self.lost.insert(log.name);
            self.progress.vanished(log);
        }
        is_lost
    }

    /// A log that is gone is told as lost, so that it need not be known any more.
    pub(super) fn vanished(&mut self, log: LogFile) {
        self.lost.insert(log.name);
        self.pruner.state.records.remove(&log.name);
        self.progress.vanished(log);
    }
}
