//! One line of an ECS log: `YYYYMMDD:HHMMSSmmm:NUMBER:PROCESS:LEVEL:[TEXT]`.

use memchr::{memchr, memchr_iter};

use crate::MAX_NAME;
use crate::blank::is_blank;
use crate::item::Damage;
use crate::stamp::Stamp;

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

    /// The parts of a dump line that can be used and in which no other line begins, as nearly all are. Where none is given,
    /// [`Line::parse`] and [`next_line`] tell more.
    pub(crate) fn alone(line: &'a [u8]) -> Option<Line<'a>> {
        /// Digits of a time of day. A stamp within the line would make one of its fields so long.
        const TIME: usize = 9;
        let parts = Line::parts(line).filter(|parts| parts.process.len() <= MAX_NAME)?;
        let [head, process, label] = [
            line.len().checked_sub(parts.text.len())?,
            parts.process.len(),
            parts.label.len(),
        ];
        let number = head.checked_sub(label)?.checked_sub(Stamp::LEN + 1)?;
        // What stands after the process: its colon, the level with its colon, and the bracket.
        let level = label.checked_sub(process)?.checked_sub(2)?;
        let may_hold_stamp = number == TIME || process == TIME || level > TIME;
        // A dump has no colon.
        (!may_hold_stamp && memchr(b':', parts.text).is_none()).then_some(parts)
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
        Line::stamp_of(bytes).is_some()
    }

    /// The timestamp of the line that `bytes` begin; none where they begin no line.
    pub(crate) fn stamp_of(bytes: &[u8]) -> Option<Stamp> {
        let (stamp, rest) = bytes.split_first_chunk()?;
        Stamp::new(*stamp).filter(|_| rest.starts_with(b":"))
    }
}

/// Whether `text`, which follows an opening bracket, is a dump.
fn is_dump(text: &[u8]) -> bool {
    matches!(text, [b'M', b'S', b'T', blank, ..] if is_blank(blank))
}

/// Whether a dump stands anywhere in `line`.
pub(crate) fn holds_dump(line: &[u8]) -> bool {
    let mut brackets = memchr_iter(b'[', line).filter_map(|open| line.get(open..)?.get(1..));
    brackets.any(is_dump)
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
