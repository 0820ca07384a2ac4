//! The program `sipstat_cm` as a function of its arguments: composes finding logs, reading, counting and reporting.

mod args;
mod inputs;
mod list;
mod live;
mod machine;
mod made;
mod messages;
mod pcap;
mod progress;
mod read;
mod reported;
mod screen;
mod status;
mod whole_file;

use std::ffi::OsString;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use sip_report::CheckStatus;

use crate::args::{Command, Config};
use crate::made::Made;
use crate::messages::{INCOMPLETE, NOTHING, UNKNOWN};
use crate::pcap::Pcap;
use crate::read::Job;
use crate::reported::Reported;
use crate::screen::{Line, Output};
use crate::whole_file::NotMade;

/// The command line as a whole, of which man pages and completions are made.
pub fn command() -> clap::Command {
    args::command()
}

/// Runs the program: tables go to `stdout`, what people must know to `stderr`.
pub fn run(args: impl IntoIterator<Item = OsString>, stdout: &mut impl Write, stderr: &mut impl Write) -> ExitCode {
    let words: Vec<OsString> = args.into_iter().collect();
    let is_check = args::is_check(&words);
    let result = match Config::from_args(words) {
        Ok(Command::Count(config)) => count(*config, stdout, stderr),
        Ok(Command::Follow(config)) => live::follow(*config, stdout, stderr),
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
                Some(not_made) => not_made.to_string(),
                None => format!("standard output: cannot write: {error}"),
            };
            messages::say(stderr, if is_check { UNKNOWN } else { INCOMPLETE }, &line)
        }),
    }
}

/// Makes what is asked for of the logs that are there, and packets beside; the exit status.
fn count(config: Config, stdout: &mut impl Write, stderr: &mut impl Write) -> io::Result<u8> {
    machine::lower_priority();
    let pcap = match Pcap::begin(config.pcap.as_ref()) {
        Ok(pcap) => pcap,
        Err(error) => return Ok(messages::say(stderr, NOTHING, &error.to_string())),
    };
    let line = Line::new();
    let (out, packets) = pcap.outputs(Output::new(stdout, &line))?;
    let mut sink = (Made::new(&config, BufWriter::new(out), false), packets);
    let job = Job {
        request: &config.request,
        gather: &(made::gathers(&config), pcap.gather(&config.gather.filter)),
        jobs: config.jobs,
        line: &line,
    };
    let status = match job.read(&mut sink, stderr) {
        Err(error) => return pcap.give_up(error, stderr),
        Ok(None) if config.is_check() => {
            sink.0.close(&[])?;
            return Ok(sink.0.status().unwrap_or(NOTHING));
        }
        Ok(None) => return Ok(NOTHING),
        Ok(Some(reading)) => {
            let closed = sink.0.close(&reading.became);
            if let Some(line) = sink.missed() {
                messages::say(stderr, 0, &line);
            }
            let status = reading.close(sink.0.summary(), &config.request, stderr);
            if let Err(error) = closed {
                return pcap.give_up(error, stderr);
            }
            status
        }
    };
    if let Some(status) = sink.0.status() {
        return Ok(status);
    }
    if status == NOTHING {
        return Ok(NOTHING);
    }
    let told = sink.1.map(|packets| packets.told());
    Ok(pcap.close(told, stderr).unwrap_or(status))
}
