//! A range of logs that are lost.

use ecs_log::LogName;

/// Logs that the server deleted before they were saved, with no other log between them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gap {
    /// Where the gap begins.
    pub from: GapBegin,
    /// The first log after it; `None` if none is left.
    pub until: Option<LogName>,
}

/// Where a gap begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GapBegin {
    /// With this log, which an earlier run saw and which is gone.
    With(LogName),
    /// After this log, the last that was saved.
    After(LogName),
}
