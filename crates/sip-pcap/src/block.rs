//! The blocks of a pcapng file (draft-ietf-opsawg-pcapng) and the headers of a classic pcap file (draft-ietf-opsawg-pcap), all
//! numbers with the low byte first.

/// Packets that begin with a header of IPv4 or IPv6 (LINKTYPE_RAW).
const LINK_TYPE: u16 = 101;
/// No packet is longer; the value that tcpdump writes.
const LONGEST_PACKET: u32 = 262_144;
/// Bytes of the text of one option at most; its length has 16 bits.
const MAX_OPTION: usize = 60_000;

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const BYTE_ORDER: u32 = 0x1a2b_3c4d;
const INTERFACE: u32 = 1;
const ENHANCED_PACKET: u32 = 6;

const OPTION_COMMENT: u16 = 1;
const OPTION_APPLICATION: u16 = 4;
const OPTION_INTERFACE_NAME: u16 = 2;
const OPTION_TIME_RESOLUTION: u16 = 9;
const OPTION_PACKET_FLAGS: u16 = 2;

/// Times are in microseconds, 10 to the power of minus this.
const MICROSECONDS: u8 = 6;

/// What the flags of a packet say: from where it came.
pub(crate) const INBOUND: u32 = 1;
/// Or that it went out.
pub(crate) const OUTBOUND: u32 = 2;

/// One packet of a file.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// Microseconds since 1970.
    pub(crate) time: u64,
    pub(crate) flags: u32,
    pub(crate) comment: &'a str,
    pub(crate) bytes: &'a [u8],
}

/// The blocks with which a pcapng file begins: the section, with the name of the program and a comment, and its one interface.
pub(crate) fn pcapng_start(application: &str, comment: &str) -> Vec<u8> {
    let mut section = Block::new(SECTION_HEADER);
    section.u32(BYTE_ORDER);
    section.u16(1);
    section.u16(0);
    // The length of the section is not said: it ends with the file.
    section.u32(u32::MAX);
    section.u32(u32::MAX);
    section.text(OPTION_COMMENT, comment);
    section.text(OPTION_APPLICATION, application);
    let mut interface = Block::new(INTERFACE);
    interface.u16(LINK_TYPE);
    interface.u16(0);
    interface.u32(LONGEST_PACKET);
    interface.text(OPTION_INTERFACE_NAME, "MST");
    interface.option(OPTION_TIME_RESOLUTION, &[MICROSECONDS]);
    [section.end(), interface.end()].concat()
}

/// The block of a packet.
pub(crate) fn pcapng_packet(entry: &Entry<'_>) -> Vec<u8> {
    let mut block = Block::new(ENHANCED_PACKET);
    // The number of the interface.
    block.u32(0);
    let [high, low] = halves(entry.time);
    block.u32(high);
    block.u32(low);
    // As much was captured as there was.
    block.u32(length(entry.bytes));
    block.u32(length(entry.bytes));
    block.padded(entry.bytes);
    block.text(OPTION_COMMENT, entry.comment);
    block.option(OPTION_PACKET_FLAGS, &entry.flags.to_le_bytes());
    block.end()
}

/// The header with which a classic pcap file begins.
pub(crate) fn pcap_start() -> Vec<u8> {
    let mut header = 0xa1b2_c3d4_u32.to_le_bytes().to_vec();
    // The version, 2.4.
    header.extend([2, 0, 4, 0]);
    // Two numbers that are not used.
    header.extend([0; 8]);
    header.extend(LONGEST_PACKET.to_le_bytes());
    header.extend(u32::from(LINK_TYPE).to_le_bytes());
    header
}

/// A packet of a classic pcap file. It has no room for flags and comment, nor for a time after the year 2106.
pub(crate) fn pcap_packet(entry: &Entry<'_>) -> Vec<u8> {
    let seconds = u32::try_from(entry.time / 1_000_000).unwrap_or(u32::MAX);
    let [_, micros] = halves(entry.time % 1_000_000);
    let length = length(entry.bytes);
    let numbers = [seconds, micros, length, length].map(u32::to_le_bytes);
    [numbers.as_flattened(), entry.bytes].concat()
}

/// A block of a pcapng file as far as it has come.
struct Block(Vec<u8>);

impl Block {
    fn new(kind: u32) -> Block {
        // The length is known at the end.
        Block([kind.to_le_bytes(), [0; 4]].concat())
    }

    fn u16(&mut self, number: u16) {
        self.0.extend(number.to_le_bytes());
    }

    fn u32(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    /// Bytes, and as many zeros as bring them to a multiple of four.
    fn padded(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
        let length = self.0.len().next_multiple_of(4);
        self.0.resize(length, 0);
    }

    /// A text, or as much of it as an option may hold.
    fn text(&mut self, code: u16, text: &str) {
        let text = text.get(..text.floor_char_boundary(MAX_OPTION)).unwrap_or_default();
        self.option(code, text.as_bytes());
    }

    fn option(&mut self, code: u16, value: &[u8]) {
        self.u16(code);
        self.u16(u16::try_from(value.len()).unwrap_or_default());
        self.padded(value);
    }

    /// Ends the options, and writes the length at both ends.
    fn end(mut self) -> Vec<u8> {
        self.u32(0);
        let length = u32::try_from(self.0.len().saturating_add(4)).unwrap_or(u32::MAX);
        self.u32(length);
        if let Some(place) = self.0.get_mut(4..8) {
            place.copy_from_slice(&length.to_le_bytes());
        }
        self.0
    }
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

fn halves(number: u64) -> [u32; 2] {
    [number >> 32, number & u64::from(u32::MAX)].map(|half| u32::try_from(half).unwrap_or_default())
}
