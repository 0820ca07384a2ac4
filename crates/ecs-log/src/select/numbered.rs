//! Which log follows which by running numbers, where a clock that was set back has mixed the names up.

use time::Duration;

use super::span::Span;
use crate::name::LogName;

/// How many times the clock may have been set back in the logs of one folder. If names fall more often where numbers rise, the
/// numbers were begun anew, or do not run through all lines, and tell nothing.
const MOST_SET_BACK: usize = 8;

/// A log with the running number of its first line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Numbered {
    pub(super) number: u64,
    pub(super) name: LogName,
    /// Its place among all that was found.
    pub(super) place: usize,
}

/// Widens the spans of the logs of one folder where running numbers tell that they go on for longer than names say.
pub(super) fn widen(spans: &mut [Option<Span>], mut logs: Vec<Numbered>) {
    logs.sort_unstable();
    let pairs = || logs.iter().zip(logs.iter().skip(1));
    if pairs().filter(|(log, next)| next.name < log.name).count() > MOST_SET_BACK {
        return;
    }
    for (log, next) in pairs() {
        let distance = (next.name.begun() - log.name.begun()).abs();
        let span = spans.get_mut(log.place).and_then(Option::as_mut);
        // Numbers that were begun anew may bring logs together that lie weeks apart.
        if let Some(span) = span.filter(|_| distance <= Duration::DAY) {
            span.ends_before(next.name);
            if next.name < log.name {
                span.was_set_back();
            }
        }
    }
}
