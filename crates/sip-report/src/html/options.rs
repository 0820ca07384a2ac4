//! What is shown on a page.

use std::num::NonZero;

use sip_filter::Names;

/// What is shown on a page.
#[derive(Clone, Debug, Default)]
pub struct HtmlOptions {
    /// Whether each table has a row `TOTAL`, and those by time such a column.
    pub total: bool,
    /// How many links are shown at most; the others are summed.
    pub top: Option<NonZero<usize>>,
    /// Names that stand in the place of addresses. Links that then are called the same are one.
    pub names: Names,
    /// The command that made the page, safe to show.
    pub command: String,
}
