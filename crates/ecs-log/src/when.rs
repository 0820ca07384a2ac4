//! When: a range of time, or one that the last line of the logs gives.

use std::error;
use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use time::{Duration, PrimitiveDateTime, Time};

use crate::escape::escape;
use crate::find::Request;
use crate::last_time::last_line;
use crate::range::{TimeRange, TimeRangeError};

/// A range of time as a person asks for it: a [`TimeRange`], or `15m`, `2h`, `1d` for the last so long, or `today`, or
/// `yesterday`.
///
/// These go by the last line of the last log, never by the clock of this machine: logs are read days later, and elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// From a time to a time.
    Range(TimeRange),
    /// From so long before the last line on.
    Last(Duration),
    /// So long before the minute of the last line.
    LastMinutes(Duration),
    /// The day that is so many days before that of the last line.
    DaysBefore(u8),
    /// From the midnight before the last line on.
    SinceMidnight,
}

/// A range that was told by the last line of the logs, or without them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FoundRange {
    /// The range.
    pub range: TimeRange,
    /// When the log of the last line was written to last, by the clock of its file system. `None` where the range does not go on
    /// to the last line, or the file system does not say.
    pub written: Option<SystemTime>,
}

impl When {
    /// The same, but a length of time ends with the last whole minute.
    pub fn in_whole_minutes(self) -> When {
        match self {
            When::Last(duration) => When::LastMinutes(duration),
            when => when,
        }
    }

    /// The same, but today goes on to the last line, and not to a midnight that may be still to come.
    pub fn to_the_last_line(self) -> When {
        match self {
            When::DaysBefore(0) => When::SinceMidnight,
            when => when,
        }
    }

    /// The range in the logs of `request`, whose own range is not looked at. `None` if no line in them has a time.
    ///
    /// # Errors
    ///
    /// The last line is not known before all is read, and what is read cannot be read again.
    pub fn range(self, request: &Request) -> Result<Option<FoundRange>, WhenError> {
        if let When::Range(range) = self {
            return Ok(Some(FoundRange { range, written: None }));
        }
        let last = last_line(request).map_err(|log| WhenError(Reason::OnlyOnce(log.to_string())))?;
        let goes_on = matches!(self, When::Last(_) | When::LastMinutes(_));
        Ok(last.map(|last| FoundRange {
            range: self.before(last.time),
            written: last.written.filter(|_| goes_on),
        }))
    }

    /// The range if the last line is of `last`.
    fn before(self, last: PrimitiveDateTime) -> TimeRange {
        match self {
            When::Range(range) => range,
            When::Last(duration) => TimeRange::from(last.saturating_sub(duration)),
            When::LastMinutes(duration) => {
                let of_minute =
                    Duration::new(last.second().into(), 0) + Duration::nanoseconds(last.nanosecond().into());
                let end = last.saturating_sub(of_minute);
                TimeRange::of(end.saturating_sub(duration), end.saturating_sub(Duration::MILLISECOND))
            }
            When::SinceMidnight => TimeRange::from(last.replace_time(Time::MIDNIGHT)),
            When::DaysBefore(days) => {
                let day = last
                    .replace_time(Time::MIDNIGHT)
                    .saturating_sub(Duration::days(days.into()));
                TimeRange::of(day, day.saturating_add(Duration::DAY - Duration::MILLISECOND))
            }
        }
    }
}

impl FromStr for When {
    type Err = WhenError;

    fn from_str(text: &str) -> Result<When, WhenError> {
        match text.to_ascii_lowercase().as_str() {
            "today" => return Ok(When::DaysBefore(0)),
            "yesterday" => return Ok(When::DaysBefore(1)),
            _ => {}
        }
        if let Some(duration) = length(text) {
            let duration = duration.ok_or_else(|| WhenError(Reason::Length(escape(text.as_bytes()))));
            return duration.map(When::Last);
        }
        text.parse()
            .map(When::Range)
            .map_err(|error| WhenError(Reason::Range(error)))
    }
}

/// A length of time, `15m`; `Some(None)` if it is none that can be. `None` if the text does not look like one.
fn length(text: &str) -> Option<Option<Duration>> {
    let (place, unit) = text.char_indices().next_back()?;
    let seconds = match unit.to_ascii_lowercase() {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return None,
    };
    let number = text.get(..place).filter(|number| !number.is_empty())?;
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = number.parse::<i64>().ok().filter(|&number| number > 0);
    Some(
        number
            .and_then(|number| number.checked_mul(seconds))
            .map(Duration::seconds),
    )
}

/// The text is not a [`When`], or its range cannot be told. `Display` says why, and what is allowed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WhenError(Reason);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Reason {
    Range(TimeRangeError),
    Length(String),
    OnlyOnce(String),
}

impl fmt::Display for WhenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Range(error) if error.says_what_was_expected() => {
                write!(f, "{error}, or 15m, 2h, 1d, today or yesterday")
            }
            Reason::Range(error) => error.fmt(f),
            Reason::Length(text) => write!(
                f,
                "`{text}` is not a length of time; expected such as 30s, 15m, 2h or 1d"
            ),
            Reason::OnlyOnce(log) => write!(
                f,
                "{log} can be read only once, and its last line comes last: give a range as START-END, or a file"
            ),
        }
    }
}

impl error::Error for WhenError {}

#[cfg(test)]
mod tests;
