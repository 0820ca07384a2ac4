//! What the program exits with.

/// Some input could not be read, or the output not be written.
pub(crate) const INCOMPLETE: u8 = 1;
/// Wrong usage, or nothing to read.
pub(crate) const NOTHING: u8 = 2;
