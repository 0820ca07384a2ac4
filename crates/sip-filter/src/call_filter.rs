//! Which calls are wanted, by their Call-ID.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use sip_scan::Message;

/// Messages that have one of these Call-IDs, byte for byte (RFC 3261, 8.1.1.4).
///
/// The scanner must keep what [`Want::Dialog`](sip_scan::Want::Dialog) asks for; else no message has a Call-ID.
#[derive(Clone, Debug)]
pub struct CallFilter {
    numbers: CallNumbers,
    calls: Arc<HashSet<u64>>,
}

/// Gives each call a number, under a key that nobody knows before the run: a Call-ID is as long as a stranger likes. Two calls have
/// the same number only by chance, one time in 2^64. Messages without a Call-ID are one call.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallNumbers(RandomState);

impl CallNumbers {
    pub(crate) fn of(&self, message: &Message) -> u64 {
        self.of_id(message.dialog.as_ref().and_then(|dialog| dialog.call_id))
    }

    fn of_id(&self, call_id: Option<&[u8]>) -> u64 {
        self.0.hash_one(call_id)
    }
}

impl CallFilter {
    /// Messages of the calls with these numbers.
    pub(crate) fn new(numbers: CallNumbers, calls: HashSet<u64>) -> CallFilter {
        let calls = Arc::new(calls);
        CallFilter { numbers, calls }
    }

    /// Returns true if and only if `message` belongs to one of the calls.
    pub fn has(&self, message: &Message) -> bool {
        self.calls.contains(&self.numbers.of(message))
    }
}

impl FromIterator<String> for CallFilter {
    fn from_iter<I: IntoIterator<Item = String>>(call_ids: I) -> CallFilter {
        let numbers = CallNumbers::default();
        let call_ids = call_ids.into_iter();
        let calls = call_ids
            .map(|call_id| numbers.of_id(Some(call_id.as_bytes())))
            .collect();
        CallFilter::new(numbers, calls)
    }
}
