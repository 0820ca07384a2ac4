//! A hold: a name, and the range of time whose backups nothing deletes.

use std::error;
use std::fmt;
use std::str::FromStr;

use ecs_log::{LogName, TimeRange, stamp_of_time, time_of_stamp};

/// The name of a hold, which is that of its folder: one plain part of a path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct HoldName(String);

impl HoldName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HoldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for HoldName {
    type Err = HoldNameError;

    /// # Errors
    ///
    /// It is empty, `.` or `..`, begins with `-`, or has a `/` or a control character in it.
    fn from_str(text: &str) -> Result<HoldName, HoldNameError> {
        let is_plain = !matches!(text, "" | "." | "..") && !text.starts_with('-');
        if is_plain && !text.contains(|c: char| c == '/' || c.is_control()) {
            Ok(HoldName(text.to_owned()))
        } else {
            Err(HoldNameError)
        }
    }
}

/// The text is not the name of a hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HoldNameError;

impl fmt::Display for HoldNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is to be the name of a folder, such as case-4711, without / and control characters, and not begin with -")
    }
}

impl error::Error for HoldNameError {}

/// The first and the last time of a hold, both included, as the logs write it: `YYYYMMDD:HHMMSSmmm`.
///
/// `Display` writes it to the second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HoldRange {
    first: [u8; 18],
    last: [u8; 18],
}

impl From<TimeRange> for HoldRange {
    fn from(range: TimeRange) -> HoldRange {
        HoldRange {
            first: range.first_stamp(),
            last: range.last_stamp(),
        }
    }
}

impl HoldRange {
    /// Whether the log was begun in the range.
    pub(crate) fn has(&self, name: LogName) -> bool {
        (self.first..=self.last).contains(&begun(name))
    }

    /// The range with the log that may hold its beginning, and with the one that may hold the end of a record that began in it:
    /// of those that are known the last that was begun before, and the first that was begun after it. `names` are sorted.
    ///
    /// Where the range is yet to begin, nobody knows which log will be the last before it.
    pub(crate) fn with_neighbours(&self, names: &[LogName]) -> HoldRange {
        let first = names.partition_point(|name| begun(*name) < self.first);
        let end = names.partition_point(|name| begun(*name) <= self.last);
        let before = first.checked_sub(1).filter(|_| first < names.len());
        let stamp = |place: Option<usize>| place.and_then(|place| names.get(place)).map(|name| begun(*name));
        HoldRange {
            first: stamp(before).unwrap_or(self.first),
            last: stamp(Some(end)).unwrap_or(self.last),
        }
    }

    /// Whether it ends before the log was begun.
    pub(crate) fn ends_before(&self, name: LogName) -> bool {
        self.last < begun(name)
    }

    /// Whether both have a time in common.
    pub(crate) fn overlaps(&self, other: &HoldRange) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Two stamps with a blank between them.
    pub(crate) fn to_words(self) -> String {
        format!("{} {}", self.first.escape_ascii(), self.last.escape_ascii())
    }

    /// `None` if these are no two stamps in order.
    pub(crate) fn from_words(words: &str) -> Option<HoldRange> {
        let stamp = |word: &str| {
            let stamp = *word.as_bytes().as_array::<18>()?;
            time_of_stamp(&stamp).map(|_| stamp)
        };
        let (first, last) = words.split_once(' ')?;
        let (first, last) = (stamp(first)?, stamp(last)?);
        (first <= last).then_some(HoldRange { first, last })
    }
}

impl fmt::Display for HoldRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = |stamp: &[u8; 18]| stamp.get(..15).unwrap_or_default().escape_ascii().to_string();
        write!(f, "{}-{}", second(&self.first), second(&self.last))
    }
}

fn begun(name: LogName) -> [u8; 18] {
    stamp_of_time(name.begun())
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use ecs_log::{LogName, TimeRange};

    use super::{HoldName, HoldRange};

    fn range(text: &str) -> HoldRange {
        HoldRange::from(text.parse::<TimeRange>().unwrap())
    }

    fn name(minute: u8, second: u8) -> LogName {
        LogName::parse(OsStr::new(&format!("2017-0427-02{minute:02}{second:02}.log"))).unwrap()
    }

    #[test]
    fn a_name_is_one_plain_part_of_a_path() {
        for text in ["case-4711", "a", "...", ".a", "a-", "Fall 12", "ä"] {
            assert_eq!(
                text.parse::<HoldName>().map(|name| name.to_string()).as_deref(),
                Ok(text)
            );
        }
        for text in [
            "", ".", "..", "-a", "--", "a/b", "/", "a\n", "\u{1b}[", "a\u{7f}", "a\0",
        ] {
            assert!(text.parse::<HoldName>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_range_comes_back_as_it_was_written() {
        let range = range("20170427:0200-20170427:0220");
        assert_eq!(range.to_words(), "20170427:020000000 20170427:022059999");
        assert_eq!(HoldRange::from_words(&range.to_words()), Some(range));
        assert_eq!(range.to_string(), "20170427:020000-20170427:022059");
        for words in [
            "",
            "20170427:020000000",
            "20170427:020000000 ",
            "20170427:020000000 20170427:02205999",
            "20170427:020000000 20170427:022059999 ",
            "20170427:022059999 20170427:020000000",
            "20170427:020000000 20170427:026059999",
        ] {
            assert_eq!(HoldRange::from_words(words), None, "{words}");
        }
    }

    #[test]
    fn a_range_has_the_logs_that_were_begun_in_it() {
        let range = range("20170427:0205-20170427:0206");
        for (minute, second, expected) in [(4, 59, false), (5, 0, true), (6, 59, true), (7, 0, false)] {
            assert_eq!(range.has(name(minute, second)), expected, "{minute}:{second}");
        }
    }

    #[test]
    fn the_logs_before_and_after_belong_to_it() {
        let range = range("20170427:0205-20170427:0206");
        let has = |names: &[LogName]| {
            let wide = range.with_neighbours(names);
            Vec::from_iter(names.iter().filter(|name| wide.has(**name)).copied())
        };
        let names = [name(3, 0), name(4, 0), name(5, 0), name(6, 0), name(7, 0), name(8, 0)];
        assert_eq!(has(&names), &names[1..5]);
        // One long log holds all of it.
        assert_eq!(has(&[name(3, 0), name(4, 0), name(8, 0)]), [name(4, 0), name(8, 0)]);
        // No log is begun in it yet, or none after it.
        assert_eq!(has(&names[..2]), []);
        assert_eq!(has(&names[..3]), &names[1..3]);
        assert_eq!(has(&names[4..]), &names[4..5]);
        assert_eq!(has(&[]), []);
    }

    #[test]
    fn ranges_overlap_where_they_have_a_time_in_common() {
        let first = range("20170427:0205-20170427:0206");
        for (other, expected) in [
            ("20170427:0200-20170427:0204", false),
            ("20170427:0200-20170427:0205", true),
            ("20170427:0206", true),
            ("20170427:0207", false),
        ] {
            let other = range(other);
            assert_eq!((first.overlaps(&other), other.overlaps(&first)), (expected, expected));
        }
    }
}
