//! What a scan yields: SIP messages, and what is damaged with its reason.

use std::fmt;
use std::net::SocketAddr;

use crate::position::Position;
use crate::stamp::Stamp;
use crate::start_line::{Method, StartLine};

/// One finding of the scanner.
#[derive(Debug)]
pub enum Item<'a> {
    /// A record whose start line and `CSeq` are whole.
    Message(Message<'a>),
    /// A record, or what is left of one, that cannot be counted.
    Damaged(Damaged<'a>),
    /// A record that is cut where reading begins or ends: it may go on in what nobody reads, and is neither message nor
    /// damage. The reason is that which it would have if nothing stood there.
    Edge(Damaged<'a>),
    /// Which lines were read since the item of this kind before, if some of them bear a time stamp. It comes at the end of each
    /// block and of each file: this item alone depends on where blocks end.
    Lines(Lines),
}

/// Takes the items, one after the other. A closure is one.
pub type Take<'t> = dyn FnMut(Item<'_>) + 't;

/// Which way a message went, seen from the telephone server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// It came in (type `8a`).
    In,
    /// It went out (type `8b`).
    Out,
}

/// A SIP message.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Timestamp of the record's first line.
    pub stamp: Stamp,
    /// The running number of that line; none where it bears none that a `u32` holds, as in a raw file.
    pub number: Option<u32>,
    /// Where that line stands.
    pub position: Position,
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
    /// What tells its dialog and its transaction from others; where [`Want`](crate::Want) asks for it.
    pub dialog: Option<Dialog<'a>>,
    /// The whole message as it was on the wire, from its start line on, as far as it came: the first [`MAX_RECORD`](crate::MAX_RECORD) bytes of
    /// its record at most, and no more than came before the first spot that cannot be read; with
    /// [`Want::Text`](crate::Want::Text).
    pub text: Option<&'a [u8]>,
}

/// What tells dialogs and transactions apart (RFC 3261, 12 and 17.2.3). What the message lacks is none. Of a header
/// that comes twice the first counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dialog<'a> {
    /// The value of `Call-ID`.
    pub call_id: Option<&'a [u8]>,
    /// The tag of `From`.
    pub from_tag: Option<&'a [u8]>,
    /// The tag of `To`.
    pub to_tag: Option<&'a [u8]>,
    /// The number of `CSeq`.
    pub cseq_number: Option<u32>,
    /// The parameter `branch` of the topmost `Via`.
    pub branch: Option<&'a [u8]>,
}

/// The first and the last line that bear a time stamp, of those that were read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// The first of them.
    pub first: LineMark,
    /// The last of them; the first itself if it is the only one.
    pub last: LineMark,
}

/// A line that begins with a time stamp, whatever its text is, or one that begins a SIP record of a raw file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineMark {
    /// Its timestamp.
    pub stamp: Stamp,
    /// Its running number. None where it bears none that a `u32` holds.
    pub number: Option<u32>,
    /// The number of the line in its file; the first is 1.
    pub line: u64,
}

/// What is damaged, or cut, and cannot be counted.
#[derive(Clone, Copy)]
pub struct Damaged<'a> {
    /// Timestamp of the first line that it stands on; none where even that could not be read.
    pub stamp: Option<Stamp>,
    /// Where that line stands.
    pub position: Position,
    /// Why.
    pub damage: Damage,
    /// The process, as in `capro(4711)`; empty in a raw file.
    pub process: &'a [u8],
}

impl fmt::Debug for Damaged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Damaged")
            .field("stamp", &self.stamp)
            .field("damage", &self.damage)
            .field("process", &format_args!("{}", self.process.escape_ascii()))
            .field("position", &self.position)
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
    /// The number of `CSeq` is not less than 2^31 (RFC 3261, 8.1.1.5). The message counts.
    CseqRange,
    /// A second message follows the first one (RFC 3261, 18.3), and does not count; the first one does.
    SecondMessage,
    /// It is longer than [`MAX_RECORD`](crate::MAX_RECORD); what stands behind that is not looked at.
    LongRecord,
    /// A line is longer than [`MAX_LINE`](crate::MAX_LINE).
    LongLine,
    /// A record of a raw file ends without its `N` line, or a line within it is shorter than the others.
    RawCut,
    /// A record of a raw file has an `M` line without type or time.
    RawHead,
    /// A dump line does not begin with a date and a time of day that exist.
    NoStamp,
    /// The process of a dump line cannot be found.
    NoProcess,
    /// The name of a process is longer than [`MAX_NAME`](crate::MAX_NAME).
    LongName,
}

impl Damage {
    /// All reasons, in the order in which they are told.
    pub const ALL: [Damage; 16] = [
        Damage::NoHex,
        Damage::HalfByte,
        Damage::Short,
        Damage::NoFirstLine,
        Damage::NoSize,
        Damage::NoStartLine,
        Damage::NoCseq,
        Damage::CseqRange,
        Damage::SecondMessage,
        Damage::LongRecord,
        Damage::LongLine,
        Damage::RawCut,
        Damage::RawHead,
        Damage::NoStamp,
        Damage::NoProcess,
        Damage::LongName,
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
            Damage::CseqRange => "CSeq number out of range",
            Damage::SecondMessage => "second message in one record",
            Damage::LongRecord => "record over 64 KiB",
            Damage::LongLine => "line over 1 MiB",
            Damage::RawCut => "incomplete raw record",
            Damage::RawHead => "unreadable M line",
            Damage::NoStamp => "unreadable time stamp",
            Damage::NoProcess => "unreadable process",
            Damage::LongName => "process name over 64 bytes",
        })
    }
}
