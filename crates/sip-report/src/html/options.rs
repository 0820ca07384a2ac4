//! What is shown on a page.

use std::num::NonZero;

/// What is shown on a page.
#[derive(Clone, Debug, Default)]
pub struct HtmlOptions {
    /// How many links are shown at most; the others are summed.
    pub top: Option<NonZero<usize>>,
    /// The command that made the page, safe to show.
    pub command: String,
}
