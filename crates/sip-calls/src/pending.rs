//! What came and is not taken yet: a record comes out of the logs when it is whole, so the order of time is made here.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use sip_filter::Link;
use sip_scan::Origin;
use slab::Slab;

use crate::gather::{CallMessages, Kind, Record};
use crate::time::Millis;

/// A message that is due.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) record: Record,
    pub(crate) link: Link,
    /// The number of its source.
    pub(crate) source: usize,
    /// Of an INVITE, where it is kept.
    pub(crate) call_id: Option<Box<[u8]>>,
}

/// Messages by their time; those of the same time by log and by their place in it.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    parts: Slab<Part>,
    heads: BinaryHeap<Reverse<Head>>,
    /// How many bytes of memory the parts take.
    bytes: usize,
}

#[derive(Debug)]
struct Part {
    source: usize,
    log: usize,
    /// Sorted by time and place.
    records: Vec<Record>,
    links: Vec<Link>,
    call_ids: BTreeMap<u64, Box<[u8]>>,
    bytes: usize,
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
        let bytes = messages.bytes();
        let CallMessages {
            mut records,
            links,
            call_ids,
            ..
        } = messages;
        if records.is_empty() {
            return;
        }
        // Mostly they are in order.
        records.sort_by_key(|record| (record.time, record.offset));
        let part = Part {
            source: from.source,
            log: from.log,
            records,
            links,
            call_ids,
            bytes,
            taken: 0,
        };
        self.bytes = self.bytes.saturating_add(bytes);
        let place = self.parts.vacant_entry();
        self.heads.extend(part.head(place.key()).map(Reverse));
        place.insert(part);
    }

    /// How many bytes of memory the parts take of which not all messages were taken.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
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
        let is_invite = record.kind == Kind::Invite;
        let call_id = is_invite.then(|| part.call_ids.remove(&record.transaction)).flatten();
        part.taken = part.taken.saturating_add(1);
        match part.head(head.part) {
            Some(next) => self.heads.push(Reverse(next)),
            None => {
                self.bytes = self.bytes.saturating_sub(part.bytes);
                self.parts.try_remove(head.part);
            }
        }
        Some(Due {
            record,
            link,
            source,
            call_id,
        })
    }
}
