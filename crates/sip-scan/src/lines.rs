//! Which lines were read: what tells which time a log covers, and whether lines are missing.

use crate::dump::decimal;
use crate::line::Line;
use crate::raw::{self, MLine, RawLine};
use crate::stamp::Stamp;

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

impl Lines {
    /// Those in `text`, whole lines of which the last has no line end; `before` lines stand before them in their file.
    pub(crate) fn of(text: &[u8], before: u64, last: u64) -> Option<Lines> {
        let mut from_first = text.split(|b| *b == b'\n').zip(before.saturating_add(1)..);
        let first = from_first.find_map(|(text, line)| LineMark::of(text, line))?;
        let mut from_last = text.rsplit(|b| *b == b'\n').zip(0..);
        let last = from_last.find_map(|(text, after)| LineMark::of(text, last.saturating_sub(after)))?;
        Some(Lines { first, last })
    }

    /// These lines, and those that follow.
    pub(crate) fn then(self, next: Lines) -> Lines {
        Lines {
            first: self.first,
            last: next.last,
        }
    }
}

impl LineMark {
    fn of(text: &[u8], line: u64) -> Option<LineMark> {
        if let Some(stamp) = Line::stamp_of(text) {
            let number = running_number(text);
            return Some(LineMark { stamp, number, line });
        }
        match raw::parse(text.strip_suffix(b"\r").unwrap_or(text))? {
            RawLine::Begin(MLine::Sip(stamp, _)) => Some(LineMark {
                stamp,
                number: None,
                line,
            }),
            _ => None,
        }
    }
}

/// The running number of a line that begins with a timestamp.
pub(crate) fn running_number(line: &[u8]) -> Option<u32> {
    let rest = line.get(Stamp::LEN..)?.strip_prefix(b":")?;
    decimal(rest.split(|b| *b == b':').next()?)
}
