//! Bytes as a dump writes them: two hex digits each, blanks between, `]` at the end.

use crate::dump::is_blank;
use crate::item::Damage;
use crate::range_check::RangeCheck;

/// Characters of one step: sixteen bytes, each with the blank or the bracket after it.
const STEP: usize = 48;

/// What the characters of a step must be, by place.
///
/// Around the two ranges of a digit there are two gaps: past the figures, and past the letters on to the figures again.
/// So a step takes two subtractions and two minima.
#[derive(Debug)]
#[repr(align(16))]
struct Places {
    past_figures: [u8; STEP],
    past_letters: [u8; STEP],
    figures_gap: [u8; STEP],
    letters_gap: [u8; STEP],
}

impl Places {
    /// Two digits for each byte, their letters beginning with `a` or `A`, and a blank after them, but `end` after the
    /// last.
    #[expect(clippy::indexing_slicing, reason = "evaluated when this is compiled")]
    const fn new(letter: u8, end: u8) -> Places {
        let mut places = Places {
            past_figures: [b'9' + 1; STEP],
            past_letters: [letter + 6 - (b'9' + 1); STEP],
            figures_gap: [letter - (b'9' + 1); STEP],
            letters_gap: [b'0'.wrapping_sub(letter + 6); STEP],
        };
        let mut i = 2;
        while i < STEP {
            // One gap, of all but the one character.
            places.past_figures[i] = 1 + if i == STEP - 1 { end } else { b' ' };
            places.figures_gap[i] = u8::MAX;
            places.letters_gap[i] = 0;
            i += 3;
        }
        places
    }
}

/// The check whether lines are canonical hex: the least characters of all steps so far.
///
/// Whoever makes one is not inlined, so that the constants stay unknown to the compiler: known, the two subtractions
/// become two of the character itself, for which it has to be copied.
pub(crate) struct Check {
    figures: RangeCheck<STEP>,
    letters: RangeCheck<STEP>,
}

impl Check {
    /// Of no line.
    pub(crate) const NONE: Check = Check {
        figures: RangeCheck::NONE,
        letters: RangeCheck::NONE,
    };

    /// Adds the text of a line, whole bytes of at least a step; false if it is shorter.
    #[inline(always)]
    pub(crate) fn add_line(&mut self, text: &[u8], digits: &Digits) -> bool {
        let Some(last) = text.last_chunk() else {
            return false;
        };
        // The last step overlaps the one before: places agree, as both end at the end of a byte.
        self.add(last, &digits.last);
        let mut rest = text;
        while rest.len() > STEP
            && let Some((step, after)) = rest.split_first_chunk()
        {
            self.add(step, &digits.step);
            rest = after;
        }
        true
    }

    #[inline(always)]
    fn add(&mut self, text: &[u8; STEP], places: &Places) {
        let shifted = self.figures.add(text, &places.past_figures);
        self.letters.add(&shifted, &places.past_letters);
    }

    /// Whether all lines were canonical hex.
    #[inline(always)]
    pub(crate) fn fits(&self, digits: &Digits) -> bool {
        self.figures.fits(&digits.step.figures_gap) & self.letters.fits(&digits.step.letters_gap)
    }
}

/// The places of any step but the last, and of the last.
#[derive(Debug)]
pub(crate) struct Digits {
    step: Places,
    last: Places,
}

const fn digits(letter: u8) -> Digits {
    Digits {
        step: Places::new(letter, b' '),
        last: Places::new(letter, b']'),
    }
}

pub(crate) static LOWER: Digits = digits(b'a');
pub(crate) static UPPER: Digits = digits(b'A');

/// Hex that is what the server itself writes: two digits a byte, all letters of one case, one blank between, a bracket
/// after the last, nothing before or after.
///
/// Most lines are, and for them the number of bytes is `text.len() / 3` and [`push_canonical`] may be used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Canonical<'a> {
    pub(crate) text: &'a [u8],
    /// Whether the letters are known to be in lower case.
    is_lower: bool,
}

impl<'a> Canonical<'a> {
    /// None if `text` is anything else.
    #[inline(always)]
    pub(crate) fn new(text: &'a [u8]) -> Option<Canonical<'a>> {
        if !text.len().is_multiple_of(WIDTH) {
            return None;
        }
        let all_fit = |digits| all_fit(text, digits);
        let is_lower = all_fit(&LOWER);
        (is_lower || all_fit(&UPPER)).then_some(Canonical { text, is_lower })
    }

    pub(crate) fn is_lower(self) -> bool {
        self.is_lower
    }

    /// Canonical hex that was checked with others.
    #[inline(always)]
    pub(crate) fn known(text: &'a [u8], is_lower: bool) -> Canonical<'a> {
        Canonical { text, is_lower }
    }
}

#[cfg(test)]
fn is_canonical(text: &[u8]) -> bool {
    Canonical::new(text).is_some()
}

/// Whether `text`, whole bytes, is canonical. Not inlined, for the reason that [`Check`] names.
#[inline(never)]
fn all_fit(text: &[u8], digits: &Digits) -> bool {
    let mut check = Check::NONE;
    if !check.add_line(text, digits) {
        check.add(&filled_up(text), &digits.last);
    }
    !text.is_empty() && check.fits(digits)
}

/// Text of less than a step, with other bytes before it.
fn filled_up(text: &[u8]) -> [u8; STEP] {
    let mut step = *b"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00]";
    for (filled, b) in step.iter_mut().rev().zip(text.iter().rev()) {
        *filled = *b;
    }
    step
}

/// Characters of one byte in canonical and in kept hex.
pub(crate) const WIDTH: usize = 3;

/// Appends canonical `hex`, `room` characters of it at most, as hex that goes on: letters in lower case, and a blank
/// after each byte, the last one too.
#[inline(always)]
pub(crate) fn keep(hex: Canonical<'_>, room: usize, kept: &mut Vec<u8>) {
    let text = hex.text.get(..room).unwrap_or(hex.text);
    if hex.is_lower {
        kept.extend_from_slice(text);
    } else {
        // This bit makes lower case of upper, and is set in digits and blanks.
        kept.extend(text.iter().map(|b| b | 0x20));
    }
    if let Some(end) = kept.last_mut() {
        *end = b' ';
    }
}

/// Appends one byte as hex that goes on.
pub(crate) fn keep_byte(b: u8, kept: &mut Vec<u8>) {
    let digit = |value: u8| value + if value > 9 { b'a' - 10 } else { b'0' };
    kept.extend_from_slice(&[digit(b >> 4), digit(b & 0x0f), b' ']);
}

/// Appends the bytes of canonical or kept `text`, or of its start up to the end of any byte.
pub(crate) fn push_canonical(text: &[u8], bytes: &mut Vec<u8>) {
    bytes.reserve(text.len() / WIDTH);
    let (sixes, rest) = text.as_chunks::<{ 6 * WIDTH }>();
    for six in sixes {
        bytes.extend_from_slice(&six_bytes(six));
    }
    let (ones, _) = rest.as_chunks::<WIDTH>();
    bytes.extend(ones.iter().map(|[high, low, _]| (value(*high) << 4) | value(*low)));
}

/// The first bytes of kept hex, in groups of six; none where it is shorter.
pub(crate) fn first_bytes<const SIXES: usize>(kept: &[u8]) -> Option<[[u8; 6]; SIXES]> {
    let (sixes, _) = kept.as_chunks::<{ 6 * WIDTH }>();
    Some(sixes.first_chunk::<SIXES>()?.map(|six| six_bytes(&six)))
}

/// The first twelve bytes of kept hex, as a little endian number; none where it is shorter. Numbers stay in registers,
/// where arrays of bytes are written and read again in other pieces, for which the processor has to wait.
#[inline(always)]
pub(crate) fn first_twelve(kept: &[u8]) -> Option<u128> {
    let (sixes, _) = kept.as_chunks::<{ 6 * WIDTH }>();
    let [first, last] = sixes.first_chunk()?;
    Some(u128::from(six_bytes_word(first)) | (u128::from(six_bytes_word(last)) << 48))
}

fn six_bytes(text: &[u8; 6 * WIDTH]) -> [u8; 6] {
    let [bytes @ .., _, _] = six_bytes_word(text).to_le_bytes();
    bytes
}

#[inline(always)]
fn six_bytes_word(text: &[u8; 6 * WIDTH]) -> u64 {
    let [a, b, c, d, e, f, g, h, _, digits @ .., _] = *text;
    three_bytes([a, b, c, d, e, f, g, h]) | (three_bytes(digits) << 24)
}

/// The three bytes of eight characters, without the blank after them, as a little endian number: all digits at once, in
/// one word, in which then the bytes lie three apart, and are brought together by a product.
fn three_bytes(digits: [u8; 3 * WIDTH - 1]) -> u64 {
    let digits = u64::from_le_bytes(digits);
    // This bit tells letters from figures.
    let letters = (digits >> 6) & u64::from_le_bytes([1; 8]);
    let values = (digits & u64::from_le_bytes([0x0f; 8])).wrapping_add(letters.wrapping_mul(9));
    let apart = ((values << 4) | (values >> 8)) & u64::from_le_bytes([0xff, 0, 0, 0xff, 0, 0, 0xff, 0]);
    apart.wrapping_mul((1 << 40) | (1 << 24) | (1 << 8)) >> 40
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
                        let one_case = one_case || (n == 1 && at == 0);
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
