//! The records of many ECS logs as one trace: side by side, from archives, or live, always with the same result.
//!
//! [`batch()`] reads logs that are there, [`StreamedLogs`] those of archives that can be read only once, and [`Live`] goes
//! on with what is written. Each log is scanned alone; where a record lies over the end of a log, what the log leaves
//! open is joined with the next log of its source. A [`Gather`](sip_scan::Gather) makes parts of the items, and a
//! [`Sink`](sip_scan::Sink) takes the parts in the order of the logs. Nothing here knows what is gathered, or has a
//! terminal: how far it has come is told to an [`Observer`], and live to a [`Watcher`].

mod batch;
mod block;
mod fate;
mod live;
mod merge;
mod observer;
mod origins;
mod outcome;
mod readers;
mod recognised;
mod round;
mod scan;
mod streamed;
mod tails;
mod unheld;

pub use batch::batch;
pub use fate::Fate;
pub use live::{End, Ended, Event, Followed, Live, Machine, Sources, Standing, Watcher};
pub use merge::Fates;
pub use observer::Observer;
pub use outcome::Outcome;
pub use readers::Readers;
pub use streamed::StreamedLogs;
pub use unheld::Unheld;
