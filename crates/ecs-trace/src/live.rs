//! Following logs as they are written: what comes is gathered, and the sink is told what is over.

mod clock;
mod followed;
mod following;
mod last_time;
mod machine;
mod source;
mod sources;
mod stream;
mod watcher;

pub use followed::Followed;
pub use following::{End, Ended, Live};
pub use machine::Machine;
pub use sources::Sources;
pub use watcher::{Event, Standing, Watcher};
