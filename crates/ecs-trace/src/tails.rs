//! What the logs leave open at their ends, for each source until its next log comes.

use std::collections::HashMap;

use ecs_log::{Before, Chosen};
use sip_scan::{Stamp, Tail};

/// Bytes that all tails together may take. Tails take more only if many sources end within long records of many
/// processes at once, as no server writes them.
const MOST_BYTES: usize = 8 << 20;

/// What sources leave open, by their numbers.
pub(crate) type OpenTails = HashMap<usize, Tail>;

/// The tail of each source of which more logs are to come.
#[derive(Debug)]
pub(crate) struct Tails {
    tails: OpenTails,
    /// Where in the list the last log of each source stands.
    last: HashMap<usize, usize>,
}

impl Tails {
    /// For the sources of `logs`, of which those in `go_on` go on behind them.
    pub(crate) fn new(logs: &[Chosen], go_on: &[usize]) -> Tails {
        let ends = logs.iter().enumerate().map(|(place, chosen)| (chosen.source, place));
        Tails {
            tails: HashMap::new(),
            last: ends.filter(|(source, _)| !go_on.contains(source)).collect(),
        }
    }

    /// Takes out what stands open before `chosen`.
    pub(crate) fn take_before(&mut self, chosen: &Chosen) -> Tail {
        before(&mut self.tails, chosen)
    }

    /// Whether a record is open that the next log of the source may finish.
    pub(crate) fn is_open(&self, source: usize) -> bool {
        self.tails.get(&source).is_some_and(Tail::is_open)
    }

    /// Keeps the tail of the log at `place`. Gives it back if nothing comes that it could be joined with, or if the tails
    /// take too much.
    pub(crate) fn put(&mut self, place: usize, source: usize, tail: Tail) -> Option<Tail> {
        let bytes = self.tails.values().map(Tail::bytes);
        let bytes = bytes.fold(tail.bytes(), usize::saturating_add);
        if self.last.get(&source) == Some(&place) || bytes > MOST_BYTES {
            return Some(tail);
        }
        self.tails.insert(source, tail);
        None
    }

    /// The stamp of the oldest record that is open: joining gives nothing that is older.
    pub(crate) fn oldest(&self) -> Option<Stamp> {
        self.tails.values().filter_map(Tail::oldest).min()
    }

    /// The tails that are left, by source.
    pub(crate) fn into_rest(self) -> OpenTails {
        self.tails
    }
}

/// Takes out of `tails` what stands open before `chosen`.
pub(crate) fn before(tails: &mut OpenTails, chosen: &Chosen) -> Tail {
    let tail = tails.remove(&chosen.source);
    tail.unwrap_or_else(|| match chosen.before {
        Before::Nothing => Tail::nothing(),
        Before::Listed | Before::LeftOut => Tail::unknown(),
    })
}
