//! What a line begins with, as what each of its characters must be: lines are compared all at once.

use crate::hex::{self, Canonical};
use crate::least::Least;
use crate::line::Stamp;

/// Enough for stamp, number and label of all processes there are. Should one have a longer name, its lines take
/// the slower way by [`Layout::hex_of`](crate::layout::Layout::hex_of), as do lines that are shorter than this.
const LEN: usize = 64;

/// The characters of a line up to its hex: each exact, or any digit. What follows may be anything.
#[derive(Clone, Debug)]
#[repr(align(16))]
pub(crate) struct Shape {
    /// The character past the range of each place, and how many are not in it: see [`Least`].
    past: [u8; LEN],
    gap: [u8; LEN],
    /// Where the hex begins; too far for any line if that is beyond `LEN`.
    hex: usize,
}

/// Lines of one length, each of which has the same shape and canonical hex.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines<'a> {
    block: &'a [u8],
    pub(crate) count: usize,
    /// Bytes of each line.
    pub(crate) bytes: usize,
    stride: usize,
    hex: usize,
    is_lower: bool,
}

impl<'a> Lines<'a> {
    /// The hex of each line.
    pub(crate) fn hex(&self) -> impl Iterator<Item = Canonical<'a>> {
        let (hex, is_lower) = (self.hex, self.is_lower);
        let lines = self.block.chunks_exact(self.stride);
        lines.filter_map(move |line| Some(Canonical::known(line.get(hex..)?.split_last()?.1, is_lower)))
    }
}

impl Default for Shape {
    /// A shape that no line has.
    fn default() -> Shape {
        Shape {
            past: [0; LEN],
            gap: [0; LEN],
            hex: usize::MAX,
        }
    }
}

impl Shape {
    /// A stamp, and a number of `digits` digits.
    pub(crate) fn new(digits: usize) -> Shape {
        let empty = Shape {
            hex: 0,
            ..Shape::default()
        };
        empty
            .then_digits(8)
            .then(b":")
            .then_digits(9)
            .then(b":")
            .then_digits(digits)
    }

    /// Then exactly `text`.
    pub(crate) fn then(self, text: &[u8]) -> Shape {
        text.iter().fold(self, |shape, b| shape.then_one(*b, *b))
    }

    /// Then `count` digits.
    pub(crate) fn then_digits(self, count: usize) -> Shape {
        (0..count).fold(self, |shape, _| shape.then_one(b'0', b'9'))
    }

    fn then_one(mut self, first: u8, last: u8) -> Shape {
        match (self.past.get_mut(self.hex), self.gap.get_mut(self.hex)) {
            (Some(past), Some(gap)) => {
                *past = last.wrapping_add(1);
                *gap = u8::MAX - last.saturating_sub(first);
                self.hex = self.hex.saturating_add(1);
            }
            _ => self.hex = usize::MAX,
        }
        self
    }

    /// From now on this very stamp.
    pub(crate) fn set_stamp(&mut self, stamp: &Stamp) {
        if let (Some(past), Some(gap)) = (self.past.first_chunk_mut(), self.gap.first_chunk_mut()) {
            *past = stamp.as_bytes().map(|b| b.wrapping_add(1));
            *gap = [u8::MAX; Stamp::LEN];
        }
    }

    /// Where a line of this many bytes ends.
    #[inline(always)]
    pub(crate) fn line_end(&self, bytes: usize) -> usize {
        self.hex.saturating_add(bytes.saturating_mul(hex::WIDTH))
    }

    /// How many bytes a line that ends there has; 0 if that is no whole number.
    pub(crate) fn bytes(&self, line_end: usize) -> usize {
        let hex = line_end.saturating_sub(self.hex);
        if hex.is_multiple_of(hex::WIDTH) {
            hex / hex::WIDTH
        } else {
            0
        }
    }

    /// The first `count` lines of `block`, and what follows them, if all have this shape, and `bytes` bytes of canonical
    /// hex before their end.
    #[inline(always)]
    pub(crate) fn lines<'a>(&self, block: &'a [u8], bytes: usize, count: usize) -> Option<(Lines<'a>, &'a [u8])> {
        let hex = self.hex..self.line_end(bytes);
        let stride = hex.end.checked_add(1)?;
        let (block, after) = block.split_at_checked(stride.checked_mul(count)?)?;
        if !self.is_of(block, stride) {
            return None;
        }
        let all_fit = |digits| hex::all_canonical(block, stride, hex.clone(), digits);
        let is_lower = all_fit(&hex::LOWER);
        if !is_lower && !all_fit(&hex::UPPER) {
            return None;
        }
        let lines = Lines {
            block,
            count,
            bytes,
            stride,
            hex: self.hex,
            is_lower,
        };
        Some((lines, after))
    }

    /// Whether all lines of `block`, each of `stride` characters with its line feed, have this shape. What differs is
    /// added up and looked at once, at the end.
    #[inline(always)]
    fn is_of(&self, block: &[u8], stride: usize) -> bool {
        let (mut least, mut ends) = (Least::NONE, 0);
        let mut rest = block;
        while let Some((line, after)) = rest.split_at_checked(stride)
            && let Some((end, line)) = line.split_last()
        {
            let Some(start) = line.first_chunk() else {
                return false;
            };
            least.add(start, &self.past);
            ends |= end ^ b'\n';
            rest = after;
        }
        (ends == 0) & least.fits(&self.gap)
    }
}
