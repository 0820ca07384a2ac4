//! Hex as the server itself writes it: two digits a byte, letters in lower case, one blank between, a bracket after the
//! last byte, nothing before or after.
//!
//! Characters must lie in ranges, by place. That is checked without a branch, so that the compiler makes vector instructions
//! of the loops. A byte wraps, so what is not in a range is one gap: from the character past it on, around to its first.
//! Shifted so that the gap begins at 0, its characters are the least ones: no character lies in it if the least of all is
//! at least as large as the gap. So a character takes a subtraction and a minimum, and the one comparison is left to the end.

/// Characters of one byte, with the blank or the bracket after it.
pub(crate) const WIDTH: usize = 3;

/// Characters of one step: sixteen bytes.
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
    /// Two digits for each byte and a blank after them, but `end` after the last.
    #[expect(clippy::indexing_slicing, reason = "evaluated when this is compiled")]
    const fn new(end: u8) -> Places {
        let mut places = Places {
            past_figures: [b'9' + 1; STEP],
            past_letters: [b'f' - b'9'; STEP],
            figures_gap: [b'a' - (b'9' + 1); STEP],
            letters_gap: [b'0'.wrapping_sub(b'f' + 1); STEP],
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

/// The places of any step but the last, and of the last.
#[derive(Debug)]
pub(crate) struct Digits {
    step: Places,
    last: Places,
}

static DIGITS: Digits = Digits {
    step: Places::new(b' '),
    last: Places::new(b']'),
};

/// What the check compares with.
///
/// The compiler must not know what stands there: knowing it, it turns the two subtractions into two of the character
/// itself, for which that has to be copied.
#[inline(always)]
pub(crate) fn digits() -> &'static Digits {
    std::hint::black_box(&DIGITS)
}

/// The check whether lines are hex in this form: the least characters of all steps so far.
pub(crate) struct Check {
    figures: [u8; STEP],
    letters: [u8; STEP],
}

impl Check {
    /// Of no line.
    pub(crate) const NONE: Check = Check {
        figures: [u8::MAX; STEP],
        letters: [u8::MAX; STEP],
    };

    /// Adds the hex of a line, whole bytes of at least a step; false if it is shorter.
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
        let shifted = add_shifted(&mut self.figures, text, &places.past_figures);
        add_shifted(&mut self.letters, &shifted, &places.past_letters);
    }

    /// Whether all lines were hex in this form.
    #[inline(always)]
    pub(crate) fn fits(&self, digits: &Digits) -> bool {
        let fits = |least: &[u8; STEP], gap: &[u8; STEP]| {
            let missing = gap.iter().zip(least).map(|(gap, least)| gap.saturating_sub(*least));
            missing.fold(0, |all, missing| all | missing) == 0
        };
        fits(&self.figures, &digits.step.figures_gap) & fits(&self.letters, &digits.step.letters_gap)
    }
}

/// Adds `text`, each character shifted by its place in `past`, to the least characters; returns it shifted.
#[inline(always)]
fn add_shifted(least: &mut [u8; STEP], text: &[u8; STEP], past: &[u8; STEP]) -> [u8; STEP] {
    let mut shifted = *text;
    for ((b, past), least) in shifted.iter_mut().zip(past).zip(least) {
        *b = b.wrapping_sub(*past);
        *least = (*b).min(*least);
    }
    shifted
}

/// Whether `text`, with its bracket, is hex in this form.
pub(crate) fn is_canonical(text: &[u8]) -> bool {
    let digits = digits();
    let mut check = Check::NONE;
    if !check.add_line(text, digits) {
        check.add(&filled_up(text), &digits.last);
    }
    !text.is_empty() && text.len().is_multiple_of(WIDTH) && check.fits(digits)
}

/// Text of less than a step, with other bytes before it.
fn filled_up(text: &[u8]) -> [u8; STEP] {
    let mut step = *b"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00]";
    for (filled, b) in step.iter_mut().rev().zip(text.iter().rev()) {
        *filled = *b;
    }
    step
}

/// Appends the bytes of `text`, which is hex in this form or as it is kept.
pub(crate) fn decode(text: &[u8], bytes: &mut Vec<u8>) {
    let (sixes, rest) = text.as_chunks::<{ 6 * WIDTH }>();
    let before = bytes.len();
    bytes.resize(before.saturating_add(sixes.len().saturating_mul(6)), 0);
    let (room, _) = bytes.get_mut(before..).unwrap_or_default().as_chunks_mut::<6>();
    for (room, six) in room.iter_mut().zip(sixes) {
        *room = six_bytes(six);
    }
    let (ones, _) = rest.as_chunks::<WIDTH>();
    bytes.extend(ones.iter().map(|[high, low, _]| {
        let [byte, ..] = three_bytes([*high, *low, b' ', b'0', b'0', b' ', b'0', b'0']).to_le_bytes();
        byte
    }));
}

/// The first bytes of kept hex, six or a multiple; none where it is shorter.
#[inline(always)]
pub(crate) fn first_bytes<const N: usize>(kept: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let (sixes, _) = kept.get(..N.checked_mul(WIDTH)?)?.as_chunks::<{ 6 * WIDTH }>();
    let (chunks, _) = bytes.as_chunks_mut::<6>();
    for (chunk, six) in chunks.iter_mut().zip(sixes) {
        *chunk = six_bytes(six);
    }
    Some(bytes)
}

#[inline(always)]
fn six_bytes(text: &[u8; 6 * WIDTH]) -> [u8; 6] {
    let [a, b, c, d, e, f, g, h, _, digits @ .., _] = *text;
    let [bytes @ .., _, _] = (three_bytes([a, b, c, d, e, f, g, h]) | (three_bytes(digits) << 24)).to_le_bytes();
    bytes
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    #[test]
    fn lines_of_any_length_are_read_as_the_plain_way_reads_them() {
        for n in 1..200usize {
            let bytes: Vec<u8> = (0..n).map(|i| (i * 37).to_le_bytes()[0]).collect();
            let text = bytes.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ") + "]";
            assert!(is_canonical(text.as_bytes()), "{text}");
            let (mut fast, mut plain) = (vec![1], vec![1]);
            decode(text.as_bytes(), &mut fast);
            assert_eq!(hex::read(text.as_bytes(), |b| plain.push(b)), Ok(()));
            assert_eq!(fast, plain);
            assert_eq!(fast[1..], bytes);
        }
    }

    #[test]
    fn one_wrong_character_anywhere_is_seen() {
        for n in [1, 2, 15, 16, 17, 33] {
            for digit in ['7', 'a'] {
                let text = vec![format!("{digit}0"); n].join(" ") + "]";
                for at in 0..text.len() {
                    for b in 0..=255u8 {
                        let mut text = text.clone().into_bytes();
                        let right = match at % 3 {
                            _ if at == text.len() - 1 => b == b']',
                            2 => b == b' ',
                            _ => b.is_ascii_hexdigit() && !b.is_ascii_uppercase(),
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
