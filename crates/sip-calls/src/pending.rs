//! What came and is not taken yet: a record comes out of the logs when it is whole, so the order of time is made here.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use sip_filter::Link;
use sip_scan::Origin;
use slab::Slab;

use crate::gather::{CallMessages, Record};
use crate::time::Millis;

/// A message that is due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Due {
    pub(crate) record: Record,
    pub(crate) link: Link,
    /// The number of its source.
    pub(crate) source: usize,
}

/// Messages by their time; those of the same time by log and by their place in it.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    parts: Slab<Part>,
    heads: BinaryHeap<Reverse<Head>>,
    /// How many messages there are.
    length: usize,
}

#[derive(Debug)]
struct Part {
    source: usize,
    log: usize,
    /// Sorted by time and place.
    records: Vec<Record>,
    links: Vec<Link>,
    taken: usize,
}

/// The first message of a part that was not taken yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    time: Millis,
    log: usize,
    offset: u64,
    part: usize,
}

impl Part {
    fn head(&self, part: usize) -> Option<Head> {
        let record = self.records.get(self.taken)?;
        Some(Head {
            time: record.time,
            log: self.log,
            offset: record.offset,
            part,
        })
    }
}

impl Pending {
    pub(crate) fn add(&mut self, messages: CallMessages, from: Origin) {
        let CallMessages { mut records, links, .. } = messages;
        if records.is_empty() {
            return;
        }
        // Mostly they are in order.
        records.sort_by_key(|record| (record.time, record.offset));
        self.length = self.length.saturating_add(records.len());
        let part = Part {
            source: from.source,
            log: from.log,
            records,
            links,
            taken: 0,
        };
        let place = self.parts.vacant_entry();
        self.heads.extend(part.head(place.key()).map(Reverse));
        place.insert(part);
    }

    /// How many messages there are.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The time of the first message.
    pub(crate) fn first(&self) -> Option<Millis> {
        self.heads.peek().map(|Reverse(head)| head.time)
    }

    /// Takes the first message.
    pub(crate) fn pop(&mut self) -> Option<Due> {
        let Reverse(head) = self.heads.pop()?;
        let part = self.parts.get_mut(head.part)?;
        let record = *part.records.get(part.taken)?;
        let link = *part.links.get(usize::try_from(record.link).ok()?)?;
        let source = part.source;
        part.taken = part.taken.saturating_add(1);
        self.length = self.length.saturating_sub(1);
        match part.head(head.part) {
            Some(next) => self.heads.push(Reverse(next)),
            None => {
                self.parts.try_remove(head.part);
            }
        }
        Some(Due { record, link, source })
    }
}
