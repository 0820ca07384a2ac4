//! One line of an ECS log: `YYYYMMDD:HHMMSSmmm:NUMBER:PROCESS:LEVEL:[TEXT]`.

use std::fmt;

use memchr::memchr;

use crate::MAX_NAME;

/// A timestamp as the log has it, `YYYYMMDD:HHMMSSmmm`: local time of the server, without a zone, sorting as time does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp([u8; Stamp::LEN]);

impl Stamp {
    /// Its length in bytes.
    pub const LEN: usize = 18;

    /// A stamp from its text; none where a digit or the colon is missing. That the day exists is not asked.
    pub fn new(text: [u8; Stamp::LEN]) -> Option<Stamp> {
        // One pass without a branch: this runs for every record, and on other processes' lines too.
        let shaped = text.iter().enumerate().fold(true, |shaped, (i, &b)| {
            shaped & if i == 8 { b == b':' } else { b.is_ascii_digit() }
        });
        shaped.then_some(Stamp(text))
    }

    /// The stamp before all that a log has.
    pub(crate) const FIRST: Stamp = Stamp(*b"00000000:000000000");

    /// The earliest stamp that a line can bear of which `start` has come; none where that is not the start of a stamp.
    pub(crate) fn not_after(start: &[u8]) -> Option<Stamp> {
        let mut text = Stamp::FIRST.0;
        for (digit, b) in text.iter_mut().zip(start) {
            *digit = *b;
        }
        Stamp::new(text)
    }

    /// The text, ASCII digits and one colon.
    pub fn as_bytes(&self) -> &[u8; Stamp::LEN] {
        &self.0
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A dump line of a log, its parts borrowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) whole: &'a [u8],
    pub(crate) stamp: Stamp,
    /// The process and its id, `capro(4711)`.
    pub(crate) process: &'a [u8],
    /// What follows the opening bracket.
    pub(crate) text: &'a [u8],
    /// What stands between the running number and `text`: for the lines of one process mostly the same bytes.
    pub(crate) label: &'a [u8],
}

impl<'a> Line<'a> {
    /// The parts of `line`, which bears no line end; none where it is no dump line of a log.
    pub(crate) fn parse(line: &'a [u8]) -> Option<Line<'a>> {
        let (stamp, rest) = line.split_first_chunk::<{ Stamp::LEN }>()?;
        let rest = rest.strip_prefix(b":")?;
        let open = memchr(b'[', rest)?;
        let (head, text) = (rest.get(..open)?, rest.get(open.checked_add(1)?..)?);
        if !text.starts_with(b"MST") {
            return None;
        }
        let number = memchr(b':', head)?;
        let label = rest.get(number..open.checked_add(1)?)?;
        let process = head.get(number.checked_add(1)?..)?;
        let process = process.get(..memchr(b':', process)?)?;
        if process.len() > MAX_NAME {
            return None;
        }
        Some(Line {
            whole: line,
            stamp: Stamp::new(*stamp)?,
            process,
            text,
            label,
        })
    }

    /// Whether `bytes` begin a line: a timestamp, and the colon after it.
    pub(crate) fn begins(bytes: &[u8]) -> bool {
        bytes
            .split_first_chunk::<{ Stamp::LEN }>()
            .is_some_and(|(stamp, rest)| rest.first() == Some(&b':') && Stamp::new(*stamp).is_some())
    }
}
