//! Bytes as a dump writes them: two hex digits each, blanks between, `]` at the end.

use crate::blank::is_blank;
use crate::item::Damage;

/// Appends hex in the form of [`fast::hex`](crate::fast::hex), `room` characters of it at most, in the form in which it
/// is kept: with a blank after each byte, the last one too.
#[inline(always)]
pub(crate) fn keep(hex: &[u8], room: usize, kept: &mut Vec<u8>) {
    kept.extend_from_slice(hex.get(..room).unwrap_or(hex));
    if let Some(end) = kept.last_mut() {
        *end = b' ';
    }
}

/// Appends one byte in the form in which it is kept.
pub(crate) fn keep_byte(b: u8, kept: &mut Vec<u8>) {
    let digit = |value: u8| value + if value > 9 { b'a' - 10 } else { b'0' };
    kept.extend_from_slice(&[digit(b >> 4), digit(b & 0x0f), b' ']);
}

/// Value of a hex digit of either case; of anything else, nothing that means something.
fn value(digit: u8) -> u8 {
    (digit & 0x0f) + if digit > b'9' { 9 } else { 0 }
}

/// Reads `text` as far as it is hex, handing each byte to `push`; stops at `]`.
///
/// Takes any number of bytes, digits of either case and any run of blanks.
///
/// # Errors
///
/// At the first spot that is no byte: [`Damage::HalfByte`] if the line ends with a single digit there, otherwise
/// [`Damage::NoHex`]. What came before the spot was handed over.
pub(crate) fn read(text: &[u8], mut push: impl FnMut(u8)) -> Result<(), Damage> {
    let mut rest = text;
    loop {
        rest = match rest {
            [] | [b']', ..] => return Ok(()),
            [blank, rest @ ..] if is_blank(blank) => rest,
            [high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                push((value(*high) << 4) | value(*low));
                rest
            }
            [high] | [high, b']', ..] if high.is_ascii_hexdigit() => return Err(Damage::HalfByte),
            _ => return Err(Damage::NoHex),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &[u8]) -> (Vec<u8>, Option<Damage>) {
        let mut bytes = Vec::new();
        let result = read(text, |b| bytes.push(b));
        (bytes, result.err())
    }

    #[test]
    fn reads_any_form() {
        let table: &[(&str, &[u8], Option<Damage>)] = &[
            ("4e 54]", b"NT", None),
            ("4E 5a]", b"NZ", None),
            ("4e   54\t4f ]", b"NTO", None),
            ("4e54]", b"NT", None),
            ("4e 54", b"NT", None),
            ("]4e", b"", None),
            ("", b"", None),
            ("4e 5]", b"N", Some(Damage::HalfByte)),
            ("4e 5", b"N", Some(Damage::HalfByte)),
            ("4e 5 54]", b"N", Some(Damage::NoHex)),
            ("4e zz 54]", b"N", Some(Damage::NoHex)),
            ("4e 5z 54]", b"N", Some(Damage::NoHex)),
            ("g4]", b"", Some(Damage::NoHex)),
            ("4e\r", b"N", Some(Damage::NoHex)),
        ];
        for (text, bytes, damage) in table {
            assert_eq!(read_all(text.as_bytes()), (bytes.to_vec(), *damage), "{text:?}");
        }
    }
}
