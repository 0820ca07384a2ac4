//! The format of a process's further lines: nearly all of them look alike but for number and hex.

use super::line_template::{LikeLines, LineTemplate};
use crate::dump::{Dump, decimal};
use crate::stamp::Stamp;

/// The most lines that are checked at once.
const MOST_AT_ONCE: usize = 64;

/// What stands in a further line where a first one has its SIZE.
const NO_SIZE: &[u8; 4] = b"++++";

/// Where the running number begins.
const NUMBER: usize = Stamp::LEN + 1;

/// A first line that is like the further ones.
pub(crate) struct FirstAlike<'a> {
    pub(crate) stamp: Stamp,
    pub(crate) number: Option<u32>,
    pub(crate) size: u32,
    pub(crate) line: LikeLines<'a>,
}

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
    /// The same as a template.
    further: LineTemplate,
    /// The templates of first lines with a SIZE of four digits and of three, and where that stands.
    first: [LineTemplate; 2],
    size: usize,
    /// How many lines are checked at once: fewer where other lines stand between them.
    at_once: usize,
}

impl LineFormat {
    /// Takes the format of a further line.
    pub(crate) fn learn(&mut self, dump: &Dump<'_>) {
        let (line, stamp) = (dump.line.whole, &dump.line.stamp);
        let label = line
            .len()
            .saturating_sub(dump.line.text.len().saturating_add(dump.line.label.len()));
        let hex = line.len().saturating_sub(dump.hex.len());
        let (number, text) = (label.saturating_sub(NUMBER), line.get(label..hex).unwrap_or_default());
        // Mostly another process had a word, and nothing changed.
        if self.number != number || self.label != text {
            self.number = number;
            self.label.clear();
            self.label.extend_from_slice(text);
            self.further = LineTemplate::new(stamp, number).then(text);
            let size = self.label.windows(NO_SIZE.len()).rposition(|word| word == NO_SIZE);
            let (before, after) = self.label.split_at(size.unwrap_or_default());
            let after = after.strip_prefix(NO_SIZE).unwrap_or_default();
            self.size = label.saturating_add(before.len());
            let first = LineTemplate::new(stamp, number).then(before);
            self.first = [4, 3].map(|digits| first.clone().then_digits(digits).then(after));
        }
        self.line_end = line.len();
        self.bytes = self.further.bytes(self.line_end);
        self.set_stamp(stamp);
    }

    /// From now on further lines with this stamp are expected, and first lines of its hour.
    pub(crate) fn set_stamp(&mut self, stamp: &Stamp) {
        self.further.set_stamp(stamp);
        self.first.iter_mut().for_each(|first| first.set_hour(stamp));
    }

    /// The next lines at the start of `block`, if they are like the one before: of a record that lacks `missing` bytes.
    /// The last line of a record is shorter, by what SIZE says.
    #[inline(always)]
    pub(crate) fn next_lines<'a>(&mut self, block: &'a [u8], missing: usize) -> Option<LikeLines<'a>> {
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
            && let Some(lines) = self.further.lines(block, self.bytes, count)
        {
            self.at_once = count.saturating_mul(2).clamp(self.at_once, MOST_AT_ONCE);
            return Some(lines);
        }
        let line = self.further.line(block, self.bytes);
        self.at_once = if line.is_some() { 2 } else { 1 };
        line
    }

    /// The first line at the start of `block`, if it is like the further ones, of as many bytes.
    /// From then on further lines with this stamp are expected.
    pub(crate) fn first_line<'a>(&mut self, block: &'a [u8]) -> Option<FirstAlike<'a>> {
        let [four, three] = &self.first;
        let (template, digits) = match block.get(self.line_end) {
            Some(b'\n') => (four, 4usize),
            _ => (three, 3),
        };
        let line = template.line(block, self.bytes)?;
        let stamp = Stamp::of_line_that_fits(*block.first_chunk()?);
        self.further.set_stamp(&stamp);
        Some(FirstAlike {
            stamp,
            number: number(block.get(..NUMBER.checked_add(self.number)?)?, self.number),
            size: number(block.get(..self.size.checked_add(digits)?)?, digits)?,
            line,
        })
    }
}

/// The number in the last `count` characters of `text`, which are digits: all at once, in one word.
#[inline(always)]
fn number(text: &[u8], count: usize) -> Option<u32> {
    const LEN: usize = size_of::<u64>();
    let Some(others) = LEN.checked_sub(count) else {
        return decimal(text.get(text.len().checked_sub(count)?..)?);
    };
    let digits = u64::from_le_bytes(*text.last_chunk()?) & u64::from_le_bytes([0x0f; LEN]);
    // What stands before the number goes out of the word.
    let bits = u32::try_from(others.saturating_mul(8)).ok()?;
    let digits = digits.checked_shr(bits)?.checked_shl(bits)?;
    // Neighbours become pairs, pairs become fours, fours the number.
    let pairs = (digits.wrapping_mul(2561) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(6_553_601) >> 16) & 0x0000_ffff_0000_ffff;
    u32::try_from(fours.wrapping_mul(42_949_672_960_001) >> 32).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_plain_way_reads_them() {
        let text = b"4294967295";
        for count in 0..=text.len() {
            let before = b"20170427:084412345:";
            let line = [before.as_slice(), &text[..count]].concat();
            assert_eq!(number(&line, count), decimal(&text[..count]), "{count} digits");
        }
    }
}
