//! What a line begins with, as the range in which each of its characters must lie.

use super::head_end;
use super::hex::{self, Check};
use crate::stamp::Stamp;

/// Enough for stamp, number and label of all processes there are. Lines of one with a longer name take the plain way, as
/// do lines that are shorter than this.
const LEN: usize = 64;
/// Characters that are looked at together.
const STEP: usize = 16;

/// The characters of a line up to its hex: each exact, or any digit. What follows may be anything.
#[derive(Clone, Debug)]
#[repr(align(16))]
pub(crate) struct LineTemplate {
    /// The character past the range of each place, and how many are not in it: see [`hex`].
    past: [u8; LEN],
    gap: [u8; LEN],
    /// Where the hex begins; too far for any line if that is beyond `LEN`.
    hex: usize,
}

/// Lines of one length, each of which fits a template and ends with hex in the form of [`hex`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct LikeLines<'a> {
    block: &'a [u8],
    pub(crate) count: usize,
    /// Bytes of each line.
    pub(crate) bytes: usize,
    stride: usize,
    hex: usize,
    /// What follows the lines.
    pub(crate) rest: &'a [u8],
}

impl<'a> LikeLines<'a> {
    /// One line of which only the hex is given, in the form of [`hex`].
    pub(crate) fn of_hex(text: &'a [u8]) -> LikeLines<'a> {
        LikeLines {
            block: text,
            count: 1,
            bytes: text.len() / hex::WIDTH,
            stride: text.len(),
            hex: 0,
            rest: &[],
        }
    }

    /// The hex of each line.
    #[inline(always)]
    pub(crate) fn hex(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let stride = self.stride;
        let length = self.bytes.saturating_mul(hex::WIDTH);
        let mut rest = self.block.get(self.hex..);
        std::iter::from_fn(move || {
            let hex = rest?.get(..length)?;
            rest = rest?.get(stride..);
            Some(hex)
        })
    }

    /// The lines without the first `count`.
    pub(crate) fn skip(self, count: usize) -> LikeLines<'a> {
        let block = self.block.get(self.stride.saturating_mul(count)..);
        LikeLines {
            block: block.unwrap_or_default(),
            count: self.count.saturating_sub(count),
            ..self
        }
    }

    /// The first line in which the headers of a message end, or in which that end may begin; and whether something follows it.
    pub(crate) fn head_end(&self) -> Option<(usize, bool)> {
        let cut = self.hex().position(head_end::may_be_cut);
        let cut = cut.map(|line| (line, line.saturating_add(1) < self.count));
        let found = head_end::find(self.block).map(|after| {
            let line = after.checked_div(self.stride).unwrap_or_default();
            (line, !matches!(self.block.get(after..), None | Some(b"]" | b"]\n")))
        });
        match (cut, found) {
            (Some(cut), Some(found)) if found.0 <= cut.0 => Some(found),
            (cut, found) => cut.or(found),
        }
    }
}

impl Default for LineTemplate {
    /// A template that no line fits.
    fn default() -> LineTemplate {
        LineTemplate {
            past: [0; LEN],
            gap: [0; LEN],
            hex: usize::MAX,
        }
    }
}

impl LineTemplate {
    /// A stamp of the hour of `stamp`, and a number of `digits` digits. So only times of day fit that exist.
    pub(crate) fn new(stamp: &Stamp, digits: usize) -> LineTemplate {
        let empty = LineTemplate {
            hex: 0,
            ..LineTemplate::default()
        };
        empty
            .then(stamp.hour())
            .then_one(b'0', b'5')
            .then_digits(1)
            .then_one(b'0', b'5')
            .then_digits(4)
            .then(b":")
            .then_digits(digits)
    }

    /// Then exactly `text`.
    pub(crate) fn then(self, text: &[u8]) -> LineTemplate {
        text.iter().fold(self, |template, b| template.then_one(*b, *b))
    }

    /// Then `count` digits.
    pub(crate) fn then_digits(self, count: usize) -> LineTemplate {
        (0..count).fold(self, |template, _| template.then_one(b'0', b'9'))
    }

    fn then_one(mut self, first: u8, last: u8) -> LineTemplate {
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

    /// From now on stamps of this hour.
    pub(crate) fn set_hour(&mut self, stamp: &Stamp) {
        self.set(stamp.hour());
    }

    /// From now on this very stamp.
    #[inline(always)]
    pub(crate) fn set_stamp(&mut self, stamp: &Stamp) {
        self.set(stamp.as_bytes());
    }

    /// From now on exactly these first characters.
    #[inline(always)]
    fn set<const N: usize>(&mut self, start: &[u8; N]) {
        if let (Some(past), Some(gap)) = (self.past.first_chunk_mut(), self.gap.first_chunk_mut()) {
            *past = start.map(|b| b.wrapping_add(1));
            *gap = [u8::MAX; N];
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

    /// The line at the start of `block`, if it fits and has so many bytes.
    #[inline(always)]
    pub(crate) fn line<'a>(&self, block: &'a [u8], bytes: usize) -> Option<LikeLines<'a>> {
        let line_end = self.line_end(bytes);
        let (line, [b'\n', rest @ ..]) = block.split_at_checked(line_end)? else {
            return None;
        };
        // Mostly, if it is not, it is another process's.
        let fits = self.begins(line) && hex::is_canonical(line.get(self.hex..)?);
        fits.then_some(LikeLines {
            block: line,
            count: 1,
            bytes,
            stride: line_end.saturating_add(1),
            hex: self.hex,
            rest,
        })
    }

    /// The first `count` lines of `block`, if all fit and each has so many bytes.
    #[inline(always)]
    pub(crate) fn lines<'a>(&self, block: &'a [u8], bytes: usize, count: usize) -> Option<LikeLines<'a>> {
        let stride = self.line_end(bytes).checked_add(1)?;
        let (block, rest) = block.split_at_checked(stride.checked_mul(count)?)?;
        self.all_fit(block, stride).then_some(LikeLines {
            block,
            count,
            bytes,
            stride,
            hex: self.hex,
            rest,
        })
    }

    /// Whether all lines of `block` fit, each of `stride` characters with its line feed.
    ///
    /// What differs is added up and looked at once, at the end: so there is but one branch whose outcome the processor
    /// cannot foresee.
    #[inline(never)]
    fn all_fit(&self, block: &[u8], stride: usize) -> bool {
        let digits = hex::digits();
        let mut check = Check::NONE;
        let mut misfit = [0; STEP];
        let mut lines = block;
        while let Some((line, after)) = lines.split_at_checked(stride) {
            let [line @ .., end] = line else {
                return false;
            };
            let Some(start) = line.first_chunk() else {
                return false;
            };
            self.add_misfit(start, &mut misfit);
            if !check.add_line(line.get(self.hex..).unwrap_or_default(), digits) || *end != b'\n' {
                return false;
            }
            lines = after;
        }
        misfit.iter().fold(0, |all, misfit| all | misfit) == 0 && check.fits(digits)
    }

    /// Makes characters of `misfit` other than 0 if some of `start` are not what they must be.
    #[inline(always)]
    fn add_misfit(&self, start: &[u8; LEN], misfit: &mut [u8; STEP]) {
        let (starts, _) = start.as_chunks();
        let (pasts, _) = self.past.as_chunks();
        let (gaps, _) = self.gap.as_chunks();
        // Written out, since the compiler leaves a loop of four steps a loop.
        if let ([s1, s2, s3, s4], [p1, p2, p3, p4], [g1, g2, g3, g4]) = (starts, pasts, gaps) {
            add_step(misfit, s1, p1, g1);
            add_step(misfit, s2, p2, g2);
            add_step(misfit, s3, p3, g3);
            add_step(misfit, s4, p4, g4);
        }
    }

    /// Whether the line at the start of `block` fits.
    #[inline(always)]
    fn begins(&self, block: &[u8]) -> bool {
        block.first_chunk::<LEN>().is_some_and(|start| {
            let places = start.iter().zip(self.past.iter().zip(&self.gap));
            let misfit = |all, (b, (past, gap)): (&u8, (&u8, &u8))| all | gap.saturating_sub(b.wrapping_sub(*past));
            places.fold(0, misfit) == 0
        })
    }
}

/// Adds what is not as it must be in one step: shifted by `past`, the characters that must not come are the first `gap`.
#[inline(always)]
fn add_step(misfit: &mut [u8; STEP], text: &[u8; STEP], past: &[u8; STEP], gap: &[u8; STEP]) {
    for (misfit, (b, (past, gap))) in misfit.iter_mut().zip(text.iter().zip(past.iter().zip(gap))) {
        *misfit |= gap.saturating_sub(b.wrapping_sub(*past));
    }
}
