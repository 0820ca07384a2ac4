//! What each worker keeps of a log: of every message of an INVITE transaction as much as calls are told by.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};

use sip_filter::{Filter, Link};
use sip_scan::{Dialog, Direction, Gather, Item, Message, Messages, Method, Stamp, StartLine, Want};

use crate::time::{Calendar, Millis};

/// Keeps what calls are told by.
///
/// What tells transactions apart comes from strangers, and is as long as they like. So a hash is kept in its place, under a key that
/// nobody knows before the run: two that differ have the same hash only by chance, one time in 2^64. All workers of a run
/// must share one of these.
#[derive(Clone, Debug)]
pub struct GatherCalls {
    filter: Filter,
    hash: RandomState,
    keeps_call_ids: bool,
}

/// The most bytes of a Call-ID that are kept.
const MAX_CALL_ID: usize = 100;

/// How many bytes of memory a Call-ID takes with its place, roughly.
const CALL_ID: usize = 100;

/// What one log, or a piece of one, holds of INVITE transactions.
#[derive(Clone, Debug, Default)]
pub struct CallMessages {
    pub(crate) records: Vec<Record>,
    /// The Call-IDs of INVITEs, by their transactions, where they are kept.
    pub(crate) call_ids: BTreeMap<u64, Box<[u8]>>,
    /// The links of the records, by their numbers.
    pub(crate) links: Vec<Link>,
    numbers: BTreeMap<Link, u32>,
    /// The last stamp of all messages, of whatever kind.
    pub(crate) last: Option<Stamp>,
    calendar: Calendar,
}

/// A message of an INVITE transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) time: Millis,
    /// Where it stands in its log; messages of the same time are taken in this order.
    pub(crate) offset: u64,
    /// Stands for link, direction, Call-ID, `CSeq`, branch of the topmost `Via` and tag of `From`.
    pub(crate) transaction: u64,
    /// Stands for link, direction, Call-ID and tag of `From`: what an INVITE has in common with its repetition.
    pub(crate) call: u64,
    pub(crate) kind: Kind,
    /// The number of its link in its part.
    pub(crate) link: u32,
    /// Which way the INVITE went.
    pub(crate) direction: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An INVITE outside of a dialog.
    Invite,
    /// A CANCEL.
    Cancel,
    /// A response to an INVITE.
    Response(Answer),
}

/// A response: one that is sent again has the same code and tag, one of another branch of a fork has another tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    /// Stands for the tag of `To`.
    pub(crate) to_tag: u32,
}

impl Gather for GatherCalls {
    type Part = CallMessages;

    fn want(&self) -> Want {
        let is_of_calls = |method| matches!(method, Method::Invite | Method::Cancel);
        Want::Dialog(Messages::of(is_of_calls, true, |code| (100..700).contains(&code)))
    }

    fn take(&self, part: &mut CallMessages, item: &Item<'_>) {
        if let Item::Message(message) = item {
            part.last = part.last.max(Some(message.stamp));
            let dialog = message.dialog.filter(|_| self.filter.type_of(message).is_some());
            if let Some(dialog) = &dialog {
                self.keep(part, message, dialog);
            }
        }
    }

    fn held(part: &CallMessages) -> usize {
        part.bytes()
    }
}

impl GatherCalls {
    /// Calls are told by the messages that `filter` wants: those of all types, or what is told is not true. Its range of time is not
    /// looked at.
    pub fn new(filter: Filter) -> GatherCalls {
        let hash = RandomState::new();
        GatherCalls {
            filter,
            hash,
            keeps_call_ids: false,
        }
    }

    /// The same, which also keeps of the Call-ID of each INVITE the first 100 bytes, so that [failed calls](crate::FailedCall) can be
    /// told.
    pub fn keep_call_ids(self) -> GatherCalls {
        GatherCalls {
            keeps_call_ids: true,
            ..self
        }
    }

    fn keep(&self, part: &mut CallMessages, message: &Message, dialog: &Dialog) {
        let kind = match message.start_line {
            StartLine::Request(Method::Invite) if !message.to_tag => Kind::Invite,
            StartLine::Request(Method::Cancel) => Kind::Cancel,
            // Classes from 1xx to 6xx (RFC 3261, 7.2).
            StartLine::Response(code @ 100..700) if message.cseq == Method::Invite => Kind::Response(Answer {
                code,
                to_tag: self.short_hash(dialog.to_tag),
            }),
            _ => return,
        };
        let direction = match (message.start_line, message.direction) {
            (StartLine::Request(_), direction) => direction,
            (StartLine::Response(_), Direction::In) => Direction::Out,
            (StartLine::Response(_), Direction::Out) => Direction::In,
        };
        let link = Link::of(message);
        let call = self.hash.hash_one((link, direction, dialog.call_id, dialog.from_tag));
        let record = Record {
            time: part.calendar.millis(&message.stamp),
            offset: message.position.offset,
            transaction: self.hash.hash_one((call, dialog.cseq_number, dialog.branch)),
            call,
            kind,
            link: part.number_of(link),
            direction,
        };
        let call_id = dialog.call_id.filter(|_| self.keeps_call_ids && kind == Kind::Invite);
        if let Some(call_id) = call_id {
            let kept = call_id.get(..MAX_CALL_ID).unwrap_or(call_id);
            part.call_ids.insert(record.transaction, kept.into());
        }
        part.records.push(record);
    }

    fn short_hash(&self, tag: Option<&[u8]>) -> u32 {
        let [a, b, c, d, ..] = self.hash.hash_one(tag).to_le_bytes();
        u32::from_le_bytes([a, b, c, d])
    }
}

impl CallMessages {
    /// How many messages of INVITE transactions there are.
    pub fn count(&self) -> u64 {
        u64::try_from(self.records.len()).unwrap_or(u64::MAX)
    }

    /// How many bytes of memory this takes, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let records = self.records.len().saturating_mul(size_of::<Record>());
        let call_ids = self.call_ids.len().saturating_mul(CALL_ID);
        let links = self.links.len().saturating_mul(300);
        records.saturating_add(links).saturating_add(call_ids)
    }

    fn number_of(&mut self, link: Link) -> u32 {
        let next = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
        let links = &mut self.links;
        *self.numbers.entry(link).or_insert_with(|| {
            links.push(link);
            next
        })
    }
}
