//! Finds SIP messages in the bytes of ECS logs: bytes in, records out, borrowed where they can be.
//!
//! The way in is [`Scanner::scan`], with blocks of any size; what comes out are [`Item`]s. Nothing is dropped
//! unseen: what is damaged comes out with its reason, and only I/O, which is not done here, can fail.
//!
//! A record may begin in one file and end in the next. So each file leaves something open at its two ends, a [`Head`] and
//! a [`Tail`], and a tail is joined with the head after it.
//!
//! ```
//! use sip_scan::{Beyond, Item, Method, Scanner, StartLine, Tail, Want};
//!
//! let log = b"20170427:084412345:1001:capro(4711):MED:[MST  53  8a 04 0a 02 01 02 c3 50 \
//! 04 0a 01 01 01 13 ce 00 02 42 59 45 20 73 69 70 3a 61 40 62 20 53 49 50 2f 32 2e 30 0d 0a \
//! 43 53 65 71 3a 20 32 20 42 59 45 0d 0a 0d 0a]\n";
//! let (one, two) = log.split_at(100);
//! let mut start_lines = Vec::new();
//! let mut take = |item: Item<'_>| {
//!     if let Item::Message(message) = item {
//!         start_lines.push(message.start_line);
//!     }
//! };
//! let mut scanner = Scanner::new(Want::Head);
//! let mut tail = Tail::nothing();
//! for file in [one, two] {
//!     for block in file.chunks(7) {
//!         scanner.scan(block, &mut take);
//!     }
//!     tail = tail.join(scanner.end_of_file(&mut take), &mut take);
//! }
//! tail.finish(Beyond::Nothing, &mut take);
//! assert_eq!(start_lines, [StartLine::Request(Method::Bye)]);
//! ```

mod blank;
mod dialog;
mod dump;
mod fast;
mod gather;
mod head;
mod headers;
mod hex;
mod in_order;
mod item;
mod line;
mod lines;
mod position;
mod process;
mod processes;
mod raw;
mod raw_file;
mod record;
mod scanner;
mod stamp;
mod start_line;
mod tail;
mod value;
mod want;

pub use dialog::header_values;
pub use gather::{Gather, Origin, Sink};
pub use head::Head;
pub use in_order::{InOrder, Order, TakeInOrder, Timed};
pub use item::{Damage, Damaged, Dialog, Direction, Item, LineMark, Lines, Message, Take};
pub use position::Position;
pub use scanner::Scanner;
pub use stamp::Stamp;
pub use start_line::{Method, StartLine};
pub use tail::{Beyond, Tail};
pub use want::{Messages, Want};

/// The longest line that is read, in bytes; a longer one is [`Damage::LongLine`] and skipped.
pub const MAX_LINE: usize = 1 << 20;
/// The longest record, in bytes, and the most of one that is kept; a longer one is [`Damage::LongRecord`].
pub const MAX_RECORD: usize = 64 << 10;
/// The most bytes that a [`Head`] takes.
pub const MAX_START: usize = 512 << 10;
/// The longest name of a process, its id included, in bytes; a dump line with a longer one is [`Damage::LongName`].
pub const MAX_NAME: usize = 64;
/// The most processes whose records are told apart; one more takes the place of the longest silent.
pub const MAX_PROCESSES: usize = 16;
/// How many files a record may go on over, after the one in which it begins. What is longer is cut.
pub const MAX_FILES_AFTER: usize = 4;
