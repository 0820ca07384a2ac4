//! Timestamps by the calendar.

use sip_filter::Interval;
use sip_scan::Stamp;
use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// The timestamp that is the length of one window later. `None` at the end of the year 9999.
pub(crate) fn later(stamp: &Stamp, interval: Interval) -> Option<Stamp> {
    let later = date_time(stamp)?.checked_add(Duration::seconds(interval.seconds().into()))?;
    let millis = stamp.as_bytes().get(15..18)?;
    text(later, str::from_utf8(millis).ok()?)
}

/// The seconds from the first day of 1970 on, were the local time of the log that of Greenwich.
pub(crate) fn seconds(stamp: &Stamp) -> Option<i64> {
    Some(date_time(stamp)?.assume_utc().unix_timestamp())
}

/// The first timestamp of a second.
pub(crate) fn stamp_of(seconds: i64) -> Option<Stamp> {
    let time = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    text(PrimitiveDateTime::new(time.date(), time.time()), "000")
}

fn date_time(stamp: &Stamp) -> Option<PrimitiveDateTime> {
    let digits = |from: usize, to: usize| str::from_utf8(stamp.as_bytes().get(from..to)?).ok();
    let two = |from: usize| digits(from, from.checked_add(2)?)?.parse::<u8>().ok();
    let year = digits(0, 4)?.parse().ok()?;
    let date = Date::from_calendar_date(year, Month::try_from(two(4)?).ok()?, two(6)?).ok()?;
    let time = Time::from_hms(two(9)?, two(11)?, two(13)?).ok()?;
    Some(PrimitiveDateTime::new(date, time))
}

fn text(time: PrimitiveDateTime, millis: &str) -> Option<Stamp> {
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second) = time.as_hms();
    let month = u8::from(month);
    let text = format!("{year:04}{month:02}{day:02}:{hour:02}{minute:02}{second:02}{millis}");
    Stamp::new(text.as_bytes().try_into().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::stamp;

    #[test]
    fn one_window_later() {
        let table = [
            (Interval::Sec, "20170427:084412345", Some("20170427:084413345")),
            (Interval::TenSec, "20170427:084452345", Some("20170427:084502345")),
            (Interval::Min, "20170427:085912345", Some("20170427:090012345")),
            (Interval::TenMin, "20170427:235112345", Some("20170428:000112345")),
            (Interval::Hour, "20161231:230000000", Some("20170101:000000000")),
            (Interval::Day, "20170228:084412345", Some("20170301:084412345")),
            (Interval::Day, "20160228:084412345", Some("20160229:084412345")),
            (Interval::Day, "99991231:000000000", None),
        ];
        for (interval, from, want) in table {
            assert_eq!(later(&stamp(from), interval), want.map(stamp), "{interval:?} {from}");
        }
    }

    #[test]
    fn seconds_and_their_timestamps() {
        let table = [
            ("19700101:000000000", 0),
            ("19700102:000001999", 86_401),
            ("20160229:235959000", 1_456_790_399),
            ("20160301:000000000", 1_456_790_400),
            ("00010101:000000000", -62_135_596_800),
            ("99991231:235959000", 253_402_300_799),
        ];
        for (text, expected) in table {
            assert_eq!(seconds(&stamp(text)), Some(expected), "{text}");
            assert_eq!(stamp_of(expected), text.get(..15).map(stamp), "{text}");
        }
        assert_eq!(stamp_of(253_402_300_800), None);
    }
}
