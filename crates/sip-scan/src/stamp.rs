//! The timestamp of a line.

use std::fmt;

/// A timestamp as the log has it, `YYYYMMDD:HHMMSSmmm`: local time of the server, without a zone, sorting as time does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp([u8; Stamp::LEN]);

impl Stamp {
    /// Its length in bytes.
    pub const LEN: usize = 18;

    /// A stamp from its text; none where that is not a date and a time of day that exist.
    #[inline]
    pub fn new(text: [u8; Stamp::LEN]) -> Option<Stamp> {
        (is_shaped(&text) && exists(&text)).then_some(Stamp(text))
    }

    /// The stamp before all that a log has.
    pub const FIRST: Stamp = Stamp(*b"00000000:000000000");

    /// No stamp that a line can bear of which `start` has come is before this; none where that is not the start of one.
    /// The date may be one that does not exist.
    pub(crate) fn not_after(start: &[u8]) -> Option<Stamp> {
        let mut text = Stamp::FIRST.0;
        for (digit, b) in text.iter_mut().zip(start) {
            *digit = *b;
        }
        is_shaped(&text).then_some(Stamp(text))
    }

    /// The stamp of a line that fits a template: only stamps that exist do.
    pub(crate) fn of_line_that_fits(text: [u8; Stamp::LEN]) -> Stamp {
        Stamp(text)
    }

    /// What stands before the minute.
    pub(crate) fn hour(&self) -> &[u8; 11] {
        let [hour @ .., _, _, _, _, _, _, _] = &self.0;
        hour
    }

    /// The text, ASCII digits and one colon.
    pub fn as_bytes(&self) -> &[u8; Stamp::LEN] {
        &self.0
    }
}

/// Whether digits and the colon stand where they must.
fn is_shaped(text: &[u8; Stamp::LEN]) -> bool {
    // One pass without a branch: this runs for every record.
    text.iter().enumerate().fold(true, |shaped, (i, &b)| {
        shaped & if i == 8 { b == b':' } else { b.is_ascii_digit() }
    })
}

/// Whether the date and the time of day exist, where the text is shaped like a stamp.
fn exists(text: &[u8; Stamp::LEN]) -> bool {
    const DAYS: [u8; 13] = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let [y1, y2, y3, y4, o1, o2, d1, d2, _, h1, h2, m1, _, s1, ..] = *text;
    let number = |tens: u8, ones: u8| (tens & 0x0f) * 10 + (ones & 0x0f);
    let (month, day) = (number(o1, o2), number(d1, d2));
    // A year is a leap year if 4 divides it, or of those that end in 00 the century.
    let is_leap = || match number(y3, y4) {
        0 => number(y1, y2).is_multiple_of(4),
        year => year.is_multiple_of(4),
    };
    let is_day = DAYS
        .get(usize::from(month))
        .is_some_and(|days| (1..=*days).contains(&day));
    is_day && (day != 29 || month != 2 || is_leap()) && number(h1, h2) < 24 && m1 <= b'5' && s1 <= b'5'
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_exist() {
        for (text, exists) in [
            ("20170427:084412345", true),
            ("20170101:000000000", true),
            ("20171231:235959999", true),
            ("20170131:200000000", true),
            ("20170430:190000000", true),
            ("20160229:000000000", true),
            ("20000229:000000000", true),
            ("19000229:000000000", false),
            ("20170229:000000000", false),
            ("20160230:000000000", false),
            ("20170431:000000000", false),
            ("20170631:000000000", false),
            ("20170931:000000000", false),
            ("20171131:000000000", false),
            ("20170832:000000000", false),
            ("20170400:000000000", false),
            ("20170027:000000000", false),
            ("20171301:000000000", false),
            ("20170427:240000000", false),
            ("20170427:236000000", false),
            ("20170427:230060000", false),
            ("2017042x:084412345", false),
            ("20170427 084412345", false),
        ] {
            let text = text.as_bytes().try_into().unwrap();
            assert_eq!(Stamp::new(text).is_some(), exists, "{}", text.escape_ascii());
        }
    }
}
