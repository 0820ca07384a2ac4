//! The logs of one run, and for each what comes before and after it.

use std::collections::HashMap;

use ecs_log::{Before, Chosen, Log, Role};

/// The logs that count, and how they follow one another.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    /// The logs that count, in order.
    pub(crate) counted: Vec<Log>,
    /// For each the place of the one that goes on where it ends.
    pub(crate) followers: Vec<Option<usize>>,
    /// For each whether a log before it was left out.
    pub(crate) left_out_before: Vec<bool>,
    /// Logs that do not count, after the one at the place.
    pub(crate) context: HashMap<usize, Vec<Log>>,
}

impl Logs {
    /// Takes those of `chosen` that count if `counts` says so; others after them finish what they begin.
    pub(crate) fn new(chosen: Vec<Chosen>, counts: impl Fn(&Log) -> bool) -> Logs {
        let mut logs = Logs::default();
        let mut last_of_source: HashMap<usize, usize> = HashMap::new();
        for chosen in chosen {
            let place = logs.counted.len();
            let before = last_of_source.get(&chosen.source).copied();
            if chosen.role == Role::Counted && counts(&chosen.log) {
                if let Some(follower) = before.and_then(|before| logs.followers.get_mut(before)) {
                    *follower = Some(place);
                }
                last_of_source.insert(chosen.source, place);
                logs.counted.push(chosen.log);
                logs.followers.push(None);
                logs.left_out_before.push(chosen.before == Before::LeftOut);
            } else if let Some(before) = before {
                logs.context.entry(before).or_default().push(chosen.log);
            }
        }
        logs
    }
}
