//! The calls that were found, in the place of a report.

use std::io;

use sip_filter::{CallsFound, Filter, FindCalls};
use sip_scan::{Origin, Sink, Stamp};
use sip_stats::{Counts, Summary};

/// The most calls that are found. Each takes some 16 bytes.
pub const MOST_CALLS: usize = 300_000;

/// Takes the calls of the messages that match. It writes nothing.
#[derive(Debug)]
pub struct Found {
    calls: CallsFound,
    summary: Summary,
}

impl Found {
    pub(crate) fn new(find: &FindCalls) -> Found {
        Found {
            calls: find.found(MOST_CALLS),
            summary: Summary::default(),
        }
    }

    /// What is known of the run so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Whether there were more than [`MOST_CALLS`] calls. Then the first of them are here.
    pub fn is_full(&self) -> bool {
        self.calls.is_full()
    }

    /// All messages of these calls.
    pub fn into_filter(self) -> Filter {
        self.calls.into_filter()
    }
}

impl Sink<(Counts, Vec<u64>)> for Found {
    type Error = io::Error;

    fn absorb(&mut self, (counts, calls): (Counts, Vec<u64>), _: Origin) -> io::Result<()> {
        self.summary.add(&counts);
        self.calls.add(calls);
        Ok(())
    }

    fn settle(&mut self, _: Stamp) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: Option<Stamp>) -> io::Result<()> {
        Ok(())
    }
}
