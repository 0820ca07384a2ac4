//! How much of the logs that were chosen could be read.

use ecs_log::{Chosen, Role};

use crate::merge::Fates;

/// How many logs were read, of those that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How many were read at least in part, or are empty.
    pub read: usize,
    /// How many were read whole and are not empty.
    pub sound: usize,
}

impl Outcome {
    /// Of `logs`, to which `fates` happened.
    pub fn of(logs: &[Chosen], fates: &Fates) -> Outcome {
        let counts = |chosen: &Chosen| chosen.role == Role::Counted;
        let n_logs = logs.iter().filter(|chosen| counts(chosen)).count();
        let of_those = fates.iter().filter(|(place, _)| logs.get(*place).is_some_and(counts));
        let unread = of_those.clone().filter(|(_, fate)| !fate.is_read());
        Outcome {
            read: n_logs.saturating_sub(unread.count()),
            sound: n_logs.saturating_sub(of_those.count()),
        }
    }
}
