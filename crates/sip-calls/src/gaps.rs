//! Where logs have gaps: what stood there is not known.

use std::collections::{BTreeSet, HashMap};

use crate::time::Millis;

/// The most gaps that are kept until it is their time.
const MOST_AHEAD: usize = 10_000;

/// The gaps of all sources.
#[derive(Debug, Default)]
pub(crate) struct Gaps {
    /// When each begins that is not reached yet, and in which source.
    ahead: BTreeSet<(Millis, usize)>,
    /// When the last one began that is reached, of each source.
    last: HashMap<usize, Millis>,
}

impl Gaps {
    /// A source has a gap that begins at `from`.
    pub(crate) fn add(&mut self, source: usize, from: Millis) {
        self.ahead.insert((from, source));
        if self.ahead.len() > MOST_AHEAD {
            self.reach_first();
        }
    }

    /// When the next one begins that is not reached yet.
    pub(crate) fn next(&self) -> Option<Millis> {
        self.ahead.first().map(|(from, _)| *from)
    }

    /// The next one is reached.
    pub(crate) fn reach_first(&mut self) {
        if let Some((from, source)) = self.ahead.pop_first() {
            let last = self.last.entry(source).or_insert(from);
            *last = from.max(*last);
        }
    }

    /// Whether a source has a gap after `time`, as far as they are reached.
    pub(crate) fn is_after(&self, source: usize, time: Millis) -> bool {
        self.last.get(&source).is_some_and(|from| *from >= time)
    }
}
