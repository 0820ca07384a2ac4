//! `hold` and `release`.

use ecs_log::{TimeRange, escape, escape_path};

use super::{End, Operator};
use crate::count::counted;
use crate::error::Error;
use crate::event::{Event, Watcher};
use crate::folders::Folders;
use crate::hold::{HoldName, HoldRange};
use crate::holding::Released;
use crate::holds;
use crate::lock::Lock;
use crate::plan::Plan;
use crate::show::moved_back;
use crate::survey::Checking;

impl Operator<'_> {
    /// Puts a hold in force, moves what there is of it, and saves the rest.
    pub(super) fn hold(&mut self, range: TimeRange, name: &HoldName) -> Result<End, Error> {
        let is_dry_run = self.manner.is_dry_run;
        let mut folders = if is_dry_run {
            Folders::look(self.options)?
        } else {
            Folders::prepare(self.options)?
        };
        let lock = if is_dry_run { None } else { self.lock(&folders)? };
        if lock.is_none() && !is_dry_run {
            return Ok(End::Locked);
        }
        if let Some(end) = self.refuse(&folders.plan(self.options, Checking::Newest)?) {
            return Ok(end);
        }
        let others = match &lock {
            Some(lock) => folders.hold(lock, name, range)?,
            None => folders.would_hold(name, range)?,
        };
        let plan = folders.plan(self.options, Checking::Newest)?.of_hold(name);
        self.tell(plan.notices(self.options, self.manner.reader));
        if others.is_empty() && !plan.has_of_hold(name, HoldRange::from(range)) {
            self.tell_nothing_held(&plan, range, name);
        }
        for other in others {
            let (path, other) = (self.path(name), escape(other.as_str().as_bytes()));
            let line = format!("{path}: a part of the range is held as {other} already, and stays there");
            self.audience.tell(&line);
        }
        if range.seconds().is_none() {
            let line = format!(
                "{}: the range has no END, so all logs after its START are held",
                self.path(name)
            );
            self.audience
                .tell(&format!("{line}; give it as START-END if that is not meant"));
        }
        Ok(match lock {
            Some(lock) => self.move_and_save(&folders, &lock, plan, name),
            None => self.show_plan(&folders, &plan)?,
        })
    }

    /// A hold that has nothing may have a wrong range.
    fn tell_nothing_held(&mut self, plan: &Plan, range: TimeRange, name: &HoldName) {
        let may_come = plan.may_come(HoldRange::from(range));
        let what = if may_come {
            "no log of the range is there yet; those that come are held"
        } else {
            "no log of the range is there, neither in the backups nor in the logs; look whether the range is right"
        };
        let line = format!("{}: {what}", self.path(name));
        self.audience.tell(&line);
    }

    fn move_and_save(&mut self, folders: &Folders, lock: &Lock, plan: Plan, name: &HoldName) -> End {
        let (mut notices, mut n_moved) = (self.notices(), 0);
        let (options, is_to_end) = (self.options, (self.begin)());
        let report = &mut |event: Event<'_>| {
            n_moved += usize::from(matches!(&event, Event::Held { hold, .. } if *hold == name));
            // What lasts is told by the runs, whether it began or ends.
            if !matches!(event, Event::Ends { .. }) {
                self.see(event, &mut notices);
            }
        };
        let outcome = folders.carry_out(lock, plan, options, Watcher { report, is_to_end });
        self.tell_all(&mut notices);
        let path = self.path(name);
        let (moved, saved) = (counted(n_moved, "backup"), counted(outcome.n_copied, "log"));
        let mut text = format!("{path}: {moved} moved there, {saved} saved there\n");
        if n_moved > 0 || outcome.n_copied > 0 {
            let others = escape_path(&self.options.destination);
            let line = format!("read them with sipstat_cm -d {path}; -d {others} does not read them\n");
            text.push_str(&line);
        }
        let end = self.answer(&text);
        if outcome.n_failed == 0 { end } else { End::Incomplete }
    }

    /// Ends a hold.
    pub(super) fn release(&mut self, name: &HoldName) -> Result<End, Error> {
        let folders = Folders::look(self.options)?;
        if self.manner.is_dry_run {
            let moved = folders.would_release(name)?;
            let lines = moved.iter().map(|(from, to)| moved_back(name, *from, *to));
            return Ok(self.answer(&String::from_iter(lines)));
        }
        let Some(lock) = self.lock(&folders)? else {
            return Ok(End::Locked);
        };
        let path = self.path(name);
        let Released { moved, is_folder_left } = folders.release(&lock, name)?;
        for (from, to) in moved.iter().filter(|(from, to)| from != to) {
            let line = format!("{path}/{from}: there is another backup of this name; it is {to} now");
            self.audience.tell(&line);
        }
        if is_folder_left {
            let line = format!("{path}: it stays, since there is something else in it");
            self.audience.tell(&line);
        }
        let moved = counted(moved.len(), "backup");
        Ok(self.answer(&format!("{path}: {moved} moved back from there\n")))
    }

    /// The folder of a hold, for people.
    fn path(&self, name: &HoldName) -> String {
        let path = self.options.destination.join(holds::folder(name));
        escape_path(&path).to_string()
    }
}
