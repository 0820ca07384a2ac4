//! The end of a record: what is handed over of it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::hex;
use crate::item::{Damage, Damaged, Item, Message};
use crate::process::{PREFIX, Process, State};

impl Process {
    /// Hands over what is pending: the record as it is now, or the run of orphans.
    pub(crate) fn end(&mut self, sink: &mut impl FnMut(Item<'_>)) {
        match self.state {
            State::Sip => self.end_record(sink),
            State::Orphan => sink(Item::Damaged(Damaged {
                stamp: Some(self.stamp),
                damage: Damage::NoFirstLine,
                process: &self.name,
                further_lines: self.further_lines,
                at_start: !self.seen_first,
            })),
            State::Idle | State::Skip | State::Left => {}
        }
        // Where bytes could not be read, SIZE is reached too late: what is left over belongs to the same damage.
        let is_broken = self.state == State::Sip && self.broken;
        self.state = State::Idle;
        if is_broken {
            self.state = State::Skip;
            self.further_lines = u64::MAX;
        }
    }

    fn end_record(&mut self, sink: &mut impl FnMut(Item<'_>)) {
        let damage = match self.damage {
            None if self.is_long() => Some(Damage::LongRecord),
            None if !self.is_whole() => Some(Damage::Short),
            damage => damage,
        };
        self.read_headers();
        let text = self.kept.get(PREFIX * hex::WIDTH..).unwrap_or_default();
        let reason = match (self.headers.finish(text), self.ends()) {
            (Err(_), _) if damage == Some(Damage::NoSize) => Damage::NoSize,
            (Ok(known), Some((source, destination, transport))) => {
                return sink(Item::Message(Message {
                    stamp: self.stamp,
                    direction: self.direction,
                    source,
                    destination,
                    transport,
                    start_line: known.start_line,
                    cseq: known.cseq,
                    to_tag: known.to_tag,
                    damage,
                }));
            }
            // What the message itself says came first; what its end hides is the damage's doing.
            (Err((reason, true)), _) => reason,
            (Err((reason, false)), _) => damage.unwrap_or(reason),
            (Ok(_), None) => damage.unwrap_or(Damage::NoStartLine),
        };
        sink(Item::Damaged(Damaged {
            stamp: Some(self.stamp),
            damage: reason,
            process: &self.name,
            further_lines: 0,
            at_start: false,
        }));
    }

    /// The two ends and the transport byte; none where the record is too short to hold them and a message.
    fn ends(&self) -> Option<(SocketAddr, SocketAddr, u8)> {
        let [[_, _, a, b, c, d], [p, q, _, e, f, g], [h, r, s, _, transport, _]] = hex::first_bytes(&self.kept)?;
        let end = |ip: [u8; 4], port| SocketAddr::new(IpAddr::V4(Ipv4Addr::from(ip)), u16::from_be_bytes(port));
        Some((end([a, b, c, d], [p, q]), end([e, f, g, h], [r, s]), transport))
    }
}
