//! The layout of a process's further lines: nearly all of them look alike but for number and hex.

use crate::hex;
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
}

impl Layout {
    /// Takes the layout of `line`, which is `parsed` and ends with `hex`.
    pub(crate) fn learn(&mut self, line: &[u8], parsed: &Line<'_>, hex: &[u8]) {
        let text = line.len().saturating_sub(parsed.text.len());
        let label = text.saturating_sub(parsed.label.len());
        let hex = line.len().saturating_sub(hex.len());
        self.line_end = line.len();
        self.number = label.saturating_sub(Stamp::LEN.saturating_add(1));
        self.label.clear();
        self.label.extend_from_slice(line.get(label..hex).unwrap_or_default());
    }

    /// The hex of `line`, its bracket included, if it bears `stamp`, has this layout, and the hex is canonical.
    pub(crate) fn hex_of<'a>(&self, line: &'a [u8], stamp: &Stamp) -> Option<&'a [u8]> {
        let (found, rest) = line.split_first_chunk::<{ Stamp::LEN }>()?;
        let [b':', rest @ ..] = rest else {
            return None;
        };
        if found != stamp.as_bytes() || !self.has_number(rest) {
            return None;
        }
        let hex = strip_label(rest.get(self.number..)?, &self.label)?;
        hex::is_canonical(hex).then_some(hex)
    }

    /// Whether as many digits as there should be stand at the start of `text`.
    fn has_number(&self, text: &[u8]) -> bool {
        // All eight at once; those that follow the number are made to look like digits.
        let (Some(text), Some(others)) = (text.first_chunk::<8>(), OTHERS.get(self.number)) else {
            return false;
        };
        let bits = (u64::from_le_bytes(*text) ^ u64::from_le_bytes([b'0'; 8])) & !others;
        let over_nine = bits.wrapping_add(u64::from_le_bytes([0x80 - 10; 8]));
        (bits | over_nine) & u64::from_le_bytes([0x80; 8]) == 0
    }
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
