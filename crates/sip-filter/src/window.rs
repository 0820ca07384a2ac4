//! Windows of time: the start of a timestamp names the window in which it lies.

use std::fmt;
use std::str::FromStr;

use sip_scan::Stamp;

/// How long a window is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interval {
    /// One second.
    Sec,
    /// Ten seconds.
    TenSec,
    /// A minute.
    #[default]
    Min,
    /// Ten minutes.
    TenMin,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Interval {
    /// How many characters of a timestamp name a window of this length.
    fn characters(self) -> usize {
        match self {
            Interval::Day => 8,
            Interval::Hour => 11,
            Interval::TenMin => 12,
            Interval::Min => 13,
            Interval::TenSec => 14,
            Interval::Sec => 15,
        }
    }

    /// How many seconds a window of this length has.
    pub fn seconds(self) -> u32 {
        match self {
            Interval::Sec => 1,
            Interval::TenSec => 10,
            Interval::Min => 60,
            Interval::TenMin => 600,
            Interval::Hour => 3600,
            Interval::Day => 86_400,
        }
    }
}

impl FromStr for Interval {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Interval, IntervalError> {
        Ok(match text.to_ascii_uppercase().as_str() {
            "SEC" | "S" | "1S" => Interval::Sec,
            "TENSEC" | "TSEC" | "TS" | "10S" => Interval::TenSec,
            "MIN" | "M" | "1M" => Interval::Min,
            "TENMIN" | "TMIN" | "T" | "10M" => Interval::TenMin,
            "HOUR" | "H" | "1H" => Interval::Hour,
            "DAY" | "D" | "1D" => Interval::Day,
            _ => return Err(IntervalError),
        })
    }
}

/// No interval has this name. The text says which names there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntervalError;

impl fmt::Display for IntervalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected SEC (S, 1s), TENSEC (TS, TSEC, 10s), MIN (M, 1m), TENMIN (T, TMIN, 10m), HOUR (H, 1h) or DAY (D, 1d)")
    }
}

impl std::error::Error for IntervalError {}

/// A window of time, named by what its timestamps have in common: `20170427:0844`. Windows of the same length sort by time.
///
/// The characters are kept as one number, the first ones highest, so that windows compare in one step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window(u128);

impl Window {
    /// The window of length `interval` in which `stamp` lies.
    pub fn of(stamp: &Stamp, interval: Interval) -> Window {
        let text = stamp.as_bytes().first_chunk().copied().unwrap_or_default();
        let rest = u32::try_from(interval.characters()).map_or(0, |characters| u128::MAX >> (8 * characters));
        Window(u128::from_be_bytes(text) & !rest)
    }

    /// The first timestamp of the window.
    pub fn start(&self) -> Stamp {
        let mut stamp = *Stamp::FIRST.as_bytes();
        for (byte, own) in stamp.iter_mut().zip(self.0.to_be_bytes()) {
            *byte = if own == 0 { *byte } else { own };
        }
        Stamp::new(stamp).unwrap_or(Stamp::FIRST)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A stamp has digits and a colon only. The text is escaped all the same, in case that ever changes.
        let text = self.0.to_be_bytes();
        let length = text.iter().position(|&b| b == 0).unwrap_or(text.len());
        let text = text.get(..length).unwrap_or_default();
        f.pad(&text.escape_ascii().to_string())
    }
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_by_name_and_the_windows_that_they_make() {
        let table: &[(&[&str], &str, u32)] = &[
            (&["SEC", "s", "Sec", "1s"], "20170427:084412", 1),
            (&["TENSEC", "ts", "tsec", "10s"], "20170427:08441", 10),
            (&["MIN", "m", "1m", "1M"], "20170427:0844", 60),
            (&["TENMIN", "T", "tmin", "10m"], "20170427:084", 600),
            (&["HOUR", "h", "1h"], "20170427:08", 3600),
            (&["DAY", "d", "Day", "1d"], "20170427", 86_400),
        ];
        let stamp = Stamp::new(*b"20170427:084412345").unwrap();
        for (names, text, seconds) in table {
            for name in *names {
                let interval: Interval = name.parse().unwrap();
                assert_eq!(interval.seconds(), *seconds, "{name}");
                let window = Window::of(&stamp, interval);
                let start: String = text
                    .chars()
                    .chain("00000000:000000000".chars().skip(text.len()))
                    .collect();
                assert_eq!(window.start().to_string(), start, "{name}");
                assert_eq!(
                    (window.to_string(), format!("{window:?}")),
                    (text.to_string(), text.to_string())
                );
            }
        }
        for name in [
            "", "MINUTE", "SECS", "MI", " MIN", "5m", "1", "10", "60s", "10h", "01m", "-1m", "1 m",
        ] {
            assert_eq!(name.parse::<Interval>(), Err(IntervalError), "{name}");
        }
        insta::assert_snapshot!(
            IntervalError,
            @"expected SEC (S, 1s), TENSEC (TS, TSEC, 10s), MIN (M, 1m), TENMIN (T, TMIN, 10m), HOUR (H, 1h) or DAY (D, 1d)"
        );
    }

    #[test]
    fn windows_hold_what_lies_in_them_and_sort_by_time() {
        let window = |text: &[u8; 18]| Window::of(&Stamp::new(*text).unwrap(), Interval::TenMin);
        assert_eq!(window(b"20170427:084000000"), window(b"20170427:084959999"));
        assert!(window(b"20170427:084959999") < window(b"20170427:085000000"));
        assert!(window(b"20170427:235959999") < window(b"20170428:000000000"));
    }
}
