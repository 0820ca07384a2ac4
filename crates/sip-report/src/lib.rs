//! What was gathered from the logs, in the forms that people and programs read.
//!
//! A [`Report`] takes counts in the order of the logs and writes each window when it is over, in one [`Form`]. What people are told
//! beside that comes from functions that turn data into text: [`closing`], [`late`]. Nothing here opens a file or knows a
//! terminal: a report writes to the `Write` that it is given, and the texts are printed by the caller.

mod form;
mod report;
mod table;
#[cfg(test)]
#[path = "../../sip-filter/src/testing.rs"]
mod testing;
mod words;

pub use form::Form;
pub use report::Report;
pub use table::{Screen, TableOptions};
pub use words::{closing, in_all, late};
