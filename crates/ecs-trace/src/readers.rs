//! How logs are read: what gathers, how many read side by side, and who looks on.

use std::num::NonZero;

/// How logs are read.
#[derive(Debug)]
pub struct Readers<'a, G, O> {
    /// What gathers.
    pub gather: &'a G,
    /// How many logs are read at a time.
    pub jobs: NonZero<usize>,
    /// Who is told how far the reading has come.
    pub observer: &'a O,
}
