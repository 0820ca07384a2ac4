//! Decides what to do from what is there. Touches nothing.

mod loss;
#[cfg(test)]
mod tests;
mod verdict;

use ecs_log::LogName;

pub(crate) use self::verdict::free_number;
pub use self::verdict::{CopyPlan, CopyReason, Decision, LeaveReason, Seen, Verdict};
use crate::gap::Gap;
use crate::history::{History, LastRun};
use crate::options::Options;
use crate::state::{Fate, Record, State};
use crate::survey::Survey;

/// New logs beyond this share of all make the margin narrow, in per cent.
const NARROW_MARGIN: usize = 60;

/// What is to be done, and why.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the plan was made from.
    pub survey: Survey,
    /// What happens to each log, oldest first.
    pub logs: Vec<Decision>,
    /// Logs that the server deleted before they were saved, from when to when.
    pub gaps: Vec<Gap>,
    /// The name of another server, whose logs the folder of backups has: its host is another, and it knows no log of this one.
    pub other_host: Option<String>,
    /// Logs that hold only the beginning of their backups, as a run before this one saw too.
    pub shrunk: Vec<LogName>,
    /// Backups that a run before this one made, and did not live to write down.
    pub recognised: Vec<LogName>,
    /// Set if so much was new that logs may be lost soon.
    pub narrow_margin: Option<NarrowMargin>,
    /// What is known now, before anything is done.
    pub state: State,
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
    let before = known(&survey);
    let logs = survey
        .sources
        .iter()
        .filter(|source| options.files.is_match(source.log.name));
    let logs: Vec<Decision> = logs.map(|source| verdict::decide(&survey, &before, *source)).collect();
    let gaps = loss::gaps(&survey, &before, &logs);
    let is_shrunk = |decision: &&Decision| decision.verdict == Verdict::Leave(LeaveReason::Shrunk(Seen::Again));
    Plan {
        narrow_margin: narrow_margin(&survey, &before, &logs).filter(|_| gaps.is_empty()),
        shrunk: logs
            .iter()
            .filter(is_shrunk)
            .map(|decision| decision.source.log.name)
            .collect(),
        recognised: recognised(&survey, &before, &logs),
        state: State {
            history: history(&before, &gaps, options.now),
            ..state(&survey, &before, options, &logs)
        },
        other_host: other_host(&survey, &before, options),
        gaps,
        logs,
        survey,
    }
}

impl Plan {
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
        stuck: before.stuck,
        host: options.host.clone(),
        ..State::default()
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

/// How much is new since the last run. Older logs, which that run did not get to before it was killed, are not new. For the
/// first run of all, everything is new, which means nothing.
fn narrow_margin(survey: &Survey, before: &State, logs: &[Decision]) -> Option<NarrowMargin> {
    survey.stored.as_ref()?;
    let margin = NarrowMargin {
        n_new: logs
            .iter()
            .filter(|decision| before.get(decision.source.log.name).is_none())
            .count(),
        n_logs: logs.len(),
    };
    let is_narrow = margin.n_new.saturating_mul(100) > margin.n_logs.saturating_mul(NARROW_MARGIN);
    (is_narrow && !before.records.is_empty()).then_some(margin)
}
