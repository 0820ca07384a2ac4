//! One line of an ECS log: `YYYYMMDD:HHMMSSmmm:NUMBER:PROCESS:LEVEL:[TEXT]`.

use std::fmt;

use memchr::{memchr, memchr_iter};

use crate::MAX_NAME;
use crate::dump::is_blank;
use crate::item::Damage;

/// A timestamp as the log has it, `YYYYMMDD:HHMMSSmmm`: local time of the server, without a zone, sorting as time does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp([u8; Stamp::LEN]);

impl Stamp {
    /// Its length in bytes.
    pub const LEN: usize = 18;

    /// A stamp from its text; none where that is not a date and a time of day that exist.
    pub fn new(text: [u8; Stamp::LEN]) -> Option<Stamp> {
        (is_shaped(&text) && exists(&text)).then_some(Stamp(text))
    }

    /// The stamp before all that a log has.
    pub(crate) const FIRST: Stamp = Stamp(*b"00000000:000000000");

    /// No stamp that a line can bear of which `start` has come is before this; none where that is not the start of one.
    /// The date may be one that does not exist.
    pub(crate) fn not_after(start: &[u8]) -> Option<Stamp> {
        let mut text = Stamp::FIRST.0;
        for (digit, b) in text.iter_mut().zip(start) {
            *digit = *b;
        }
        is_shaped(&text).then_some(Stamp(text))
    }

    /// The text, ASCII digits and one colon.
    pub fn as_bytes(&self) -> &[u8; Stamp::LEN] {
        &self.0
    }
}

/// Whether digits and the colon stand where they must.
fn is_shaped(text: &[u8; Stamp::LEN]) -> bool {
    // One pass without a branch: this runs for every record.
    text.iter().enumerate().fold(true, |shaped, (i, &b)| {
        shaped & if i == 8 { b == b':' } else { b.is_ascii_digit() }
    })
}

/// Whether the date and the time of day exist, where the text is shaped like a stamp.
fn exists(text: &[u8; Stamp::LEN]) -> bool {
    let [y1, y2, y3, y4, o1, o2, d1, d2, _, h1, h2, m1, _, s1, ..] = *text;
    let number = |tens: u8, ones: u8| (tens & 0x0f) * 10 + (ones & 0x0f);
    let (month, day) = (number(o1, o2), number(d1, d2));
    let days = match month {
        2 => {
            // A year is a leap year if 4 divides it, or of those that end in 00 the century.
            let year = match number(y3, y4) {
                0 => number(y1, y2),
                year => year,
            };
            28 + u8::from(year.is_multiple_of(4))
        }
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day) && number(h1, h2) < 24 && m1 <= b'5' && s1 <= b'5'
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
    /// The parts of a dump line, which bears no line end; none where `line` is another one.
    ///
    /// # Errors
    ///
    /// Why a dump line cannot be used.
    pub(crate) fn parse(line: &'a [u8]) -> Result<Option<Line<'a>>, Damage> {
        match Line::parts(line) {
            Some(parts) if parts.process.len() > MAX_NAME => Err(Damage::LongName),
            Some(parts) => Ok(Some(parts)),
            None if !holds_dump(line) => Ok(None),
            None if !Line::begins(line) => Err(Damage::NoStamp),
            None if has_other_text(line) => Ok(None),
            None => Err(Damage::NoProcess),
        }
    }

    /// The parts of `line`; none where one is missing.
    fn parts(line: &'a [u8]) -> Option<Line<'a>> {
        let (stamp, rest) = line.split_first_chunk::<{ Stamp::LEN }>()?;
        let rest = rest.strip_prefix(b":")?;
        let open = memchr(b'[', rest)?;
        let (head, text) = (rest.get(..open)?, rest.get(open.checked_add(1)?..)?);
        if !is_dump(text) {
            return None;
        }
        let number = memchr(b':', head)?;
        let label = rest.get(number..open.checked_add(1)?)?;
        let process = head.get(number.checked_add(1)?..)?;
        let process = process.get(..memchr(b':', process)?)?;
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

/// Whether `text`, which follows an opening bracket, is a dump.
fn is_dump(text: &[u8]) -> bool {
    matches!(text, [b'M', b'S', b'T', blank, ..] if is_blank(blank))
}

/// Whether a dump stands anywhere in `line`.
pub(crate) fn holds_dump(line: &[u8]) -> bool {
    memchr_iter(b'[', line).any(|open| {
        line.get(open..)
            .and_then(<[u8]>::split_first)
            .is_some_and(|(_, text)| is_dump(text))
    })
}

/// Whether `line` is whole up to a first bracket that does not open a dump: what stands in its text does not matter.
fn has_other_text(line: &[u8]) -> bool {
    let head = memchr(b'[', line).and_then(|open| line.split_at_checked(open));
    head.is_some_and(|(head, text)| {
        head.ends_with(b":") && memchr_iter(b':', head).count() >= 5 && !is_dump(text.get(1..).unwrap_or_default())
    })
}

/// Where in `line` the next one begins whose line end before it was lost. A stamp and its colon can stand nowhere else.
pub(crate) fn next_line(line: &[u8]) -> Option<usize> {
    memchr_iter(b':', line).find_map(|colon| {
        let at = colon.checked_sub(DATE).filter(|at| *at > 0)?;
        let after = line.get(at.checked_add(Stamp::LEN)?..)?;
        // Where a line is cut within its stamp, two overlap. Only what a running number follows is one then.
        let is_alone = at > Stamp::LEN;
        let fits = match after {
            [b':', b'0'..=b'9', ..] => true,
            [b':', ..] => is_alone,
            _ => false,
        };
        (fits && Line::begins(line.get(at..)?)).then_some(at)
    })
}

/// Bytes of a date.
const DATE: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_exist() {
        for (text, exists) in [
            ("20170427:084412345", true),
            ("20170101:000000000", true),
            ("20171231:235959999", true),
            ("20170131:200000000", true),
            ("20170430:190000000", true),
            ("20160229:000000000", true),
            ("20000229:000000000", true),
            ("19000229:000000000", false),
            ("20170229:000000000", false),
            ("20160230:000000000", false),
            ("20170431:000000000", false),
            ("20170631:000000000", false),
            ("20170931:000000000", false),
            ("20171131:000000000", false),
            ("20170832:000000000", false),
            ("20170400:000000000", false),
            ("20170027:000000000", false),
            ("20171301:000000000", false),
            ("20170427:240000000", false),
            ("20170427:236000000", false),
            ("20170427:230060000", false),
            ("2017042x:084412345", false),
            ("20170427 084412345", false),
        ] {
            let text = text.as_bytes().try_into().unwrap();
            assert_eq!(Stamp::new(text).is_some(), exists, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn lines_begin_at_stamps() {
        for (line, want) in [
            ("20170427:084412345:1:p(1):MED:[MST 5 8a]", None),
            (
                "20170427:084412345:1:p(1):MED:[MST 5 8a 20170427:084412346:2:",
                Some(40),
            ),
            ("20170427:084412345:120170427:084412346:", Some(20)),
            ("20170427:08441234520170427:084412346:2", Some(18)),
            ("20170427:08441234520170427:084412346:", None),
            ("20170427:08441234:20170427:084412346:2", Some(18)),
            ("20240427:120240427:184413000:1122:capro(4711)", Some(10)),
            ("20240427:120240427:184413000:capro(4711):MED", None),
            ("20240427:120240427:184413000", None),
            ("x20170427:084412345:1", Some(1)),
            ("x20171327:084412345:1", None),
            ("20170427:084412345", None),
            ("", None),
        ] {
            assert_eq!(next_line(line.as_bytes()), want, "{line}");
        }
    }

    #[test]
    fn lines_that_cannot_be_used() {
        let name = "x".repeat(MAX_NAME);
        let long = format!("20170427:084412345:1:{name}x:MED:[MST 5 8a]");
        let table: &[(&str, Result<bool, Damage>)] = &[
            ("20170427:084412345:1:p(1):MED:[MST 5 8a]", Ok(true)),
            (&format!("20170427:084412345:1:{name}:MED:[MST 5 8a]"), Ok(true)),
            (&long, Err(Damage::LongName)),
            ("2017042x:084412345:1:p(1):MED:[MST 5 8a]", Err(Damage::NoStamp)),
            ("20170427:084412345 1:p(1):MED:[MST 5 8a]", Err(Damage::NoStamp)),
            ("[MST\t5", Err(Damage::NoStamp)),
            ("20170427:084412345:1:p(1)[MST 5 8a]", Err(Damage::NoProcess)),
            ("20170427:084412345:[MST 5 8a]", Err(Damage::NoProcess)),
            ("20170427:084412345:1:p[1):MED:[MST 5 8a]", Err(Damage::NoProcess)),
            ("20170427:084412345:1:p(1):MED:[IPEVT [MST 5 8a]", Ok(false)),
            ("20170427:084412345:1:p(1):MED:[MSTX 5 8a]", Ok(false)),
            ("2017042x:084412345:1:p(1):MED:[MST]", Ok(false)),
            ("[MST", Ok(false)),
            ("", Ok(false)),
        ];
        for (line, want) in table {
            let found = Line::parse(line.as_bytes()).map(|line| line.is_some());
            assert_eq!(found, *want, "{line}");
        }
    }
}
