//! The ranges of the Monitoring Plugins: `[@]START:END`.

use std::error;
use std::fmt;
use std::str::FromStr;

/// The range of a threshold, as the Monitoring Plugins write it (<https://www.monitoring-plugins.org/doc/guidelines.html>,
/// "Threshold and Ranges"). A number outside of it raises an alert, and behind `@` a number inside. Both ends are inside.
///
/// Without a START and its colon the range begins at 0, without an END it is open, and `~` as START is the least of all numbers.
///
/// ```
/// let range: sip_report::AlertRange = "10:20".parse()?;
/// assert!(range.alerts(9) && !range.alerts(10) && !range.alerts(20) && range.alerts(21));
/// # Ok::<(), sip_report::AlertRangeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRange {
    text: String,
    start: i64,
    end: i64,
    alerts_inside: bool,
}

impl AlertRange {
    /// Whether `count` raises an alert.
    pub fn alerts(&self, count: u64) -> bool {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        (self.start..=self.end).contains(&count) == self.alerts_inside
    }
}

/// As it was written.
impl fmt::Display for AlertRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for AlertRange {
    type Err = AlertRangeError;

    fn from_str(text: &str) -> Result<AlertRange, AlertRangeError> {
        let range = text.strip_prefix('@').unwrap_or(text);
        let ends = ends(range).filter(|(start, end)| start <= end);
        let (start, end) = ends.ok_or(AlertRangeError)?;
        Ok(AlertRange {
            text: text.to_owned(),
            start,
            end,
            alerts_inside: text.starts_with('@'),
        })
    }
}

/// The first and the last whole number inside.
fn ends(range: &str) -> Option<(i64, i64)> {
    if range.is_empty() || range == ":" {
        return None;
    }
    let (start, end) = range.split_once(':').unwrap_or(("", range));
    let start = match start {
        "" => 0,
        "~" => i64::MIN,
        start => number(start)?.1,
    };
    let end = match end {
        "" => i64::MAX,
        end => number(end)?.0,
    };
    Some((start, end))
}

/// The last whole number that is not above a number, and the first that is not below: `1.5` is 1 and 2.
fn number(text: &str) -> Option<(i64, i64)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_negative = whole.starts_with('-');
    if !is_number(whole.strip_prefix('-').unwrap_or(whole)) || !is_number(fraction) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    Some(match fraction.bytes().all(|digit| digit == b'0') {
        true => (whole, whole),
        false if is_negative => (whole.checked_sub(1)?, whole),
        false => (whole, whole.checked_add(1)?),
    })
}

/// The text is not an [`AlertRange`]. `Display` says what is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertRangeError;

impl fmt::Display for AlertRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a range [@]START:END, such as 10, 10:, ~:10, 10:20 or @10:20, with START not above END")
    }
}

impl error::Error for AlertRangeError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the guidelines, and what else their rules say.
    #[test]
    fn what_alerts() {
        let table: &[(&str, &[u64], &[u64])] = &[
            ("10", &[11, 12, u64::MAX], &[0, 1, 9, 10]),
            ("10:", &[0, 9], &[10, 11, u64::MAX]),
            ("~:10", &[11], &[0, 10]),
            ("10:20", &[0, 9, 21], &[10, 15, 20]),
            ("@10:20", &[10, 15, 20], &[0, 9, 21]),
            (":10", &[11], &[0, 10]),
            ("0", &[1], &[0]),
            ("@0", &[0], &[1]),
            ("@0:", &[0, 1, u64::MAX], &[]),
            ("5:5", &[4, 6], &[5]),
            ("~:", &[], &[0, u64::MAX]),
            ("@~:0", &[0], &[1]),
            ("-5:5", &[6], &[0, 5]),
            ("~:-1", &[0, 1], &[]),
            ("1.5", &[2], &[0, 1]),
            ("1.50:2.5", &[1, 3], &[2]),
            ("1.0:2.00", &[0, 3], &[1, 2]),
            ("-0.5:0", &[1], &[0]),
            ("~:-0.5", &[0], &[]),
        ];
        for (text, alert, well) in table {
            let range: AlertRange = text.parse().expect(text);
            for (counts, expected) in [(alert, true), (well, false)] {
                for count in *counts {
                    assert_eq!(range.alerts(*count), expected, "{text} {count}");
                }
            }
            assert_eq!(range.to_string(), *text);
        }
    }

    #[test]
    fn what_is_not_a_range() {
        for text in [
            "",
            "@",
            ":",
            "@:",
            "~",
            "@~",
            "20:10",
            "-1",
            "a",
            "10:b",
            "1:2:3",
            "10:~",
            "1,5",
            "+5",
            "--5",
            "1.",
            ".5",
            "1.x",
            "1e3",
            " 1",
            "1 ",
            "@@1",
            "9223372036854775808",
            "9223372036854775807.5:",
            "-9223372036854775808.5:",
        ] {
            assert_eq!(text.parse::<AlertRange>(), Err(AlertRangeError), "{text}");
        }
        insta::assert_snapshot!(AlertRangeError, @"expected a range [@]START:END, such as 10, 10:, ~:10, 10:20 or @10:20, with START not above END");
    }
}
