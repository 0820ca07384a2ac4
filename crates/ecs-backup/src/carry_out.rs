//! Carries out a plan.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::backup_list::BackupList;
use crate::copy::Job;
use crate::event::{Outcome, Watcher};
use crate::folder::Folder;
use crate::folders::Folders;
use crate::holding;
use crate::leftovers;
use crate::lock::Lock;
use crate::options::{Form, Options};
use crate::plan::{CopyReason, Plan};
use crate::progress::Progress;
use crate::prune::Pruner;
use crate::run::Run;
use crate::task::Task;

impl Folders {
    /// Carries out `plan`. The lock shows that no other run does so.
    ///
    /// The watcher is told what happens as it happens, failures too. A log that cannot be saved does not keep the others from
    /// being saved. All is saved if and only if [`Outcome::n_failed`] is 0.
    pub fn carry_out(&self, _held: &Lock, plan: Plan, options: &Options, watcher: Watcher<'_>) -> Outcome {
        let Some(folder) = &self.backups else {
            return Outcome::default();
        };
        let mut progress = Progress::new(watcher.report);
        // First, since it takes no room, and keeps from being deleted what is held.
        let backups = match holding::settle(folder, plan.survey.holds.clone(), &mut progress) {
            Ok(backups) => backups,
            Err(error) => {
                progress.failed(&error, 1);
                return progress.outcome;
            }
        };
        // Before any copy, since they take room.
        leftovers::remove_temporary(&backups, &plan.survey.stale, &mut progress);
        let failed = plan.copies().filter(|copy| copy.reason == CopyReason::FailedBefore);
        let failed = Vec::from_iter(failed.map(|copy| copy.backup));
        let queue = self.queue(&backups, &plan, options.form, watcher.is_to_end);
        let list = BackupList::new(plan.survey.backups, plan.survey.holds, &plan.state.order);
        let pruner = Pruner::new(&backups, options, list, plan.state);
        let mut run = Run::new(queue, pruner, plan.survey.stored, progress);
        run.work(&plan.recognised, &failed);
        run.finish(watcher.is_to_end.load(Ordering::Relaxed), &plan.survey.unsaved)
    }

    /// The logs to copy, oldest first.
    fn queue<'a>(
        &'a self,
        backups: &'a Folder,
        plan: &Plan,
        form: Form,
        is_to_end: &'a AtomicBool,
    ) -> VecDeque<Task<'a>> {
        let jobs = plan.copies().map(|copy| Job {
            source: &self.source,
            log: copy.log,
            backup: copy.backup,
            reason: copy.reason,
            size: copy.size,
            may_delete: copy.may_delete,
            sure_of: copy.sure_of,
            backups,
            form,
            is_to_end,
        });
        jobs.map(Task::new).collect()
    }
}
