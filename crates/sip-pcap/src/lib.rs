//! Makes packets of SIP messages: files that Wireshark, tshark and sngrep open.
//!
//! [`GatherPackets`] makes a [`Packet`] of each message that a filter wants; a [`PacketSink`] puts them in the order of time
//! and writes them to the `Write` that it is given, as pcapng or as classic pcap. Nothing here opens a file.
//!
//! Every message becomes one UDP datagram with the addresses and ports of its record, also where it came by TCP or TLS: of a
//! stream, one record that is cut would cost those that follow it. The text of the message is the whole datagram, byte for
//! byte.

mod block;
mod datagram;
mod moment;
mod packets;
#[cfg(test)]
mod reader;
mod sink;
#[cfg(test)]
#[path = "../../sip-filter/src/testing.rs"]
mod testing;
#[cfg(test)]
mod tests;
mod writer;

pub use datagram::MAX_TEXT;
pub use packets::{GatherPackets, Packet, Packets};
pub use sink::{PacketSink, Told};
pub use writer::{Form, PacketWriter};
