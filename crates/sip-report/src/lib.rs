//! What was gathered from the logs, in the forms that people and programs read.
//!
//! A [`Report`] takes counts in the order of the logs and writes each window when it is over, in one [`Form`]. What people are told
//! beside that comes from functions that turn data into text: [`closing`], [`late`]. A [`CallReport`] does the same with calls,
//! [`Lines`] with the messages themselves, and [`AnyReport`] is one of these. Nothing here opens a file or knows a terminal: a
//! report writes to the `Write` that it is given, and the texts are printed by the caller.

mod any_report;
mod call_columns;
mod calls;
mod check;
mod check_status;
mod count_rows;
mod csv;
mod ends;
mod form;
mod form_writer;
mod found;
mod html;
mod input;
mod jsonl;
mod lines;
mod link_name;
mod report;
mod row;
mod show;
mod table;
#[cfg(test)]
#[path = "../../sip-filter/src/testing.rs"]
mod testing;
mod words;

pub use any_report::{AnyReport, GatherAny, ReportKind};
pub use calls::CallReport;
pub use check::{AlertRange, AlertRangeError, CheckOptions};
pub use check_status::CheckStatus;
pub use form::Form;
pub use found::{Found, MOST_CALLS};
pub use html::HtmlOptions;
pub use input::{Input, Read};
pub use lines::{LineOptions, Lines};
pub use report::Report;
pub use show::{LineForm, LineWriter};
pub use table::{Screen, TableOptions};
pub use words::{closing, in_all, late, missed};
