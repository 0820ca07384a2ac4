//! What a scan yields: SIP messages, and what is damaged with its reason.

use std::fmt;
use std::net::SocketAddr;

use crate::line::Stamp;
use crate::start_line::{Method, StartLine};

/// One finding of the scanner.
#[derive(Debug)]
pub enum Item<'a> {
    /// A record whose start line and `CSeq` are whole.
    Message(Message),
    /// A record, or what is left of one, that cannot be counted.
    Damaged(Damaged<'a>),
}

/// Which way a message went, seen from the telephone server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// It came in (type `8a`).
    In,
    /// It went out (type `8b`).
    Out,
}

/// A SIP message, read as far as start line, `CSeq` and, for an INVITE, `To` need.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// Timestamp of the record's first line.
    pub stamp: Stamp,
    /// Which way it went.
    pub direction: Direction,
    /// Where it came from.
    pub source: SocketAddr,
    /// Where it went to.
    pub destination: SocketAddr,
    /// The transport byte as it stands in the record: more than 1 is TLS, otherwise TCP (one reader's word only).
    pub transport: u8,
    /// What the start line says.
    pub start_line: StartLine,
    /// The method that `CSeq` names.
    pub cseq: Method,
    /// Whether `To` bears a tag; looked up only for an INVITE request, `false` for all others.
    pub to_tag: bool,
    /// What is wrong with the rest of the record; the message still counts.
    pub damage: Option<Damage>,
}

/// What is damaged and cannot be counted.
#[derive(Clone, Copy)]
pub struct Damaged<'a> {
    /// Timestamp of the first line that it stands on; none where even that could not be read.
    pub stamp: Option<Stamp>,
    /// Why.
    pub damage: Damage,
    /// The process, as in `capro(4711)`; empty in a raw file.
    pub process: &'a [u8],
    /// For [`Damage::NoFirstLine`]: how many further lines there were. Otherwise 0.
    pub further_lines: u64,
    /// For [`Damage::NoFirstLine`]: nothing of this process stood before, so these lines may finish a record of the
    /// file before.
    pub at_start: bool,
}

impl fmt::Debug for Damaged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Damaged")
            .field("stamp", &self.stamp)
            .field("damage", &self.damage)
            .field("process", &format_args!("{}", self.process.escape_ascii()))
            .field("further_lines", &self.further_lines)
            .field("at_start", &self.at_start)
            .finish()
    }
}

/// Why a record is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Damage {
    /// Something else stands where hex digits should.
    NoHex,
    /// A hex digit stands alone.
    HalfByte,
    /// It ends before SIZE bytes have come.
    Short,
    /// Further lines (`++++`) of a process that has no record begun, or `D` lines of a raw file without an `M` line.
    NoFirstLine,
    /// Neither SIZE nor `++++` stands where it should.
    NoSize,
    /// Byte 17 does not begin a SIP message.
    NoStartLine,
    /// The headers end without a readable `CSeq`.
    NoCseq,
    /// It is longer than [`MAX_RECORD`](crate::MAX_RECORD); what stands behind that is not looked at.
    LongRecord,
    /// A line is longer than [`MAX_LINE`](crate::MAX_LINE).
    LongLine,
    /// A record of a raw file ends without its `N` line, or a line within it is shorter than the others.
    RawCut,
    /// A record of a raw file has an `M` line without type or time.
    RawHead,
}

impl Damage {
    /// All reasons, in the order in which they are told.
    pub const ALL: [Damage; 11] = [
        Damage::NoHex,
        Damage::HalfByte,
        Damage::Short,
        Damage::NoFirstLine,
        Damage::NoSize,
        Damage::NoStartLine,
        Damage::NoCseq,
        Damage::LongRecord,
        Damage::LongLine,
        Damage::RawCut,
        Damage::RawHead,
    ];
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Damage::NoHex => "no hex",
            Damage::HalfByte => "half a byte",
            Damage::Short => "shorter than its SIZE",
            Damage::NoFirstLine => "further lines without a first",
            Damage::NoSize => "no SIZE",
            Damage::NoStartLine => "no SIP start line",
            Damage::NoCseq => "no CSeq",
            Damage::LongRecord => "record over 64 KiB",
            Damage::LongLine => "line over 1 MiB",
            Damage::RawCut => "incomplete raw record",
            Damage::RawHead => "unreadable M line",
        })
    }
}
