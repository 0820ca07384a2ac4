//! Does what is asked for, from the first look to the last word.

mod hold;
#[cfg(test)]
mod tests;

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ecs_log::TimeRange;

use crate::advice::NEXT_RUN;
use crate::error::Error;
use crate::event::{Event, Watcher};
use crate::folders::Folders;
use crate::hold::HoldName;
use crate::lock::{Lock, Taken};
use crate::notices::{HowFar, Notice, Notices, Reader, Told};
use crate::options::Options;
use crate::plan::Plan;
use crate::show::passed_over;
use crate::status::status;
use crate::survey::Checking;
use crate::tell::could_not_look;
use crate::words::other_host;

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Request {
    /// Back up.
    BackUp,
    /// Show how it stands.
    Status,
    /// Put a hold in force, move what there is of it, and save the rest.
    Hold {
        /// Whose backups are held.
        range: TimeRange,
        /// Its name.
        name: HoldName,
    },
    /// End a hold.
    Release {
        /// Its name.
        name: HoldName,
    },
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// All is saved, or what was asked for is done.
    Well,
    /// Something was not saved, is lost or damaged, or could not be shown.
    Incomplete,
    /// It cannot be done with these folders, or with this hold.
    Refused,
    /// Another run holds the lock.
    Locked,
}

/// Those to whom it speaks. They get whole lines, with nothing in them that a terminal would take for a command.
pub trait Audience {
    /// Is told one line that people must know, without a line feed. Returns true if and only if that could be written. What could
    /// not is told by the next run.
    fn tell(&mut self, line: &str) -> bool;
    /// Is shown what happens. It does not matter if nobody can read it.
    fn show(&mut self, text: &str);
    /// Is given what was asked for. Returns true if and only if that could be written.
    fn answer(&mut self, text: &str) -> bool;
}

/// How it is done.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Who reads what is told.
    pub reader: Reader,
    /// What happens is shown as it happens.
    pub is_verbose: bool,
    /// Nothing is changed. What would be done is the answer.
    pub is_dry_run: bool,
    /// Which backups are checked for damage.
    pub checking: Checking,
    /// How long another run is waited for.
    pub wait: Duration,
}

/// Does what is asked for, and tells of it.
#[allow(missing_debug_implementations, reason = "an audience has none")]
pub struct Operator<'a> {
    /// What is to be backed up, to where.
    pub options: &'a Options,
    /// How.
    pub manner: Manner,
    /// To whom it speaks.
    pub audience: &'a mut dyn Audience,
    /// Is called when everything is looked at and something is changed next. Once what it gives is true, the run ends.
    pub begin: &'a dyn Fn() -> &'a AtomicBool,
}

impl Operator<'_> {
    /// Does it.
    pub fn run(mut self, request: &Request) -> End {
        let result = match request {
            Request::Status => self.status(),
            Request::Hold { range, name } => self.hold(*range, name),
            Request::Release { name } => self.release(name),
            Request::BackUp if self.manner.is_dry_run => self.dry_run(),
            Request::BackUp => self.back_up(),
        };
        result.unwrap_or_else(|error| {
            if matches!(request, Request::BackUp) {
                let notices = self.notices();
                could_not_look(&error, self.options, notices, |line| self.audience.tell(line));
            } else {
                self.tell([error.notice(self.options, "; try it again")]);
            }
            let is_refused = error.is_same_folder() || error.is_open_to_all() || error.is_of_hold();
            if is_refused { End::Refused } else { End::Incomplete }
        })
    }

    fn status(&mut self) -> Result<End, Error> {
        let status = status(self.options)?;
        let end = self.answer(&status.show(self.options));
        if let Err(error) = &status.history {
            self.tell([error.notice(self.options, "; the next run makes it anew")]);
        }
        Ok(if status.is_well() { end } else { End::Incomplete })
    }

    fn dry_run(&mut self) -> Result<End, Error> {
        let folders = Folders::look(self.options)?;
        let plan = folders.plan(self.options, self.manner.checking)?;
        if let Some(end) = self.refuse(&plan) {
            return Ok(end);
        }
        let end = self.show_plan(&folders, &plan)?;
        self.tell(plan.notices(self.options, self.manner.reader));
        self.tell(plan.lasting(self.options));
        Ok(if plan.is_well() { end } else { End::Incomplete })
    }

    /// Answers with the plan, and tells what keeps a run from carrying it out.
    fn show_plan(&mut self, folders: &Folders, plan: &Plan) -> Result<End, Error> {
        let mut foreseen = folders.foresee(plan, self.options);
        if let Some(error) = foreseen.unwritable.take() {
            return Err(error);
        }
        let end = self.answer(&plan.show(self.options, &foreseen));
        let errors = foreseen.unreadable.values();
        self.tell(
            errors
                .map(|error| error.notice(self.options, NEXT_RUN))
                .collect::<Vec<_>>(),
        );
        Ok(if foreseen.unreadable.is_empty() {
            end
        } else {
            End::Incomplete
        })
    }

    fn back_up(&mut self) -> Result<End, Error> {
        let folders = Folders::prepare(self.options)?;
        let Some(lock) = self.lock(&folders)? else {
            return Ok(End::Locked);
        };
        let mut plan = folders.plan(self.options, self.manner.checking)?;
        if let Some(end) = self.refuse(&plan) {
            return Ok(end);
        }
        if !self.tell(plan.notices(self.options, self.manner.reader)) {
            plan.leave_untold();
        }
        self.show(&passed_over(&plan));
        let is_well = plan.is_well();
        let mut notices = self.notices();
        plan.lasting(self.options)
            .into_iter()
            .for_each(|notice| notices.add(notice));
        let (options, is_to_end) = (self.options, (self.begin)());
        let report = &mut |event: Event<'_>| self.see(event, &mut notices);
        let outcome = folders.carry_out(&lock, plan, options, Watcher { report, is_to_end });
        // What could not be written down is left.
        self.tell_all(&mut notices);
        self.show(&outcome.show());
        let is_well = is_well && outcome.n_failed == 0;
        Ok(if is_well { End::Well } else { End::Incomplete })
    }

    /// `None` if another run is at work, which is told.
    fn lock(&mut self, folders: &Folders) -> Result<Option<Lock>, Error> {
        let Manner { reader, wait, .. } = self.manner;
        let holder = match folders.lock(wait, self.options.now)? {
            Taken::Lock(lock) => return Ok(Some(lock)),
            Taken::By(holder) => holder,
        };
        let waited = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
        let now = self.options.now.saturating_add(waited);
        if reader != Reader::Mail || holder.is_to_be_told(now) {
            let is_told = self.tell([holder.notice(self.options)]);
            if is_told && reader != Reader::Terminal {
                holder.was_told(now);
            }
        }
        Ok(None)
    }

    /// Refuses the folder of another server.
    fn refuse(&mut self, plan: &Plan) -> Option<End> {
        let host = plan.other_host.as_ref()?;
        self.tell([other_host(self.options, host)]);
        Some(End::Refused)
    }

    fn see(&mut self, event: Event<'_>, notices: &mut Notices) {
        if let Some(notice) = event.notice(self.options) {
            notices.add(notice);
        }
        if let Some(line) = event.show(self.options) {
            self.show(&line);
        }
        if let Event::Ends { how_far, told, is_told } = event {
            let mut after = told.clone();
            *is_told = self.tell_lines(&notices.lines(how_far, &mut after));
            if *is_told {
                *told = after;
            }
        }
    }

    fn show(&mut self, text: &str) {
        if self.manner.is_verbose && !text.is_empty() {
            self.audience.show(text);
        }
    }

    fn answer(&mut self, text: &str) -> End {
        if self.audience.answer(text) {
            End::Well
        } else {
            End::Incomplete
        }
    }

    fn notices(&self) -> Notices {
        let logs = self.options.source.join(self.options.files.to_string());
        Notices::new(self.manner.reader, &logs.to_string_lossy(), self.options.now)
    }

    /// Tells at once, whatever was told before. Returns true if and only if all could be written.
    fn tell(&mut self, notices: impl IntoIterator<Item = Notice>) -> bool {
        let mut all = self.notices();
        notices.into_iter().for_each(|notice| all.add(notice));
        self.tell_all(&mut all)
    }

    fn tell_all(&mut self, notices: &mut Notices) -> bool {
        self.tell_lines(&notices.lines(HowFar::NotToEnd, &mut Told::default()))
    }

    /// Tells all lines, also where one cannot be written.
    fn tell_lines(&mut self, lines: &[String]) -> bool {
        let unwritten = lines.iter().filter(|line| !self.audience.tell(line));
        unwritten.count() == 0
    }
}
