//! What lies between windows in which there were records.

use sip_scan::Stamp;

use crate::closed_window::ClosedWindow;

/// A stretch of time in which nothing was logged, and which holds at least one whole window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first second in which nothing was logged.
    pub from: Stamp,
    /// The first second in which something was logged again.
    pub to: Stamp,
}

/// What lies between two windows in which there were records.
#[derive(Clone, Debug)]
pub enum Between {
    /// A window without a record, of which the logs cover at least a part.
    Window(ClosedWindow),
    /// Nothing was logged.
    Gap(Gap),
}
