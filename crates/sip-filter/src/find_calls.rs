//! Finds the calls of the messages that are wanted.

use std::collections::HashSet;

use sip_scan::{Gather, Item, Want};

use crate::call_filter::{CallFilter, CallNumbers};
use crate::filter::Filter;

/// Finds the calls of all messages that a filter wants.
#[derive(Clone, Debug)]
pub struct FindCalls {
    filter: Filter,
    numbers: CallNumbers,
}

/// The calls that were found, in the order of the logs. No more than so many are kept.
#[derive(Debug)]
pub struct CallsFound {
    numbers: CallNumbers,
    calls: HashSet<u64>,
    most: usize,
    is_full: bool,
}

impl FindCalls {
    /// Finds the calls of the messages that `filter` wants.
    pub fn new(filter: Filter) -> FindCalls {
        let numbers = CallNumbers::default();
        FindCalls { filter, numbers }
    }

    /// What takes the calls, `most` of them at most.
    pub fn found(&self, most: usize) -> CallsFound {
        CallsFound {
            numbers: self.numbers.clone(),
            calls: HashSet::new(),
            most,
            is_full: false,
        }
    }
}

impl CallsFound {
    /// Adds the calls of one log, or of a piece of one.
    pub fn add(&mut self, calls: Vec<u64>) {
        for call in calls {
            if self.calls.len() < self.most || self.calls.contains(&call) {
                self.calls.insert(call);
            } else {
                self.is_full = true;
            }
        }
    }

    /// Whether there were more calls than are kept.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// All messages of these calls.
    pub fn into_filter(self) -> Filter {
        Filter::of_calls(CallFilter::new(self.numbers, self.calls))
    }
}

impl Gather for FindCalls {
    type Part = Vec<u64>;

    fn want(&self) -> Want {
        Want::Dialog(self.filter.messages())
    }

    fn take(&self, part: &mut Vec<u64>, item: &Item<'_>) {
        if let Item::Message(message) = item
            && self.filter.is_in_range(&message.stamp)
            && self.filter.type_of(message).is_some()
        {
            part.push(self.numbers.of(message));
        }
    }

    fn held(part: &Vec<u64>) -> usize {
        part.len().saturating_mul(size_of::<u64>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::StampRange;
    use crate::testing::{bye, stamp};
    use sip_scan::{Dialog, Message};

    fn of_call(time: &str, call_id: Option<&'static [u8]>) -> Message<'static> {
        Message {
            dialog: Some(Dialog {
                call_id,
                ..Dialog::default()
            }),
            ..bye(time)
        }
    }

    #[test]
    fn all_messages_of_the_first_calls_that_match() {
        let find = FindCalls::new(Filter {
            range: Some(StampRange {
                first: stamp("20170427:0844"),
                last: stamp("20170427:0845"),
            }),
            ..Filter::default()
        });
        let mut part = Vec::new();
        for (time, call_id) in [
            ("20170427:084359", Some(&b"early"[..])),
            ("20170427:0844", Some(b"one")),
            ("20170427:084401", None),
            ("20170427:084402", Some(b"one")),
            ("20170427:084403", Some(b"two")),
            ("20170427:084404", Some(b"three")),
        ] {
            find.take(&mut part, &Item::Message(of_call(time, call_id)));
        }
        let options = Message {
            cseq: sip_scan::Method::Options,
            ..of_call("20170427:0844", Some(b"options"))
        };
        find.take(&mut part, &Item::Message(options));
        assert_eq!(FindCalls::held(&part), 5 * 8);
        for (most, want) in [
            (4, [false, true, true, true, true, false]),
            (3, [false, true, true, true, false, false]),
            (2, [false, true, true, false, false, false]),
        ] {
            let mut found = find.found(most);
            found.add(part.clone());
            assert_eq!(found.is_full(), most < 4, "{most}");
            let filter = found.into_filter();
            let ids = [
                Some(&b"early"[..]),
                Some(b"one"),
                None,
                Some(b"two"),
                Some(b"three"),
                Some(b"other"),
            ];
            let has = ids.map(|call_id| filter.type_of(&of_call("20170427:0900", call_id)).is_some());
            assert_eq!(has, want, "{most}");
        }
    }
}
