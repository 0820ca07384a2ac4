//! A window that is over.

use sip_filter::{Interval, Window};
use sip_scan::Stamp;

use crate::cells::Cells;

/// A window to which nothing more is added.
#[derive(Clone, Debug)]
pub struct ClosedWindow {
    /// The window.
    pub window: Window,
    /// How long it is.
    pub interval: Interval,
    /// Where counting began within the window; `None` where it was counted from its start.
    pub from: Option<Stamp>,
    /// Where counting ended within the window, or before it; `None` where it was counted to its end.
    pub to: Option<Stamp>,
    /// How much of it the logs cover, as far as that is known.
    pub coverage: Option<Covered>,
    /// What was counted.
    pub cells: Cells,
}

/// How much of one window the logs cover, in whole seconds: a second in which a line stands is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// So many seconds of it.
    pub seconds: u32,
    /// So many lines are missing by their running number. `None` where that does not tell.
    pub missing: Option<u64>,
}

impl ClosedWindow {
    /// Whether only a part of the window was counted, as far as that is known.
    pub fn is_partial(&self) -> bool {
        self.from.is_some() || self.to.is_some() || !self.is_covered()
    }

    /// Whether the logs cover all of it, and no line is missing, as far as that is known.
    pub fn is_covered(&self) -> bool {
        let is_whole =
            |covered: Covered| covered.seconds >= self.interval.seconds() && covered.missing.unwrap_or(0) == 0;
        self.coverage.is_none_or(is_whole)
    }
}
