//! The program `backup_ecs` as a function of its arguments: it looks, plans, copies, and tells what happened.

mod args;
mod messages;
mod process;
mod show;
mod status;

use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use ecs_backup::{Checking, CopyReason, Error, Event, Folders, Plan, Watcher};

use crate::args::{Command, Config, Task};
use crate::messages::Renamed;
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
pub fn run(args: impl IntoIterator<Item = OsString>, stdout: &mut impl Write, stderr: &mut impl Write) -> ExitCode {
    let code = match Config::from_args(args) {
        Ok(Command::Backup(config)) => {
            let result = match config.task {
                Some(Task::Status) => status(&config, stdout, stderr),
                None if config.dry_run => dry_run(&config, stdout, stderr),
                None => back_up(&config, stdout, stderr),
            };
            result.unwrap_or_else(|error| {
                let is_usage = error.is_same_folder() || error.is_open_to_all();
                let code = if is_usage { USAGE } else { INCOMPLETE };
                messages::say(stderr, code, &messages::of_error(&error, &config.options))
            })
        }
        Ok(Command::Show(text)) => print(&text, stdout, stderr),
        Err(message) => messages::say(stderr, USAGE, &message),
    };
    ExitCode::from(code)
}

fn status(config: &Config, stdout: &mut impl Write, stderr: &mut impl Write) -> Result<u8, Error> {
    process::set_up();
    let status = ecs_backup::status(&config.options)?;
    Ok(print(&status::text(&status, &config.options), stdout, stderr))
}

fn dry_run(config: &Config, stdout: &mut impl Write, stderr: &mut impl Write) -> Result<u8, Error> {
    process::set_up();
    let options = &config.options;
    let folders = Folders::look(options)?;
    let plan = look(&folders, config)?;
    if let Some(code) = refuse(&plan, config, stderr) {
        return Ok(code);
    }
    let printed = print(&show::plan(&plan, options), stdout, stderr);
    let told = tell(&plan, config, stderr);
    Ok(printed.max(told))
}

fn back_up(config: &Config, stdout: &mut impl Write, stderr: &mut impl Write) -> Result<u8, Error> {
    process::set_up();
    let (signals, options) = (Signals::catch(), &config.options);
    let folders = Folders::prepare(options)?;
    let Some(lock) = folders.lock(config.wait)? else {
        return Ok(messages::say(stderr, LOCKED, &messages::locked(options)));
    };
    let plan = look(&folders, config)?;
    if let Some(code) = refuse(&plan, config, stderr) {
        return Ok(code);
    }
    let told = tell(&plan, config, stderr);
    if config.verbose {
        let _ = stdout.write_all(show::passed_over(&plan).as_bytes());
    }
    let mut renamed = Vec::new();
    let mut see = |event: Event<'_>| {
        if let Event::Copied { log, file, reason, .. } = &event
            && *reason == CopyReason::SecondName
        {
            renamed.push(Renamed { log: *log, file: *file });
        }
        report(&event, config, stdout, stderr);
    };
    let watcher = Watcher {
        report: &mut see,
        is_to_end: &signals.is_to_end,
    };
    let outcome = folders.carry_out(&lock, plan, options, watcher);
    if let Some(message) = messages::renamed(options, &renamed) {
        messages::say(stderr, told, &message);
    }
    if config.verbose {
        // The logs are saved even if nobody can read about it.
        let _ = stdout.write_all(show::outcome(&outcome).as_bytes());
        let _ = stdout.flush();
    }
    let code = if outcome.n_failed > 0 { INCOMPLETE } else { told };
    Ok(signals.status().unwrap_or(code))
}

fn look(folders: &Folders, config: &Config) -> Result<Plan, Error> {
    let checking = if config.verify { Checking::All } else { Checking::Newest };
    let survey = folders.survey(&config.options, checking)?;
    Ok(ecs_backup::plan(survey, &config.options))
}

/// Refuses the folder of another server, and gives the exit status for that.
fn refuse(plan: &Plan, config: &Config, stderr: &mut impl Write) -> Option<u8> {
    let host = plan.other_host.as_ref()?;
    Some(messages::say(
        stderr,
        USAGE,
        &messages::other_host(&config.options, host),
    ))
}

/// Tells what the plan shows as lost, nearly lost or damaged, and gives the exit status for that.
fn tell(plan: &Plan, config: &Config, stderr: &mut impl Write) -> u8 {
    let options = &config.options;
    let mut code = 0;
    if config.verify {
        for damage in &plan.survey.damaged {
            code = messages::say(stderr, INCOMPLETE, &messages::damaged(options, damage));
        }
    }
    if plan.logs.is_empty() {
        code = messages::say(stderr, INCOMPLETE, &messages::no_logs(options));
    }
    for gap in &plan.gaps {
        code = messages::say(stderr, INCOMPLETE, &messages::gap(options, *gap));
    }
    for log in &plan.shrunk {
        messages::say(stderr, code, &messages::shrunk(options, *log));
    }
    if let Some(margin) = plan.narrow_margin {
        messages::say(stderr, code, &messages::narrow_margin(options, margin));
    }
    code
}

fn report(event: &Event<'_>, config: &Config, stdout: &mut impl Write, stderr: &mut impl Write) {
    let options = &config.options;
    match event {
        Event::Failed(error) => {
            messages::say(stderr, INCOMPLETE, &messages::of_error(error, options));
        }
        Event::GoneAgain(n) => {
            messages::say(stderr, 0, &messages::gone_again(options, *n));
        }
        Event::MoreWithoutRoom(n) => {
            messages::say(stderr, INCOMPLETE, &messages::more_without_room(options, *n));
        }
        Event::Vanished(log) => {
            messages::say(stderr, INCOMPLETE, &messages::vanished(options, &log.to_string()));
        }
        _ if config.verbose => {
            let line = show::event(event, options).unwrap_or_default();
            let _ = stdout.write_all(line.as_bytes());
        }
        _ => {}
    }
}

/// Prints what was asked for. A reader that stops early, as in `| head`, is not a failure.
fn print(text: &str, stdout: &mut impl Write, stderr: &mut impl Write) -> u8 {
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => 0,
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => 0,
        Err(cause) => messages::say(stderr, INCOMPLETE, &messages::no_output(&cause)),
    }
}
