//! What people are told, on standard error, a line each.

use std::io::{self, ErrorKind, IsTerminal, Write};

use ecs_log::{Error, Request, Selection, escape_path};
use ecs_trace::{Fates, Unheld};
use sip_report::AnyReport;
use sip_stats::Summary;
use whole_file::{NotMade, Why};

/// The exit status where some input could not be read, or the output not be written.
pub(crate) const INCOMPLETE: u8 = 1;
/// The exit status where the usage is wrong, or there is nothing to read.
pub(crate) const NOTHING: u8 = 2;
/// The exit status of a check that tells nothing.
pub(crate) const UNKNOWN: u8 = 3;

const PROGRAM: &str = "sipstat_cm";

/// Says one line and gives back the exit status `code`. If nobody listens, so be it.
pub(crate) fn say(stderr: &mut impl Write, code: u8, line: &str) -> u8 {
    let _ = writeln!(stderr, "{PROGRAM}: {line}");
    code
}

pub(crate) fn say_all(stderr: &mut impl Write, lines: &[String]) {
    for line in lines {
        say(stderr, 0, line);
    }
}

/// Says what is to be known of the logs that were chosen; gives back what could not be read, or not be held.
pub(crate) fn say_of_choice(stderr: &mut impl Write, chosen: &Selection, unheld: Unheld) -> Vec<String> {
    for error in &chosen.passed_over {
        say(stderr, 0, &format!("note: {error}"));
    }
    for namesakes in &chosen.namesakes {
        say(stderr, 0, &format!("note: {namesakes}"));
    }
    chosen.problems.iter().map(of_error).chain(unheld.lines()).collect()
}

/// What is wrong with one input, and what to do.
pub(crate) fn of_error(error: &Error) -> String {
    let advice = match error.io_kind() {
        _ if error.is_vanished() => ": the server deletes its oldest logs; back them up more often",
        Some(ErrorKind::PermissionDenied) => "; run it as a user of group susers",
        Some(ErrorKind::NotFound) => "; check the name",
        Some(ErrorKind::UnexpectedEof | ErrorKind::InvalidData) => "; what came before is counted",
        _ => "",
    };
    let cause = std::error::Error::source(error).map_or_else(String::new, |cause| format!(": {cause}"));
    format!("{error}{cause}{advice}")
}

/// Why a file was not made, and what to do.
pub(crate) fn of_file(error: &NotMade) -> String {
    let advice = match error.why() {
        Why::Exists => "; give another name, or --force to replace it",
        Why::IsRead => "; give another name",
        Why::NotAFile => "; name a file, or - for standard output",
        _ => "",
    };
    format!("{}: {error}{advice}", escape_path(error.path()))
}

/// The logs that could not be read, or not to their end.
pub(crate) fn of_fates(fates: &Fates) -> Vec<String> {
    let errors = fates.iter().filter_map(|(_, fate)| fate.error());
    errors.map(of_error).collect()
}

/// Says why there is nothing to read; the exit status.
pub(crate) fn say_nothing(stderr: &mut impl Write, problems: &[String], request: &Request) -> u8 {
    say_all(stderr, problems);
    if !problems.is_empty() {
        return NOTHING;
    }
    say(stderr, NOTHING, &request.why_nothing())
}

/// Says that the logs hold no record of SIP, if so. `sound` counts those that were read whole and are not empty.
pub(crate) fn say_if_no_record(stderr: &mut impl Write, summary: &Summary, sound: usize) {
    if summary.records == 0 && sound > 0 {
        let logs = if sound == 1 { "log" } else { "logs" };
        let line = format!("{sound} {logs}, no SIP record: is MST set for a signaling group?");
        say(stderr, 0, &line);
    }
}

/// What is not told, and the closing line: on a terminal what was counted in all, and what was damaged, late, or could not be
/// read; the exit status.
pub(crate) fn close(stderr: &mut impl Write, report: &AnyReport<impl Write>, unread: usize, asked: usize) -> u8 {
    let summary = report.summary();
    if let Some(line) = report.missed() {
        say(stderr, 0, &line);
    }
    let is_seen = io::stderr().is_terminal();
    let in_all = is_seen.then(|| sip_report::in_all(summary, asked));
    let unread_inputs =
        (unread > 0).then(|| format!("{unread} of {asked} inputs could not be read, or not to the end"));
    let parts = in_all
        .into_iter()
        .chain(sip_report::closing(summary))
        .chain(unread_inputs);
    let parts: Vec<String> = parts.collect();
    if !parts.is_empty() {
        say(stderr, 0, &parts.join("; "));
    }
    let is_complete = unread == 0 && summary.late == 0;
    if is_complete { 0 } else { INCOMPLETE }
}
