//! The text of a dump line: `MST SIZE HEX...]` begins a record, `MST ++++ HEX...]` goes on with it.

use crate::blank::{is_blank, skip_blanks};
use crate::line::Line;

/// What a dump line says before its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DumpLine {
    /// The first line, with the number of bytes of the whole record.
    First(u32),
    /// A line that goes on.
    Further,
    /// Neither could be read.
    Unreadable,
}

/// A dump line of a log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dump<'a> {
    pub(crate) line: Line<'a>,
    pub(crate) kind: DumpLine,
    pub(crate) hex: &'a [u8],
}

impl<'a> Dump<'a> {
    /// None where the text of `line` is no dump.
    pub(crate) fn parse(line: Line<'a>) -> Option<Dump<'a>> {
        let (kind, hex) = parse(line.text)?;
        Some(Dump { line, kind, hex })
    }
}

/// The kind and the hex of `text`, which follows the opening bracket; none where it is no dump.
fn parse(text: &[u8]) -> Option<(DumpLine, &[u8])> {
    let rest = text.strip_prefix(b"MST")?;
    if !rest.first().is_some_and(is_blank) {
        return None;
    }
    let rest = skip_blanks(rest);
    let end = rest.iter().position(|b| is_blank(b) || *b == b']');
    let (word, hex) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
    let kind = match word {
        b"++++" => DumpLine::Further,
        size => decimal(size).map_or(DumpLine::Unreadable, DumpLine::First),
    };
    Some((kind, skip_blanks(hex)))
}

/// A decimal number; none where `digits` is empty, has something else in it, or says more than a `u32` holds.
pub(crate) fn decimal(digits: &[u8]) -> Option<u32> {
    let add = |number: u32, b: &u8| {
        let digit = b.is_ascii_digit().then(|| u32::from(b - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    };
    digits.iter().try_fold(0, add).filter(|_| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_and_hex() {
        let table: &[(&str, Option<(DumpLine, &str)>)] = &[
            ("MST  1253  8a 04]", Some((DumpLine::First(1253), "8a 04]"))),
            ("MST  ++++  4e]", Some((DumpLine::Further, "4e]"))),
            ("MST\t12\t 8a", Some((DumpLine::First(12), "8a"))),
            ("MST 5]", Some((DumpLine::First(5), "]"))),
            ("MST  12x  8a]", Some((DumpLine::Unreadable, "8a]"))),
            ("MST  +++  8a]", Some((DumpLine::Unreadable, "8a]"))),
            ("MST  +++++  8a]", Some((DumpLine::Unreadable, "8a]"))),
            ("MST  ++++]", Some((DumpLine::Further, "]"))),
            ("MST  4294967295  8a]", Some((DumpLine::First(u32::MAX), "8a]"))),
            ("MST  4294967296  8a]", Some((DumpLine::Unreadable, "8a]"))),
            ("MST  99999999999  8a]", Some((DumpLine::Unreadable, "8a]"))),
            ("MST ", Some((DumpLine::Unreadable, ""))),
            ("MST", None),
            ("MSTX 12 8a]", None),
            ("MTCEVT ERR]", None),
        ];
        for (text, want) in table {
            let want = want.map(|(kind, hex)| (kind, hex.as_bytes()));
            assert_eq!(parse(text.as_bytes()), want, "{text}");
        }
    }
}
