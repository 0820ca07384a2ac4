//! Where the counts are that were added to lately.

use crate::kind::Kind;
use crate::link::Link;

/// The place of the count that was added to last, by a few bits of its link and type. It may be another's: whoever goes
/// there looks whether it is the one that is meant.
///
/// Searching for link and type takes some steps whose outcome the processor cannot foresee, several times the time of
/// all else that is done to count a message.
#[derive(Clone, Debug)]
pub(crate) struct Recent<T>([T; LEN]);

const LEN: usize = 256;

impl<T> Recent<T> {
    pub(crate) fn of(&mut self, link: &Link, kind: Kind) -> Option<&mut T> {
        let bits = link.bits().wrapping_mul(31).wrapping_add(kind.bits());
        let bits = bits.wrapping_mul(0x9e37_79b9);
        let place = usize::try_from(bits >> 24).ok()?;
        self.0.get_mut(place)
    }
}

impl<T: Copy + Default> Default for Recent<T> {
    fn default() -> Recent<T> {
        Recent([T::default(); LEN])
    }
}
