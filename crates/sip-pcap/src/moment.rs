//! The time of a packet.

use sip_scan::Stamp;
use time::{Date, Month, PrimitiveDateTime, Time};

/// Microseconds from the start of 1970 to `stamp`, as if the server's clock showed UTC: a log does not say its time zone. What
/// is older counts as the start of 1970.
pub(crate) fn microseconds(stamp: &Stamp) -> u64 {
    let milliseconds = date_time(stamp).map_or(0, |time| {
        let time = time.assume_utc();
        time.unix_timestamp()
            .saturating_mul(1000)
            .saturating_add(time.millisecond().into())
    });
    u64::try_from(milliseconds).unwrap_or(0).saturating_mul(1000)
}

fn date_time(stamp: &Stamp) -> Option<PrimitiveDateTime> {
    let text = str::from_utf8(stamp.as_bytes()).ok()?;
    let two = |from: usize| text.get(from..from.checked_add(2)?)?.parse::<u8>().ok();
    let month = Month::try_from(two(4)?).ok()?;
    let date = Date::from_calendar_date(text.get(..4)?.parse().ok()?, month, two(6)?).ok()?;
    let time = Time::from_hms_milli(two(9)?, two(11)?, two(13)?, text.get(15..)?.parse().ok()?);
    Some(PrimitiveDateTime::new(date, time.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::stamp;

    #[test]
    fn microseconds_since_1970_as_if_the_clock_showed_utc() {
        // The seconds are those of `date -u -d ... +%s`.
        for (text, want) in [
            ("19700101:000000000", 0),
            ("19700101:000000001", 1_000),
            ("20170427:084412345", 1_493_282_652_345_000),
            ("20160229:235959999", 1_456_790_399_999_000),
            ("99991231:235959999", 253_402_300_799_999_000),
            ("19691231:235959999", 0),
            ("00000101:000000000", 0),
        ] {
            assert_eq!(microseconds(&stamp(text)), want, "{text}");
        }
    }
}
