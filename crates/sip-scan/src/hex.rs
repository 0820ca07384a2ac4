//! Bytes as a dump writes them: two hex digits each, blanks between, `]` at the end.

use crate::dump::is_blank;
use crate::item::Damage;

/// Characters of one step: sixteen bytes, each with the blank or the bracket after it.
const STEP: usize = 48;

/// What each character of a step must be: constants by place instead of branches, so that the compiler makes vector
/// instructions of the loop.
///
/// A range is shifted so that it ends at 127; then one signed comparison tells whether a character is within.
struct Places {
    shift: [u8; STEP],
    above: [i8; STEP],
}

impl Places {
    /// `first..=last` for the two digits of each byte, a blank after them, and `end` after the last.
    #[expect(clippy::indexing_slicing, reason = "evaluated when this is compiled")]
    const fn new(first: u8, last: u8, end: u8) -> Places {
        let mut places = Places {
            shift: [127 - last; STEP],
            above: [(126 - (last - first)).cast_signed(); STEP],
        };
        let mut i = 2;
        while i < STEP {
            places.shift[i] = 127 - if i == STEP - 1 { end } else { b' ' };
            places.above[i] = 126;
            i += 3;
        }
        places
    }

    fn holds(&self, text: &[u8; STEP], i: usize) -> bool {
        match (text.get(i), self.shift.get(i), self.above.get(i)) {
            (Some(b), Some(shift), Some(above)) => b.wrapping_add(*shift).cast_signed() > *above,
            _ => false,
        }
    }
}

/// The two ranges of hex digits, letters of one case, for the steps of a line and for its last.
struct Digits {
    step: [Places; 2],
    last: [Places; 2],
}

const fn digits(first_letter: u8, last_letter: u8) -> Digits {
    Digits {
        step: [
            Places::new(b'0', b'9', b' '),
            Places::new(first_letter, last_letter, b' '),
        ],
        last: [
            Places::new(b'0', b'9', b']'),
            Places::new(first_letter, last_letter, b']'),
        ],
    }
}

static LOWER: Digits = digits(b'a', b'f');
static UPPER: Digits = digits(b'A', b'F');

/// Whether each character is what its place asks for.
fn fits(text: &[u8; STEP], [figures, letters]: &[Places; 2]) -> bool {
    (0..STEP).fold(true, |fits, i| fits & (figures.holds(text, i) | letters.holds(text, i)))
}

/// Whether `text` is what the server itself writes: two digits a byte, all letters of one case, one blank between, a
/// bracket after the last, nothing before or after.
///
/// Most lines are, and for them the number of bytes is `text.len() / 3` and [`push_canonical`] may be used.
pub(crate) fn is_canonical(text: &[u8]) -> bool {
    text.len().is_multiple_of(3) && (all_fit(text, &LOWER) || all_fit(text, &UPPER))
}

fn all_fit(text: &[u8], digits: &Digits) -> bool {
    let Some((b']', before)) = text.split_last() else {
        return false;
    };
    let (steps, rest) = before.as_chunks::<STEP>();
    if !steps.iter().all(|step| fits(step, &digits.step)) {
        return false;
    }
    match text.last_chunk::<STEP>() {
        // The last step overlaps the one before: places agree, as both end at the end of a byte.
        Some(last) => fits(last, &digits.last),
        None => rest.chunks(3).all(|byte| match byte {
            [high, low] | [high, low, b' '] => high.is_ascii_hexdigit() & low.is_ascii_hexdigit(),
            _ => false,
        }),
    }
}

/// Appends the bytes of canonical `text`, or of its start up to the end of any byte.
pub(crate) fn push_canonical(text: &[u8], bytes: &mut Vec<u8>) {
    let (steps, rest) = text.as_chunks::<STEP>();
    bytes.reserve(text.len() / 3);
    for step in steps {
        let values = step.map(value);
        let (triples, _) = values.as_chunks::<3>();
        let mut decoded = [0; STEP / 3];
        for (byte, [high, low, _]) in decoded.iter_mut().zip(triples) {
            *byte = (high << 4) | low;
        }
        bytes.extend_from_slice(&decoded);
    }
    let (triples, _) = rest.as_chunks::<3>();
    bytes.extend(triples.iter().map(|[high, low, _]| (value(*high) << 4) | value(*low)));
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
    fn reads_any_shape() {
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

    #[test]
    fn canonical_lines_of_any_length_read_alike() {
        for n in 1..200usize {
            let bytes: Vec<u8> = (0..n).map(|i| (i * 37).to_le_bytes()[0]).collect();
            let lower = bytes.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ") + "]";
            for text in [lower.to_ascii_uppercase(), lower] {
                assert!(is_canonical(text.as_bytes()), "{text}");
                let mut pushed = vec![1];
                push_canonical(text.as_bytes(), &mut pushed);
                assert_eq!(pushed[1..], bytes);
                assert_eq!(read_all(text.as_bytes()), (bytes.clone(), None));
            }
        }
    }

    #[test]
    fn one_wrong_character_anywhere_is_not_canonical() {
        for n in [1, 2, 15, 16, 17, 31, 32, 33, 64, 70] {
            for digit in ['7', 'a', 'F'] {
                let text = vec![format!("{digit}0"); n].join(" ") + "]";
                for at in 0..text.len() {
                    for b in 0..=255u8 {
                        let mut text = text.clone().into_bytes();
                        let one_case = match digit {
                            'a' => !b.is_ascii_uppercase(),
                            'F' => !b.is_ascii_lowercase(),
                            _ => true,
                        };
                        // A single digit of the other case has only its own line to differ from.
                        let one_case = one_case || n < 16 || (n == 1 && at == 0);
                        let right = match at % 3 {
                            _ if at == text.len() - 1 => b == b']',
                            2 => b == b' ',
                            _ => b.is_ascii_hexdigit() && one_case,
                        };
                        text[at] = b;
                        assert_eq!(is_canonical(&text), right, "{b} at {at} of {n} bytes of {digit}");
                    }
                }
            }
        }
        for text in ["", "]", "a", "a7", "a7 ", "a7 a]", " a7]", "a7]a7]", "a7 ]"] {
            assert!(!is_canonical(text.as_bytes()), "{text:?}");
        }
    }
}
