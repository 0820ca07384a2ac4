//! The program `backup_ecs` as a function of its arguments: it looks, plans, copies, and tells what happened.

mod args;
mod process;
mod tasks;

use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use ecs_backup::{
    Checking, Error, Event, Folders, HowFar, Lock, Notice, Notices, Plan, Reader, Taken, Told, Watcher, could_not_look,
    other_host, passed_over,
};

use crate::args::{Command, Config, Task};
use crate::process::Signals;

/// Something was not saved, or is damaged.
const INCOMPLETE: u8 = 1;
/// Wrong usage.
const USAGE: u8 = 2;
/// Another run holds the lock: `EX_TEMPFAIL` of sysexits.h.
const LOCKED: u8 = 75;

/// The whole command line. Man pages and completions are made from it.
pub fn command() -> clap::Command {
    args::command()
}

/// Runs the program. What was asked for goes to `stdout`, what people must know to `stderr`.
///
/// If all is well and nothing was asked for, it prints nothing, so that cron sends no mail.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    stdout: &mut impl Write,
    stderr: &mut (impl Write + IsTerminal),
) -> ExitCode {
    let code = match Config::from_args(args) {
        Ok(Command::Backup(config)) => {
            let reader = match config.verbose {
                _ if config.dry_run || config.task.is_some() || stderr.is_terminal() => Reader::Terminal,
                true => Reader::Log,
                false => Reader::Mail,
            };
            Program {
                config: &config,
                reader,
                stdout,
                stderr,
            }
            .run()
        }
        Ok(Command::Show(text)) => print(&text, stdout, stderr),
        Err(message) => {
            say(stderr, &message);
            USAGE
        }
    };
    ExitCode::from(code)
}

/// The settings, and to whom the program speaks.
struct Program<'a, O, E> {
    config: &'a Config,
    reader: Reader,
    stdout: &'a mut O,
    stderr: &'a mut E,
}

impl<O: Write, E: Write> Program<'_, O, E> {
    fn run(mut self) -> u8 {
        process::set_up();
        let result = match &self.config.task {
            Some(Task::Status) => self.status(),
            Some(Task::Hold { range, name }) => self.hold(*range, name),
            Some(Task::Release { name }) => self.release(name),
            None if self.config.dry_run => self.dry_run(),
            None => self.back_up(),
        };
        result.unwrap_or_else(|error| {
            let is_usage = error.is_same_folder() || error.is_open_to_all() || error.is_of_hold();
            let notices = self.notices();
            let code = if is_usage { USAGE } else { INCOMPLETE };
            could_not_look(&error, &self.config.options, notices, |line| say(self.stderr, line));
            code
        })
    }

    fn notices(&self) -> Notices {
        let options = &self.config.options;
        let logs = options.source.join(options.files.to_string());
        Notices::new(self.reader, &logs.to_string_lossy(), options.now)
    }

    /// Tells at once, whatever was told before.
    fn tell(&mut self, notices: impl IntoIterator<Item = Notice>) {
        let mut all = self.notices();
        notices.into_iter().for_each(|notice| all.add(notice));
        self.say_all(&mut all);
    }

    fn say_all(&mut self, notices: &mut Notices) {
        for line in notices.lines(HowFar::NotToEnd, &mut Told::default()) {
            say(self.stderr, &line);
        }
    }

    fn status(&mut self) -> Result<u8, Error> {
        let options = &self.config.options;
        let status = ecs_backup::status(options)?;
        Ok(print(&status.show(options), self.stdout, self.stderr))
    }

    fn dry_run(&mut self) -> Result<u8, Error> {
        let options = &self.config.options;
        let folders = Folders::look(options)?;
        let plan = self.look(&folders)?;
        if let Some(code) = self.refuse(&plan) {
            return Ok(code);
        }
        let printed = print(&plan.show(options), self.stdout, self.stderr);
        self.tell([plan.notices(options, self.reader), plan.lasting(options)].concat());
        Ok(if plan.is_well() { printed } else { INCOMPLETE })
    }

    fn back_up(&mut self) -> Result<u8, Error> {
        let (signals, options) = (Signals::catch(), &self.config.options);
        let folders = Folders::prepare(options)?;
        let Some(lock) = self.lock(&folders)? else {
            return Ok(LOCKED);
        };
        let plan = self.look(&folders)?;
        if let Some(code) = self.refuse(&plan) {
            return Ok(code);
        }
        self.tell(plan.notices(options, self.reader));
        if self.config.verbose {
            let _ = self.stdout.write_all(passed_over(&plan).as_bytes());
        }
        let is_well = plan.is_well();
        let mut notices = self.notices();
        plan.lasting(options).into_iter().for_each(|notice| notices.add(notice));
        let watcher = Watcher {
            report: &mut |event| self.see(event, &mut notices),
            is_to_end: &signals.is_to_end,
        };
        let outcome = folders.carry_out(&lock, plan, options, watcher);
        // What could not be written down is left.
        self.say_all(&mut notices);
        if self.config.verbose {
            // The logs are saved even if nobody can read about it.
            let _ = self.stdout.write_all(outcome.show().as_bytes());
            let _ = self.stdout.flush();
        }
        let code = if is_well && outcome.n_failed == 0 {
            0
        } else {
            INCOMPLETE
        };
        Ok(signals.status().unwrap_or(code))
    }

    /// `None` if another run is at work, which is told.
    fn lock(&mut self, folders: &Folders) -> Result<Option<Lock>, Error> {
        let options = &self.config.options;
        match folders.lock(self.config.wait, options.now)? {
            Taken::Lock(lock) => Ok(Some(lock)),
            Taken::By(holder) => {
                let now = process::now();
                match self.reader {
                    Reader::Mail if !holder.is_to_be_told(now) => {}
                    Reader::Terminal => self.tell([holder.notice(options)]),
                    Reader::Mail | Reader::Log => {
                        self.tell([holder.notice(options)]);
                        holder.was_told(now);
                    }
                }
                Ok(None)
            }
        }
    }

    fn look(&self, folders: &Folders) -> Result<Plan, Error> {
        let Config { options, verify, .. } = self.config;
        let checking = if *verify { Checking::All } else { Checking::Newest };
        Ok(ecs_backup::plan(folders.survey(options, checking)?, options))
    }

    /// Refuses the folder of another server, and gives the exit status for that.
    fn refuse(&mut self, plan: &Plan) -> Option<u8> {
        let host = plan.other_host.as_ref()?;
        self.tell([other_host(&self.config.options, host)]);
        Some(USAGE)
    }

    fn see(&mut self, event: Event<'_>, notices: &mut Notices) {
        let options = &self.config.options;
        if let Some(notice) = event.notice(options) {
            notices.add(notice);
        }
        if let Some(line) = event.show(options).filter(|_| self.config.verbose) {
            let _ = self.stdout.write_all(line.as_bytes());
        }
        if let Event::Ends { how_far, told } = event {
            for line in notices.lines(how_far, told) {
                say(self.stderr, &line);
            }
        }
    }
}

/// Prints one line. It does not matter if nobody can read it.
fn say(stderr: &mut impl Write, line: &str) {
    // One call, so that the lines of two runs do not mix.
    let _ = stderr.write_all(format!("backup_ecs: {line}\n").as_bytes());
}

/// Prints what was asked for. A reader that stops early, as in `| head`, is not a failure.
fn print(text: &str, stdout: &mut impl Write, stderr: &mut impl Write) -> u8 {
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => 0,
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => 0,
        Err(cause) => {
            let line = format!("standard output: cannot write: {cause}; see where it goes");
            say(stderr, &line);
            INCOMPLETE
        }
    }
}
