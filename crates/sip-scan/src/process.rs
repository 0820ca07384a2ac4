//! What is pending of one process: its record, as far as it has come.

mod end;
mod raw;

use crate::MAX_RECORD;
use crate::headers::Headers;
use crate::hex::{self, Canonical};
use crate::item::{Damage, Direction};
use crate::line::Stamp;
use crate::line_format::LineFormat;
use crate::line_template::Lines;

/// Bytes of a record before the SIP message.
const PREFIX: usize = 17;

/// Characters of hex that are kept of one record at most.
const MAX_KEPT: usize = MAX_RECORD * hex::WIDTH;

/// Characters that are kept of a usual record, and more.
const USUAL_KEPT: usize = 8 << 10;

/// Bytes that come before the headers are read, and again between one reading and the next. The headers that count
/// mostly stand within some 400 bytes; to look for line ends after every line of 64 costs more than to keep one or two
/// lines too many.
const READ_FIRST: usize = 320;
const READ_STEP: usize = 256;

/// Where the process stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Its last record is whole.
    Idle,
    /// A record of SIP is pending.
    Sip,
    /// A record of another type, or what is left of a broken one: nothing of it is wanted.
    Skip,
    /// A record that another reader takes.
    Left,
    /// Further lines came that no first line announced.
    Orphan,
}

#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) name: Vec<u8>,
    pub(crate) state: State,
    /// Timestamp of the first line, of the record or of the run of orphans.
    pub(crate) stamp: Stamp,
    /// Further lines: of the run of orphans, or taken of this file; `u64::MAX` stands for all up to the next first line.
    pub(crate) further_lines: u64,
    /// Whether a first line of it was seen.
    pub(crate) seen_first: bool,
    /// The line's number when it last said something, to find who is silent longest.
    pub(crate) last_line: u64,
    pub(crate) format: LineFormat,
    direction: Direction,
    size: usize,
    came: usize,
    /// What is kept of the record's start, as [`hex::keep`] writes it.
    kept: Vec<u8>,
    headers: Headers,
    /// How many bytes are kept when the headers are read next.
    read_at: usize,
    damage: Option<Damage>,
    /// Whether bytes are missing after those that were kept, so that no more may be added to them.
    broken: bool,
}

impl Process {
    pub(crate) fn new(name: &[u8], stamp: Stamp) -> Process {
        Process {
            name: name.to_vec(),
            state: State::Idle,
            stamp,
            further_lines: 0,
            seen_first: false,
            last_line: 0,
            format: LineFormat::default(),
            direction: Direction::In,
            size: 0,
            came: 0,
            kept: Vec::new(),
            headers: Headers::default(),
            read_at: 0,
            damage: None,
            broken: false,
        }
    }

    /// Makes an entry fit for another process.
    pub(crate) fn reuse(&mut self, name: &[u8], stamp: Stamp) {
        let kept = std::mem::take(&mut self.kept);
        let mut old_name = std::mem::take(&mut self.name);
        old_name.clear();
        *self = Process {
            kept,
            ..Process::new(&[], stamp)
        };
        old_name.extend_from_slice(name);
        self.name = old_name;
    }

    /// Makes the entry like new, but for its memory and what it knows of the process's lines.
    pub(crate) fn forget(&mut self) {
        self.headers.clear();
        // What few records need is not held for a process that may not come again.
        if self.kept.capacity() > USUAL_KEPT {
            self.kept = Vec::new();
        }
        *self = Process {
            name: std::mem::take(&mut self.name),
            kept: std::mem::take(&mut self.kept),
            format: std::mem::take(&mut self.format),
            headers: std::mem::take(&mut self.headers),
            ..Process::new(&[], self.stamp)
        };
    }

    /// Gives memory back that a pending record does not need.
    pub(crate) fn shrink(&mut self) {
        if !self.is_pending() {
            self.kept.clear();
        }
        self.kept.shrink_to_fit();
    }

    /// How many bytes of memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Process>()
            .saturating_add(self.name.capacity())
            .saturating_add(self.kept.capacity())
    }

    /// A record begins, of `size` bytes, or of unknown size.
    pub(crate) fn begin(&mut self, stamp: Stamp, size: Option<u32>) {
        self.seen_first = true;
        self.stamp = stamp;
        self.format.set_stamp(&stamp);
        self.state = State::Sip;
        // More than memory holds is as good as never ending.
        self.size = size.map_or(usize::MAX, |size| usize::try_from(size).unwrap_or(usize::MAX));
        self.came = 0;
        self.kept.clear();
        self.headers.clear();
        self.read_at = READ_FIRST;
        self.damage = if size.is_none() { Some(Damage::NoSize) } else { None };
        self.broken = false;
    }

    /// Takes the hex of one line, known to be canonical.
    pub(crate) fn push_canonical(&mut self, hex: Canonical<'_>) {
        self.came = self.came.saturating_add(hex.text.len() / hex::WIDTH);
        if self.wants_text() {
            let before = self.kept.len();
            hex::keep(hex, MAX_KEPT.saturating_sub(before), &mut self.kept);
            self.kept_since(before);
        }
    }

    /// Takes lines, known to be like those before.
    #[inline(always)]
    pub(crate) fn push_lines(&mut self, lines: Lines<'_>) {
        self.came = self.came.saturating_add(lines.count.saturating_mul(lines.bytes));
        if self.wants_text() {
            self.keep_lines(lines);
        }
    }

    /// The next lines at the start of `block`, and what follows them, if they are like those before.
    #[inline(always)]
    pub(crate) fn next_lines<'a>(&mut self, block: &'a [u8]) -> Option<(Lines<'a>, &'a [u8])> {
        self.format.next_lines(block, self.missing())
    }

    /// Keeps the hex of lines, as many as it takes until all is known. Not inlined, so that the loop over the many lines
    /// of which nothing is kept has the registers to itself.
    #[inline(never)]
    fn keep_lines(&mut self, lines: Lines<'_>) {
        let mut hex = lines.hex();
        loop {
            let before = self.kept.len();
            // So many are kept before the headers are read next.
            let wanted = self.read_at.saturating_mul(hex::WIDTH).min(MAX_KEPT);
            while self.kept.len() < wanted
                && let Some(hex) = hex.next()
            {
                hex::keep(hex, MAX_KEPT.saturating_sub(self.kept.len()), &mut self.kept);
            }
            self.kept_since(before);
            if self.kept.len() < wanted || self.kept.len() == before || !self.wants_text() || !self.is_pending() {
                return;
            }
        }
    }

    /// Takes the hex of one line, whatever it looks like.
    pub(crate) fn push(&mut self, hex: &[u8]) {
        if let Some(hex) = Canonical::new(hex) {
            return self.push_canonical(hex);
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
    fn break_off(&mut self, damage: Damage) {
        self.damage(damage);
        self.broken = true;
    }

    /// Notes what is wrong, if nothing was so far.
    fn damage(&mut self, damage: Damage) {
        let first = if self.is_long() { Damage::LongRecord } else { damage };
        self.damage.get_or_insert(first);
    }

    /// Whether the record's text is still needed: not once all is known, nor after a spot where bytes are missing.
    fn wants_text(&self) -> bool {
        self.headers.is_open() && !self.broken
    }

    /// Looks at what was kept after the first `before` characters, if anything was.
    fn kept_since(&mut self, before: usize) {
        if self.kept.len() == before {
            return;
        }
        if before == 0 {
            match self.kept.first_chunk() {
                Some(b"8a") => self.direction = Direction::In,
                Some(b"8b") => self.direction = Direction::Out,
                // What seems to be the type is none, if what stands before it is no SIZE.
                _ if self.damage == Some(Damage::NoSize) => {
                    self.broken = true;
                    self.kept.clear();
                }
                _ => self.state = State::Skip,
            }
        }
        self.kept.truncate(self.size.saturating_mul(hex::WIDTH));
        if self.kept.len() > MAX_KEPT / 4 {
            // By doubling it would take up to twice as much.
            self.kept.reserve_exact(MAX_KEPT.saturating_sub(self.kept.len()));
        }
        let count = self.kept.len() / hex::WIDTH;
        if count < self.read_at && self.kept.len() < MAX_KEPT {
            return;
        }
        self.read_at = count.saturating_add(READ_STEP);
        self.read_headers();
    }

    fn read_headers(&mut self) {
        self.headers
            .read(self.kept.get(PREFIX * hex::WIDTH..).unwrap_or_default());
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

    /// Whether a record of SIP is pending.
    pub(crate) fn is_pending(&self) -> bool {
        self.state == State::Sip
    }
}
