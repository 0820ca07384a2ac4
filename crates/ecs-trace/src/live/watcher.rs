//! Who looks on while logs are followed.

use std::error::Error as _;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use ecs_log::{Error, Log, Lost, escape_path};
use sip_scan::Stamp;

/// Looks on while logs are followed, and tells people what they must know. `S` is the sink.
pub trait Watcher<S> {
    /// Something happened to a source.
    fn tell(&mut self, event: Event<'_>);

    /// The sink was told that nothing older than some time comes.
    fn settled(&mut self, sink: &mut S, now: Duration);

    /// There is nothing to read for now.
    fn idle(&mut self, sink: &mut S, now: Duration);

    /// An end was asked for: what is there by now is still read, and then the sink is finished.
    fn leaving(&mut self);

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

/// In one line that is safe to show.
impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::FolderGone(error) => match error.source() {
                Some(cause) => write!(f, "{error}: {cause}; waiting for it"),
                None => write!(f, "{error}; waiting for it"),
            },
            Event::FolderBack(folder) => {
                let folder = folder.map(escape_path).unwrap_or_default();
                write!(f, "{folder}: there now")
            }
            Event::Lost(lost) => lost.fmt(f),
            Event::Restarted(log) => write!(f, "{log}: made shorter or replaced; read anew from its start"),
            Event::Failed(error) => error.fmt(f),
        }
    }
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

/// Which log is read, to follow what is said of the time: `; 2017-0427-084412.log, 2 logs behind`.
impl fmt::Display for Standing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = self.log.and_then(Log::path).and_then(Path::file_name) {
            write!(f, "; {}", escape_path(name.as_ref()))?;
        }
        match self.waiting {
            0 => Ok(()),
            1 => f.write_str(", 1 log behind"),
            waiting => write!(f, ", {waiting} logs behind"),
        }
    }
}
