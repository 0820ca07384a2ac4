//! The sink that takes packets log by log and writes them in the order of time.

use std::fmt;
use std::io::{self, Write};

use sip_scan::{InOrder, Order, Origin, Sink, Stamp};

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
    /// How many of them hold the first [`MAX_TEXT`](crate::MAX_TEXT) bytes of a longer message.
    pub cut: u64,
    /// How many messages are not among them because their record is damaged.
    pub left_out: u64,
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
