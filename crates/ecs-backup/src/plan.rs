//! Decides what to do from what is there. Touches nothing.

#[cfg(test)]
mod tests;

use ecs_log::LogName;

use crate::names::LogFile;
use crate::options::Options;
use crate::survey::{Backup, Survey};

/// New logs beyond this share of all make the margin narrow, in per cent.
const NARROW_MARGIN: usize = 60;

/// What is to be done, and why.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the plan was made from.
    pub survey: Survey,
    /// What happens to each log, oldest first.
    pub logs: Vec<Decision>,
    /// The backups that are deleted before the first copy, oldest first, so that use is below the limit. The run measures
    /// again before each log: how many more are deleted depends on the size of the copies.
    pub deletions: Vec<Deletion>,
    /// Logs that the server deleted before they were saved.
    pub gap: Option<Gap>,
    /// Set if so much was new that logs may be lost soon.
    pub narrow_margin: Option<NarrowMargin>,
    /// Logs with notes of earlier runs that are not needed any more: the log is saved, or its loss is told.
    pub settled: Vec<LogName>,
    /// The log that is still being written. It gets a note, so that a later run knows if it was deleted unsaved.
    pub to_note: Option<LogName>,
}

/// What happens to one log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decision {
    /// The log in the source folder.
    pub log: LogFile,
    /// What happens to it, and why.
    pub verdict: Verdict,
}

/// What happens to a log, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is copied.
    Copy(CopyReason),
    /// It is left.
    Leave(LeaveReason),
}

/// Why a log is copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CopyReason {
    /// It has no backup.
    New,
    /// Its backup is damaged.
    Damaged,
    /// An earlier run failed to save it but saved newer ones.
    FailedBefore,
}

/// Why a log is left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeaveReason {
    /// It has a whole backup.
    Saved,
    /// It is the newest. The server still writes to it.
    BeingWritten,
    /// It is older than the oldest backup. So its own backup was deleted to make room.
    Pruned,
}

/// A backup that is deleted, and how much room that gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deletion {
    /// Which backup.
    pub backup: Backup,
    /// What it takes on disk, in bytes.
    pub bytes: u64,
}

/// Logs that the server deleted before they were saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gap {
    /// Where the gap begins.
    pub from: GapBegin,
    /// The first log after it; `None` if none is left.
    pub until: Option<LogName>,
}

/// Where a gap begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GapBegin {
    /// With this log, which an earlier run saw and which is gone.
    With(LogName),
    /// After this log, the last that was saved.
    After(LogName),
}

/// How many of all logs are new, where they are so many that logs may be lost soon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NarrowMargin {
    /// Logs that are new since the last run.
    pub n_new: usize,
    /// All logs.
    pub n_logs: usize,
}

/// Decides what to do. The same survey and options always give the same plan.
pub fn plan(survey: Survey, options: &Options) -> Plan {
    let logs: Vec<Decision> = survey
        .sources
        .iter()
        .map(|log| Decision {
            log: *log,
            verdict: verdict(&survey, *log),
        })
        .collect();
    let lost: Vec<LogName> = survey
        .unsaved
        .iter()
        .copied()
        .filter(|name| source_of(&survey, *name).is_none() && backup_of(&survey, *name).is_none())
        .collect();
    let gap = gap(&survey, &lost);
    let is_settled = |name: &LogName| lost.contains(name) || is_saved(&survey, *name);
    let newest = survey.sources.last().map(|log| log.name);
    Plan {
        deletions: deletions(&survey, options, &logs),
        narrow_margin: narrow_margin(&survey, &logs).filter(|_| gap.is_none()),
        gap,
        settled: survey.unsaved.iter().copied().filter(is_settled).collect(),
        to_note: newest.filter(|name| !survey.unsaved.contains(name) && !is_saved(&survey, *name)),
        logs,
        survey,
    }
}

impl Plan {
    /// The logs that are copied, oldest first.
    pub fn copies(&self) -> impl Iterator<Item = (LogFile, CopyReason)> {
        self.logs.iter().filter_map(|decision| match decision.verdict {
            Verdict::Copy(reason) => Some((decision.log, reason)),
            Verdict::Leave(_) => None,
        })
    }
}

fn source_of(survey: &Survey, name: LogName) -> Option<LogFile> {
    let place = survey.sources.binary_search_by_key(&name, |file| file.name).ok()?;
    survey.sources.get(place).copied()
}

fn backup_of(survey: &Survey, name: LogName) -> Option<Backup> {
    let place = survey.backups.binary_search_by_key(&name, |backup| backup.name).ok()?;
    survey.backups.get(place).copied()
}

fn is_saved(survey: &Survey, name: LogName) -> bool {
    backup_of(survey, name).is_some_and(|backup| !survey.is_all_damaged(backup))
}

fn verdict(survey: &Survey, log: LogFile) -> Verdict {
    let is_newest = survey.sources.last().is_some_and(|newest| newest.name == log.name);
    let is_before_all = survey.backups.first().is_some_and(|oldest| log.name < oldest.name);
    match backup_of(survey, log.name) {
        _ if is_newest => Verdict::Leave(LeaveReason::BeingWritten),
        Some(_) if is_saved(survey, log.name) => Verdict::Leave(LeaveReason::Saved),
        Some(_) => Verdict::Copy(CopyReason::Damaged),
        None if !is_before_all => Verdict::Copy(CopyReason::New),
        None if survey.unsaved.contains(&log.name) => Verdict::Copy(CopyReason::FailedBefore),
        None => Verdict::Leave(LeaveReason::Pruned),
    }
}

fn deletions(survey: &Survey, options: &Options, logs: &[Decision]) -> Vec<Deletion> {
    let Some(disk) = survey.disk else {
        return Vec::new();
    };
    if !logs.iter().any(|decision| matches!(decision.verdict, Verdict::Copy(_))) {
        return Vec::new();
    }
    let n_may_go = survey.backups.len().saturating_sub(options.keep_min);
    let excess = disk.excess_bytes(options.max_use);
    let mut freed = 0_u64;
    let mut deletions = Vec::new();
    for (backup, bytes) in survey.backups.iter().zip(&survey.oldest_bytes).take(n_may_go) {
        if freed >= excess {
            break;
        }
        freed = freed.saturating_add(*bytes);
        deletions.push(Deletion {
            backup: *backup,
            bytes: *bytes,
        });
    }
    deletions
}

/// A log that has a note and is gone was lost for sure. Without notes there is a gap if all logs begin after the newest
/// backup.
fn gap(survey: &Survey, lost: &[LogName]) -> Option<Gap> {
    if let (Some(first), Some(last)) = (lost.first(), lost.last()) {
        let sources = survey.sources.iter().map(|log| log.name);
        let backups = survey.backups.iter().map(|backup| backup.name);
        return Some(Gap {
            from: GapBegin::With(*first),
            until: sources.chain(backups).filter(|name| name > last).min(),
        });
    }
    let oldest = survey.sources.first()?.name;
    let newest_backup = survey.backups.last()?.name;
    let is_noted = survey.unsaved.iter().any(|name| source_of(survey, *name).is_some());
    (newest_backup < oldest && !is_noted).then_some(Gap {
        from: GapBegin::After(newest_backup),
        until: Some(oldest),
    })
}

/// How much is new since the last run. That run made a note of the log being written then; older logs, which it did not
/// get to before it was killed, are not new. For the first run of all, everything is new, which means nothing.
fn narrow_margin(survey: &Survey, logs: &[Decision]) -> Option<NarrowMargin> {
    let noted = survey
        .unsaved
        .iter()
        .rev()
        .find(|name| source_of(survey, **name).is_some());
    let is_since = |name: LogName| noted.is_none_or(|noted| name >= *noted);
    let is_copied = |verdict| matches!(verdict, Verdict::Copy(CopyReason::New | CopyReason::FailedBefore));
    let margin = NarrowMargin {
        n_new: logs
            .iter()
            .filter(|decision| is_copied(decision.verdict) && is_since(decision.log.name))
            .count(),
        n_logs: logs.len(),
    };
    let is_narrow = margin.n_new.saturating_mul(100) > margin.n_logs.saturating_mul(NARROW_MARGIN);
    (is_narrow && !survey.backups.is_empty()).then_some(margin)
}
