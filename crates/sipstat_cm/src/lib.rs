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
    let is_check = args::is_check(&words);
    let result = match Config::from_args(words) {
        Ok(Command::Report(config)) => report(&config, stdout, stderr),
        Ok(Command::List(request)) => list::list(&request, stdout, stderr),
        Ok(Command::Show(text)) => stdout.write_all(text.as_bytes()).map(|()| 0),
        Err(message) => {
            messages::say(stderr, 0, &message);
            match is_check {
                true => writeln!(stdout, "{}", CheckStatus::Unknown.line(&message)).map(|()| UNKNOWN),
                false => Ok(NOTHING),
            }
        }
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // Whoever reads has read enough: `| head`.
        Err(error) if !is_check && error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => ExitCode::from({
            let line = match NotMade::of(&error) {
                Some(not_made) => messages::of_file(not_made),
                None => format!("standard output: cannot write: {error}"),
            };
            messages::say(stderr, if is_check { UNKNOWN } else { INCOMPLETE }, &line)
        }),
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
