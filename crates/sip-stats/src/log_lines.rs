//! Which lines one log has, as far as its ends and its records tell.

use sip_scan::{LineMark, Lines, Message, Stamp};

use crate::calendar::seconds;

/// The most breaks that are kept of one log. What follows is one break with the last of them.
const MOST_BREAKS: usize = 1000;

/// Seconds by which lines may be out of order: those of several processes stand side by side.
const MOST_BACK: i64 = 60;

/// Seconds that may pass within one log.
const MOST_ON: i64 = 31 * 86_400;

/// Seconds that may pass without a line, where the running number does not say that none is missing.
pub(crate) const MOST_SILENT: i64 = 60;

/// How many steps within a log tell something of its running number.
const TELLING_STEPS: u32 = 10;

/// The lines of one log, or of a piece of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogLines {
    /// The first and the last line.
    pub(crate) ends: Option<Lines>,
    /// The first record that was looked at, as long as no line before it is known.
    begin: Option<LineMark>,
    /// The last line that was looked at.
    last: Option<LineMark>,
    breaks: Vec<Break>,
    pub(crate) steps: Steps,
}

/// How far the running number of a log is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// It counts the lines.
    Full,
    /// It may count the lines.
    Doubtful,
    /// It counts something else.
    None,
}

/// How often the running number rose by one from line to line, from one line that was looked at to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Steps {
    sound: u32,
    all: u32,
}

impl Steps {
    fn add(&mut self, is_sound: bool) {
        self.all = self.all.saturating_add(1);
        self.sound = self.sound.saturating_add(is_sound.into());
    }

    /// The steps of both.
    pub(crate) fn and(self, more: Steps) -> Steps {
        Steps {
            sound: self.sound.saturating_add(more.sound),
            all: self.all.saturating_add(more.all),
        }
    }

    /// What these steps say of the number: it counts the lines where nine of ten steps are sound, and does not where fewer than half are.
    pub(crate) fn trust(self) -> Trust {
        let (sound, all) = (u64::from(self.sound), u64::from(self.all));
        match self.all {
            ..TELLING_STEPS => Trust::Doubtful,
            _ if sound.saturating_mul(10) >= all.saturating_mul(9) => Trust::Full,
            _ if sound.saturating_mul(2) >= all => Trust::Doubtful,
            _ => Trust::None,
        }
    }
}

/// A place in a log behind which it does not go on with the next line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Break {
    /// The stamp of the last line before it that was looked at.
    pub(crate) from: Stamp,
    /// The stamp of the first line behind it that was looked at.
    pub(crate) to: Stamp,
    /// How many lines are missing by the running number; 0 where only the time breaks off.
    pub(crate) missing: u64,
    /// Whether lines are missing and as much time passes as may not pass without a line.
    is_silent: bool,
}

impl LogLines {
    /// A record of this log, whatever it is of. Those that began in a log before are of no use here.
    pub(crate) fn see_record(&mut self, message: &Message) {
        if message.position.files_back == 0 {
            self.see(LineMark {
                stamp: message.stamp,
                number: message.number,
                line: message.position.line,
            });
        }
    }

    /// Lines that follow those before.
    pub(crate) fn see_lines(&mut self, lines: Lines) {
        if self.ends.is_none()
            && let Some(begin) = self.begin.filter(|begin| begin.line > lines.first.line)
            && let Some(found) = self.step(&lines.first, &begin)
        {
            self.breaks.insert(0, found);
        }
        if self.last.is_none() {
            self.see(lines.first);
        }
        self.see(lines.last);
        let first = self.ends.map_or(lines.first, |ends| ends.first);
        self.ends = Some(Lines { first, ..lines });
    }

    fn see(&mut self, mark: LineMark) {
        match &self.last {
            // Records that lie within one another come in the order of their ends.
            Some(last) if mark.line <= last.line => return,
            Some(last) => {
                let last = *last;
                if let Some(found) = self.step(&last, &mark) {
                    self.add_break(found);
                }
            }
            None => self.begin = Some(mark),
        }
        self.last = Some(mark);
    }

    /// Counts the step from one line to another, and says whether there is a break between them.
    fn step(&mut self, before: &LineMark, after: &LineMark) -> Option<Break> {
        let rise = rise(before, after);
        self.steps.add(rise == Some(0));
        let missing = rise.and_then(|rise| u64::try_from(rise).ok()).unwrap_or(0);
        let (from, to) = (before.stamp, after.stamp);
        (missing > 0 || !goes_on(&from, &to)).then(|| Break {
            from,
            to,
            missing,
            is_silent: missing > 0 && passed(&from, &to) >= MOST_SILENT,
        })
    }

    /// The places behind which lines may be missing, in a log whose number is believed so far.
    pub(crate) fn breaks(&self, trust: Trust) -> impl Iterator<Item = &Break> {
        self.breaks.iter().filter(move |found| match trust {
            Trust::Full => true,
            Trust::Doubtful => found.missing == 0 || found.is_silent,
            Trust::None => found.missing == 0,
        })
    }

    fn add_break(&mut self, more: Break) {
        let is_full = self.breaks.len() >= MOST_BREAKS;
        match self.breaks.last_mut() {
            Some(last) if is_full => {
                last.to = more.to;
                last.is_silent = false;
                last.missing = last.missing.saturating_add(more.missing);
            }
            _ => self.breaks.push(more),
        }
    }

    /// How many bytes of memory this takes beside its own.
    pub(crate) fn bytes(&self) -> usize {
        self.breaks.len().saturating_mul(size_of::<Break>())
    }
}

/// By how much more than the line the running number rises; less than 0 where it begins anew.
pub(crate) fn rise(before: &LineMark, after: &LineMark) -> Option<i64> {
    let numbers = i64::from(after.number?).checked_sub(before.number?.into())?;
    let lines = after.line.checked_sub(before.line)?;
    numbers.checked_sub(lines.try_into().ok()?)
}

/// Whether the time of one line can go on to that of a later line of the same log. A clock that is set back, or a stamp that
/// is wrong, does not.
fn goes_on(before: &Stamp, after: &Stamp) -> bool {
    // The date and the time of day as one number: this runs for every record.
    let number = |stamp: &Stamp| {
        stamp
            .as_bytes()
            .first_chunk()
            .map_or(0, |text| u128::from_be_bytes(*text))
    };
    let (begin, end) = (number(before), number(after));
    if begin <= end && begin >> 64 == end >> 64 {
        return true;
    }
    let passed = seconds(before).zip(seconds(after));
    passed.is_none_or(|(before, after)| (-MOST_BACK..MOST_ON).contains(&(after - before)))
}

/// How many seconds after one stamp another is.
pub(crate) fn passed(from: &Stamp, to: &Stamp) -> i64 {
    let seconds = seconds(from).zip(seconds(to));
    seconds.map_or(i64::MAX, |(from, to)| to.saturating_sub(from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::stamp;

    #[test]
    fn many_breaks_of_one_log_are_few() {
        let mut log = LogLines::default();
        for number in 0..3000 {
            log.see(LineMark {
                stamp: stamp("20170427:084400"),
                number: Some(2 * number),
                line: number.into(),
            });
        }
        assert_eq!(log.breaks.len(), MOST_BREAKS);
        assert_eq!(log.breaks.iter().map(|found| found.missing).sum::<u64>(), 2999);
        assert_eq!(log.bytes(), MOST_BREAKS * size_of::<Break>());
    }

    #[test]
    fn time_goes_on_but_for_a_clock_set_back_and_stamps_that_are_wrong() {
        for (before, after, expected) in [
            ("20170427:084400", "20170427:084400", true),
            ("20170427:084400", "20170427:084300001", true),
            ("20170427:084400", "20170427:084259", false),
            ("20170427:000030", "20170426:235940", true),
            ("20170427:000030", "20170426:225940", false),
            ("20170427:084400", "20170527:084400", true),
            ("20170427:084400", "20170528:084400", false),
        ] {
            assert_eq!(goes_on(&stamp(before), &stamp(after)), expected, "{before} {after}");
        }
    }
}
