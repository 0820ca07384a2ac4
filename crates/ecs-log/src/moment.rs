//! Dates and times of day as digits, checked against the calendar.

use std::io::BufRead;
use std::iter;

use time::{Date, Month, PrimitiveDateTime, Time};

/// Reads `YYYY`, `after_year`, `mmdd`, `after_date`, `HHMMSS`. Nothing may follow.
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

/// The time of a timestamp in a log, `YYYYMMDD:HHMMSSmmm` in ASCII. `None` if the calendar has no such time.
pub fn time_of_stamp(stamp: &[u8; 18]) -> Option<PrimitiveDateTime> {
    let (second, milli) = stamp.split_at_checked(15)?;
    let (milli, _) = number(milli, 3)?;
    parse(second, b"", b":")?.replace_millisecond(milli).ok()
}

/// The times of all timestamps in `bytes`, each once where it comes several times in a row. A colon stands behind each.
pub(crate) fn times_of_stamps(bytes: &[u8]) -> impl Iterator<Item = PrimitiveDateTime> {
    stamps(bytes).map(|(_, time)| time)
}

/// The running number behind the first timestamp in `bytes`.
pub(crate) fn first_number(bytes: &[u8]) -> Option<u64> {
    let (place, _) = stamps(bytes).next()?;
    let behind = bytes.get(place.saturating_add(STAMP)..)?;
    let end = behind.iter().position(|&byte| byte == b':')?;
    str::from_utf8(behind.get(..end)?).ok()?.parse().ok()
}

/// The running number of the last line in `bytes` that ends there.
pub(crate) fn last_number(bytes: &[u8]) -> Option<u64> {
    let mut lines = bytes.rsplit(|&byte| byte == b'\n').skip(1);
    lines.find_map(first_number)
}

/// How long a timestamp is, with the colon behind it.
const STAMP: usize = 19;

/// The places and times of all timestamps in `bytes`; of those that are the same one after the other, the first.
fn stamps(bytes: &[u8]) -> impl Iterator<Item = (usize, PrimitiveDateTime)> {
    let mut rest = bytes;
    let colons = iter::from_fn(move || {
        let passed = rest.skip_until(b':').ok()?;
        (passed > 0).then(|| bytes.len().saturating_sub(rest.len()).saturating_sub(1))
    });
    let mut last = None;
    colons.filter_map(move |colon| {
        let place = colon.checked_sub(8)?;
        let stamp = bytes.get(place..)?.get(..STAMP).filter(|stamp| stamp.ends_with(b":"))?;
        // The lines of a record bear the same stamp.
        if last.replace(stamp) == Some(stamp) {
            return None;
        }
        Some((place, time_of_stamp(stamp.first_chunk()?)?))
    })
}

/// The timestamp of a time as the logs write it, `YYYYMMDD:HHMMSSmmm` in ASCII.
pub fn stamp_of_time(time: PrimitiveDateTime) -> [u8; 18] {
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second, milli) = time.as_hms_milli();
    let month = u8::from(month);
    let text = format!("{year:04}{month:02}{day:02}:{hour:02}{minute:02}{second:02}{milli:03}");
    let mut stamp = *b"00000000:000000000";
    for (place, digit) in stamp.iter_mut().zip(text.bytes()) {
        *place = digit;
    }
    stamp
}

/// The number in the first `n_digits` characters, four at most, and what follows them.
fn number<T: TryFrom<u16>>(text: &[u8], n_digits: usize) -> Option<(T, &[u8])> {
    let (digits, rest) = text.split_at_checked(n_digits)?;
    let add = |value: u16, digit: &u8| digit.is_ascii_digit().then(|| value * 10 + u16::from(digit - b'0'));
    let value = digits.iter().try_fold(0, add)?;
    Some((value.try_into().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::{stamp_of_time, time_of_stamp};

    #[test]
    fn a_stamp_is_a_time_and_back() {
        for stamp in [b"20170427:084412345", b"00000101:000000000", b"99991231:235959999"] {
            assert_eq!(&stamp_of_time(time_of_stamp(stamp).unwrap()), stamp);
        }
        for stamp in [b"20170229:084412345", b"20170427:240000000", b"20170427:08441234x"] {
            assert_eq!(time_of_stamp(stamp), None);
        }
    }
}
