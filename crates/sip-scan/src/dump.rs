//! The text of a dump line: `MST SIZE HEX...]` begins a record, `MST ++++ HEX...]` goes on with it.

/// What a dump line says before its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The first line, with the number of bytes of the whole record.
    First(u32),
    /// A line that goes on.
    Further,
    /// Neither could be read.
    Unknown,
}

/// The place and the hex of `text`, which follows the opening bracket; none where it is no dump line.
pub(crate) fn parse(text: &[u8]) -> Option<(Place, &[u8])> {
    let rest = text.strip_prefix(b"MST")?;
    if !rest.first().is_some_and(is_blank) {
        return None;
    }
    let rest = skip_blanks(rest);
    let end = rest
        .iter()
        .position(|b| is_blank(b) || *b == b']')
        .unwrap_or(rest.len());
    let (word, hex) = rest.split_at_checked(end)?;
    let place = match word {
        b"++++" => Place::Further,
        _ => decimal(word).map_or(Place::Unknown, Place::First),
    };
    Some((place, skip_blanks(hex)))
}

pub(crate) fn is_blank(b: &u8) -> bool {
    matches!(b, b' ' | b'\t')
}

pub(crate) fn skip_blanks(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|b| !is_blank(b)).unwrap_or(bytes.len());
    bytes.get(start..).unwrap_or_default()
}

/// A decimal number; none where `digits` is empty, has something else in it, or says more than a `u32` holds.
pub(crate) fn decimal(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u32, |n, b| {
        let digit = b.is_ascii_digit().then(|| u32::from(b - b'0'))?;
        n.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_and_hex() {
        let table: &[(&str, Option<(Place, &str)>)] = &[
            ("MST  1253  8a 04]", Some((Place::First(1253), "8a 04]"))),
            ("MST  ++++  4e]", Some((Place::Further, "4e]"))),
            ("MST\t12\t 8a", Some((Place::First(12), "8a"))),
            ("MST 5]", Some((Place::First(5), "]"))),
            ("MST  12x  8a]", Some((Place::Unknown, "8a]"))),
            ("MST  +++  8a]", Some((Place::Unknown, "8a]"))),
            ("MST  99999999999  8a]", Some((Place::Unknown, "8a]"))),
            ("MST ", Some((Place::Unknown, ""))),
            ("MST", None),
            ("MSTX 12 8a]", None),
            ("MTCEVT ERR]", None),
        ];
        for (text, want) in table {
            let want = want.map(|(place, hex)| (place, hex.as_bytes()));
            assert_eq!(parse(text.as_bytes()), want, "{text}");
        }
    }
}
