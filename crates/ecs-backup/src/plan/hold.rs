//! The part of a plan that is of a hold.

use super::{Decision, Plan, Verdict, known};
use crate::hold::{HoldName, HoldRange};

impl Plan {
    /// Whether a hold has a backup, in its folder or to be moved there, or a log that is saved there, that may hold a part of the
    /// range. One that was begun after it does not.
    pub(crate) fn has_of_hold(&self, name: &HoldName, range: HoldRange) -> bool {
        let backups = self.survey.backups.iter().map(|backup| backup.name);
        let logs = self.logs.iter().map(|decision| decision.source.log.name);
        let mut all = backups.chain(logs).filter(|log| !range.ends_before(*log));
        all.any(|log| self.survey.holds.of(log) == Some(name))
    }

    /// Whether logs of a range may be yet to come: it does not end before the newest log that is known.
    pub(crate) fn may_come(&self, range: HoldRange) -> bool {
        let logs = self.survey.sources.iter().map(|source| source.log.name);
        let newest = logs.chain(self.survey.backups.iter().map(|backup| backup.name)).max();
        newest.is_none_or(|newest| !range.ends_before(newest))
    }

    /// The part of the plan that saves logs of a hold. Of other logs nothing is told, and what is known of them stays as it was,
    /// so that the next run tells of them.
    pub fn of_hold(self, name: &HoldName) -> Plan {
        let is_of_hold = |decision: &Decision| {
            let is_copy = matches!(decision.verdict, Verdict::Copy(_));
            is_copy && self.survey.holds.of(decision.source.log.name) == Some(name)
        };
        let logs = Vec::from_iter(self.logs.into_iter().filter(is_of_hold));
        let mut state = known(&self.survey);
        state.host = self.state.host;
        for decision in &logs {
            state.records.insert(decision.source.log.name, decision.record());
        }
        Plan {
            logs,
            state,
            gaps: Vec::new(),
            shrunk: Vec::new(),
            recognised: Vec::new(),
            narrow_margin: None,
            ..self
        }
    }
}
