//! A range of time, as a person writes it.

mod text;

use std::error;
use std::fmt;
use std::str::FromStr;

use time::{Duration, PrimitiveDateTime};

use self::text::{FIRST, LAST, Reason};
use crate::moment;

const EXPECTED: &str = "expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as \
                                   2017-04-27T08:44..2017-04-27T08:45";

/// A range of time, both ends inclusive, in local time of the server.
///
/// It is written `START[-END]` or `START[..END]`, each `YYYY[mmdd[:HH[MM[SS]]]]` or `YYYY-mm-dd[THH[:MM[:SS]]]`. What START leaves
/// out is the earliest, what END leaves out the latest: `20170427:0844` as END is 08:44:59.999. Without END the range has no
/// end. END may leave out what it has in common with START, if it then looks as START does at its end: `20170427:0844-0845`.
///
/// ```
/// let range: ecs_log::TimeRange = "20170427:08-20170427:0844".parse()?;
/// assert_eq!(&range.first_stamp(), b"20170427:080000000");
/// assert_eq!(&range.last_stamp(), b"20170427:084459999");
/// # Ok::<(), ecs_log::TimeRangeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimeRange {
    first: Bound,
    last: Bound,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Bound {
    /// As the lines of a log have it, to the millisecond.
    stamp: [u8; 18],
    time: PrimitiveDateTime,
}

/// The text is not a [`TimeRange`]. `Display` says what is wrong with it, and what is allowed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TimeRangeError(String);

impl TimeRange {
    /// The first millisecond of the range, `YYYYMMDD:HHMMSSmmm` as ASCII, as the logs write it.
    pub fn first_stamp(&self) -> [u8; 18] {
        self.first.stamp
    }

    /// The last millisecond of the range; `99991231:235959999` if the range has no end.
    pub fn last_stamp(&self) -> [u8; 18] {
        self.last.stamp
    }

    /// How many seconds the range has, those in which it begins and ends among them. `None` if it has no end.
    pub fn seconds(&self) -> Option<u64> {
        let passed = (self.last.time - self.first.time).whole_seconds();
        let has_end = &self.last.stamp != LAST;
        has_end.then(|| u64::try_from(passed).map_or(1, |passed| passed.saturating_add(1)))
    }

    /// The range that begins so many seconds before this one, and ends so many after it.
    pub fn widened(&self, seconds: u32) -> TimeRange {
        let by = Duration::seconds(seconds.into());
        let all = TimeRange::all();
        TimeRange::of(
            self.first().saturating_sub(by).max(all.first()),
            self.last().saturating_add(by).min(all.last()),
        )
    }

    /// All times that a log can have.
    pub(crate) fn all() -> TimeRange {
        TimeRange::from(moment::time_of_stamp(FIRST).unwrap_or(PrimitiveDateTime::MIN))
    }

    pub(crate) fn first(&self) -> PrimitiveDateTime {
        self.first.time
    }

    pub(crate) fn last(&self) -> PrimitiveDateTime {
        self.last.time
    }
}

impl TimeRangeError {
    /// Whether the text ends with what was expected.
    pub(crate) fn says_what_was_expected(&self) -> bool {
        self.0.ends_with(EXPECTED)
    }
}

/// Without an end.
impl From<PrimitiveDateTime> for TimeRange {
    fn from(first: PrimitiveDateTime) -> TimeRange {
        let last = moment::time_of_stamp(LAST).unwrap_or(PrimitiveDateTime::MAX);
        TimeRange::of(first, last)
    }
}

impl TimeRange {
    /// Both ends at their own millisecond.
    pub(crate) fn of(first: PrimitiveDateTime, last: PrimitiveDateTime) -> TimeRange {
        let bound = |time| Bound {
            stamp: moment::stamp_of_time(time),
            time,
        };
        TimeRange {
            first: bound(first),
            last: bound(last),
        }
    }
}

impl FromStr for TimeRange {
    type Err = TimeRangeError;

    fn from_str(text: &str) -> Result<TimeRange, TimeRangeError> {
        match text::ends(text) {
            Ok((start, end)) => TimeRange::new(&start, end.as_deref()),
            Err(Reason::NotATime(text)) => Err(TimeRangeError(format!("`{text}` is not a time; {EXPECTED}"))),
            Err(Reason::NoDay(start)) => Err(TimeRangeError(format!(
                "START `{start}` is a year without logs; a time of a day needs the day, such as `20170427:0844`"
            ))),
            Err(Reason::TwoReadings { year, time }) => Err(TimeRangeError(format!(
                "END `{year}` may be the year or `{time}`; write `{year}1231` or `{time}`"
            ))),
        }
    }
}

impl TimeRange {
    /// Without END the range has no end.
    fn new(start: &str, end: Option<&str>) -> Result<TimeRange, TimeRangeError> {
        let first = Bound::complete(start, FIRST)?;
        let last = Bound::complete(end.unwrap_or_default(), LAST)?;
        if last.stamp < first.stamp {
            let end = end.unwrap_or_default();
            let reason = format!("END `{end}` is before START `{start}`; {EXPECTED}");
            return Err(TimeRangeError(reason));
        }
        Ok(TimeRange { first, last })
    }
}

impl Bound {
    /// Takes what `text` leaves out from `rest`.
    fn complete(text: &str, rest: &[u8; 18]) -> Result<Bound, TimeRangeError> {
        let stamp = text::completed(text, rest);
        let time = moment::time_of_stamp(&stamp);
        let bound = time.map(|time| Bound { stamp, time });
        bound.ok_or_else(|| TimeRangeError(format!("`{text}` is a time that does not exist; {EXPECTED}")))
    }
}

impl fmt::Display for TimeRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for TimeRangeError {}

#[cfg(test)]
mod tests;
