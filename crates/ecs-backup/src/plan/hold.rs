//! The part of a plan that is of a hold.

use super::{Decision, Plan, Verdict, known};
use crate::hold::HoldName;

impl Plan {
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
