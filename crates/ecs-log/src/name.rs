//! The name of an ECS log, which tells when the log was begun.

use std::ffi::OsStr;
use std::fmt;

use time::{Duration, PrimitiveDateTime};

use crate::moment;

/// The name of an ECS log, such as `2017-0427-084412.log`.
///
/// It is the local time of the server at which the log was begun, to the second. Names sort by that time. The calendar has the
/// time of every name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LogName(PrimitiveDateTime);

impl LogName {
    /// Reads a file name, without its folder: `YYYY-mmdd-HHMMSS.log`, or that and `.gz`.
    ///
    /// Returns `None` for every other name, also if the date or the time of day does not exist.
    pub fn parse(file_name: &OsStr) -> Option<LogName> {
        LogName::of_bytes(file_name.as_encoded_bytes())
    }

    /// The same for a name in an archive.
    pub(crate) fn of_bytes(name: &[u8]) -> Option<LogName> {
        let name = name.strip_suffix(b".gz").unwrap_or(name);
        moment::parse(name.strip_suffix(b".log")?, b"-", b"-").map(LogName)
    }

    /// Whether a file name has the date and time of an ECS log and then `.log` in it, but is another name: that of a log that
    /// was renamed or compressed by another program. Hidden files do not count.
    pub(crate) fn resembles(file_name: &OsStr) -> bool {
        const FORM: &[u8; 16] = b"0000-0000-000000";
        let fits = |(byte, form): (&u8, &u8)| match form {
            b'0' => byte.is_ascii_digit(),
            form => byte == form,
        };
        let name = file_name.as_encoded_bytes();
        let has_form = |bytes: &[u8]| match bytes.split_at_checked(FORM.len()) {
            Some((time, end)) => time.iter().zip(FORM).all(fits) && end.to_ascii_lowercase().starts_with(b".log"),
            None => false,
        };
        let mut ends = (0..name.len()).filter_map(|place| name.get(place..));
        !name.starts_with(b".") && ends.any(has_form) && LogName::of_bytes(name).is_none()
    }

    /// When the log was begun: local time of the server, without a zone.
    pub fn begun(self) -> PrimitiveDateTime {
        self.0
    }

    /// The oldest timestamp to expect in this log and in all later ones, `YYYYMMDD:HHMMSSmmm` as ASCII. It is a day before the
    /// log was begun: the server's clock may be set back by an hour when summer time ends, or to correct it.
    pub fn oldest_stamp(self) -> [u8; 18] {
        moment::stamp_of_time(self.0.saturating_sub(Duration::DAY))
    }
}

impl fmt::Display for LogName {
    /// Writes the name of the plain log, without `.gz`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        let (hour, minute, second) = self.0.as_hms();
        write!(
            f,
            "{year:04}-{:02}{day:02}-{hour:02}{minute:02}{second:02}.log",
            u8::from(month)
        )
    }
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
            assert_eq!(LogName::resembles(OsStr::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn names_sort_by_time() {
        let in_order = [
            "1999-1231-235959.log",
            "2000-0101-000000.log",
            "2017-0427-084412.log",
            "2017-0427-084413.log.gz",
            "2017-0427-090000.log",
            "2017-0501-000000.log",
        ];
        assert!(in_order.is_sorted_by(|a, b| parse(a) < parse(b)));
    }

    #[test]
    fn begun_is_the_time_in_the_name() {
        let begun = parse("2017-0427-084412.log").map(LogName::begun).expect("a name");
        assert_eq!(begun.as_hms(), (8, 44, 12));
        assert_eq!(begun.to_calendar_date(), (2017, time::Month::April, 27));
    }
}
