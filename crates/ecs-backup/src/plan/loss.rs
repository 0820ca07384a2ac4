//! Logs that the server deleted before they were saved.

use std::collections::BTreeSet;

use ecs_log::LogName;

use super::verdict::{Decision, LeaveReason, Verdict};
use crate::gap::{Gap, GapBegin, GapEnd};
use crate::state::State;
use crate::survey::Survey;

/// A log that an earlier run saw and did not save, and that is gone, was lost; so was one that this run saw for a moment. Where
/// nothing is written down, there is a gap if all logs begin after the newest backup.
pub(super) fn gaps(survey: &Survey, before: &State, logs: &[Decision]) -> Vec<Gap> {
    let has_state = survey.stored.is_some() || !before.records.is_empty();
    let mut gaps = if has_state {
        Vec::new()
    } else {
        Vec::from_iter(without_state(survey, logs))
    };
    let gone = before.records.iter().filter(|(name, record)| {
        let is_lost = survey.is_gone(**name, **record) && record.fate.is_unsaved();
        is_lost && !is_held(survey, **name)
    });
    let is_new = |name: &&LogName| before.get(**name).is_none() && survey.namesakes(**name).is_empty();
    let seen = survey.vanished.iter().filter(is_new);
    for name in BTreeSet::from_iter(gone.map(|(name, _)| *name).chain(seen.copied())) {
        Gap::add(&mut gaps, name, next_of_all(survey, before, name));
    }
    gaps
}

/// Whether the backup of a log that is gone has all of it. Of a log that was only noted, its size is not known: any backup
/// will do.
fn is_held(survey: &Survey, name: LogName) -> bool {
    let is_noted = survey.unsaved.binary_search(&name).is_ok();
    survey.held.contains(&name) || is_noted && survey.backup(name).is_some()
}

/// The first log after `name` that is not lost.
fn next_of_all(survey: &Survey, before: &State, name: LogName) -> Option<LogName> {
    let last_of_name = name.with_number(u16::MAX);
    let source = survey.sources.partition_point(|source| source.log.name <= name);
    let source = survey.sources.get(source).map(|source| source.log.name);
    let backup = survey.backups.partition_point(|backup| backup.name <= last_of_name);
    let backup = survey.backups.get(backup).map(|backup| backup.name.with_number(1));
    let mut later = before.records.range(last_of_name..);
    let known = later.find(|(_, record)| !record.fate.is_unsaved());
    [source, backup, known.map(|(name, _)| *name)]
        .into_iter()
        .flatten()
        .min()
}

fn without_state(survey: &Survey, logs: &[Decision]) -> Option<Gap> {
    let oldest = logs.first()?.source.log.name;
    let newest_backup = survey.backups.last()?.name;
    let is_saved = |decision: &Decision| decision.verdict == Verdict::Leave(LeaveReason::Saved);
    let is_gap = newest_backup < oldest && !logs.iter().any(is_saved);
    is_gap.then_some(Gap {
        from: GapBegin::After(newest_backup),
        until: GapEnd::Before(oldest),
    })
}
