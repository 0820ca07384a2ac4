//! Tells which SIP messages are wanted, and the type, link and window of each.
//!
//! A [`Filter`] says whether a message counts and under which [`MessageType`]; a [`Link`] says between which addresses it
//! went; a [`Window`] says in which stretch of time. Nothing here counts, opens a file or knows a terminal.
//!
//! ```
//! use sip_filter::{Filter, Interval, Link, Window};
//! use sip_scan::{Item, Scanner, Want};
//!
//! let log = b"20170427:084412345:1001:capro(4711):MED:[MST  53  8a 04 0a 02 01 02 c3 50 \
//! 04 0a 01 01 01 13 ce 00 02 42 59 45 20 73 69 70 3a 61 40 62 20 53 49 50 2f 32 2e 30 0d 0a \
//! 43 53 65 71 3a 20 32 20 42 59 45 0d 0a 0d 0a]\n";
//! let filter = Filter::default();
//! let mut found = Vec::new();
//! Scanner::new(Want::Head).scan(log, &mut |item: Item<'_>| {
//!     if let Item::Message(message) = item
//!         && let Some(message_type) = filter.type_of(&message)
//!     {
//!         let window = Window::of(&message.stamp, Interval::Min);
//!         found.push(format!("{window} {} {message_type}", Link::of(&message)));
//!     }
//! });
//! assert_eq!(found, ["20170427:0844 10.1.1.1<-5070->10.2.1.2 BYE"]);
//! ```

mod call_filter;
mod filter;
mod find_calls;
mod link;
mod link_filter;
mod list;
mod message_type;
mod names;
mod network;
mod request_filter;
mod response_filter;
#[cfg(test)]
mod testing;
mod window;

pub use call_filter::CallFilter;
pub use filter::{Filter, StampRange};
pub use find_calls::{CallsFound, FindCalls};
pub use link::{Link, Side};
pub use link_filter::{LinkFilter, LinkFilterError};
pub use list::{FilterError, nearest, words};
pub use message_type::MessageType;
pub use names::{Names, NamesError};
pub use network::Network;
pub use request_filter::RequestFilter;
pub use response_filter::ResponseFilter;
pub use window::{Interval, IntervalError, Window};
