//! A range of logs that are lost.

use std::fmt;

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

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.from {
            GapBegin::With(name) => write!(f, "from {}", begun(name))?,
            GapBegin::After(name) => write!(f, "after the one of {}", begun(name))?,
        }
        match self.until {
            Some(name) => write!(f, " to {}", begun(name)),
            None => Ok(()),
        }
    }
}

/// When a log was begun, as people write it: `2017-04-27 08:44:12`.
pub fn begun(name: LogName) -> String {
    let begun = name.begun();
    let (year, month, day) = begun.to_calendar_date();
    let (hour, minute, second) = begun.as_hms();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}
