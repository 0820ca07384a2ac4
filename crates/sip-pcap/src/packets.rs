//! Packets, and what makes them of messages.

use sip_filter::Filter;
use sip_scan::{Damage, Direction, Gather, Item, Message, Timed, Want};

use crate::datagram::{self, MAX_TEXT};
use crate::moment::microseconds;

/// Makes a packet of each message that a filter wants.
#[derive(Clone, Debug, Default)]
pub struct GatherPackets {
    /// Which messages are wanted.
    pub filter: Filter,
    /// Whether messages of damaged records are wanted too, as far as they came.
    pub damaged: bool,
}

/// The packets of one log, or of a piece of one.
#[derive(Debug, Default)]
pub struct Packets {
    pub(crate) packets: Timed<Packet>,
    /// How many messages were left out because their record is damaged.
    pub(crate) left_out: u64,
}

/// A SIP message as a packet.
#[derive(Debug)]
pub struct Packet {
    /// Microseconds since 1970.
    pub(crate) time: u64,
    pub(crate) direction: Direction,
    pub(crate) is_tls: bool,
    pub(crate) damage: Option<Damage>,
    /// How many bytes the message has, also where the packet holds fewer.
    pub(crate) length: usize,
    /// The packet from its IP header on.
    pub(crate) bytes: Box<[u8]>,
}

impl Gather for GatherPackets {
    type Part = Packets;

    fn want(&self) -> Want {
        self.filter.want().and(Want::Text(self.filter.messages()))
    }

    fn take(&self, part: &mut Packets, item: &Item<'_>) {
        let Item::Message(message) = item else {
            return;
        };
        if !self.filter.is_in_range(&message.stamp) || self.filter.type_of(message).is_none() {
            return;
        }
        if message.damage.is_some() && !self.damaged {
            part.left_out = part.left_out.saturating_add(1);
            return;
        }
        let packet = Packet::of(message);
        let bytes = packet.bytes.len();
        part.packets.push((message.stamp, message.position), packet, bytes);
    }

    fn held(part: &Packets) -> usize {
        part.packets.bytes()
    }
}

impl Packet {
    fn of(message: &Message<'_>) -> Packet {
        let text = message.text.unwrap_or_default();
        Packet {
            time: microseconds(&message.stamp),
            direction: message.direction,
            is_tls: message.transport > 1,
            damage: message.damage,
            length: text.len(),
            bytes: datagram::packet(message.source, message.destination, text),
        }
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.length > MAX_TEXT
    }

    /// What a person should know of it: transport, log and line, and what is missing.
    pub(crate) fn comment(&self, log: &str, line: u64) -> String {
        let transport = if self.is_tls { "TLS" } else { "TCP" };
        let mut comment = format!("{transport}, {log}, line {line}");
        if let Some(damage) = self.damage {
            comment.push_str(&format!("; damaged: {damage}"));
        }
        if self.is_cut() {
            comment.push_str(&format!("; cut to {MAX_TEXT} of {} bytes", self.length));
        }
        comment
    }
}
