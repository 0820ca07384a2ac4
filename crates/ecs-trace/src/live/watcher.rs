//! Who looks on while logs are followed.

use std::path::Path;
use std::time::Duration;

use ecs_log::{Error, Log, Lost};
use sip_scan::Stamp;

/// Looks on while logs are followed, and tells people what they must know. `S` is the sink.
pub trait Watcher<S> {
    /// Something happened to a source.
    fn tell(&mut self, event: Event<'_>);

    /// The sink was told that nothing older than some time comes.
    fn settled(&mut self, sink: &mut S, now: Duration);

    /// There is nothing to read for now.
    fn idle(&mut self, sink: &mut S, now: Duration);

    /// A good moment to show how it stands.
    fn show(&mut self, sink: &S, standing: Standing<'_>);
}

/// What happens to a source.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The folder that is followed cannot be listed.
    FolderGone(&'a Error),
    /// It can be listed again.
    FolderBack(Option<&'a Path>),
    /// Logs were deleted before they were read.
    Lost(&'a Lost),
    /// This log was made shorter or replaced, and is read anew from its start.
    Restarted(&'a Log),
    /// A log could not be read, or not to its end.
    Failed(&'a Error),
}

/// How it stands in the source that is furthest ahead.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The latest stamp.
    pub stamp: Option<Stamp>,
    /// The log that is read.
    pub log: Option<&'a Log>,
    /// How many logs are known that are to be read after it.
    pub waiting: usize,
}
