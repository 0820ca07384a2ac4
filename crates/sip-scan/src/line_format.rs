//! The format of a process's further lines: nearly all of them look alike but for number and hex.

use crate::dump::decimal;
use crate::hex::Canonical;
use crate::line::{Line, Stamp};
use crate::line_template::{LineTemplate, Lines};

/// The most lines that are checked at once.
const MOST_AT_ONCE: usize = 64;

/// What stands in a further line where a first one has its SIZE.
const NO_SIZE: &[u8; 4] = b"++++";

/// What the last further line of a process looked like.
#[derive(Debug, Default)]
pub(crate) struct LineFormat {
    /// Its length without the line end.
    line_end: usize,
    /// How many bytes stood on it.
    bytes: usize,
    /// Digits of the running number.
    number: usize,
    /// All between the running number and the hex, such as `:capro(4711):MED:[MST  ++++  `.
    label: Vec<u8>,
    /// How much of the label stands before the text; 0 while nothing is known.
    text: usize,
    /// The same as a template.
    further: LineTemplate,
    /// The templates of first lines with a SIZE of four digits and of three, and where that stands.
    first: [LineTemplate; 2],
    size: usize,
    /// How many lines are checked at once: fewer where other lines stand between them.
    at_once: usize,
}

impl LineFormat {
    /// Takes the format of `line`, which is `parsed` and ends with `hex`.
    pub(crate) fn learn(&mut self, line: &[u8], parsed: &Line<'_>, hex: &[u8]) {
        let text = line.len().saturating_sub(parsed.text.len());
        let label = text.saturating_sub(parsed.label.len());
        let hex = line.len().saturating_sub(hex.len());
        let (number, text) = (
            label.saturating_sub(Stamp::LEN.saturating_add(1)),
            line.get(label..hex).unwrap_or_default(),
        );
        // Mostly another process had a word, and nothing changed.
        if self.number == number && self.label == text {
            return self.set_line_end(line.len());
        }
        self.number = number;
        self.label.clear();
        self.label.extend_from_slice(text);
        self.text = parsed.label.len();
        self.further = LineTemplate::new(number).then(text);
        let size = self.label.windows(NO_SIZE.len()).rposition(|word| word == NO_SIZE);
        let (before, after) = self.label.split_at(size.unwrap_or_default());
        let after = after.strip_prefix(NO_SIZE).unwrap_or_default();
        self.size = label.saturating_add(before.len());
        self.first = [4, 3].map(|digits| LineTemplate::new(number).then(before).then_digits(digits).then(after));
        self.set_line_end(line.len());
    }

    /// From now on lines of this length are expected, their line end not counted.
    pub(crate) fn set_line_end(&mut self, line_end: usize) {
        self.line_end = line_end;
        self.bytes = self.further.bytes(line_end);
    }

    /// From now on lines of a record with this stamp are expected.
    pub(crate) fn set_stamp(&mut self, stamp: &Stamp) {
        self.further.set_stamp(stamp);
    }

    /// The next lines at the start of `block`, and what follows them, if they are like the one before: of a record that
    /// lacks `missing` bytes. The last line of a record is shorter, by what SIZE says.
    #[inline(always)]
    pub(crate) fn next_lines<'a>(&mut self, block: &'a [u8], missing: usize) -> Option<(Lines<'a>, &'a [u8])> {
        if self.bytes == 0 {
            return None;
        }
        if missing < self.bytes {
            return self.further.line(block, missing);
        }
        let mut count = self.at_once;
        // A division takes as long as checking a line.
        if count.saturating_mul(self.bytes) > missing {
            count = missing / self.bytes;
        }
        let stride = self.line_end.saturating_add(1);
        if count.saturating_mul(stride) > block.len() {
            count = block.len() / stride;
        }
        if count > 1
            && let Some(found) = self.further.lines(block, self.bytes, count)
        {
            self.at_once = count.saturating_mul(2).clamp(self.at_once, MOST_AT_ONCE);
            return Some(found);
        }
        let found = self.further.line(block, self.bytes);
        self.at_once = if found.is_some() { 2 } else { 1 };
        found
    }

    /// Stamp, SIZE and hex of the first line at the start of `block`, and what follows it, if it is like the further
    /// ones, of as many bytes.
    pub(crate) fn first_line<'a>(&self, block: &'a [u8]) -> Option<(Stamp, u32, Lines<'a>, &'a [u8])> {
        let [four, three] = &self.first;
        let (template, digits) = match block.get(self.line_end) {
            Some(b'\n') => (four, 4usize),
            _ => (three, 3),
        };
        let (lines, after) = template.line(block, self.bytes)?;
        let size = block.get(self.size..)?.get(..digits)?;
        Some((Stamp::new(*block.first_chunk()?)?, decimal(size)?, lines, after))
    }

    /// The hex of `line`, its bracket included, if it bears `stamp`, has this format, and the hex is canonical.
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

    /// The stamp of `line` and what follows its opening bracket, if it differs from this format only after that: then it
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
