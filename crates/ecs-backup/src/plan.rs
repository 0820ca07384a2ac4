//! Decides what to do from what is there. Touches nothing.

mod hold;
mod loss;
#[cfg(test)]
mod tests;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

use ecs_log::LogName;

pub(crate) use self::verdict::free_number;
pub use self::verdict::{CopyPlan, CopyReason, Decision, LeaveReason, Seen, Verdict};
use crate::gap::Gap;
use crate::history::{History, LastRun};
use crate::names::LogFile;
use crate::options::Options;
use crate::state::{Fate, Record, State};
use crate::survey::{Checking, Survey};

/// How many logs the server keeps by default.
const SERVER_KEEPS: usize = 1000;

/// The margin is narrow if the oldest log that is not saved lies beyond this share of what the server keeps, in per cent.
const NARROW_MARGIN: usize = 60;

/// What is to be done, and why.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the plan was made from.
    pub survey: Survey,
    /// What happens to each log, oldest first.
    pub logs: Vec<Decision>,
    /// Logs that the server deleted before they were saved, from when to when. Those that an earlier run could not tell are first.
    pub gaps: Vec<Gap>,
    /// The name of another server, whose logs the folder of backups has: its host is another, and it knows no log of this one.
    pub other_host: Option<String>,
    /// Logs that hold only the beginning of their backups, as a run before this one saw too.
    pub shrunk: Vec<LogName>,
    /// Backups that a run before this one made, and did not live to write down.
    pub recognised: Vec<LogName>,
    /// There is nothing in the folder of backups yet.
    pub begins: bool,
    /// Damaged backups whose logs are gone, of which earlier runs told.
    pub(crate) known_damage: BTreeSet<LogFile>,
    /// Set if the oldest log that is not saved may be lost soon.
    pub narrow_margin: Option<NarrowMargin>,
    /// What is known now, before anything is done.
    pub state: State,
}

/// How near to its end the oldest log is that is not saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NarrowMargin {
    /// So many logs are newer.
    pub n_newer: usize,
    /// So many logs the server keeps.
    pub n_kept: usize,
}

/// Decides what to do. The same survey and options always give the same plan.
pub fn plan(survey: Survey, options: &Options) -> Plan {
    let before = known(&survey);
    let logs = survey
        .sources
        .iter()
        .filter(|source| options.files.is_match(source.log.name));
    let logs: Vec<Decision> = logs.map(|source| verdict::decide(&survey, &before, *source)).collect();
    let gaps = loss::gaps(&survey, &before, &logs);
    let recognised = recognised(&survey, &before, &logs);
    let mut state = State {
        history: history(&before, &gaps, options.now),
        untold: Vec::new(),
        ..state(&survey, &before, options, &logs)
    };
    if survey.checking == Checking::All {
        // Of other logs this run saw nothing.
        state.damaged.retain(|file| !options.files.is_match(file.name));
        state.damaged.extend(lasting_damage(&survey));
    }
    recognised.iter().for_each(|name| state.order.add(*name, false));
    let is_shrunk = |decision: &&Decision| decision.verdict == Verdict::Leave(LeaveReason::Shrunk(Seen::Again));
    Plan {
        begins: begins(&survey),
        narrow_margin: narrow_margin(&survey, &before, &logs).filter(|_| gaps.is_empty()),
        shrunk: logs
            .iter()
            .filter(is_shrunk)
            .map(|decision| decision.source.log.name)
            .collect(),
        other_host: other_host(&survey, &before, options),
        recognised,
        gaps: [before.untold, gaps].concat(),
        known_damage: before.damaged,
        state,
        logs,
        survey,
    }
}

impl Plan {
    /// What is told before anything is done could not be written: the next run tells it.
    pub(crate) fn leave_untold(&mut self) {
        self.state.leave_untold(&self.gaps);
        for name in &self.shrunk {
            self.state.set_fate(*name, Fate::Shrunk);
        }
        self.state.damaged.clone_from(&self.known_damage);
    }

    /// The logs that are copied, oldest first.
    pub fn copies(&self) -> impl Iterator<Item = CopyPlan> {
        self.logs.iter().filter_map(|decision| match decision.verdict {
            Verdict::Copy(copy) => Some(copy),
            Verdict::Leave(_) => None,
        })
    }
}

/// What earlier runs wrote down, with the notes of those before there was a state.
fn known(survey: &Survey) -> State {
    let mut state = survey
        .stored
        .as_ref()
        .map(|stored| stored.state.clone())
        .unwrap_or_default();
    for name in &survey.unsaved {
        state.records.entry(*name).or_insert(Record {
            stamp: survey.source(*name).map(|source| source.stamp).unwrap_or_default(),
            number: 1,
            fate: Fate::Failed,
        });
    }
    state
}

fn other_host(survey: &Survey, before: &State, options: &Options) -> Option<String> {
    let is_known = |host: &str| !host.is_empty();
    let differs = is_known(&before.host) && is_known(&options.host) && before.host != options.host;
    let knows_any = survey.sources.iter().any(|source| {
        let record = before.get(source.log.name);
        record.is_some_and(|record| record.stamp == source.stamp)
    });
    (differs && !knows_any).then(|| before.host.clone())
}

fn recognised(survey: &Survey, before: &State, logs: &[Decision]) -> Vec<LogName> {
    if survey.stored.is_none() {
        return Vec::new();
    }
    let was_unsaved = |name| before.get(name).is_some_and(|record| record.fate.is_unsaved());
    let is_recognised = |decision: &&Decision| {
        decision.verdict == Verdict::Leave(LeaveReason::Saved) && was_unsaved(decision.source.log.name)
    };
    logs.iter()
        .filter(is_recognised)
        .map(|decision| decision.backup())
        .collect()
}

/// What is known now: of each log that is to be backed up what was decided, of others in the source folder what was known.
fn state(survey: &Survey, before: &State, options: &Options, logs: &[Decision]) -> State {
    let mut state = State {
        host: options.host.clone(),
        records: BTreeMap::new(),
        ..before.clone()
    };
    for source in &survey.sources {
        if let Some(record) = before.get(source.log.name) {
            state.records.insert(source.log.name, record);
        }
    }
    for decision in logs {
        state.records.insert(decision.source.log.name, decision.record());
    }
    state
}

/// What is shown of earlier runs, with what is known of this one.
fn history(before: &State, gaps: &[Gap], now: i64) -> History {
    let mut history = before.history.clone();
    gaps.iter().for_each(|gap| history.lose(*gap));
    history.last_run = Some(LastRun { begun: now, end: None });
    history
}

fn begins(survey: &Survey) -> bool {
    survey.stored.is_none() && survey.backups.is_empty() && survey.unsaved.is_empty()
}

/// The damaged backups that cannot be made anew, since their logs are gone, or are damaged in the same way.
fn lasting_damage(survey: &Survey) -> impl Iterator<Item = LogFile> {
    let is_gone = |file: LogFile| survey.source(file.name.with_number(1)).is_none();
    let lasting = survey
        .damaged
        .iter()
        .filter(move |damage| damage.is_as_log || is_gone(damage.file));
    lasting.map(|damage| damage.file)
}

/// How near the oldest log that is not saved is to the end of what the server keeps. For the first run of all nothing is saved,
/// which means nothing.
fn narrow_margin(survey: &Survey, before: &State, logs: &[Decision]) -> Option<NarrowMargin> {
    survey.stored.as_ref()?;
    let is_unsaved = |decision: &&Decision| match decision.verdict {
        Verdict::Copy(copy) => matches!(
            copy.reason,
            CopyReason::New | CopyReason::FailedBefore | CopyReason::SecondName | CopyReason::BesideDamaged
        ),
        Verdict::Leave(_) => false,
    };
    let oldest = logs.iter().find(is_unsaved)?.source.log.name;
    let n_up_to = survey.sources.partition_point(|source| source.log.name <= oldest);
    let n_logs = survey.sources.len();
    let n_newer = n_logs.saturating_sub(n_up_to);
    let is_beyond = |n_kept: usize| n_newer.saturating_mul(100) > n_kept.saturating_mul(NARROW_MARGIN);
    // If the server deletes as many older logs as since the last run, are so few left that this one may go?
    let n_older = n_up_to.saturating_sub(1);
    let is_gone = |(name, _): &(&LogName, &Record)| survey.source(**name).is_none();
    let n_deleted = before.records.range(..oldest).filter(is_gone).count();
    let goes_soon = n_older.saturating_mul(NARROW_MARGIN) < n_deleted.saturating_mul(100 - NARROW_MARGIN);
    let n_kept = if goes_soon { n_logs } else { n_logs.max(SERVER_KEEPS) };
    is_beyond(n_kept).then_some(NarrowMargin { n_newer, n_kept })
}
