//! Messages as lines, transactions and calls: outcomes, ratios of RFC 6076, delays, retransmissions.
//!
//! [`GatherCalls`] keeps of each log what calls are told by. [`Calls`] takes that in the order of the logs, follows the transactions in the
//! order of time, and closes each window once, as soon as all its attempts are decided. Nothing here opens a file, knows a form or
//! makes words for people.

mod by_call;
mod calls;
mod delays;
mod failed;
mod followed;
mod gaps;
mod gather;
mod message_line;
mod pending;
mod rows;
mod tally;
#[cfg(test)]
#[path = "../../sip-filter/src/testing.rs"]
#[allow(dead_code, reason = "other crates use the rest")]
mod testing;
mod time;
mod transactions;

pub use by_call::ByCall;
pub use calls::Calls;
pub use delays::Delays;
pub use failed::FailedCall;
pub use followed::Missed;
pub use gather::{CallMessages, GatherCalls};
pub use message_line::{GatherLines, MessageLine};
pub use rows::{CallRow, ClosedCalls};
pub use tally::{CallTally, Ratio};
