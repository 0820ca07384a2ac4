//! When: a range of time, or one that the last line of the logs gives.

use std::error;
use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use time::{Duration, PrimitiveDateTime, Time};

use crate::doubt::Looked;
use crate::escape::escape;
use crate::find::Request;
use crate::last_time::LastLines;
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
    /// The day that is so many days before that of the last line.
    DaysBefore(u8),
    /// From the midnight before the last line on.
    SinceMidnight,
}

/// A range to check, and why that may not be what the servers did last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckedRange {
    /// The range.
    pub range: TimeRange,
    /// Why the logs do not tell the last minutes, in words. `None` where they do, or where the last line does not give the range.
    pub doubt: Option<String>,
}

impl When {
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
    pub fn range(self, request: &Request) -> Result<Option<TimeRange>, WhenError> {
        if let When::Range(range) = self {
            return Ok(Some(range));
        }
        let lines = last_lines(request)?;
        Ok(lines.last().map(|last| self.before(last.time)))
    }

    /// The same in whole minutes: a length of time and today end with the minute before that of the last line. At the time `now` of
    /// this machine it also says why the logs do not tell what the servers did last: nothing was written to the newest log of a
    /// folder for more than twice as long as the range, or the clock was set back.
    ///
    /// # Errors
    ///
    /// As [`When::range`].
    pub fn checked(self, request: &Request, now: SystemTime) -> Result<Option<CheckedRange>, WhenError> {
        if let When::Range(range) = self {
            return Ok(Some(CheckedRange { range, doubt: None }));
        }
        let last = last_lines(request)?;
        let Some(line) = last.last() else {
            return Ok(None);
        };
        let range = self.whole_minutes_before(line.time);
        let seconds = range.seconds().unwrap_or_default();
        let looked = Looked {
            request,
            last: &last,
            first: range.first(),
            // A day that has an hour twice is a day all the same.
            from: match self {
                When::DaysBefore(_) => line.time,
                _ => range.first(),
            },
            most_idle: std::time::Duration::from_secs(seconds.saturating_mul(2)),
            now,
        };
        let doubt = looked.doubt();
        Ok(Some(CheckedRange { range, doubt }))
    }

    /// The range if the last line is of `last`.
    fn before(self, last: PrimitiveDateTime) -> TimeRange {
        match self {
            When::Range(range) => range,
            When::Last(duration) => TimeRange::from(last.saturating_sub(duration)),
            When::SinceMidnight => TimeRange::from(last.replace_time(Time::MIDNIGHT)),
            When::DaysBefore(days) => {
                let day = last
                    .replace_time(Time::MIDNIGHT)
                    .saturating_sub(Duration::days(days.into()));
                TimeRange::of(day, day.saturating_add(Duration::DAY - Duration::MILLISECOND))
            }
        }
    }

    /// The same, without the minute of `last`. Of today there is one minute at least.
    fn whole_minutes_before(self, last: PrimitiveDateTime) -> TimeRange {
        let (hour, minute, _) = last.as_hms();
        let minute = Time::from_hms(hour, minute, 0).unwrap_or(Time::MIDNIGHT);
        let end = last.replace_time(minute);
        let (begin, end) = match self {
            When::Last(duration) => (end.saturating_sub(duration), end),
            When::DaysBefore(0) => {
                let begin = last.replace_time(Time::MIDNIGHT);
                (begin, end.max(begin.saturating_add(Duration::MINUTE)))
            }
            _ => return self.before(last),
        };
        TimeRange::of(begin, end.saturating_sub(Duration::MILLISECOND))
    }
}

/// The last lines of the logs of `request`.
fn last_lines(request: &Request) -> Result<LastLines, WhenError> {
    LastLines::of(request).map_err(|log| WhenError(Reason::OnlyOnce(log.to_string())))
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
