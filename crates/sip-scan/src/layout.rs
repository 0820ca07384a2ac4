//! The layout of a process's further lines: nearly all of them look alike but for number and hex.

use crate::hex::{self, Canonical};
use crate::line::{Line, Stamp};

/// What the last further line of a process looked like.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// Its length without the line end.
    pub(crate) line_end: usize,
    /// Digits of the running number.
    number: usize,
    /// All between the running number and the hex, such as `:capro(4711):MED:[MST  ++++  `.
    label: Vec<u8>,
    /// How much of the label stands before the text; 0 while nothing is known.
    text: usize,
    /// The same for all lines as long as the last one.
    head: Head,
}

/// What a line begins with, so that it can be compared all at once: a loop of fixed length without a branch, of which
/// the compiler makes vector instructions.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
pub(crate) struct Head {
    text: [u8; Head::LEN],
    /// All ones for the characters that must be as in `text`, 0 for the number and for what follows the label.
    mask: [u8; Head::LEN],
    /// The bits of the number's digits in a word of eight characters.
    digits: u64,
    /// Where the hex begins.
    hex: usize,
}

impl Head {
    /// Enough for stamp, number and label of all processes there are. Should one have a longer name, its lines take
    /// the slower way by [`Layout::hex_of`], as do lines that are shorter than this.
    const LEN: usize = 64;

    /// Does what [`Layout::hex_of`] does with the stamp that was set, in half the time.
    #[inline(always)]
    pub(crate) fn hex_of<'a>(&self, line: &'a [u8]) -> Option<Canonical<'a>> {
        let start = line.first_chunk::<{ Head::LEN }>()?;
        let [_, number @ ..] = start.last_chunk::<{ Head::LEN - Stamp::LEN }>()?;
        if !self.is_of(start) || !are_digits(number, self.digits) {
            return None;
        }
        Canonical::new(line.get(self.hex..)?)
    }

    /// Where a line of this many bytes ends.
    #[inline(always)]
    pub(crate) fn line_end(&self, bytes: usize) -> usize {
        self.hex.saturating_add(bytes.saturating_mul(hex::WIDTH))
    }

    fn is_of(&self, line: &[u8; Head::LEN]) -> bool {
        let want = self.text.iter().zip(&self.mask);
        let differences = line.iter().zip(want).map(|(b, (text, mask))| (b ^ text) & mask);
        differences.fold(0, |all, difference| all | difference) == 0
    }
}

impl Default for Head {
    fn default() -> Head {
        Head {
            text: [0; Head::LEN],
            mask: [0; Head::LEN],
            digits: 0,
            hex: usize::MAX,
        }
    }
}

impl Layout {
    /// Takes the layout of `line`, which is `parsed` and ends with `hex`.
    pub(crate) fn learn(&mut self, line: &[u8], parsed: &Line<'_>, hex: &[u8]) {
        let text = line.len().saturating_sub(parsed.text.len());
        let label = text.saturating_sub(parsed.label.len());
        let hex = line.len().saturating_sub(hex.len());
        let (number, text) = (
            label.saturating_sub(Stamp::LEN.saturating_add(1)),
            line.get(label..hex).unwrap_or_default(),
        );
        self.line_end = line.len();
        // Mostly another process had a word, and nothing changed.
        if self.number == number && self.label == text {
            return;
        }
        self.number = number;
        self.label.clear();
        self.label.extend_from_slice(text);
        self.text = parsed.label.len();
        // No line reaches that far.
        let digits = OTHERS.get(number).map(|others| !others);
        self.head.hex = if hex <= Head::LEN && digits.is_some() {
            hex
        } else {
            usize::MAX
        };
        self.head.digits = digits.unwrap_or_default();
        let head = self.head.text.iter_mut().zip(&mut self.head.mask);
        for ((i, (text, mask)), b) in head.enumerate().zip(line).skip(Stamp::LEN) {
            *text = *b;
            *mask = if i == Stamp::LEN || (label..hex).contains(&i) {
                u8::MAX
            } else {
                0
            };
        }
    }

    /// From now on lines of a record with this stamp are expected.
    pub(crate) fn set_stamp(&mut self, stamp: &Stamp) {
        if let (Some(text), Some(mask)) = (self.head.text.first_chunk_mut(), self.head.mask.first_chunk_mut()) {
            *text = *stamp.as_bytes();
            *mask = [u8::MAX; Stamp::LEN];
        }
    }

    /// What the next line begins with, if it is like the one before.
    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    /// The hex of `line`, its bracket included, if it bears `stamp`, has this layout, and the hex is canonical.
    pub(crate) fn hex_of<'a>(&self, line: &'a [u8], stamp: &Stamp) -> Option<Canonical<'a>> {
        let (found, rest) = line.split_first_chunk::<{ Stamp::LEN }>()?;
        let [b':', rest @ ..] = rest else {
            return None;
        };
        if self.text == 0 || found != stamp.as_bytes() || !self.has_number(rest) {
            return None;
        }
        Canonical::new(strip_label(rest.get(self.number..)?, &self.label)?)
    }

    /// The stamp of `line` and what follows its opening bracket, if it differs from this layout only after that: then it
    /// is of the same process.
    pub(crate) fn text_of<'a>(&self, line: &'a [u8]) -> Option<(Stamp, &'a [u8])> {
        let (stamp, rest) = line.split_first_chunk::<{ Stamp::LEN }>()?;
        let [b':', rest @ ..] = rest else {
            return None;
        };
        if self.text == 0 || !self.has_number(rest) {
            return None;
        }
        let text = strip_label(rest.get(self.number..)?, self.label.get(..self.text)?)?;
        text.starts_with(b"MST").then_some((Stamp::new(*stamp)?, text))
    }

    /// Whether as many digits as there should be stand at the start of `text`.
    fn has_number(&self, text: &[u8]) -> bool {
        OTHERS.get(self.number).is_some_and(|others| are_digits(text, !others))
    }
}

/// Whether digits stand at the start of `text`, in the places whose bits are set in `which`.
#[inline(always)]
fn are_digits(text: &[u8], which: u64) -> bool {
    // All eight at once; those that follow the number are made to look like digits.
    let Some(text) = text.first_chunk::<8>() else {
        return false;
    };
    let bits = (u64::from_le_bytes(*text) ^ u64::from_le_bytes([b'0'; 8])) & which;
    let over_nine = bits.wrapping_add(u64::from_le_bytes([0x80 - 10; 8]));
    (bits | over_nine) & u64::from_le_bytes([0x80; 8]) == 0
}

/// For each count of digits, up to eight: the bits of a little endian word that are not theirs.
const OTHERS: [u64; 9] = [
    u64::MAX,
    u64::MAX << 8,
    u64::MAX << 16,
    u64::MAX << 24,
    u64::MAX << 32,
    u64::MAX << 40,
    u64::MAX << 48,
    u64::MAX << 56,
    0,
];

/// `text` without `label` before it. A label of common length is compared as two words that overlap, which takes a
/// fraction of the time of a call to compare any number of bytes.
fn strip_label<'a>(text: &'a [u8], label: &[u8]) -> Option<&'a [u8]> {
    let (found, rest) = text.split_at_checked(label.len())?;
    let equal = match (found.first_chunk::<16>(), found.last_chunk::<16>()) {
        (Some(first), Some(last)) if label.len() <= 32 => {
            label.first_chunk() == Some(first) && label.last_chunk() == Some(last)
        }
        _ => found == label,
    };
    equal.then_some(rest)
}
