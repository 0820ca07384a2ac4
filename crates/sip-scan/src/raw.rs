//! A line of a raw MST file: `M NUMBER TYPE 1 HH:MM:SS.mmm MM/DD/YY`, `D BYTES`, or `N`, tabs between.

use crate::blank::{is_blank, skip_blanks};
use crate::item::Direction;
use crate::stamp::Stamp;

/// What one line of a raw file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RawLine<'a> {
    /// `M`: a record begins.
    Begin(MLine),
    /// `D`: bytes of the record, as hex.
    Bytes(&'a [u8], Certainty),
    /// `N`: the record ends.
    End,
}

/// How sure it is that a line is of a raw record, though none is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// Two tabs stand before the bytes: it is one.
    Exact,
    /// It may be any text, or what is left of a line of a log: `D 0a`.
    Loose,
}

/// What the first line of a raw record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MLine {
    /// A SIP message.
    Sip(Stamp, Direction),
    /// A record of another type.
    Other,
    /// It is cut, or a SIP message without a readable time.
    Unreadable,
}

/// Reads `line`, which bears no line end; none where it is no line of a raw record.
pub(crate) fn parse(line: &[u8]) -> Option<RawLine<'_>> {
    match line {
        [b'D', b'\t', b'\t', hex @ ..] if begins_with_byte(hex) => Some(RawLine::Bytes(hex, Certainty::Exact)),
        [b'D', blank, rest @ ..] if is_blank(blank) => Some(RawLine::Bytes(skip_blanks(rest), Certainty::Loose)),
        [b'M', blank, rest @ ..] if is_blank(blank) => head(rest).map(RawLine::Begin),
        [b'N', rest @ ..] if rest.iter().all(is_blank) => Some(RawLine::End),
        _ => None,
    }
}

fn begins_with_byte(hex: &[u8]) -> bool {
    let [high, low, rest @ ..] = hex else {
        return false;
    };
    high.is_ascii_hexdigit() && low.is_ascii_hexdigit() && rest.first().is_none_or(is_blank)
}

/// Reads what follows the `M`; none where no number does.
fn head(text: &[u8]) -> Option<MLine> {
    let mut words = text.split(is_blank).filter(|word| !word.is_empty());
    words.next().filter(|word| word.iter().all(u8::is_ascii_digit))?;
    let direction = match words.next() {
        Some([b'8', b'a' | b'A']) => Direction::In,
        Some([b'8', b'b' | b'B']) => Direction::Out,
        Some([_, _]) => return Some(MLine::Other),
        _ => return Some(MLine::Unreadable),
    };
    // Between the type and the time stands a word that is always the same.
    let date = words.next_back();
    let time = words.next_back();
    let stamp = time.zip(date).and_then(|(time, date)| stamp(time, date));
    Some(stamp.map_or(MLine::Unreadable, |stamp| MLine::Sip(stamp, direction)))
}

/// The stamp of `HH:MM:SS.mmm` and `MM/DD/YY`, in the form of a log.
fn stamp(time: &[u8], date: &[u8]) -> Option<Stamp> {
    let &[h1, h2, b':', m1, m2, b':', s1, s2, b'.', t1, t2, t3] = time else {
        return None;
    };
    let &[o1, o2, b'/', d1, d2, b'/', y1, y2] = date else {
        return None;
    };
    Stamp::new([
        b'2', b'0', y1, y2, o1, o2, d1, d2, b':', h1, h2, m1, m2, s1, s2, t1, t2, t3,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let sip = |direction| {
            let stamp = Stamp::new(*b"20230710:135712584").unwrap();
            Some(RawLine::Begin(MLine::Sip(stamp, direction)))
        };
        let unreadable = Some(RawLine::Begin(MLine::Unreadable));
        let other = Some(RawLine::Begin(MLine::Other));
        let table: &[(&str, Option<RawLine<'_>>)] = &[
            ("M\t1\t8a\t1\t\t13:57:12.584\t07/10/23", sip(Direction::In)),
            ("M\t22\t8B\t1\t\t13:57:12.584\t07/10/23 ", sip(Direction::Out)),
            ("M 1 8a 1 13:57:12.584 07/10/23", sip(Direction::In)),
            ("M\t1\t8a\t13:57:12.584\t07/10/23", sip(Direction::In)),
            ("M\t1\t04\t1\t\t13:57:12.584\t07/10/23", other),
            ("M\t1\t04\t1\t\tnonsense", other),
            ("M\t1\t8a\t1\t\t13:57:12\t07/10/23", unreadable),
            ("M\t1\t8a\t1\t\t13:57:12.584\t07/10", unreadable),
            ("M\t1\t8a\t1\t\t13:57:12.584", unreadable),
            ("M\t1\t8a", unreadable),
            ("M\t1\t8", unreadable),
            ("M\t1", unreadable),
            ("M\t", None),
            ("M", None),
            ("M\tx\t8a\t1\t\t13:57:12.584\t07/10/23", None),
            ("M1\t8a\t1\t\t13:57:12.584\t07/10/23", None),
            ("D\t\t04 0a", Some(RawLine::Bytes(b"04 0a", Certainty::Exact))),
            ("D\t\t0A", Some(RawLine::Bytes(b"0A", Certainty::Exact))),
            ("D\t\t040a", Some(RawLine::Bytes(b"040a", Certainty::Loose))),
            ("D\t\tx", Some(RawLine::Bytes(b"x", Certainty::Loose))),
            ("D\t04", Some(RawLine::Bytes(b"04", Certainty::Loose))),
            ("D 04", Some(RawLine::Bytes(b"04", Certainty::Loose))),
            ("D\t\t", Some(RawLine::Bytes(b"", Certainty::Loose))),
            ("D", None),
            ("DENYEVT 1", None),
            ("N", Some(RawLine::End)),
            ("N\t", Some(RawLine::End)),
            ("NO", None),
            ("H2\tMST_ALL", None),
            ("", None),
        ];
        for (line, want) in table {
            assert_eq!(parse(line.as_bytes()), *want, "{line:?}");
        }
    }
}
