//! Times as numbers, so that a chart has an axis.

use sip_scan::Stamp;
use time::{Date, Month, Time};

const DAY: i64 = 86_400;

/// Seconds since a Monday long ago, by the calendar and without a zone.
pub(super) fn seconds(stamp: &Stamp) -> Option<i64> {
    let digits = |from: usize, to: usize| str::from_utf8(stamp.as_bytes().get(from..to)?).ok();
    let two = |from: usize| digits(from, from.checked_add(2)?)?.parse::<u8>().ok();
    let year = digits(0, 4)?.parse().ok()?;
    let date = Date::from_calendar_date(year, Month::try_from(two(4)?).ok()?, two(6)?).ok()?;
    let time = Time::from_hms(two(9)?, two(11)?, two(13)?).ok()?;
    let of_day = time.duration_since(Time::MIDNIGHT).whole_seconds();
    i64::from(date.to_julian_day()).checked_mul(DAY)?.checked_add(of_day)
}

/// Where the column begins in which a time lies.
pub(super) fn floor(at: i64, length: i64) -> i64 {
    at.saturating_sub(at.rem_euclid(length.max(1)))
}

/// The day of a time: `2017-04-27`.
pub(super) fn day(seconds: i64) -> String {
    let date = i32::try_from(seconds.div_euclid(DAY))
        .ok()
        .and_then(|day| Date::from_julian_day(day).ok());
    let Some(date) = date else {
        return String::new();
    };
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// The time of day, to the second only where that is needed: `08:44`, `08:44:12`.
pub(super) fn time_of_day(seconds: i64) -> String {
    let seconds = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    }
}

/// A length of time in words: `10 minutes`.
pub(super) fn length(seconds: i64) -> String {
    let units = [
        (7 * DAY, "week"),
        (DAY, "day"),
        (3600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let fits = |(unit, _): &&(i64, &str)| seconds >= *unit && seconds % unit == 0;
    let (unit, name) = units.iter().find(fits).unwrap_or(&(1, "second"));
    match seconds / unit {
        1 => format!("1 {name}"),
        count => format!("{count} {name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::stamp;

    #[test]
    fn times_as_numbers_and_back() {
        for (text, expected) in [
            ("20170427:084412", "2017-04-27 08:44:12"),
            ("20170427:0844", "2017-04-27 08:44"),
            ("20161231:235959", "2016-12-31 23:59:59"),
            ("20170101:", "2017-01-01 00:00"),
            ("99991231:235959", "9999-12-31 23:59:59"),
            ("00010101:", "0001-01-01 00:00"),
        ] {
            let seconds = seconds(&stamp(text)).unwrap();
            assert_eq!(format!("{} {}", day(seconds), time_of_day(seconds)), expected);
        }
        assert_eq!(
            seconds(&stamp("20160301:")).unwrap() - seconds(&stamp("20160228:235959")).unwrap(),
            DAY + 1
        );
        let monday = seconds(&stamp("20170424:")).unwrap();
        assert_eq!(monday.rem_euclid(7 * DAY), 0, "weeks begin with a Monday");
        assert_eq!(day(i64::MAX), "");
    }

    #[test]
    fn lengths_in_words() {
        let lengths = [1, 10, 60, 90, 600, 3600, 7200, DAY, 2 * DAY, 14 * DAY].map(length);
        insta::assert_snapshot!(lengths.join(", "), @"1 second, 10 seconds, 1 minute, 90 seconds, 10 minutes, 1 hour, 2 hours, 1 day, 2 days, 2 weeks");
    }
}
