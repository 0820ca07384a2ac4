//! The program `backup_ecs` as a function of its arguments: reads them, lets `ecs-backup` do what they ask for, and prints what
//! it is told.

mod args;
mod process;

use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use ecs_backup::{Audience, End, Operator};

use crate::args::{Command, Config};
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
    let is_terminal = stderr.is_terminal();
    let mut streams = Streams { stdout, stderr };
    ExitCode::from(match Config::from_args(args, is_terminal) {
        Ok(Command::Do(config)) => carry_out(&config, &mut streams),
        Ok(Command::Show(text)) if streams.answer(&text) => 0,
        Ok(Command::Show(_)) => INCOMPLETE,
        Err(message) => {
            streams.tell(&message);
            USAGE
        }
    })
}

fn carry_out(config: &Config, audience: &mut dyn Audience) -> u8 {
    process::set_up();
    let signals = Signals::default();
    let operator = Operator {
        options: &config.options,
        manner: config.manner,
        audience,
        begin: &|| signals.catch(),
    };
    let end = match operator.run(&config.request) {
        End::Well => 0,
        End::Incomplete => INCOMPLETE,
        End::Refused => USAGE,
        End::Locked => LOCKED,
    };
    signals.status().unwrap_or(end)
}

/// Where the program prints.
struct Streams<'a, O, E> {
    stdout: &'a mut O,
    stderr: &'a mut E,
}

impl<O: Write, E: Write> Audience for Streams<'_, O, E> {
    fn tell(&mut self, line: &str) -> bool {
        // One call, so that the lines of two runs do not mix.
        let written = self.stderr.write_all(format!("backup_ecs: {line}\n").as_bytes());
        written.is_ok() && !process::is_stderr_closed()
    }

    fn show(&mut self, text: &str) {
        // The logs are saved even if nobody can read about it.
        let _ = self
            .stdout
            .write_all(text.as_bytes())
            .and_then(|()| self.stdout.flush());
    }

    fn answer(&mut self, text: &str) -> bool {
        match self
            .stdout
            .write_all(text.as_bytes())
            .and_then(|()| self.stdout.flush())
        {
            Ok(()) => true,
            // A reader that stops early, as in `| head`, is not a failure.
            Err(cause) if cause.kind() == ErrorKind::BrokenPipe => true,
            Err(cause) => {
                self.tell(&format!("standard output: cannot write: {cause}; see where it goes"));
                false
            }
        }
    }
}
