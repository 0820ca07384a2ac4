//! The program `sipstat_cm` as a function of its arguments: composes finding logs, reading, counting and reporting.

mod args;
mod inputs;
mod list;
mod live;
mod machine;
mod messages;
mod progress;
mod screen;
mod status;

use std::ffi::OsString;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use ecs_log::{Inputs, Role};
use ecs_trace::{Readers, StreamedLogs, batch};
use sip_report::{Input, Read, Report};
use sip_stats::Timeline;

use crate::args::{Command, Config};
use crate::messages::{INCOMPLETE, NOTHING};
use crate::progress::Progress;
use crate::screen::{Line, Output};

/// The command line as a whole, of which man pages and completions are made.
pub fn command() -> clap::Command {
    args::command()
}

/// Runs the program: tables go to `stdout`, what people must know to `stderr`.
pub fn run(args: impl IntoIterator<Item = OsString>, stdout: &mut impl Write, stderr: &mut impl Write) -> ExitCode {
    let result = match Config::from_args(args) {
        Ok(Command::Count(config)) => count(*config, stdout, stderr),
        Ok(Command::Follow(config)) => live::follow(*config, stdout, stderr),
        Ok(Command::List(request)) => list::list(&request, stdout, stderr),
        Ok(Command::Show(text)) => stdout.write_all(text.as_bytes()).map(|()| 0),
        Err(message) => Ok(messages::say(stderr, NOTHING, &message)),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // Whoever reads has read enough: `| head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => ExitCode::from({
            let line = format!("standard output: cannot write: {error}");
            messages::say(stderr, INCOMPLETE, &line)
        }),
    }
}

/// Counts in the logs that are there; the exit status.
fn count(config: Config, stdout: &mut impl Write, stderr: &mut impl Write) -> io::Result<u8> {
    machine::lower_priority();
    let Config {
        request,
        gather,
        jobs,
        form,
    } = config;
    let line = Line::new();
    let progress = Progress::new(&line);
    let out = BufWriter::new(Output::new(stdout, &line));
    let mut report = Report::new(out, form, Timeline::batch(gather.interval));
    let readers = Readers {
        gather: &gather,
        jobs,
        observer: &progress,
    };
    let mut inputs = Inputs::new(&request);
    // Of the last logs only, nobody knows yet which they are.
    let early = request.last.is_none().then_some(&mut report);
    let streamed = StreamedLogs::read(&readers, &mut inputs, early);
    line.clear();
    let streamed = streamed?;
    let selection = inputs.select();
    let logs = &selection.logs;
    let mut problems = messages::say_of_choice(stderr, &selection, streamed.lost(logs), streamed.unjoined());
    let counted = logs.iter().filter(|chosen| chosen.role == Role::Counted).count();
    if counted == 0 {
        return Ok(messages::say_nothing(stderr, &problems, &request));
    }
    let asked = counted.saturating_add(problems.len());
    let fates = batch(&readers, logs, streamed, &mut report);
    line.clear();
    let fates = fates?;
    let mut became: Vec<Input> = selection
        .problems
        .iter()
        .map(|error| inputs::of_error(error, Read::Not))
        .collect();
    became.extend(inputs::of_logs(logs, &fates));
    let closed = report.close(&became);
    problems.extend(messages::of_fates(&fates));
    messages::say_all(stderr, &problems);
    let is_counted = |place: usize| logs.get(place).is_some_and(|chosen| chosen.role == Role::Counted);
    let unread = fates
        .iter()
        .filter(|(place, fate)| is_counted(*place) && !fate.is_read());
    let read = counted.saturating_sub(unread.count());
    if request.range.is_none() {
        messages::say_if_no_record(stderr, report.summary(), counted.saturating_sub(fates.len()));
    }
    let status = messages::close(stderr, report.summary(), problems.len(), asked);
    closed?;
    Ok(if read == 0 { NOTHING } else { status })
}
