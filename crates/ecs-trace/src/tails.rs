//! What the logs leave open at their ends, for each source until its next log comes.

use std::collections::{HashMap, HashSet};

use ecs_log::{Before, Chosen};
use sip_scan::{Stamp, Tail};

use crate::origins::Origins;

/// Bytes that all tails together may take. Tails take more only if many sources end within long records of many
/// processes at once, as no server writes them.
const MOST_BYTES: usize = 8 << 20;

/// What a source leaves open, and in which logs it began.
#[derive(Debug)]
pub(crate) struct OpenEnd {
    pub(crate) tail: Tail,
    pub(crate) origins: Origins,
}

impl OpenEnd {
    /// What stands open before `chosen`, if nothing was read of its source.
    pub(crate) fn before(chosen: &Chosen) -> OpenEnd {
        OpenEnd {
            origins: Origins::new(chosen.source),
            tail: match chosen.before {
                Before::Nothing => Tail::nothing(),
                Before::Listed | Before::LeftOut => Tail::unknown(),
            },
        }
    }

    /// Nobody knows what stands before what is read of this source.
    pub(crate) fn unknown(source: usize) -> OpenEnd {
        OpenEnd {
            origins: Origins::new(source),
            tail: Tail::unknown(),
        }
    }
}

/// What the sources of which more is to come leave open, by their numbers.
pub(crate) type OpenEnds = HashMap<usize, OpenEnd>;

/// The open end of each source of which more logs are to come.
#[derive(Debug)]
pub(crate) struct Tails {
    open: OpenEnds,
    /// Where in the list the last log of each source stands.
    last: HashMap<usize, usize>,
}

impl Tails {
    /// For the sources of `logs`, of which those in `go_on` go on behind them.
    pub(crate) fn new(logs: &[Chosen], go_on: &HashSet<usize>) -> Tails {
        let ends = logs.iter().enumerate().map(|(place, chosen)| (chosen.source, place));
        Tails {
            open: OpenEnds::new(),
            last: ends.filter(|(source, _)| !go_on.contains(source)).collect(),
        }
    }

    /// Takes out what stands open before `chosen`.
    pub(crate) fn take_before(&mut self, chosen: &Chosen) -> OpenEnd {
        let open = self.open.remove(&chosen.source);
        open.unwrap_or_else(|| OpenEnd::before(chosen))
    }

    /// Whether a record is open that the next log of the source may finish.
    pub(crate) fn is_open(&self, source: usize) -> bool {
        self.open.get(&source).is_some_and(|open| open.tail.is_open())
    }

    /// Keeps what `chosen`, at `place`, leaves open. Gives it back if nothing comes that it could be joined with, or if
    /// there is too much to keep.
    pub(crate) fn put(&mut self, place: usize, chosen: &Chosen, open: OpenEnd) -> Option<OpenEnd> {
        if self.last.get(&chosen.source) == Some(&place) {
            return Some(open);
        }
        let bytes = self.open.values().map(|open| open.tail.bytes());
        if bytes.fold(open.tail.bytes(), usize::saturating_add) > MOST_BYTES {
            return Some(open);
        }
        self.open.insert(chosen.source, open);
        None
    }

    /// The stamp of the oldest record that is open: joining gives no message that is older.
    pub(crate) fn oldest(&self) -> Option<Stamp> {
        self.open.values().filter_map(|open| open.tail.oldest()).min()
    }

    /// What is left open at the end.
    pub(crate) fn into_rest(self) -> OpenEnds {
        self.open
    }
}
