//! Finds the first and the last line that bear a time stamp.

use memchr::{memchr, memrchr};

use crate::dump::decimal;
use crate::item::{LineMark, Lines};
use crate::line::Line;
use crate::raw::{self, MLine, RawLine};
use crate::stamp::Stamp;

/// Those in `text`, which is whole lines but for the end of the last one. `before` lines stand before them in their file, and
/// `last` is the number of the last one.
pub(crate) fn first_and_last(text: &[u8], before: u64, last: u64) -> Option<Lines> {
    let mut from_first = all(text, |rest| {
        let end = memchr(b'\n', rest)?;
        Some((rest.get(..end)?, rest.get(end..)?.get(1..)?))
    });
    let mut from_last = all(text, |rest| {
        let end = memrchr(b'\n', rest)?;
        Some((rest.get(end..)?.get(1..)?, rest.get(..end)?))
    });
    Some(Lines {
        first: from_first.find_map(|(text, after)| mark(text, before.saturating_add(1).saturating_add(after)))?,
        last: from_last.find_map(|(text, after)| mark(text, last.saturating_sub(after)))?,
    })
}

/// All lines of `text`, with their numbers from 0, as `split` takes one after the other from one end.
fn all<'a>(
    text: &'a [u8],
    split: impl Fn(&'a [u8]) -> Option<(&'a [u8], &'a [u8])>,
) -> impl Iterator<Item = (&'a [u8], u64)> {
    let mut rest = Some(text);
    let lines = std::iter::from_fn(move || {
        let text = rest?;
        let (line, after) = split(text).map_or((text, None), |(line, after)| (line, Some(after)));
        rest = after;
        Some(line)
    });
    lines.zip(0..)
}

fn mark(text: &[u8], line: u64) -> Option<LineMark> {
    let (stamp, number) = match Line::stamp_of(text) {
        Some(stamp) => (stamp, running_number(text)),
        None => match raw::parse(text.strip_suffix(b"\r").unwrap_or(text))? {
            RawLine::Begin(MLine::Sip(stamp, _)) => (stamp, None),
            _ => return None,
        },
    };
    Some(LineMark { stamp, number, line })
}

/// The running number of a line that begins with a timestamp.
pub(crate) fn running_number(line: &[u8]) -> Option<u32> {
    let rest = line.get(Stamp::LEN..)?.strip_prefix(b":")?;
    decimal(rest.get(..memchr(b':', rest)?)?)
}

/// Whether a line without its line end is cut within its running number, or right before that.
pub(crate) fn ends_within_number(line: &[u8]) -> bool {
    Line::begins(line) && line.iter().skip(Stamp::LEN.saturating_add(1)).all(u8::is_ascii_digit)
}
