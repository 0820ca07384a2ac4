//! A record as far as it has come.

mod end;
mod second;

use crate::MAX_RECORD;
use crate::fast;
use crate::fast::hex::WIDTH;
use crate::fast::line_template::LikeLines;
use crate::headers::Headers;
use crate::hex;
use crate::item::{Damage, Direction};
use crate::position::Position;
use crate::stamp::Stamp;
use crate::want::Want;

/// Bytes of a record before the SIP message.
const PREFIX: usize = 17;

/// Characters of hex that are kept of one record at most.
const MAX_KEPT: usize = MAX_RECORD * WIDTH;

/// Characters that are kept of a usual record, and more.
const USUAL_KEPT: usize = 8 << 10;

/// Bytes that come before the headers are read; then twice as many each time, so that a line without end is not searched
/// over and over. The headers that count mostly stand within some 400 bytes; to look for line ends after every line of
/// 64 costs more than to keep one or two lines too many.
const READ_FIRST: usize = 320;

/// A record as far as it has come.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) first: FirstLine,
    pub(crate) kind: Kind,
    /// Bytes that it should have, as far as that is known, and that have come.
    pub(crate) size: usize,
    pub(crate) came: usize,
    /// What is kept of its start, as [`hex::keep`] writes it.
    kept: Vec<u8>,
    headers: Headers,
    /// Where in what is kept the headers' end, and what follows it, stands: once that is known.
    rest: Option<usize>,
    /// How many bytes were not kept, between what counts and the headers' end.
    passed: usize,
    /// How many bytes are kept when the headers are read next.
    read_at: usize,
    /// What is wrong with it first.
    pub(crate) damage: Option<Damage>,
    /// Whether bytes are missing after those that were kept, so that no more may be added to them.
    pub(crate) broken: bool,
    /// How much of each is wanted.
    pub(crate) want: Want,
    /// Whether the whole of this one is wanted, as far as is known.
    is_wanted: bool,
    /// Room to decode the message in when the record ends.
    text: Vec<u8>,
}

/// What the first line of a record says, and where that stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstLine {
    pub(crate) stamp: Stamp,
    /// The running number.
    pub(crate) number: Option<u32>,
    pub(crate) position: Position,
    pub(crate) size: Size,
}

/// What a record says of its number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Bytes(u32),
    Unreadable,
    /// Nothing, and nothing should be said.
    Unsaid,
}

/// What the type byte says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It has not come, or cannot be read.
    Unknown,
    Sip(Direction),
    Other,
}

impl Record {
    /// None, in whose place records can be begun.
    pub(crate) fn none() -> Record {
        let first = FirstLine {
            stamp: Stamp::FIRST,
            number: None,
            position: Position::default(),
            size: Size::Unsaid,
        };
        Record {
            first,
            kind: Kind::Unknown,
            size: 0,
            came: 0,
            kept: Vec::new(),
            headers: Headers::default(),
            rest: None,
            passed: 0,
            read_at: 0,
            damage: None,
            broken: false,
            want: Want::Head,
            is_wanted: false,
            text: Vec::new(),
        }
    }

    /// Begins another one in its place.
    pub(crate) fn begin(&mut self, first: FirstLine) {
        self.first = first;
        self.kind = Kind::Unknown;
        // More than memory holds is as good as never ending.
        self.size = match first.size {
            Size::Bytes(size) => usize::try_from(size).unwrap_or(usize::MAX),
            Size::Unreadable | Size::Unsaid => usize::MAX,
        };
        self.came = 0;
        self.kept.clear();
        self.headers.clear();
        self.rest = None;
        self.passed = 0;
        self.read_at = READ_FIRST;
        self.damage = (first.size == Size::Unreadable).then_some(Damage::NoSize);
        self.broken = false;
        self.is_wanted = self.want.is_more();
    }

    /// Forgets the record, and gives memory back that few records need.
    pub(crate) fn forget(&mut self) {
        for bytes in [&mut self.kept, &mut self.text] {
            bytes.clear();
            // What few records need is given back whole: a piece of it would keep the memory around it in use.
            if bytes.capacity() > USUAL_KEPT {
                *bytes = Vec::new();
            }
        }
        self.headers.clear();
    }

    /// How many bytes of memory it takes beside its own.
    pub(crate) fn bytes(&self) -> usize {
        self.kept.capacity().saturating_add(self.text.capacity())
    }

    /// Takes lines, known to be like those before.
    #[inline(always)]
    pub(crate) fn push_lines(&mut self, lines: LikeLines<'_>) {
        self.came = self.came.saturating_add(lines.count.saturating_mul(lines.bytes));
        if self.wants_text() {
            self.keep_lines(lines);
        } else {
            self.seek_rest(lines);
        }
    }

    /// Keeps the hex of lines, as many as it takes until all is known. Not inlined, so that the loop over the many lines
    /// of which nothing is kept has the registers to itself.
    #[inline(never)]
    fn keep_lines(&mut self, lines: LikeLines<'_>) {
        let mut lines = lines;
        loop {
            let before = self.kept.len();
            // So many are kept before the headers are read next.
            let wanted = self.read_at.saturating_mul(WIDTH).min(MAX_KEPT);
            let mut hex = lines.hex();
            let mut count = 0usize;
            while self.kept.len() < wanted
                && let Some(hex) = hex.next()
            {
                hex::keep(hex, MAX_KEPT.saturating_sub(self.kept.len()), &mut self.kept);
                count = count.saturating_add(1);
            }
            lines = lines.skip(count);
            self.kept_since(before);
            if self.kept.len() < wanted || self.kept.len() == before {
                return;
            }
            if !self.wants_text() {
                return self.seek_rest(lines);
            }
        }
    }

    /// Takes the hex of one line, whatever it looks like.
    pub(crate) fn push(&mut self, hex: &[u8]) {
        if fast::hex::is_canonical(hex) {
            return self.push_lines(LikeLines::of_hex(hex));
        }
        if self.rest.is_none() && self.seeks_rest() {
            self.rest = Some(self.kept.len());
        }
        let before = self.kept.len();
        let wanted = self.wants_text();
        let mut count = 0usize;
        let result = hex::read(hex, |b| {
            count = count.saturating_add(1);
            if wanted && self.kept.len() < MAX_KEPT {
                hex::keep_byte(b, &mut self.kept);
            }
        });
        self.came = self.came.saturating_add(count);
        self.kept_since(before);
        let broken = match result {
            // A line with nothing in it is no line of bytes.
            Ok(()) if count == 0 => Some(Damage::NoHex),
            result => result.err(),
        };
        // Bytes beyond SIZE are not the record's: what is broken there does not break it.
        if let Some(damage) = broken
            && !self.is_whole()
        {
            self.break_off(damage);
        }
    }

    /// Bytes are missing here: nothing that follows is added to the text.
    pub(crate) fn break_off(&mut self, damage: Damage) {
        self.note(damage);
        self.broken = true;
    }

    /// Notes what is wrong, if nothing was so far.
    pub(crate) fn note(&mut self, damage: Damage) {
        let first = if self.is_long() { Damage::LongRecord } else { damage };
        self.damage.get_or_insert(first);
    }

    /// Whether the record's text is still needed: of a message that is not wanted not between what counts and the headers' end, nor
    /// after a spot where bytes are missing.
    fn wants_text(&self) -> bool {
        (self.headers.is_open() || self.rest.is_some() || self.is_wanted) && !self.broken && self.kind != Kind::Other
    }

    /// Looks at what was kept after the first `before` characters, if anything was.
    fn kept_since(&mut self, before: usize) {
        if self.kept.len() == before {
            return;
        }
        if before == 0 {
            self.kind = match self.kept.first_chunk() {
                Some(b"8a") => Kind::Sip(Direction::In),
                Some(b"8b") => Kind::Sip(Direction::Out),
                // What seems to be the type is none, if what stands before it is no SIZE.
                _ if self.damage == Some(Damage::NoSize) => {
                    self.broken = true;
                    self.kept.clear();
                    Kind::Unknown
                }
                _ => Kind::Other,
            };
        }
        self.kept
            .truncate(self.size.saturating_sub(self.passed).saturating_mul(WIDTH));
        if self.kept.len() > MAX_KEPT / 4 {
            // By doubling it would take up to twice as much.
            self.kept.reserve_exact(MAX_KEPT.saturating_sub(self.kept.len()));
        }
        let count = self.kept.len() / WIDTH;
        if count < self.read_at && self.kept.len() < MAX_KEPT {
            return;
        }
        self.read_at = count.saturating_mul(2);
        self.read_headers();
    }

    fn read_headers(&mut self) {
        if !self.headers.is_open() {
            return;
        }
        self.headers.read(self.kept.get(PREFIX * WIDTH..).unwrap_or_default());
        self.look_at_rest();
    }

    /// Whether all bytes of the record are there.
    #[inline(always)]
    pub(crate) fn is_whole(&self) -> bool {
        self.came >= self.size
    }

    /// Whether more has come of the record than is read.
    fn is_long(&self) -> bool {
        self.came.min(self.size) > MAX_RECORD
    }

    /// How many bytes of the record are still to come.
    #[inline(always)]
    pub(crate) fn missing(&self) -> usize {
        self.size.saturating_sub(self.came)
    }
}
