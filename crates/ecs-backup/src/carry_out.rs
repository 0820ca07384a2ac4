//! Carries out a plan.

use rustix::fs::Mode;

use ecs_log::LogName;

use crate::attempt::{Run, Saved};
use crate::backup_list::BackupList;
use crate::batch::Batch;
use crate::copy::{BLOCK, Job, Named};
use crate::error::{Error, Operation};
use crate::event::{Event, Outcome};
use crate::folder::Folder;
use crate::folders::Folders;
use crate::lock::Lock;
use crate::names::{LogFile, unsaved};
use crate::options::Options;
use crate::plan::{CopyReason, Plan};
use crate::survey::Survey;

impl Folders {
    /// Carries out `plan`, which was made from `survey`; the lock shows that nobody else does.
    ///
    /// What happens is told to `report` as it happens, failures too: one log that cannot be saved does not keep the
    /// others from it. All is saved if and only if [`Outcome::n_failed`] is 0.
    pub fn carry_out(
        &self,
        _held: &Lock,
        survey: &Survey,
        plan: &Plan,
        options: &Options,
        report: &mut dyn FnMut(Event<'_>),
    ) -> Outcome {
        let Some(backups) = &self.backups else {
            return Outcome::default();
        };
        let mut run = Run {
            backups,
            options,
            backup_list: BackupList::new(survey.backups.clone()),
            batch: Batch::default(),
            noted: &survey.unsaved,
            block: vec![0; BLOCK],
            outcome: Outcome::default(),
            report,
        };
        for name in &survey.stale {
            if let Err(error) = backups.delete(name) {
                run.fail(&error);
            }
        }
        if let Some(name) = plan.to_note {
            // Where it cannot be noted, a loss is told less exactly; no log is lost by it.
            let _ = note(backups, name);
        }
        for (log, reason) in plan.copies() {
            let job = Job {
                source: &self.source,
                log,
                reason,
                backups,
                form: options.form,
            };
            if !run.step(&job) {
                break;
            }
        }
        run.settle();
        for name in &plan.settled {
            // One that stays is settled again by the next run.
            let _ = backups.delete(&unsaved(*name));
        }
        run.outcome.percent = backups.disk_use().ok().map(|disk| disk.percent());
        run.outcome
    }
}

impl<'a> Run<'a> {
    /// Saves one log and all that goes with it; false where no other can be saved either.
    fn step(&mut self, job: &Job<'a>) -> bool {
        if job.reason != CopyReason::FailedBefore && self.backup_list.is_before_all(job.log.name) {
            // It had to make room for newer ones since the plan was made.
            (self.report)(Event::TooOld(job.log));
            return true;
        }
        let saved = self.save(job);
        self.conclude(job, saved)
    }

    /// Does what follows from what became of a log; false where no other can be saved.
    pub(crate) fn conclude(&mut self, job: &Job<'a>, saved: Saved<'a>) -> bool {
        let log = job.log;
        match saved {
            Saved::Copied(copy) => self.add(copy),
            Saved::Sure(copy) => {
                self.count(copy);
                true
            }
            Saved::Vanished => {
                self.outcome.n_failed = self.outcome.n_failed.saturating_add(1);
                (self.report)(Event::Vanished(log));
                true
            }
            Saved::TooOld => {
                (self.report)(Event::TooOld(log));
                self.forget(log.name);
                true
            }
            Saved::NoRoom(error) => {
                self.fail(&error);
                false
            }
            Saved::Failed(error) => {
                self.fail(&error);
                self.remember(log)
            }
            Saved::Stopped => false,
        }
    }

    /// Counts and tells of a backup whose name is sure, and removes what it takes the place of.
    pub(crate) fn count(&mut self, copy: Named<'_>) {
        let Named { job, read, written } = copy;
        let (file, reason) = (job.file(), job.reason);
        self.backup_list.add(file);
        self.outcome.n_copied = self.outcome.n_copied.saturating_add(1);
        self.outcome.read = self.outcome.read.saturating_add(read);
        self.outcome.written = self.outcome.written.saturating_add(written);
        (self.report)(Event::Copied {
            file,
            reason,
            read,
            written,
        });
        self.clean_up(file, reason);
    }

    /// Removes the note of an earlier run about a log, if there is one.
    fn forget(&self, name: LogName) {
        if self.noted.binary_search(&name).is_ok() {
            // One that stays is settled by the next run.
            let _ = self.backups.delete(&unsaved(name));
        }
    }

    /// Removes what the new backup takes the place of. It is on disk already.
    fn clean_up(&mut self, file: LogFile, reason: CopyReason) {
        self.forget(file.name);
        let result = match reason {
            CopyReason::New | CopyReason::FailedBefore => Ok(()),
            CopyReason::Damaged => {
                let other = LogFile {
                    packed: !file.packed,
                    ..file
                };
                let is_there = self
                    .backup_list
                    .get(file.name)
                    .is_some_and(|backup| backup.plain && backup.packed);
                let deleted = is_there.then(|| self.backups.delete(&other.to_string()));
                deleted.transpose().map(drop)
            }
        };
        if let Err(error) = result {
            self.fail(&error);
        }
    }

    /// A log that failed and is older than all backups would look as if its own had been pruned, and never be tried
    /// again. So it is noted before anything newer is saved; false where that fails too.
    fn remember(&mut self, log: LogFile) -> bool {
        if self.has_older(log.name) {
            return true;
        }
        match note(self.backups, log.name) {
            Ok(()) => true,
            Err(error) => {
                self.fail(&error);
                false
            }
        }
    }

    pub(crate) fn fail(&mut self, error: &Error) {
        self.outcome.n_failed = self.outcome.n_failed.saturating_add(1);
        (self.report)(Event::Failed(error));
    }
}

/// Makes the empty file that says that a log is not saved yet, and flushes it to disk.
fn note(backups: &Folder, name: LogName) -> Result<(), Error> {
    let file = unsaved(name);
    match backups.make_file(&file, Mode::RUSR | Mode::WUSR) {
        Ok(_) => backups.sync(),
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(cause) => Err(Error::io(backups.at(&file), Operation::Write, cause)),
    }
}
