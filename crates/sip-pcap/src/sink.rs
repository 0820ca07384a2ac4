//! The sink that takes packets log by log and writes them in the order of time.

use std::fmt;
use std::io::{self, Write};

use sip_scan::{InOrder, Order, Origin, Sink, Stamp};

use crate::datagram::MAX_TEXT;
use crate::packets::{Packet, Packets};
use crate::writer::PacketWriter;

/// Takes the packets of all logs, and writes them in the order of time.
#[derive(Debug)]
pub struct PacketSink<W> {
    packets: InOrder<Packet, PacketWriter<W>>,
    left_out: u64,
}

/// What people should know of the packets that were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// How many packets there are.
    pub packets: u64,
    /// How many of them stand behind later ones: there was too much to hold, or their log is out of order.
    pub behind: u64,
    /// How many of them hold the first [`MAX_TEXT`] bytes of a longer message.
    pub cut: u64,
    /// How many messages are not among them because their record is damaged.
    pub left_out: u64,
}

impl Told {
    /// What people should know of the packets in the file `name`, a line each.
    pub fn lines(&self, name: &str) -> Vec<String> {
        let cut = format!("cut to the {MAX_TEXT} bytes that fit into a datagram");
        let all = [
            (
                self.left_out,
                "left out as damaged; --damaged writes them as far as they came",
            ),
            (self.cut, cut.as_str()),
            (
                self.behind,
                "not in the order of time: there was too much to hold, or a clock was set back",
            ),
        ];
        let noted = all.into_iter().filter(|(count, _)| *count > 0);
        let line = |(count, what): (u64, &str)| match count {
            1 => format!("{name}: 1 message {what}"),
            count => format!("{name}: {count} messages {what}"),
        };
        let nothing = (self.packets == 0).then(|| format!("{name}: no message to write; the file has no packet"));
        noted.map(line).chain(nothing).collect()
    }
}

impl<W: Write> PacketSink<W> {
    /// Gives packets to `writer`, in `order`.
    pub fn new(order: Order, writer: PacketWriter<W>) -> PacketSink<W> {
        PacketSink {
            packets: InOrder::new(order, writer),
            left_out: 0,
        }
    }

    /// What people should know.
    pub fn told(&self) -> Told {
        let writer = self.packets.out();
        Told {
            packets: writer.written,
            behind: self.packets.behind(),
            cut: writer.cut,
            left_out: self.left_out,
        }
    }

    /// What the packets were written to, once all is over.
    pub fn into_out(self) -> W {
        self.packets.into_out().into_out()
    }
}

impl<W: Write> Sink<Packets> for PacketSink<W> {
    type Error = io::Error;

    fn is_done(&self) -> bool {
        self.packets.is_done()
    }

    fn log(&mut self, name: &dyn fmt::Display) {
        self.packets.log(name);
    }

    fn absorb(&mut self, part: Packets, from: Origin) -> io::Result<()> {
        self.left_out = self.left_out.saturating_add(part.left_out);
        self.packets.absorb(part.packets, from)
    }

    fn settle(&mut self, before: Stamp) -> io::Result<()> {
        self.packets.settle(before)
    }

    fn finish(&mut self, at: Option<Stamp>) -> io::Result<()> {
        self.packets.finish(at)
    }
}
