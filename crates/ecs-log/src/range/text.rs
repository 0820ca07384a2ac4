//! START and END as people write them.

use crate::escape::escape;
use crate::moment;

/// What stands for the part that a START leaves out, and for the part that an END leaves out.
pub(super) const FIRST: &[u8; 18] = b"00000101:000000000";
pub(super) const LAST: &[u8; 18] = b"99991231:235959999";

/// No log is older: this is where the clocks of Unix begin.
const FIRST_YEAR: &str = "1970";

/// How many characters a time may have as the logs write it: `YYYY`, then `mmdd`, `:HH`, `MM` and `SS`; and where in it a part
/// begins that an END may stand for.
const PLAIN: Style = Style {
    pattern: "dddddddd:dddddd",
    lengths: [4, 8, 11, 13, 15],
    parts: [4, 6, 9, 11, 13],
};

/// The same for ISO 8601: `YYYY-mm-dd`, then `THH`, `:MM` and `:SS`.
const ISO: Style = Style {
    pattern: "dddd-dd-ddTdd:dd:dd",
    lengths: [10, 13, 16, 19, 19],
    parts: [5, 8, 11, 14, 17],
};

struct Style {
    /// `d` stands for a digit, `T` for itself or a blank.
    pattern: &'static str,
    lengths: [usize; 5],
    parts: [usize; 5],
}

impl Style {
    fn fits(&self, text: &str) -> bool {
        self.lengths.contains(&text.len())
            && text.bytes().zip(self.pattern.bytes()).all(|(byte, place)| match place {
                b'd' => byte.is_ascii_digit(),
                b'T' => matches!(byte, b'T' | b't' | b' '),
                place => byte == place,
            })
    }
}

/// What is wrong with a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// This part of it is not a time.
    NotATime(String),
    /// END may be a year, or the end of a time that begins as START does.
    TwoReadings { year: String, time: String },
    /// START is a year before there were such logs: a time of a day without the day.
    NoDay(String),
}

/// START, and END if there is one, each as the logs write it, cut after a part.
pub(super) fn ends(text: &str) -> Result<(String, Option<String>), Reason> {
    let (start, end) = both(text)?;
    if start.as_str() < FIRST_YEAR {
        return Err(Reason::NoDay(start.chars().take(4).collect()));
    }
    Ok((start, end))
}

fn both(text: &str) -> Result<(String, Option<String>), Reason> {
    if let Some(start) = plain(text) {
        return Ok((start, None));
    }
    // The dashes in the first date of ISO 8601 do not end START.
    let is_iso = text
        .bytes()
        .zip(b"dddd-dd-".iter())
        .all(|(byte, place)| (byte == b'-') == (*place == b'-'));
    let n_date = if is_iso { ISO.lengths[0] } else { 0 };
    let dashes = text.match_indices('-').filter(|(place, _)| *place >= n_date);
    let first = text.split('-').next().filter(|_| !is_iso).unwrap_or(text);
    let mut reason = Reason::NotATime(escape(first.as_bytes()));
    for (place, dash) in text.match_indices("..").chain(dashes) {
        let (start, end) = text.split_at_checked(place).unwrap_or_default();
        let end = end.strip_prefix(dash).unwrap_or_default();
        let Some(plain_start) = plain(start) else {
            continue;
        };
        match end_after(start, end) {
            Err(wrong @ Reason::NotATime(_)) => reason = wrong,
            end => return Ok((plain_start, Some(end?))),
        }
    }
    Err(reason)
}

/// A time in any style as the logs write it.
fn plain(text: &str) -> Option<String> {
    if PLAIN.fits(text) {
        return Some(text.to_owned());
    }
    let parts = ISO.fits(text).then(|| text.split_at_checked(10))?;
    let (date, time) = parts?;
    let time = time.replace(':', "").replace(['T', 't', ' '], ":");
    Some(date.replace('-', "") + &time)
}

/// END as a whole time, or as a time that begins as START does, and in which END stands where START has the same shape.
fn end_after(start: &str, end: &str) -> Result<String, Reason> {
    let n_common = start.len().checked_sub(end.len());
    let head = n_common.and_then(|n_common| {
        let style = if PLAIN.fits(start) { PLAIN } else { ISO };
        start
            .get(..n_common)
            .filter(|_| !end.is_empty() && style.parts.contains(&n_common))
    });
    let short = head.and_then(|head| plain(&format!("{head}{end}")));
    match (plain(end), short) {
        // Only a year is as long as parts of a time.
        (Some(year), Some(time)) => {
            if start.get(..4) > Some(&year) {
                Ok(time)
            } else if exists(&time) {
                Err(Reason::TwoReadings { year, time })
            } else {
                Ok(year)
            }
        }
        (Some(end), None) | (None, Some(end)) => Ok(end),
        (None, None) => Err(Reason::NotATime(escape(end.as_bytes()))),
    }
}

/// Whether the calendar has the time.
fn exists(plain: &str) -> bool {
    moment::time_of_stamp(&completed(plain, FIRST)).is_some()
}

/// The stamp of a time that is cut after a part. What it leaves out is that of `rest`.
pub(super) fn completed(plain: &str, rest: &[u8; 18]) -> [u8; 18] {
    let mut stamp = *rest;
    for (place, byte) in stamp.iter_mut().zip(plain.bytes()) {
        *place = byte;
    }
    stamp
}
