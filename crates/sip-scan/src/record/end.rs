//! The end of a record: what is handed over of it.

use super::{Kind, PREFIX, Record};
use crate::dialog;
use crate::fast::head_end;
use crate::fast::hex::{self, WIDTH};
use crate::headers::Known;
use crate::item::{Damage, Damaged, Direction, Item, Message, Take};
use crate::want::Want;

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
        let reason = match self.headers.finish(text) {
            Err(_) if damage == Some(Damage::NoSize) => Damage::NoSize,
            // What the message itself says came first; what its end hides is the damage's doing.
            Err((reason, true)) => reason,
            Err((reason, false)) => damage.unwrap_or(reason),
            Ok(known) => return take(Item::Message(self.message(known, damage))),
        };
        take(Item::Damaged(Damaged {
            stamp: Some(self.first.stamp),
            position: self.first.position,
            damage: reason,
            process,
        }));
    }

    /// The message of which this is known.
    fn message(&mut self, known: Known, damage: Option<Damage>) -> Message<'_> {
        // There are so many bytes, as the start line stands behind them.
        let prefix = hex::first_bytes(&self.kept).unwrap_or_default();
        let [_, _, a, b, c, d, p, q, _, e, f, g, h, r, s, _, transport, _] = prefix;
        self.text.clear();
        let is_more = self.want.is_more_of(known.start_line, known.cseq.method);
        if is_more {
            let text = self.kept.get(PREFIX * WIDTH..).unwrap_or_default();
            let wanted = match self.want {
                Want::Dialog(_) => without_body(text),
                _ => text,
            };
            hex::decode(wanted, &mut self.text);
        }
        let text = from_start_line(&self.text);
        Message {
            stamp: self.first.stamp,
            number: self.first.number,
            position: self.first.position,
            direction: match self.kind {
                Kind::Sip(direction) => direction,
                Kind::Unknown | Kind::Other => Direction::In,
            },
            source: ([a, b, c, d], u16::from_be_bytes([p, q])).into(),
            destination: ([e, f, g, h], u16::from_be_bytes([r, s])).into(),
            transport,
            start_line: known.start_line,
            cseq: known.cseq.method,
            to_tag: known.to_tag,
            damage: match damage {
                // It stands before all that is damaged but SIZE.
                Some(Damage::NoSize) => damage,
                _ if !known.cseq.is_in_range => Some(Damage::CseqRange),
                None if self.has_second() => Some(Damage::SecondMessage),
                _ => damage,
            },
            dialog: (is_more && !matches!(self.want, Want::Text(_))).then(|| dialog::of(text)),
            text: (is_more && !matches!(self.want, Want::Dialog(_))).then_some(text),
        }
    }
}

/// The hex of a message up to the empty line behind its headers.
fn without_body(text: &[u8]) -> &[u8] {
    // Line ends before the start line are no empty line.
    let has_start_line = !matches!(text, [b'0', b'a' | b'd', ..]);
    let end = head_end::find(text).filter(|_| has_start_line);
    end.and_then(|end| text.get(..=end)).unwrap_or(text)
}

/// What follows the line ends before the start line.
fn from_start_line(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let [b'\n', after @ ..] | [b'\r', b'\n', after @ ..] = rest {
        rest = after;
    }
    rest
}
