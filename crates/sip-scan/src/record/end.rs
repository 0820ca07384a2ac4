//! The end of a record: what is handed over of it.

use std::net::SocketAddr;

use super::{Kind, PREFIX, Record};
use crate::dialog;
use crate::fast::hex::{self, WIDTH};
use crate::gather::Want;
use crate::headers::Known;
use crate::item::{Damage, Damaged, Direction, Item, Message, Take};

/// What stands in a record before the SIP message.
struct Prefix {
    source: SocketAddr,
    destination: SocketAddr,
    transport: u8,
}

impl Record {
    /// Hands over the record as it is now.
    pub(crate) fn end(&mut self, process: &[u8], take: &mut Take<'_>) {
        let damage = match self.damage {
            None if self.is_long() => Some(Damage::LongRecord),
            None if !self.is_whole() => Some(Damage::Short),
            damage => damage,
        };
        self.read_headers();
        let text = self.kept.get(PREFIX * WIDTH..).unwrap_or_default();
        if damage.is_none() && self.headers.is_keep_alive(text) {
            return;
        }
        let reason = match (self.headers.finish(text), self.prefix()) {
            (Err(_), _) if damage == Some(Damage::NoSize) => Damage::NoSize,
            (Ok(known), Some(prefix)) => return take(Item::Message(self.message(known, prefix, damage))),
            // What the message itself says came first; what its end hides is the damage's doing.
            (Err((reason, true)), _) => reason,
            (Err((reason, false)), _) => damage.unwrap_or(reason),
            (Ok(_), None) => damage.unwrap_or(Damage::NoStartLine),
        };
        take(Item::Damaged(Damaged {
            stamp: Some(self.first.stamp),
            position: self.first.position,
            damage: reason,
            process,
        }));
    }

    fn message(&mut self, known: Known, prefix: Prefix, damage: Option<Damage>) -> Message<'_> {
        self.text.clear();
        if self.want > Want::Head {
            hex::decode(self.kept.get(PREFIX * WIDTH..).unwrap_or_default(), &mut self.text);
        }
        let text = from_start_line(&self.text);
        Message {
            stamp: self.first.stamp,
            position: self.first.position,
            direction: match self.kind {
                Kind::Sip(direction) => direction,
                Kind::Unknown | Kind::Other => Direction::In,
            },
            source: prefix.source,
            destination: prefix.destination,
            transport: prefix.transport,
            start_line: known.start_line,
            cseq: known.cseq.method,
            to_tag: known.to_tag,
            damage: match damage {
                // It stands before all that is damaged but SIZE.
                Some(Damage::NoSize) => damage,
                _ if !known.cseq.is_in_range => Some(Damage::CseqRange),
                _ => damage,
            },
            dialog: (self.want >= Want::Dialog).then(|| dialog::of(text)),
            text: (self.want >= Want::Text).then_some(text),
        }
    }

    /// None where the record is too short to hold it, and a message.
    fn prefix(&self) -> Option<Prefix> {
        let [_, _, a, b, c, d, p, q, _, e, f, g, h, r, s, _, transport, _] = hex::first_bytes(&self.kept)?;
        Some(Prefix {
            source: SocketAddr::from(([a, b, c, d], u16::from_be_bytes([p, q]))),
            destination: SocketAddr::from(([e, f, g, h], u16::from_be_bytes([r, s]))),
            transport,
        })
    }
}

/// What follows the line ends before the start line.
fn from_start_line(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let [b'\n', after @ ..] | [b'\r', b'\n', after @ ..] = rest {
        rest = after;
    }
    rest
}
