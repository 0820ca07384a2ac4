//! How tables are laid out.

use std::num::NonZero;

use sip_filter::Names;

/// What is shown in a table, and where it is read. The default is the table of `sipstatCM.py`, to the letter.
#[derive(Clone, Debug, Default)]
pub struct TableOptions {
    /// Whether each table has a row and a column `TOTAL`.
    pub total: bool,
    /// How many links a table shows at most: those with the most messages, most first. The others are summed as
    /// `other links`.
    pub top: Option<NonZero<usize>>,
    /// Names that stand in the place of addresses. Links that then are called the same are one row.
    pub names: Names,
    /// Whether zeros are dim and failures stand out.
    pub color: bool,
    /// The terminal on which the tables are read; it is asked before each table, since people change its size. `None` where
    /// they are not read on a terminal.
    pub screen: Option<fn() -> Screen>,
}

/// The size of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// How many characters a line has.
    pub width: usize,
    /// How many lines it has.
    pub height: usize,
}

impl TableOptions {
    /// Whether it is said of which time logs are missing.
    pub(crate) fn tells_coverage(&self) -> bool {
        self.total || self.screen.is_some()
    }
}
