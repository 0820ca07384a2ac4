//! A reader of pcapng and pcap for the tests of this crate and of those that build on it, which include this file by its path.
//! It reads what the drafts say (draft-ietf-opsawg-pcapng, draft-ietf-opsawg-pcap) of files with the low byte first, and
//! checks all that can be checked.

use std::net::{IpAddr, SocketAddr};

/// A file of packets.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub(crate) is_pcapng: bool,
    /// Of the section.
    pub(crate) comment: String,
    pub(crate) application: String,
    pub(crate) packets: Vec<Read>,
}

/// A packet of a file.
#[derive(Debug)]
pub(crate) struct Read {
    /// Microseconds since 1970.
    pub(crate) time: u64,
    /// The flags and the comment, in pcapng.
    pub(crate) flags: Option<u32>,
    pub(crate) comment: String,
    pub(crate) opened: Opened,
}

/// What an IP packet carries.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) source: SocketAddr,
    pub(crate) destination: SocketAddr,
    pub(crate) text: Vec<u8>,
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap())
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn size_at(bytes: &[u8], at: usize) -> usize {
    usize::try_from(u32_at(bytes, at)).unwrap()
}

/// Reads a file, to its last byte.
pub(crate) fn read(file: &[u8]) -> File {
    match u32_at(file, 0) {
        0xa1b2_c3d4 => read_pcap(file),
        _ => read_pcapng(file),
    }
}

fn read_pcap(file: &[u8]) -> File {
    assert_eq!((u16_at(file, 4), u16_at(file, 6)), (2, 4), "the version");
    assert_eq!(file[8..16], [0; 8]);
    assert_eq!(u32_at(file, 20), 101, "LINKTYPE_RAW");
    let mut read = File::default();
    let mut rest = &file[24..];
    while !rest.is_empty() {
        let length = size_at(rest, 8);
        assert_eq!(size_at(rest, 12), length, "as long as it was");
        assert!(length <= size_at(file, 16), "as long as the header says");
        assert!(u32_at(rest, 4) < 1_000_000);
        read.packets.push(Read {
            time: u64::from(u32_at(rest, 0)) * 1_000_000 + u64::from(u32_at(rest, 4)),
            flags: None,
            comment: String::new(),
            opened: opened(&rest[16..16 + length]),
        });
        rest = &rest[16 + length..];
    }
    read
}

fn read_pcapng(file: &[u8]) -> File {
    let mut read = File {
        is_pcapng: true,
        ..File::default()
    };
    let mut rest = file;
    let mut kinds = Vec::new();
    while !rest.is_empty() {
        let length = size_at(rest, 4);
        assert_eq!(length % 4, 0, "blocks end at a multiple of four");
        assert_eq!(size_at(rest, length - 4), length, "both lengths are the same");
        let (kind, body) = (u32_at(rest, 0), &rest[8..length - 4]);
        match kind {
            0x0a0d_0d0a => {
                assert_eq!(u32_at(body, 0), 0x1a2b_3c4d, "the order of bytes");
                assert_eq!((u16_at(body, 4), u16_at(body, 6)), (1, 0), "the version");
                assert_eq!(body[8..16], [0xff; 8], "the length of the section is not said");
                let options = options(&body[16..]);
                read.comment = text_of(&options, 1);
                read.application = text_of(&options, 4);
            }
            1 => {
                assert_eq!((u16_at(body, 0), u16_at(body, 2)), (101, 0), "LINKTYPE_RAW");
                let options = options(&body[8..]);
                assert_eq!(value_of(&options, 9), Some(&[6][..]), "microseconds");
                assert_eq!(text_of(&options, 2), "MST");
            }
            6 => read.packets.push(enhanced_packet(body)),
            kind => panic!("no block of kind {kind}"),
        }
        kinds.push(kind);
        rest = &rest[length..];
    }
    assert_eq!(kinds[..2], [0x0a0d_0d0a, 1], "a section and its interface come first");
    assert!(kinds[2..].iter().all(|kind| *kind == 6), "then packets");
    read
}

fn enhanced_packet(body: &[u8]) -> Read {
    assert_eq!(u32_at(body, 0), 0, "the interface");
    let length = size_at(body, 12);
    assert_eq!(size_at(body, 16), length, "as long as it was");
    let end = 20 + length.next_multiple_of(4);
    assert!(
        body[20 + length..end].iter().all(|byte| *byte == 0),
        "filled with zeros"
    );
    let options = options(&body[end..]);
    Read {
        time: u64::from(u32_at(body, 4)) << 32 | u64::from(u32_at(body, 8)),
        flags: value_of(&options, 2).map(|flags| u32_at(flags, 0)),
        comment: text_of(&options, 1),
        opened: opened(&body[20..20 + length]),
    }
}

type Options<'a> = Vec<(u16, &'a [u8])>;

fn options(bytes: &[u8]) -> Options<'_> {
    let mut options = Vec::new();
    let mut rest = bytes;
    loop {
        let (code, length) = (u16_at(rest, 0), usize::from(u16_at(rest, 2)));
        if code == 0 {
            assert_eq!(
                (length, rest.len()),
                (0, 4),
                "the end of the options is the end of the block"
            );
            return options;
        }
        options.push((code, &rest[4..4 + length]));
        rest = &rest[4 + length.next_multiple_of(4)..];
    }
}

fn value_of<'a>(options: &Options<'a>, code: u16) -> Option<&'a [u8]> {
    let mut values = options.iter().filter(|(found, _)| *found == code);
    let value = values.next().map(|(_, value)| *value);
    assert_eq!(values.next(), None, "option {code} comes once");
    value
}

fn text_of(options: &Options<'_>, code: u16) -> String {
    String::from_utf8(value_of(options, code).unwrap_or_default().to_vec()).unwrap()
}

/// The datagram in an IP packet, whose checksums and lengths must be right.
pub(crate) fn opened(packet: &[u8]) -> Opened {
    let big = |at: usize| u16::from_be_bytes([packet[at], packet[at + 1]]);
    let (pseudo_header, ends, udp): (Vec<u8>, [IpAddr; 2], &[u8]) = match packet[0] >> 4 {
        4 => {
            assert_eq!(packet[0] & 15, 5, "no options");
            assert_eq!(usize::from(big(2)), packet.len());
            assert_eq!(sum(&packet[..20]), 0xffff, "the checksum of the header");
            assert_eq!(packet[9], 17, "UDP");
            assert_eq!(big(6) & 0x3fff, 0, "no fragment");
            let end = |at: usize| IpAddr::from(<[u8; 4]>::try_from(&packet[at..at + 4]).unwrap());
            let pseudo_header = [&packet[12..20], &[0, 17], &packet[24..26]].concat();
            (pseudo_header, [end(12), end(16)], &packet[20..])
        }
        6 => {
            assert_eq!(usize::from(big(4)), packet.len() - 40);
            assert_eq!(packet[6], 17, "UDP");
            let end = |at: usize| IpAddr::from(<[u8; 16]>::try_from(&packet[at..at + 16]).unwrap());
            let pseudo_header = [&packet[8..40], &[0, 17], &packet[44..46]].concat();
            (pseudo_header, [end(8), end(24)], &packet[40..])
        }
        version => panic!("no IP of version {version}"),
    };
    let big = |at: usize| u16::from_be_bytes([udp[at], udp[at + 1]]);
    assert_eq!(usize::from(big(4)), udp.len());
    assert_ne!(big(6), 0, "there is a checksum");
    assert_eq!(
        sum(&[&pseudo_header, udp].concat()),
        0xffff,
        "the checksum of the datagram"
    );
    Opened {
        source: SocketAddr::new(ends[0], big(0)),
        destination: SocketAddr::new(ends[1], big(2)),
        text: udp[8..].to_vec(),
    }
}

/// The sum of RFC 1071 over bytes that hold their checksum; 0xffff if that is right.
fn sum(bytes: &[u8]) -> u32 {
    let mut sum: u32 = bytes
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | u32::from(pair.get(1).copied().unwrap_or(0)))
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum
}
