//! The program `sipstat_cm` as a function of its arguments: composes finding logs, reading, counting and reporting.

mod args;
mod inputs;
mod list;
mod live;
mod machine;
mod messages;
mod pcap;
mod progress;
mod read;
mod screen;
mod sliced;
mod status;
mod whole_calls;

use std::ffi::OsString;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use sip_report::CheckStatus;
use whole_file::NotMade;

use crate::args::{Command, Config};
use crate::messages::{INCOMPLETE, NOTHING, UNKNOWN};
use crate::pcap::Pcap;
use crate::read::{Job, Sinks};
use crate::screen::{Line, Output};
use crate::sliced::Whole;

/// The command line as a whole, of which man pages and completions are made.
pub fn command() -> clap::Command {
    args::command()
}

/// Runs the program: tables go to `stdout`, what people must know to `stderr`.
pub fn run(args: impl IntoIterator<Item = OsString>, stdout: &mut impl Write, stderr: &mut impl Write) -> ExitCode {
    let words: Vec<OsString> = args.into_iter().collect();
    ExitCode::from(match args::is_check(&words) {
        true => check(words, stdout, stderr),
        false => match run_words(words, stdout, stderr) {
            Ok(code) => code,
            Err(Failure::Usage(message)) => messages::say(stderr, NOTHING, &message),
            // Whoever reads has read enough: `| head`.
            Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => 0,
            Err(Failure::Output(error)) => messages::say(stderr, INCOMPLETE, &not_written(&error)),
        },
    })
}

/// Runs a check. Its line comes first: a monitor may read both outputs as one. No `|` comes behind it, where numbers would begin.
fn check(words: Vec<OsString>, stdout: &mut impl Write, stderr: &mut impl Write) -> u8 {
    let (mut line, mut said) = (Vec::new(), Vec::new());
    let code = match run_words(words, &mut line, &mut said) {
        Ok(code) => code,
        Err(Failure::Usage(message)) => {
            line = format!("{}\n", CheckStatus::Unknown.line(&message)).into_bytes();
            UNKNOWN
        }
        Err(Failure::Output(error)) => messages::say(&mut said, UNKNOWN, &not_written(&error)),
    };
    let written = stdout.write_all(&line).and_then(|()| stdout.flush());
    // If nobody listens, so be it.
    let _ = stderr.write_all(&without_bars(&said));
    match written {
        Ok(()) => code,
        Err(error) => messages::say(stderr, UNKNOWN, &not_written(&error)),
    }
}

/// The same, with `\x7c` for each `|`.
fn without_bars(text: &[u8]) -> Vec<u8> {
    text.split(|byte| *byte == b'|').collect::<Vec<_>>().join(&br"\x7c"[..])
}

/// Why the program ends without having done what it was asked for.
enum Failure {
    Usage(String),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

fn not_written(error: &io::Error) -> String {
    match NotMade::of(error) {
        Some(not_made) => messages::of_file(not_made),
        None => format!("standard output: cannot write: {error}"),
    }
}

/// Does what the command line asks for; the exit status.
fn run_words(words: Vec<OsString>, stdout: &mut impl Write, stderr: &mut impl Write) -> Result<u8, Failure> {
    // The Monitoring Plugins end with UNKNOWN where help is shown.
    let shown = if args::is_check(&words) { UNKNOWN } else { 0 };
    match Config::from_args(words).map_err(Failure::Usage)? {
        Command::Report(config) => Ok(report(&config, stdout, stderr)?),
        Command::List(request) => Ok(list::list(&request, stdout, stderr)?),
        Command::Show(text) => {
            stdout.write_all(text.as_bytes())?;
            Ok(shown)
        }
    }
}

/// Makes what is asked for of the logs, and packets beside; the exit status.
fn report(config: &Config, stdout: &mut impl Write, stderr: &mut impl Write) -> io::Result<u8> {
    this_process::lower_priority();
    let line = Line::new();
    if config.whole_calls {
        return match whole_calls::of_matches(config, &line, stderr)? {
            Some(whole) => report(&whole, stdout, stderr),
            None => Ok(NOTHING),
        };
    }
    if let Some(line) = why_not_followed(config) {
        return Ok(messages::say(stderr, NOTHING, &line));
    }
    let pcap = match Pcap::begin(config.pcap.as_ref(), &config.request) {
        Ok(pcap) => pcap,
        Err(error) => return Ok(messages::say(stderr, NOTHING, &messages::of_file(&error))),
    };
    let (out, packets) = pcap.outputs(Output::new(stdout, &line))?;
    let report = config.kind.report(BufWriter::new(out), &config.count, config.is_live);
    let mut sink: Sinks<'_> = (report, packets);
    let whole = Whole {
        config,
        pcap: &pcap,
        line: &line,
    };
    let status = read(&whole, &mut sink, stderr);
    if config.is_check() && status.is_ok() {
        // Where nothing was there to read, that is not said yet.
        if sink.0.status().is_none() {
            sink.0.close(&[])?;
        }
        return Ok(sink.0.status().map_or(UNKNOWN, CheckStatus::code));
    }
    match status {
        Err(error) => pcap.give_up(error, stderr),
        Ok(NOTHING) => Ok(NOTHING),
        Ok(status) => Ok(pcap.close(sink.1, stderr).unwrap_or(status)),
    }
}

/// Why what is to be followed cannot be, if so.
fn why_not_followed(config: &Config) -> Option<String> {
    let mut folders = config.request.folders.iter().filter(|_| config.is_live);
    folders.find_map(|folder| ecs_log::why_not_followed(folder))
}

/// Reads the logs; the exit status.
fn read(whole: &Whole<'_>, sinks: &mut Sinks<'_>, stderr: &mut impl Write) -> io::Result<u8> {
    let Whole { config, pcap, line } = *whole;
    let job = Job {
        request: &config.request,
        gather: &(config.kind.gather(&config.count), pcap.gather(&config.count.filter)),
        jobs: config.jobs,
        line,
    };
    if config.is_live {
        return job.follow(sinks, stderr);
    }
    match sliced::stretches(config) {
        slices if slices.is_empty() => job.read(sinks, stderr),
        slices => sliced::read(whole, &slices, sinks, stderr),
    }
}
