//! What `-v` and `--dry-run` print on standard output.

use std::fmt::Write as _;

use crate::count::counted;
use crate::event::{Event, Outcome};
use crate::foresee::Foreseen;
use crate::hold::HoldName;
use crate::names::LogFile;
use crate::options::{Form, Options};
use crate::plan::{CopyReason, Decision, LeaveReason, Plan, Verdict};
use crate::room::DiskUse;
use crate::survey::{Backup, PassedOver};

impl Plan {
    /// A line for each decision, and a summary.
    pub(crate) fn show(&self, options: &Options, foreseen: &Foreseen) -> String {
        plan(self, options, foreseen)
    }
}

fn plan(plan: &Plan, options: &Options, foreseen: &Foreseen) -> String {
    let survey = &plan.survey;
    let mut text = passed_over(plan);
    for name in &survey.stale {
        let _ = writeln!(
            text,
            "remove {}: a killed run left it",
            ecs_log::escape(name.as_bytes())
        );
    }
    for file in &survey.holds.to_move {
        let hold = survey.holds.of(file.name).map_or("", HoldName::as_str);
        text.push_str(&moved(*file, hold));
    }
    let percent = survey
        .disk
        .map_or_else(|| "unknown".to_owned(), |disk| format!("{} %", disk.percent()));
    let limit = options.max_use.get();
    for decision in &plan.logs {
        text.push_str(&decided(plan, decision, foreseen));
    }
    let n_copies = plan.copies().count().saturating_sub(foreseen.unreadable.len());
    let n_logs = plan.logs.len();
    let n_backups = survey.backups.len();
    let _ = writeln!(
        text,
        "{n_copies} of {} to copy as {}; then the oldest of {} go where use reaches {limit} % by \
         that, use now {percent}",
        counted(n_logs, "log"),
        match options.form {
            Form::Plain => "they are".to_owned(),
            Form::Gzip(level) => format!("gzip -{}", level.get()),
        },
        counted(n_backups, "backup"),
    );
    text
}

/// The line for one log.
fn decided(plan: &Plan, decision: &Decision, foreseen: &Foreseen) -> String {
    let log = decision.source.log;
    match decision.verdict {
        _ if foreseen.unreadable.contains_key(&log.name) => format!("cannot copy {log}: it cannot be opened\n"),
        // Only the run knows whether there will be.
        Verdict::Copy(copy) if !copy.may_delete => format!("copy {log} if there is room: its backup is gone\n"),
        Verdict::Copy(copy) if is_room_unsure(plan, copy.size) => {
            format!("copy {log} if room can be made: {}\n", why_copied(copy.reason))
        }
        Verdict::Copy(copy) => format!("copy {log}: {}\n", why_copied(copy.reason)),
        Verdict::Leave(reason) => format!("leave {log}: {}\n", why_left(reason)),
    }
}

/// Whether a log of so many bytes may not fit. How small it gets is known only when it is compressed.
fn is_room_unsure(plan: &Plan, size: u64) -> bool {
    let is_unsure = |disk: DiskUse| size > disk.available_bytes() || !disk.can_make_file;
    plan.survey.disk.is_some_and(is_unsure)
}

fn moved(file: LogFile, hold: &str) -> String {
    let hold = ecs_log::escape(hold.as_bytes());
    format!("move {file} to held/{hold}\n")
}

/// The line for a backup that goes back from a hold.
pub(crate) fn moved_back(hold: &HoldName, from: LogFile, to: LogFile) -> String {
    let hold = ecs_log::escape(hold.as_str().as_bytes());
    let name = if from == to {
        String::new()
    } else {
        format!(" as {to}, since there is another of this name")
    };
    format!("move held/{hold}/{from} back{name}\n")
}

/// A line for each thing whose name matches the pattern and that is not a log.
pub(crate) fn passed_over(plan: &Plan) -> String {
    let line = |other: &PassedOver| {
        let name = ecs_log::escape(other.name.as_bytes());
        let why = if other.is_no_file {
            "it is not a regular file"
        } else {
            "its name is not that of a log"
        };
        format!("pass over {name}: {why}\n")
    };
    plan.survey.others.iter().map(line).collect()
}

impl Event<'_> {
    /// The line for whoever wants to know all, unless it is a failure.
    pub fn show(&self, options: &Options) -> Option<String> {
        event(self, options)
    }
}

fn event(event: &Event<'_>, options: &Options) -> Option<String> {
    match event {
        Event::Copied {
            file,
            reason,
            read,
            written,
            ..
        } => {
            let why = why_copied(*reason);
            Some(format!("copied {file}: {why}, {read} bytes, {written} as backup\n"))
        }
        Event::Pruned { backup, bytes, percent } => {
            let limit = options.max_use.get();
            let files = files(*backup);
            Some(format!(
                "deleted {files}: the oldest, use was {percent} %, the limit {limit} %, {bytes} bytes\n"
            ))
        }
        Event::Held { file, hold } => Some(moved(*file, hold.as_str())),
        Event::NoFreeRoom(log) => Some(format!(
            "left {log}: its backup is gone, and no other is deleted for it\n"
        )),
        Event::Vanished(_) | Event::Lost(_) | Event::GoneAgain { .. } | Event::Failed(_) | Event::Ends { .. } => None,
    }
}

impl Outcome {
    /// The line at the end of a run.
    pub fn show(&self) -> String {
        outcome(self)
    }
}

fn outcome(outcome: &Outcome) -> String {
    let permille = outcome.written.saturating_mul(1000);
    let permille = permille.checked_div(outcome.read).unwrap_or(0);
    let mut text = format!(
        "{}, {}, {} as backups, ratio {}.{} %, {} pruned",
        counted(outcome.n_copied, "file"),
        counted(outcome.read, "byte"),
        outcome.written,
        permille / 10,
        permille % 10,
        outcome.n_pruned
    );
    if outcome.n_failed > 0 {
        let _ = write!(text, ", {}", counted(outcome.n_failed, "failure"));
    }
    if let Some(percent) = outcome.percent {
        let _ = write!(text, ", use {percent} %");
    }
    text + "\n"
}

fn files(backup: Backup) -> String {
    let files: Vec<String> = backup.files().map(|file| file.to_string()).collect();
    files.join(" and ")
}

fn why_copied(reason: CopyReason) -> &'static str {
    match reason {
        CopyReason::New => "it has no backup",
        CopyReason::Grown => "it went on after it was saved",
        CopyReason::Damaged => "its backup is damaged",
        CopyReason::FailedBefore => "an earlier run failed to save it",
        CopyReason::SecondName => "the backup of this name is of another log, and stays",
        CopyReason::BesideDamaged => "the backup of this name is damaged or cannot be read, and stays",
        CopyReason::BackupGone => "its backup is gone, and there is room",
    }
}

fn why_left(reason: LeaveReason) -> &'static str {
    match reason {
        LeaveReason::Saved => "it has a backup",
        LeaveReason::Pruned => "its backup was deleted to make room",
        LeaveReason::Shrunk(_) => "it has only the beginning of what its backup has",
    }
}
