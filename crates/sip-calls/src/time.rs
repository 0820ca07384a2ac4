//! Stamps as numbers, so that they can be subtracted.

use sip_scan::Stamp;
use time::{Date, Month};

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

/// Milliseconds since a day long before all logs, without zone and clock changes, as the stamps are.
pub(crate) type Millis = u64;

/// Turns stamps into numbers. The day is kept: nearly all stamps of a log have the same one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Calendar {
    date: [u8; 8],
    day: Millis,
}

impl Calendar {
    /// The time that `stamp` bears.
    pub(crate) fn millis(&mut self, stamp: &Stamp) -> Millis {
        let [y1, y2, y3, y4, o1, o2, d1, d2, _, h1, h2, m1, m2, s1, s2, ms @ ..] = *stamp.as_bytes();
        let date = [y1, y2, y3, y4, o1, o2, d1, d2];
        if self.date != date {
            let number = number(&[y1, y2, y3, y4]);
            self.date = date;
            self.day = day(number, number_of_two([o1, o2]), number_of_two([d1, d2])).saturating_mul(DAY);
        }
        let hours = number(&[h1, h2]);
        let minutes = hours.saturating_mul(60).saturating_add(number(&[m1, m2]));
        let seconds = minutes.saturating_mul(60).saturating_add(number(&[s1, s2]));
        let millis = seconds.saturating_mul(1000).saturating_add(number(&ms));
        self.day.saturating_add(millis)
    }
}

/// The time that `stamp` bears.
pub(crate) fn millis(stamp: &Stamp) -> Millis {
    Calendar::default().millis(stamp)
}

/// The stamp of a time; none after the year 9999.
pub(crate) fn stamp(millis: Millis) -> Option<Stamp> {
    let date = Date::from_julian_day(i32::try_from(millis / DAY).ok()?).ok()?;
    let (year, month, day) = date.to_calendar_date();
    let of_day = millis % DAY;
    let text = format!(
        "{year:04}{:02}{day:02}:{:02}{:02}{:02}{:03}",
        u8::from(month),
        of_day / 3_600_000,
        of_day / 60_000 % 60,
        of_day / 1000 % 60,
        of_day % 1000
    );
    Stamp::new(text.as_bytes().try_into().ok()?)
}

/// The number of a day. A stamp bears a date that exists; any other would be day 0.
fn day(year: u64, month: u8, day: u8) -> u64 {
    let date = || {
        let year = i32::try_from(year).ok()?;
        Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
    };
    date().map_or(0, |date| u64::try_from(date.to_julian_day()).unwrap_or_default())
}

fn number(digits: &[u8]) -> u64 {
    let add = |number: u64, digit: &u8| number.saturating_mul(10).saturating_add(u64::from(digit & 0x0f));
    digits.iter().fold(0, add)
}

fn number_of_two([tens, ones]: [u8; 2]) -> u8 {
    (tens & 0x0f).saturating_mul(10).saturating_add(ones & 0x0f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn stamps_and_back() {
        for text in [
            "00000101:000000000",
            "20170427:084412345",
            "20161231:235959999",
            "20170101:000000000",
            "20160229:120000001",
            "99991231:235959999",
        ] {
            let one = testing::stamp(text);
            assert_eq!(stamp(millis(&one)), Some(one));
        }
        assert_eq!(stamp(u64::MAX), None);
        assert_eq!(stamp(millis(&testing::stamp("99991231:235959999")) + 1), None);
    }

    #[test]
    fn times_apart() {
        let mut calendar = Calendar::default();
        let mut millis = |text| calendar.millis(&testing::stamp(text));
        for (from, to, apart) in [
            ("20170427:084412345", "20170427:084412346", 1),
            ("20170427:084412", "20170427:084512", 60_000),
            ("20170427:084412", "20170427:184412", 36_000_000),
            ("20161231:235959999", "20170101:000000000", 1),
            ("20170101:000000000", "20180101:000000000", 365 * DAY),
        ] {
            assert_eq!(millis(to) - millis(from), apart, "{from} {to}");
        }
    }
}
