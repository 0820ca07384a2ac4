//! One run: carries out a plan. Logs wait in one queue, and what fails goes back to its front.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use ecs_log::LogName;

use crate::backup_list::BackupList;
use crate::batch::{Batch, Named, Written};
use crate::copy::{BLOCK, Job};
use crate::error::Error;
use crate::event::{Event, Outcome};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::folders::Folders;
use crate::lock::Lock;
use crate::names::LogFile;
use crate::notes;
use crate::options::Options;
use crate::plan::{CopyReason, Plan};
use crate::progress::Progress;
use crate::prune::{Pruner, Refusal, Request};
use crate::task::{Room, Task};

impl Folders {
    /// Carries out `plan`. The lock shows that no other run does so.
    ///
    /// `report` is told what happens as it happens, failures too. A log that cannot be saved does not keep the others from
    /// being saved. All is saved if and only if [`Outcome::n_failed`] is 0.
    pub fn carry_out(&self, _held: &Lock, plan: Plan, options: &Options, report: &mut dyn FnMut(Event<'_>)) -> Outcome {
        let Some(backups) = &self.backups else {
            return Outcome::default();
        };
        let jobs = plan.copies().map(|(log, reason)| Job {
            source: &self.source,
            log,
            reason,
            backups,
            form: options.form,
        });
        let mut run = Run {
            backups,
            queue: jobs.map(Task::new).collect(),
            batch: Batch::default(),
            pruner: Pruner {
                backups,
                options,
                list: BackupList::new(plan.survey.backups),
            },
            noted: plan.survey.unsaved,
            block: vec![0; BLOCK],
            progress: Progress::new(report),
        };
        run.remove_stale(&plan.survey.stale);
        if let Some(name) = plan.to_note {
            // Without the note a loss is told less exactly. No log is lost by it.
            let _ = notes::make(backups, name);
        }
        run.work_off();
        for name in &plan.settled {
            notes::remove(backups, *name);
        }
        run.progress.outcome.percent = backups.disk_use().ok().map(|disk| disk.percent());
        run.progress.outcome
    }
}

struct Run<'a> {
    backups: &'a Folder,
    /// Logs that are not copied yet, oldest first.
    queue: VecDeque<Task<'a>>,
    /// Logs that are copied, and not yet on disk for sure.
    batch: Batch<'a>,
    pruner: Pruner<'a>,
    /// Logs that an earlier run noted as not saved, sorted.
    noted: Vec<LogName>,
    block: Vec<u8>,
    progress: Progress<'a>,
}

impl<'a> Run<'a> {
    /// Removes the temporary files of runs that were killed.
    fn remove_stale(&mut self, names: &[String]) {
        for name in names {
            if let Err(error) = self.backups.delete(name) {
                self.progress.failed(&error, 1);
            }
        }
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
        let Job { log, reason, .. } = task.job;
        let is_new = matches!(task.room, Room::NotLooked);
        if is_new && reason != CopyReason::FailedBefore && self.pruner.list.is_before_all(log.name) {
            // Since the plan was made, backups had to go that were newer than this log.
            return self.progress.too_old(log);
        }
        match self.make_room(&mut task) {
            Ok(()) => {}
            Err(Refusal::CopiesWait) => {
                self.queue.push_front(task);
                return self.settle();
            }
            Err(Refusal::TooOld) => {
                self.progress.too_old(log);
                return self.forget(log.name);
            }
            Err(Refusal::NoRoom(error)) => return self.stop(&error),
            Err(Refusal::Failed(error)) => return self.give_up(log, &error),
        }
        match task.job.run(&mut self.block) {
            Ok(temp) => self.add(Written { task, temp }),
            Err(failure) => self.try_again(task, failure),
        }
    }

    fn make_room(&mut self, task: &mut Task<'a>) -> Result<(), Refusal> {
        let (need, was_full) = match task.room {
            Room::Looked | Room::Passed | Room::Made => return Ok(()),
            Room::Full { need, may_pass } if may_pass && self.pruner.has_plenty(need) => {
                task.room = Room::Passed;
                return Ok(());
            }
            Room::Full { need, .. } => (Some(need), true),
            Room::NotLooked => (task.job.need(), false),
        };
        let request = Request {
            log: task.job.log,
            need,
            was_full,
            may_delete: self.batch.is_empty(),
        };
        self.pruner.make_room(request, &mut self.progress)?;
        task.room = if was_full { Room::Made } else { Room::Looked };
        Ok(())
    }

    /// Puts a log back to the front of the queue, unless it has been tried often enough.
    fn try_again(&mut self, mut task: Task<'a>, failure: Failure) {
        match failure {
            Failure::Vanished if task.has_failed => return self.progress.vanished(task.job.log),
            Failure::Other(error) if task.has_failed => return self.give_up(task.job.log, &error),
            Failure::Vanished | Failure::Other(_) => task.has_failed = true,
            Failure::Full { error, need } => {
                let may_pass = match task.room {
                    Room::Made => return self.stop(&error),
                    Room::NotLooked | Room::Looked | Room::Full { .. } => true,
                    Room::Passed => false,
                };
                task.room = Room::Full { need, may_pass };
            }
        }
        self.queue.push_front(task);
    }

    fn add(&mut self, copy: Written<'a>) {
        // If a power cut left a newer backup only, this log would look as if its own had been deleted.
        let is_urgent = copy.task.is_alone || !self.has_older(copy.task.job.log.name);
        self.batch.add(copy);
        if is_urgent || self.batch.is_full() {
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
        if let Some(failed) = settled.failed {
            self.try_again(failed.task, failed.failure);
        }
    }

    /// Flushes the folder, so that the names stay.
    fn make_sure(&mut self, copies: &[Named<'a>]) {
        if copies.is_empty() {
            return;
        }
        if let Err(error) = self.backups.sync().or_else(|_| self.backups.sync()) {
            return self.progress.failed(&error, copies.len());
        }
        for copy in copies {
            self.count(copy);
        }
    }

    /// Counts and tells of a backup that is on disk, name and all, and removes what it replaces.
    fn count(&mut self, copy: &Named<'a>) {
        let file = copy.job.file();
        self.pruner.list.add(file);
        self.progress.saved(copy);
        self.forget(file.name);
        if copy.job.reason == CopyReason::Damaged {
            self.remove_other_form(file);
        }
    }

    /// Removes the damaged backup that has the other form, plain or packed, if there is one.
    fn remove_other_form(&mut self, file: LogFile) {
        let backup = self.pruner.list.get(file.name);
        if backup.is_some_and(|backup| backup.plain && backup.packed) {
            let packed = !file.packed;
            let other = LogFile { packed, ..file };
            if let Err(error) = self.backups.delete(&other.to_string()) {
                self.progress.failed(&error, 1);
            }
        }
    }

    /// Removes the note of an earlier run about a log, if there is one.
    fn forget(&self, name: LogName) {
        if self.noted.binary_search(&name).is_ok() {
            notes::remove(self.backups, name);
        }
    }

    /// Gives up a log.
    ///
    /// A log that is older than all backups would look later as if its backup had been deleted to make room, and would never
    /// be tried again. So it is noted before anything newer is saved.
    fn give_up(&mut self, log: LogFile, error: &Error) {
        self.progress.failed(error, 1);
        if self.has_older(log.name) {
            return;
        }
        if let Err(error) = notes::make(self.backups, log.name) {
            self.stop(&error);
        }
    }

    /// Gives up all logs that are left.
    fn stop(&mut self, error: &Error) {
        self.progress.failed(error, 1);
        self.queue.clear();
    }

    /// Returns true if and only if a backup that is sure is older.
    fn has_older(&self, name: LogName) -> bool {
        self.pruner.list.oldest().is_some_and(|oldest| oldest.name < name)
    }
}
