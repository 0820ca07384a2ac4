//! Counts SIP messages by window, link, type and direction, and writes the tables.
//!
//! A message goes through a [`Filter`] into [`Counts`]; a [`Report`] collects counts and writes each window once, in
//! order. Nothing here opens a file or knows a terminal: a report writes to the `Write` it is given.

mod counts;
mod damage;
mod filter;
mod kind;
mod link;
mod report;
mod table;
#[cfg(test)]
mod testing;
mod window;

pub use counts::{Cells, Counts, Row};
pub use damage::DamageTally;
pub use filter::{Filter, FilterError, RequestFilter, ResponseFilter};
pub use kind::Kind;
pub use link::Link;
pub use report::{Report, time_of_day};
pub use window::{Interval, IntervalError, Window};
