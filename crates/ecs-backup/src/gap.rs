//! A range of logs that are lost.

use std::fmt;

use ecs_log::LogName;

/// Logs that the server deleted before they were saved, with no other log between them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gap {
    /// Where the gap begins.
    pub from: GapBegin,
    /// Where it ends.
    pub until: GapEnd,
}

/// Where a gap begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GapBegin {
    /// With this log, which an earlier run saw and which is gone.
    With(LogName),
    /// After this log, the last that was saved.
    After(LogName),
}

/// Where a gap ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GapEnd {
    /// Where this log begins, the first after the gap.
    Before(LogName),
    /// With the end of this log, the last that was lost. No log after it is known.
    With(LogName),
}

impl Gap {
    /// Adds a lost log, after which `next` comes, to gaps in order. Logs lost one after another are one gap.
    pub(crate) fn add(gaps: &mut Vec<Gap>, name: LogName, next: Option<LogName>) {
        let until = next.map_or(GapEnd::With(name), GapEnd::Before);
        let goes_on = |last: &&mut Gap| match last.until {
            GapEnd::Before(before) => before == name || until == last.until,
            GapEnd::With(_) => next.is_none(),
        };
        match gaps.last_mut().filter(goes_on) {
            Some(last) => last.until = until,
            None => gaps.push(Gap {
                from: GapBegin::With(name),
                until,
            }),
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.from {
            GapBegin::With(name) => write!(f, "from {}", begun(name))?,
            GapBegin::After(name) => write!(f, "after the one of {}", begun(name))?,
        }
        match self.until {
            GapEnd::Before(name) => write!(f, " to {}", begun(name)),
            GapEnd::With(name) => write!(f, " to the end of the one of {}", begun(name)),
        }
    }
}

/// When a log was begun, as people write it: `2017-04-27 08:44:12`.
pub fn begun(name: LogName) -> String {
    let begun = name.begun();
    let (year, month, day) = begun.to_calendar_date();
    let (hour, minute, second) = begun.as_hms();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use ecs_log::LogName;

    use super::Gap;

    #[test]
    fn logs_lost_one_after_another_are_one_gap_that_is_told_to_its_end() {
        let name = |second: u8| LogName::parse(OsStr::new(&format!("2017-0427-0844{second:02}.log"))).unwrap();
        let said = |lost: &[(u8, Option<u8>)]| {
            let mut gaps = Vec::new();
            lost.iter()
                .for_each(|(lost, next)| Gap::add(&mut gaps, name(*lost), next.map(name)));
            let gaps = gaps.iter().map(|gap| gap.to_string().replace("2017-04-27 08:44:", ""));
            Vec::from_iter(gaps).join(", ")
        };
        for (lost, expected) in [
            (&[(1, Some(3))][..], "from 01 to 03"),
            (&[(1, Some(2)), (2, Some(3))], "from 01 to 03"),
            (&[(1, Some(3)), (2, Some(3))], "from 01 to 03"),
            (&[(1, Some(2)), (3, Some(4))], "from 01 to 02, from 03 to 04"),
            (
                &[(1, Some(2)), (3, None)],
                "from 01 to 02, from 03 to the end of the one of 03",
            ),
            (&[(1, None), (3, None)], "from 01 to the end of the one of 03"),
            (&[(1, Some(3)), (3, None)], "from 01 to the end of the one of 03"),
        ] {
            assert_eq!(said(lost), expected);
        }
    }
}
