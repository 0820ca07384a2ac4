//! The name of an ECS log, which tells when the log was begun.

use std::ffi::OsStr;
use std::fmt;

use time::{Duration, PrimitiveDateTime};

use crate::moment;

/// The name of an ECS log, such as `2017-0427-084412.log`.
///
/// It is the local time of the server at which the log was begun, to the second. Names sort by that time. The calendar has the
/// time of every name.
///
/// A server may begin two logs at the same local time, for example when summer time ends. Backups of the second and all
/// later ones bear a number: `2017-0427-084412_2.log`. They sort behind the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LogName {
    begun: PrimitiveDateTime,
    number: u16,
}

impl LogName {
    /// Reads a file name, without its folder: `YYYY-mmdd-HHMMSS.log` or `YYYY-mmdd-HHMMSS_N.log` with N from 2, or one of
    /// these and `.gz`.
    ///
    /// Returns `None` for every other name, also if the date or the time of day does not exist.
    pub fn parse(file_name: &OsStr) -> Option<LogName> {
        LogName::of_bytes(file_name.as_encoded_bytes())
    }

    /// The same for a name in an archive.
    pub(crate) fn of_bytes(name: &[u8]) -> Option<LogName> {
        let name = name.strip_suffix(b".gz").unwrap_or(name);
        let name = name.strip_suffix(b".log")?;
        let (time, number) = match name.iter().position(|byte| *byte == b'_') {
            Some(place) => {
                let (time, rest) = name.split_at_checked(place)?;
                (time, number(rest.strip_prefix(b"_")?)?)
            }
            None => (name, 1),
        };
        let begun = moment::parse(time, b"-", b"-")?;
        Some(LogName { begun, number })
    }

    /// 1 for the first log of this time, and for all that a server writes.
    pub fn number(self) -> u16 {
        self.number
    }

    /// The name of another log that was begun at the same time. 0 counts as 1.
    pub fn with_number(self, number: u16) -> LogName {
        LogName {
            number: number.max(1),
            ..self
        }
    }

    /// Whether a file name has the date and time of an ECS log and then `.log` in it, but is another name: that of a log that
    /// was renamed or compressed by another program. Hidden files do not count.
    pub(crate) fn resembles(file_name: &[u8]) -> bool {
        const FORM: &[u8; 16] = b"0000-0000-000000";
        let fits = |(byte, form): (&u8, &u8)| match form {
            b'0' => byte.is_ascii_digit(),
            form => byte == form,
        };
        let has_form = |bytes: &[u8]| match bytes.split_at_checked(FORM.len()) {
            Some((time, end)) => time.iter().zip(FORM).all(fits) && end.to_ascii_lowercase().starts_with(b".log"),
            None => false,
        };
        let mut ends = (0..file_name.len()).filter_map(|place| file_name.get(place..));
        !file_name.starts_with(b".") && ends.any(has_form) && LogName::of_bytes(file_name).is_none()
    }

    /// When the log was begun: local time of the server, without a zone.
    pub fn begun(self) -> PrimitiveDateTime {
        self.begun
    }

    /// The oldest timestamp to expect in this log and in all later ones, `YYYYMMDD:HHMMSSmmm` as ASCII. It is a day before the
    /// log was begun: the server's clock may be set back by an hour when summer time ends, or to correct it.
    pub fn oldest_stamp(self) -> [u8; 18] {
        moment::stamp_of_time(self.begun.saturating_sub(Duration::DAY))
    }
}

impl fmt::Display for LogName {
    /// Writes the name of the plain log, without `.gz`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.begun.to_calendar_date();
        let (hour, minute, second) = self.begun.as_hms();
        write!(
            f,
            "{year:04}-{:02}{day:02}-{hour:02}{minute:02}{second:02}",
            u8::from(month)
        )?;
        if self.number > 1 {
            write!(f, "_{}", self.number)?;
        }
        f.write_str(".log")
    }
}

/// A number from 2, as it is written: without zeros in front.
fn number(digits: &[u8]) -> Option<u16> {
    let number: u16 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (number > 1 && digits.first().is_some_and(|digit| matches!(digit, b'1'..=b'9'))).then_some(number)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::LogName;

    fn parse(name: &str) -> Option<LogName> {
        LogName::parse(OsStr::new(name))
    }

    #[test]
    fn names_of_ecs_logs_come_back_as_they_were() {
        for name in [
            "2017-0427-084412.log",
            "2016-0229-000000.log",
            "2000-0229-235959.log",
            "0999-1231-000001.log",
            "2017-0427-084412_2.log",
            "2017-0427-084412_65535.log",
        ] {
            let plain = parse(name).expect(name);
            assert_eq!(plain.to_string(), name);
            assert_eq!(parse(&format!("{name}.gz")), Some(plain), "{name}.gz");
        }
    }

    #[test]
    fn the_oldest_stamp_is_a_day_before() {
        for (name, stamp) in [
            ("2017-0427-084412.log", "20170426:084412000"),
            ("2017-0101-000000.log", "20161231:000000000"),
        ] {
            let oldest = parse(name).expect(name).oldest_stamp();
            assert_eq!(oldest.escape_ascii().to_string(), stamp);
        }
    }

    #[test]
    fn other_names_are_none() {
        for name in [
            "",
            ".log",
            "2017-0427-084412",
            "2017-0427-084412.gz",
            "2017-0427-084412.LOG",
            "2017-0427-084412.log.GZ",
            "2017-0427-084412.log.gz.gz",
            "2017-0427-084412.log.bz2",
            "2017-0427-084412.log ",
            " 2017-0427-084412.log",
            "./2017-0427-084412.log",
            "2017-0427-0844.log",
            "2017-0427-0844120.log",
            "2017-04-27-084412.log",
            "20170427-084412.log",
            "2017_0427_084412.log",
            "2017-+427-084412.log",
            "2017-0427-08441x.log",
            "+017-0427-084412.log",
            "2017-0229-084412.log",
            "1900-0229-084412.log",
            "2017-0431-084412.log",
            "2017-0027-084412.log",
            "2017-1327-084412.log",
            "2017-0400-084412.log",
            "2017-0427-240000.log",
            "2017-0427-086012.log",
            "2017-0427-084460.log",
            "２017-0427-084412.log",
            "2017-0427-084412_.log",
            "2017-0427-084412_0.log",
            "2017-0427-084412_1.log",
            "2017-0427-084412_02.log",
            "2017-0427-084412_+2.log",
            "2017-0427-084412_2_3.log",
            "2017-0427-084412_65536.log",
            "2017-0427-084412.log_2",
            "2017-0427_2-084412.log",
        ] {
            assert_eq!(parse(name), None, "{name}");
        }
    }

    #[test]
    fn names_of_logs_that_were_renamed_are_told_from_others() {
        for (name, expected) in [
            ("2017-0427-084412.log.xz", true),
            ("2017-0427-084412.LOG", true),
            ("2017-0427-084412.log.1", true),
            ("2017-0427-084412", false),
            ("2017-0427-084412.truth", false),
            ("cm1-2017-0427-084412.log", true),
            ("2017-0427-240000.log", true),
            ("2017-0427-084412.log", false),
            ("2017-0427-084412.log.gz", false),
            (".2017-0427-084412.log.gz.17-0.tmp", false),
            ("2017-04-27-084412.log", false),
            ("2017-0427-08441.log", false),
            ("messages", false),
            ("", false),
        ] {
            assert_eq!(LogName::resembles(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn names_sort_by_time() {
        let in_order = [
            "1999-1231-235959.log",
            "2000-0101-000000.log",
            "2017-0427-084412.log",
            "2017-0427-084412_2.log",
            "2017-0427-084412_10.log",
            "2017-0427-084413.log.gz",
            "2017-0427-090000.log",
            "2017-0501-000000.log",
        ];
        assert!(in_order.is_sorted_by(|a, b| parse(a) < parse(b)));
    }

    #[test]
    fn a_number_tells_logs_of_one_time_apart() {
        let first = parse("2017-0427-084412.log").expect("a name");
        let third = parse("2017-0427-084412_3.log.gz").expect("a name");
        assert_eq!((first.number(), third.number()), (1, 3));
        assert_eq!((first.with_number(3), third.with_number(0)), (third, first));
        assert_eq!(first.begun(), third.begun());
    }

    #[test]
    fn begun_is_the_time_in_the_name() {
        let begun = parse("2017-0427-084412.log").map(LogName::begun).expect("a name");
        assert_eq!(begun.as_hms(), (8, 44, 12));
        assert_eq!(begun.to_calendar_date(), (2017, time::Month::April, 27));
    }
}
