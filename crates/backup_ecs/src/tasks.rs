//! What is done beside backing up: `hold` and `release`.

use std::io::Write;

use ecs_backup::{Event, Folders, HoldName, Released, Watcher};
use ecs_log::{TimeRange, escape, escape_path};

use crate::process::Signals;
use crate::{Error, INCOMPLETE, LOCKED, Program, print, say};

impl<O: Write, E: Write> Program<'_, O, E> {
    /// Puts a hold in force, moves what there is of it, and saves the rest.
    pub(crate) fn hold(&mut self, range: TimeRange, name: &HoldName) -> Result<u8, Error> {
        let (signals, options) = (Signals::catch(), &self.config.options);
        if self.config.dry_run {
            let folders = Folders::look(options)?.would_hold(name.clone(), range);
            let plan = self.look(&folders)?.of_hold(name);
            return Ok(print(&plan.show(options), self.stdout, self.stderr));
        }
        let folders = Folders::prepare(options)?;
        let Some(lock) = self.lock(&folders)? else {
            return Ok(LOCKED);
        };
        let plan = self.look(&folders)?;
        if let Some(code) = self.refuse(&plan) {
            return Ok(code);
        }
        for other in folders.hold(&lock, name, range)? {
            let (path, other) = (self.path(name), escape(other.as_str().as_bytes()));
            let line = format!("{path}: a part of the range is held as {other} already, and stays there");
            say(self.stderr, &line);
        }
        let plan = self.look(&folders)?.of_hold(name);
        let (mut notices, mut n_moved) = (self.notices(), 0);
        let watcher = Watcher {
            report: &mut |event| {
                n_moved += usize::from(matches!(&event, Event::Held { hold, .. } if *hold == name));
                // What lasts is told by the runs, whether it began or ends.
                if !matches!(event, Event::Ends { .. }) {
                    self.see(event, &mut notices);
                }
            },
            is_to_end: &signals.is_to_end,
        };
        let outcome = folders.carry_out(&lock, plan, options, watcher);
        self.say_all(&mut notices);
        let (path, n_copied) = (self.path(name), outcome.n_copied);
        let text = format!("{path}: {n_moved} backups moved there, {n_copied} logs saved there\n");
        let printed = print(&text, self.stdout, self.stderr);
        let code = if outcome.n_failed == 0 { printed } else { INCOMPLETE };
        Ok(signals.status().unwrap_or(code))
    }

    /// Ends a hold.
    pub(crate) fn release(&mut self, name: &HoldName) -> Result<u8, Error> {
        let options = &self.config.options;
        let folders = Folders::look(options)?;
        let Some(lock) = self.lock(&folders)? else {
            return Ok(LOCKED);
        };
        let Released { moved, is_folder_left } = folders.release(&lock, name)?;
        for (from, to) in moved.iter().filter(|(from, to)| from != to) {
            let line = format!(
                "{}/{from}: there is another backup of this name; it is {to} now",
                self.path(name)
            );
            say(self.stderr, &line);
        }
        if is_folder_left {
            say(
                self.stderr,
                &format!("{}: it stays, since there is something else in it", self.path(name)),
            );
        }
        let text = format!("{}: {} backups moved back from there\n", self.path(name), moved.len());
        Ok(print(&text, self.stdout, self.stderr))
    }

    /// The folder of a hold, for people.
    fn path(&self, name: &HoldName) -> String {
        let path = self.config.options.destination.join("held").join(name.as_str());
        escape_path(&path).to_string()
    }
}
