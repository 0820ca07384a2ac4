//! Reads the digits of a date and a time of day as a second that the calendar has.

use std::str::FromStr;

use time::{Date, Month, PrimitiveDateTime, Time};

/// Reads `YYYY`, `after_year`, `mmdd`, `after_date`, `HHMMSS`, and nothing behind them.
pub(crate) fn parse(text: &[u8], after_year: &[u8], after_date: &[u8]) -> Option<PrimitiveDateTime> {
    let (year, rest) = number(text, 4)?;
    let (month, rest) = number::<u8>(rest.strip_prefix(after_year)?, 2)?;
    let (day, rest) = number(rest, 2)?;
    let (hour, rest) = number(rest.strip_prefix(after_date)?, 2)?;
    let (minute, rest) = number(rest, 2)?;
    let (second, rest) = number(rest, 2)?;
    if !rest.is_empty() {
        return None;
    }
    let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
    let time = Time::from_hms(hour, minute, second).ok()?;
    Some(PrimitiveDateTime::new(date, time))
}

/// The first millisecond of a second as the logs write it, `YYYYMMDD:HHMMSSmmm`.
pub(crate) fn stamp(second: PrimitiveDateTime) -> [u8; 18] {
    let (year, month, day) = second.to_calendar_date();
    let (hour, minute, s) = second.as_hms();
    let text = format!("{year:04}{:02}{day:02}:{hour:02}{minute:02}{s:02}000", u8::from(month));
    let mut stamp = *b"00000000:000000000";
    for (place, digit) in stamp.iter_mut().zip(text.bytes()) {
        *place = digit;
    }
    stamp
}

fn number<T: FromStr>(text: &[u8], n_digits: usize) -> Option<(T, &[u8])> {
    let (digits, rest) = text.split_at_checked(n_digits)?;
    // `parse` alone would take a sign as well.
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = str::from_utf8(digits).ok()?.parse().ok()?;
    Some((value, rest))
}
