//! An entry on its way through a stream.

use crate::damage::Damage;

/// A file that begins in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, as the archive has it. It may be anything, also a path that leads out of the archive.
    pub name: Vec<u8>,
    /// Why it cannot be read, if so.
    pub damage: Option<Damage>,
}
