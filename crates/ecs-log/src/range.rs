//! A range of time, as a person writes it.

use std::error;
use std::fmt;
use std::str::FromStr;

use time::PrimitiveDateTime;

use crate::escape::escape;
use crate::moment;

/// What stands for the part that a START leaves out, and for the part that an END leaves out.
const FIRST: &[u8; 18] = b"00000101:000000000";
const LAST: &[u8; 18] = b"99991231:235959999";

/// How many characters a time may have: `YYYY`, then `mmdd`, `:HH`, `MM` and `SS`.
const LENGTHS: [usize; 5] = [4, 8, 11, 13, 15];

const EXPECTED: &str = "expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], \
                        such as 20170427:0844-20170427:0845";

/// A range of time, both ends inclusive, in local time of the server.
///
/// It is written `START[-END]`, each `YYYY[mmdd[:HH[MM[SS]]]]`. What START leaves out is the earliest, what END leaves out
/// the latest: `20170427:0844` as END is 08:44:59.999. Without END the range has no end.
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

    pub(crate) fn first(&self) -> PrimitiveDateTime {
        self.first.time
    }

    pub(crate) fn last(&self) -> PrimitiveDateTime {
        self.last.time
    }
}

impl FromStr for TimeRange {
    type Err = TimeRangeError;

    fn from_str(text: &str) -> Result<TimeRange, TimeRangeError> {
        let (start, end) = match text.split_once('-') {
            Some((start, end)) => (start, Some(end)),
            None => (text, None),
        };
        let first = Bound::parse(start, *FIRST)?;
        // A missing END leaves everything out. An empty one is refused.
        let last = match end {
            Some(end) => Bound::parse(end, *LAST)?,
            None => Bound::complete("", *LAST)?,
        };
        if last.stamp < first.stamp {
            let end = end.unwrap_or_default();
            let reason = format!("END `{end}` is before START `{start}`; {EXPECTED}");
            return Err(TimeRangeError(reason));
        }
        Ok(TimeRange { first, last })
    }
}

impl Bound {
    fn parse(text: &str, rest: [u8; 18]) -> Result<Bound, TimeRangeError> {
        let mut pairs = text.bytes().zip(rest);
        let fits = pairs.all(|(byte, place)| match place {
            b':' => byte == b':',
            _ => byte.is_ascii_digit(),
        });
        if !fits || !LENGTHS.contains(&text.len()) {
            let text = escape(text.as_bytes());
            return Err(TimeRangeError(format!("`{text}` is not a time; {EXPECTED}")));
        }
        Bound::complete(text, rest)
    }

    /// Takes what `text` leaves out from `rest`.
    fn complete(text: &str, rest: [u8; 18]) -> Result<Bound, TimeRangeError> {
        let mut stamp = rest;
        for (place, byte) in stamp.iter_mut().zip(text.bytes()) {
            *place = byte;
        }
        moment::time_of_stamp(&stamp)
            .map(|time| Bound { stamp, time })
            .ok_or_else(|| TimeRangeError(format!("`{text}` is a time that does not exist; {EXPECTED}")))
    }
}

impl fmt::Display for TimeRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for TimeRangeError {}

#[cfg(test)]
mod tests {
    use super::TimeRange;

    #[test]
    fn both_ends_are_inclusive_at_their_own_precision() {
        let open = "99991231:235959999";
        for (text, first, last) in [
            ("2017", "20170101:000000000", open),
            ("20170427", "20170427:000000000", open),
            ("20170427:08", "20170427:080000000", open),
            ("20170427:0844", "20170427:084400000", open),
            ("20170427:084412", "20170427:084412000", open),
            ("2017-2017", "20170101:000000000", "20171231:235959999"),
            ("2017-20170427", "20170101:000000000", "20170427:235959999"),
            ("2017-20170427:08", "20170101:000000000", "20170427:085959999"),
            ("2017-20170427:0844", "20170101:000000000", "20170427:084459999"),
            ("2017-20170427:084412", "20170101:000000000", "20170427:084412999"),
            ("20160229-20160229", "20160229:000000000", "20160229:235959999"),
            (
                "20170427:084412-20170427:0844",
                "20170427:084412000",
                "20170427:084459999",
            ),
            ("9999", "99990101:000000000", open),
        ] {
            let range: TimeRange = text.parse().expect(text);
            assert_eq!(range.first_stamp().escape_ascii().to_string(), first, "{text}");
            assert_eq!(range.last_stamp().escape_ascii().to_string(), last, "{text}");
        }
    }

    #[test]
    fn what_is_no_range_says_why() {
        let messages: Vec<String> = [
            "",
            "-",
            "2017-",
            "-2017",
            "2017x",
            "201704",
            "20170427:",
            "20170427:084",
            "20170427:084412345",
            "20170427 0844",
            "2017-0427-084412",
            "20170427:0844-20170427:0845-20170427:0846",
            "２017",
            "20\u{202e}\u{1b}[2J",
            "20170229",
            "20170230-20170301",
            "20170427:24",
            "20170427:0860",
            "20170427:084460",
            "2017-20171301",
            "20170427:0844-20170427:0843",
            "20170427:084412-20170427:084411",
            "2017-2016",
        ]
        .iter()
        .map(|text| {
            let error = text.parse::<TimeRange>().expect_err(text).to_string();
            error
                .split("; expected")
                .next()
                .map(str::to_owned)
                .expect("the first part")
        })
        .collect();
        insta::assert_snapshot!(messages.join("\n"), @r"
        `` is not a time
        `` is not a time
        `` is not a time
        `` is not a time
        `2017x` is not a time
        `201704` is not a time
        `20170427:` is not a time
        `20170427:084` is not a time
        `20170427:084412345` is not a time
        `20170427 0844` is not a time
        `0427-084412` is not a time
        `20170427:0845-20170427:0846` is not a time
        `２017` is not a time
        `20\u{202e}\x1b[2J` is not a time
        `20170229` is a time that does not exist
        `20170230` is a time that does not exist
        `20170427:24` is a time that does not exist
        `20170427:0860` is a time that does not exist
        `20170427:084460` is a time that does not exist
        `20171301` is a time that does not exist
        END `20170427:0843` is before START `20170427:0844`
        END `20170427:084411` is before START `20170427:084412`
        END `2016` is before START `2017`
        ");
    }

    #[test]
    fn every_message_ends_with_what_is_allowed() {
        for text in ["2017x", "20170230", "2017-2016"] {
            let message = text.parse::<TimeRange>().expect_err(text).to_string();
            assert!(message.ends_with(
                "; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], \
                 such as 20170427:0844-20170427:0845"
            ));
        }
    }
}
