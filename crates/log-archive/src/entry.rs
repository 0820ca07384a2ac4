//! A file in an archive.

use crate::damage::Damage;

/// A file in an archive. `P` is what tells where its bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<P> {
    /// Its name, as the archive has it. It may be anything, also a path that leads out of the archive.
    pub name: Vec<u8>,
    /// Where its bytes are, or why they cannot be read.
    pub place: Result<P, Damage>,
}
