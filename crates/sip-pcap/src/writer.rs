//! Writes packets, in the form that was asked for.

use std::io::{self, Write};
use std::path::Path;

use sip_scan::{Direction, Position, TakeInOrder};

use crate::block::{self, Entry, INBOUND, OUTBOUND};
use crate::packets::Packet;

/// What a pcapng file says of its times.
const COMMENT: &str = "Times are those of the server's clock, written as if it showed UTC. Each SIP message of the ECS logs is one \
                       UDP datagram, also where it went by TCP or TLS.";

/// The form of a file of packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// pcapng, with direction and comment of each packet.
    #[default]
    Pcapng,
    /// The older pcap, which has neither.
    Pcap,
}

impl Form {
    /// The form of a file: pcap where its name ends in `.pcap`, else pcapng.
    pub fn of(path: &Path) -> Form {
        match path.extension() {
            Some(end) if end.eq_ignore_ascii_case("pcap") => Form::Pcap,
            _ => Form::Pcapng,
        }
    }
}

/// Writes packets to `W`, in the order in which they come.
#[derive(Debug)]
pub struct PacketWriter<W> {
    out: W,
    form: Form,
    pub(crate) written: u64,
    pub(crate) cut: u64,
}

impl<W: Write> PacketWriter<W> {
    /// Writes what a file begins with. `application` is the program's name and version.
    ///
    /// # Errors
    ///
    /// `out` cannot be written to.
    pub fn new(mut out: W, form: Form, application: &str) -> io::Result<PacketWriter<W>> {
        out.write_all(&match form {
            Form::Pcapng => block::pcapng_start(application, COMMENT),
            Form::Pcap => block::pcap_start(),
        })?;
        Ok(PacketWriter {
            out,
            form,
            written: 0,
            cut: 0,
        })
    }

    pub(crate) fn into_out(self) -> W {
        self.out
    }
}

impl<W: Write> TakeInOrder<Packet> for PacketWriter<W> {
    type Error = io::Error;

    fn take(&mut self, packet: Packet, log: &str, position: Position) -> io::Result<()> {
        let entry = Entry {
            time: packet.time,
            flags: match packet.direction {
                Direction::In => INBOUND,
                Direction::Out => OUTBOUND,
            },
            comment: &packet.comment(log, position.line),
            bytes: &packet.bytes,
        };
        self.written = self.written.saturating_add(1);
        self.cut = self.cut.saturating_add(packet.is_cut().into());
        self.out.write_all(&match self.form {
            Form::Pcapng => block::pcapng_packet(&entry),
            Form::Pcap => block::pcap_packet(&entry),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
