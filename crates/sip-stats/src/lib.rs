//! Counts SIP messages by window, link, type, method and direction, and puts the counts of many logs in the order of time.
//!
//! [`CountMessages`] gathers the items of a log into [`Counts`]. A [`Timeline`] takes the counts of one log after the other and
//! closes each window once, in order. A [`Summary`] is what is known of the whole run. Nothing here opens a file, knows a
//! form or makes words for people.

mod between;
mod calendar;
mod cell_key;
mod cells;
mod closed_window;
mod counts;
mod coverage;
mod damage;
mod late;
mod log_lines;
mod stretches;
mod summary;
#[cfg(test)]
#[path = "../../sip-filter/src/testing.rs"]
mod testing;
mod timeline;

pub use between::{Between, Gap};
pub use cell_key::CellKey;
pub use cells::{Cells, Row};
pub use closed_window::{ClosedWindow, Covered};
pub use counts::{CountMessages, Counts};
pub use coverage::{Coverage, Gaps};
pub use damage::DamageTally;
pub use late::Late;
pub use log_lines::LogLines;
pub use summary::Summary;
pub use timeline::Timeline;
