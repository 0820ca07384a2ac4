//! Characters that must lie in ranges, by place, checked without a branch, so that the compiler makes vector instructions
//! of the loops.
//!
//! A byte wraps, so what is not in a range is one gap: from the character past it on, around to its first. Shifted so
//! that the gap begins at 0, its characters are the least ones: no character lies in it if the least of all is at least
//! as large as the gap. So a character takes a subtraction and a minimum, and the one comparison is left to the end.

/// The least character of each place, shifted.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
pub(crate) struct RangeCheck<const N: usize>([u8; N]);

impl<const N: usize> RangeCheck<N> {
    /// Of no text.
    pub(crate) const NONE: RangeCheck<N> = RangeCheck([u8::MAX; N]);

    /// Adds `text`, each character shifted by its place in `past`; returns it shifted.
    #[inline(always)]
    pub(crate) fn add(&mut self, text: &[u8; N], past: &[u8; N]) -> [u8; N] {
        let mut shifted = *text;
        for ((b, past), least) in shifted.iter_mut().zip(past).zip(&mut self.0) {
            *b = b.wrapping_sub(*past);
            *least = (*b).min(*least);
        }
        shifted
    }

    /// Whether no character lay in a gap; each begins at 0 and is as large as its place in `gap` says.
    #[inline(always)]
    pub(crate) fn fits(&self, gap: &[u8; N]) -> bool {
        let missing = gap.iter().zip(&self.0).map(|(gap, least)| gap.saturating_sub(*least));
        missing.fold(0, |all, missing| all | missing) == 0
    }
}
