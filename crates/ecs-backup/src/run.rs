//! One run. Logs wait in one queue, and what fails goes back to its front.

mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, VecDeque};
use std::ops::Bound::{Excluded, Unbounded};

use ecs_log::LogName;

use crate::batch::{Batch, Named, Written};
use crate::copy::{BLOCK, Job};
use crate::error::Error;
use crate::event::Outcome;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::gap::Gap;
use crate::leftovers;
use crate::names::LogFile;
use crate::plan::{CopyReason, free_number};
use crate::progress::Progress;
use crate::prune::Pruner;
use crate::state::{Fate, Record, Stamp};
use crate::state_file::{self, Stored};
use crate::task::{Room, Task};

/// What is left to do, and what is known.
pub(crate) struct Run<'a> {
    backups: &'a Folder,
    /// Logs that are not copied yet, oldest first.
    queue: VecDeque<Task<'a>>,
    /// Logs that are copied, and not yet on disk for sure.
    batch: Batch<'a>,
    pruner: Pruner<'a>,
    /// The state as it is on disk.
    stored: Option<Stored>,
    /// The first error of writing it, other than that the disk is full. A later write may succeed without all that failed being on
    /// disk, since an error is reported once. So this one is told whatever follows.
    unwritten: Option<Error>,
    /// What the server deleted, emptied, cut or replaced since the survey.
    lost: BTreeSet<LogName>,
    block: Vec<u8>,
    progress: Progress<'a>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        queue: VecDeque<Task<'a>>,
        pruner: Pruner<'a>,
        stored: Option<Stored>,
        progress: Progress<'a>,
    ) -> Run<'a> {
        Run {
            backups: pruner.backups,
            queue,
            batch: Batch::default(),
            pruner,
            stored,
            unwritten: None,
            lost: BTreeSet::new(),
            block: vec![0; BLOCK],
            progress,
        }
    }

    /// Does all there is to do. Backups that a run before this one made are in use already: `recognised` for sure, and `failed`
    /// perhaps.
    pub(crate) fn work(&mut self, recognised: &[LogName], failed: &[LogName]) {
        // Without room this fails, and so it does for a disk that others filled. What counts is the state at the end.
        let mut stored = self.store_what_is_new();
        if self.stored.is_some() {
            stored = stored.or_else(|error| self.store_in_room(error));
        }
        self.note(stored);
        recognised.iter().for_each(|name| self.pruner.recognise(*name));
        for name in failed {
            self.pruner.take_back(*name);
        }
        self.pruner.trim(&mut self.progress);
        self.work_off();
    }

    /// Writes down what was done. Then the notes of the time before there was a state have served.
    pub(crate) fn finish(mut self, is_stopped: bool, notes: &[LogName]) -> Outcome {
        self.write_down_end(is_stopped);
        for gap in self.gaps() {
            self.pruner.state.history.lose(gap);
            self.progress.lost(gap);
        }
        if let Some(error) = &self.unwritten {
            self.progress.failed(error, 1);
        }
        self.progress.finish(is_stopped, &mut self.pruner.state.told);
        match self.store().or_else(|error| self.store_in_room(error)) {
            Ok(()) => leftovers::remove_notes(self.backups, notes),
            Err(error) if self.unwritten.is_none() => self.progress.failed(&error, 1),
            Err(_) => {}
        }
        self.progress.outcome.percent = self.backups.disk_use().ok().map(|disk| disk.percent());
        self.progress.outcome
    }

    /// From when to when logs were lost since the survey.
    fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for name in &self.lost {
            let mut later = self.pruner.state.records.range((Excluded(*name), Unbounded));
            let next = later.find(|(next, _)| !self.lost.contains(*next));
            Gap::add(&mut gaps, *name, next.map(|(next, _)| *next));
        }
        gaps
    }

    fn work_off(&mut self) {
        loop {
            match self.queue.pop_front() {
                None if self.batch.is_empty() => return,
                None => self.settle(),
                Some(task) if task.takes_empty_batch() && !self.batch.is_empty() => {
                    self.queue.push_front(task);
                    self.settle();
                }
                Some(task) => self.attempt(task),
            }
        }
    }

    /// Tries to copy one log.
    fn attempt(&mut self, mut task: Task<'a>) {
        let Job { log, size, .. } = task.job;
        if !task.job.may_delete && !self.pruner.has_free_room(size) {
            return self.progress.no_free_room(log);
        }
        match task.room {
            Room::Full { need, may_pass } if may_pass && self.pruner.has_plenty(need) => task.room = Room::Passed,
            Room::Full { need, .. } => match self.make_room(log, need) {
                Ok(()) => task.room = Room::Made,
                Err(error) => return self.give_up(log, &error),
            },
            Room::Untried if let Some(need) = task.job.need().filter(|need| self.pruner.lacks(*need)) => {
                task.room = Room::Full { need, may_pass: false };
                return self.queue.push_front(task);
            }
            Room::Untried | Room::Passed | Room::Made => {}
        }
        match task.job.run(&mut self.block) {
            Ok(temp) => self.add(Written { task, temp }),
            Err(failure) => self.try_again(task, failure),
        }
    }

    fn make_room(&mut self, log: LogFile, need: u64) -> Result<(), Error> {
        if self.stored.is_some() {
            return self.pruner.make_room(&log.to_string(), need, &mut self.progress);
        }
        // There was no room for the state either.
        let both = need.saturating_add(state_file::room(&self.pruner.state));
        self.pruner.make_room(&log.to_string(), both, &mut self.progress)?;
        let stored = self.store();
        self.note(stored);
        Ok(())
    }

    /// Puts a log back to the front of the queue, unless it has been tried often enough.
    fn try_again(&mut self, mut task: Task<'a>, failure: Failure) {
        match failure {
            Failure::Vanished if let Some(stamp) = task.job.packed_since() => {
                task.job.log.packed = true;
                self.pruner.state.set_stamp(task.job.log.name, stamp);
            }
            Failure::Shrunk(stamp) => return self.shrunk(&task.job, stamp),
            Failure::Vanished if task.has_failed => return self.vanished(task.job.log),
            Failure::Other(error) if task.has_failed => return self.give_up(task.job.log, &error),
            Failure::Unreadable(error) if task.has_failed && task.job.reason.is_second_name() => {
                return self.give_up(task.job.log, &error);
            }
            Failure::Unreadable(_) if task.has_failed => {
                self.give_second_name(&mut task.job, CopyReason::BesideDamaged);
            }
            Failure::Stopped => return self.queue.clear(),
            Failure::Vanished | Failure::Unreadable(_) | Failure::Other(_) => task.has_failed = true,
            Failure::Taken => self.give_second_name(&mut task.job, CopyReason::SecondName),
            Failure::Full { error, need } => {
                let may_pass = match task.room {
                    Room::Made => {
                        self.pruner.get_stuck();
                        return self.give_up(task.job.log, &error);
                    }
                    Room::Untried | Room::Full { .. } => true,
                    Room::Passed => false,
                };
                task.room = Room::Full { need, may_pass };
            }
        }
        self.queue.push_front(task);
    }

    fn add(&mut self, copy: Written<'a>) {
        let is_alone = copy.task.is_alone;
        self.batch.add(copy);
        if is_alone || self.batch.is_full() {
            self.settle();
        }
    }

    /// Makes all copies of the batch sure.
    fn settle(&mut self) {
        let settled = self.batch.settle();
        for job in settled.rest.into_iter().rev() {
            self.queue.push_front(Task::new(job));
        }
        self.make_sure(&settled.named);
        self.pruner.trim(&mut self.progress);
        if let Some(failed) = settled.failed {
            self.try_again(failed.task, failed.failure);
        }
    }

    /// Flushes the folder, so that the names stay.
    fn make_sure(&mut self, copies: &[Named<'a>]) {
        if copies.is_empty() {
            return;
        }
        // A second flush may succeed without anything on disk, since an error is reported once. So there is none.
        if let Err(error) = self.backups.sync() {
            if error.is_unflushable() {
                // Such a file system never says more. The copies are whole, but a power cut may cost their names.
                self.progress.unflushable(&error);
                return copies.iter().for_each(|copy| self.count(copy));
            }
            for copy in copies {
                self.pruner.state.set_fate(copy.job.log.name, Fate::Failed);
            }
            return self.progress.failed(&error, copies.len());
        }
        for copy in copies {
            self.count(copy);
        }
    }

    /// Counts and tells of a backup that is on disk, name and all, and removes what it replaces.
    fn count(&mut self, copy: &Named<'a>) {
        let job = copy.job;
        self.lose_if_gone(job.log, copy.stamp);
        let record = Record {
            stamp: copy.stamp,
            number: job.backup.number(),
            fate: Fate::Saved,
        };
        self.pruner.state.records.insert(job.log.name, record);
        self.pruner.add(job.file(), copy.written);
        self.progress.saved(copy);
        let backup = self.pruner.list.get(job.backup);
        if backup.is_some_and(|backup| backup.plain && backup.packed) {
            leftovers::remove_other_form(self.backups, job.file(), &mut self.progress);
        }
    }

    /// Another backup was found under the name. It stays, and the log gets the next name.
    fn give_second_name(&mut self, job: &mut Job<'a>, reason: CopyReason) {
        self.pruner.list.add(job.file(), &self.pruner.state.order);
        let number = free_number(&self.pruner.list.namesakes(job.log.name));
        job.backup = job.log.name.with_number(number);
        job.reason = reason;
        job.sure_of = None;
    }

    /// The log is the beginning of its backup, which stays. What the survey saw is lost, unless the backup has it.
    fn shrunk(&mut self, job: &Job<'a>, stamp: Stamp) {
        let is_told = !job.is_held() && self.lose_if_gone(job.log, stamp);
        let record = Record {
            stamp,
            number: job.backup.number(),
            fate: if is_told { Fate::ShrunkTold } else { Fate::Shrunk },
        };
        self.pruner.state.records.insert(job.log.name, record);
    }

    /// Whether the log that the survey saw is lost: it was not saved, and another one bears its name now, or what was left of it.
    fn lose_if_gone(&mut self, log: LogFile, now: Stamp) -> bool {
        let seen = self.pruner.state.get(log.name);
        let is_lost = seen.is_some_and(|seen| seen.fate.is_unsaved() && seen.is_gone(now));
        if is_lost {
            self.lost.insert(log.name);
            self.progress.vanished(log);
        }
        is_lost
    }

    /// A log that is gone is told as lost, so that it need not be known any more.
    fn vanished(&mut self, log: LogFile) {
        self.lost.insert(log.name);
        self.pruner.state.records.remove(&log.name);
        self.progress.vanished(log);
    }

    fn give_up(&mut self, log: LogFile, error: &Error) {
        self.pruner.state.set_fate(log.name, Fate::Failed);
        self.progress.failed(error, 1);
    }
}
