//! Where the clock of a server was set back while it wrote its logs: at the end of summer time, or by hand.

use std::collections::HashMap;

use time::{Duration, PrimitiveDateTime};

use crate::ends::Ends;
use crate::found::Found;
use crate::name::LogName;

/// Lines of several processes may be out of order by so much.
const OUT_OF_ORDER: Duration = Duration::MINUTE;

/// A clock is set back by no more than this. What falls further is a stamp that is wrong.
const MOST_SET_BACK: Duration = Duration::DAY;

/// The times that stand twice in the logs of one server, or may do so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SetBack {
    /// The clock was set back from this time.
    pub(crate) from: PrimitiveDateTime,
    /// It was set back to this time.
    pub(crate) to: PrimitiveDateTime,
}

impl SetBack {
    /// `None` where lines may be out of order, or a stamp may be wrong.
    fn new(from: PrimitiveDateTime, to: PrimitiveDateTime) -> Option<SetBack> {
        let by = from - to;
        (by > OUT_OF_ORDER && by <= MOST_SET_BACK).then_some(SetBack { from, to })
    }

    /// Where the clock was set back between times in the order of a log; of several times the first.
    fn within(times: impl Iterator<Item = PrimitiveDateTime>) -> Option<SetBack> {
        let mut latest: Option<PrimitiveDateTime> = None;
        for time in times {
            if let Some(found) = latest.and_then(|latest| SetBack::new(latest, time)) {
                return Some(found);
            }
            latest = latest.max(Some(time));
        }
        None
    }
}

/// Where the clock was set back in the logs of one folder, as far as the ends of logs tell: within a log, or where the running number
/// of a log goes on in one with an earlier name.
pub(crate) fn set_backs<'a>(folder: impl Iterator<Item = &'a Found>) -> Vec<SetBack> {
    let logs: Vec<(LogName, Ends)> = folder
        .filter_map(|found| Some((found.log.name()?, Ends::of(found))))
        .collect();
    let begins: HashMap<u64, LogName> = logs
        .iter()
        .filter_map(|(name, ends)| Some((ends.first_number?, *name)))
        .collect();
    let mut found = Vec::new();
    for (name, ends) in &logs {
        let last = ends.end.last().copied();
        found.extend(SetBack::within(ends.begin.iter().copied().chain(last)));
        found.extend(SetBack::within(ends.end.iter().copied()));
        let next = ends.last_number.filter(|last| Some(*last) > ends.first_number);
        let next = next.and_then(|last| begins.get(&last.checked_add(1)?));
        if let (Some(next), Some(last)) = (next.filter(|next| *next < name), last) {
            found.extend(SetBack::new(last, next.begun()));
        }
    }
    found
}

#[cfg(test)]
mod tests;
