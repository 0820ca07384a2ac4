//! What `-v` and `--dry-run` print on standard output.

use std::fmt::Write as _;

use crate::event::{Event, Outcome};
use crate::hold::HoldName;
use crate::names::LogFile;
use crate::options::{Form, Options};
use crate::plan::{CopyReason, LeaveReason, Plan, Verdict};
use crate::survey::{Backup, PassedOver};

impl Plan {
    /// A line for each decision, and a summary.
    pub fn show(&self, options: &Options) -> String {
        plan(self, options)
    }
}

fn plan(plan: &Plan, options: &Options) -> String {
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
        let log = decision.source.log;
        let _ = match decision.verdict {
            // Only the run knows whether there will be.
            Verdict::Copy(copy) if !copy.may_delete => {
                writeln!(text, "copy {log} if there is room: its backup is gone")
            }
            Verdict::Copy(copy) => writeln!(text, "copy {log}: {}", why_copied(copy.reason)),
            Verdict::Leave(reason) => writeln!(text, "leave {log}: {}", why_left(reason)),
        };
    }
    let (n_copies, n_logs) = (plan.copies().count(), plan.logs.len());
    let n_backups = survey.backups.len();
    let _ = writeln!(
        text,
        "{n_copies} of {n_logs} logs to copy as {}; then the oldest of {n_backups} backups go where use reaches {limit} % by \
         that, use now {percent}",
        match options.form {
            Form::Plain => "they are".to_owned(),
            Form::Gzip(level) => format!("gzip -{}", level.get()),
        }
    );
    text
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
        Event::Vanished(_) | Event::GoneAgain { .. } | Event::Failed(_) | Event::Ends { .. } => None,
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
        "{} files, {} bytes, {} as backups, ratio {}.{} %, {} pruned",
        outcome.n_copied,
        outcome.read,
        outcome.written,
        permille / 10,
        permille % 10,
        outcome.n_pruned
    );
    if outcome.n_failed > 0 {
        let _ = write!(text, ", {} failures", outcome.n_failed);
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
