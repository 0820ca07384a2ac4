//! The program `sipstat_cm` as a function of its arguments: composes finding logs, scanning, counting and reporting.

mod args;
mod batch;
mod block;
mod live;
mod logs;
mod merge;
mod messages;
mod priority;
mod progress;
mod round;
mod scan;
mod set_aside;

use std::ffi::OsString;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use ecs_log::{Inputs, Request, Selection};
use sip_stats::Report;

use crate::args::{Config, Start};
use crate::batch::{Batch, Failed};
use crate::logs::Logs;
use crate::set_aside::SetAside;

/// Some input could not be read, or the output not be written.
const INCOMPLETE: u8 = 1;
/// Wrong usage, or nothing to read.
const NOTHING: u8 = 2;

/// The command line as a whole, of which man pages and completions are made.
pub fn command() -> clap::Command {
    args::command()
}

/// Runs the program: tables go to `stdout`, what people must know to `stderr`.
pub fn run(args: impl IntoIterator<Item = OsString>, stdout: &mut impl Write, stderr: &mut impl Write) -> ExitCode {
    let result = match Config::from_args(args) {
        Ok(Start::Count(config)) => count(*config, stdout, stderr),
        Ok(Start::Show(text)) => stdout.write_all(text.as_bytes()).map(|()| 0).map_err(Failed::Output),
        Ok(Start::Follow(config)) => live::follow(*config, stdout, stderr),
        Err(message) => Ok(messages::say(stderr, NOTHING, &message)),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // Whoever reads has read enough: `| head`.
        Err(Failed::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failed) => ExitCode::from(messages::say(stderr, INCOMPLETE, &failed.to_string())),
    }
}

fn count(config: Config, stdout: &mut impl Write, stderr: &mut impl Write) -> Result<u8, Failed> {
    priority::lower();
    let Config {
        request,
        settings,
        jobs,
    } = config;
    let mut report = Report::new(BufWriter::new(stdout));
    let mut inputs = Inputs::new(&request);
    let set_aside = SetAside::read(&mut inputs, &request, &settings, &mut report)?;
    let Selection {
        logs,
        problems,
        passed_over,
        namesakes,
    } = inputs.select();
    let logs = Logs::new(logs, |_| true);
    messages::say_passed_over(stderr, &passed_over);
    messages::say_namesakes(stderr, &namesakes);
    let mut problems: Vec<String> = problems.iter().map(messages::of_error).collect();
    problems.extend(set_aside.problems(&logs.counted));
    if logs.counted.is_empty() {
        if problems.is_empty() {
            problems.push(no_logs(&request));
        }
        messages::say_all(stderr, &problems);
        return Ok(NOTHING);
    }
    let asked = logs.counted.len().saturating_add(problems.len());
    let SetAside { starts, held, .. } = set_aside;
    let batch = Batch::new(&logs, settings).with_starts(&starts);
    let failures = batch.run(held, jobs, &mut report)?;
    report.finish().map_err(Failed::Output)?;
    problems.extend(failures.iter().map(messages::of_error));
    messages::say_all(stderr, &problems);
    messages::close(stderr, &report, problems.len(), asked);
    let is_complete = problems.is_empty() && report.late() == 0;
    Ok(if is_complete { 0 } else { INCOMPLETE })
}

fn no_logs(request: &Request) -> String {
    let inputs = request.inputs.iter().map(AsRef::as_ref);
    let folders = request.folders.iter().map(AsRef::as_ref);
    let places: Vec<String> = if request.inputs.is_empty() {
        folders.map(ecs_log::escape_path).collect()
    } else {
        inputs.map(ecs_log::escape_path).collect()
    };
    let places = places.join(", ");
    if request.range.is_some() {
        return format!("no log of that time in {places}; widen the range, or give -d DIR");
    }
    format!("no ECS logs, such as 2017-0427-084412.log, in {places}; name files or folders, or give -d DIR")
}

/// Output errors that a writer gave.
impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Failed {
        Failed::Output(error)
    }
}
