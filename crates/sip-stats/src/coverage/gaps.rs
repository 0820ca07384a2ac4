//! Where the logs of a source do not go on with the next line.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use sip_scan::{Origin, Stamp};

use super::source::{Join, Source};
use crate::log_lines::LogLines;

/// Finds the gaps of each source, by the rules by which [`Coverage`](super::Coverage) tells what is missing.
#[derive(Debug, Default)]
pub struct Gaps {
    sources: BTreeMap<usize, Source>,
}

impl Gaps {
    /// Takes the lines of a log, or of the next piece of one. Gives back the stamps of lines behind which lines may be missing, from
    /// the last line before these on. Where a clock was set back nothing is missing.
    pub fn follow(&mut self, lines: &LogLines, from: Origin) -> Vec<Stamp> {
        let Some(ends) = lines.ends else {
            if let Some(source) = self.sources.get_mut(&from.source) {
                source.pass(from.log);
            }
            return Vec::new();
        };
        let mut gaps = Vec::new();
        let source = match self.sources.entry(from.source) {
            Entry::Occupied(source) => {
                let source = source.into_mut();
                let before = source.ends.last.stamp;
                let join = source.follow(lines, ends, from.log);
                if !matches!(join, Join::Whole) && before <= ends.first.stamp {
                    gaps.push(before);
                }
                source
            }
            Entry::Vacant(place) => place.insert(Source::new(lines, ends, from.log)),
        };
        let within = lines.breaks(source.trust());
        gaps.extend(within.filter(|found| found.from <= found.to).map(|found| found.from));
        gaps
    }

    /// Whether the first of these lines, which come next of a source, has the running number after that of the last line before them.
    pub fn goes_on(&self, lines: &LogLines, source: usize) -> bool {
        let before = self.sources.get(&source).and_then(|source| source.ends.last.number);
        let first = lines.ends.and_then(|ends| ends.first.number);
        first.is_some() && first == before.and_then(|before| before.checked_add(1))
    }

    /// The stamp of the last line of a source.
    pub fn last(&self, source: usize) -> Option<Stamp> {
        self.sources.get(&source).map(|source| source.ends.last.stamp)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, log};
    use super::*;
    use crate::testing::stamp;

    #[test]
    fn lines_that_may_be_missing() {
        let mut gaps = Gaps::default();
        let mut told = |source, number, lines: &[_]| {
            let gaps = gaps.follow(&log(lines), at(source, number));
            let times = gaps.iter().map(|stamp| stamp.to_string().replace("20170427:", ""));
            times.collect::<Vec<_>>().join(" ")
        };
        // Numbers go on, however long it was silent; another source tells nothing of this one.
        assert_eq!(told(0, 0, &[("084400", 100, 1), ("084410", 109, 10)]), "");
        assert_eq!(told(1, 1, &[("084400", 700, 1), ("084410", 709, 10)]), "");
        assert_eq!(told(0, 2, &[("085000", 110, 1), ("085010", 119, 10)]), "");
        // A log is missing.
        assert_eq!(told(0, 3, &[("085500", 130, 1), ("085510", 139, 10)]), "085010000");
        // The clock was set back, and the numbers begin anew.
        assert_eq!(told(0, 4, &[("080000", 1, 1), ("080010", 10, 10)]), "");
        // Numbers that begin anew do not tell; a minute without a line does.
        assert_eq!(told(0, 5, &[("080109", 1, 1), ("080110", 10, 10)]), "");
        assert_eq!(told(0, 6, &[("080210", 1, 1), ("080220", 10, 10)]), "080110000");
        assert_eq!(
            gaps.last(0).map(|stamp| stamp.to_string()),
            Some("20170427:080220000".to_owned())
        );
        assert_eq!(gaps.last(2), None);
        assert_eq!(gaps.follow(&LogLines::default(), at(0, 8)), []);
    }

    #[test]
    fn whether_the_running_number_goes_on() {
        let mut gaps = Gaps::default();
        let next = |first| log(&[("084510", first, 1), ("084520", first + 9, 10)]);
        assert!(!gaps.goes_on(&next(110), 0), "nothing comes before");
        gaps.follow(&log(&[("084400", 100, 1), ("084410", 109, 10)]), at(0, 0));
        assert!(gaps.goes_on(&next(110), 0));
        for (first, source) in [(111, 0), (109, 0), (1, 0), (110, 1)] {
            assert!(!gaps.goes_on(&next(first), source), "{first} {source}");
        }
        assert!(!gaps.goes_on(&LogLines::default(), 0));
    }

    #[test]
    fn lines_that_are_missing_within_a_log_are_believed_after_four_sound_logs() {
        for (sound, expected) in [(3, "20170427:084400"), (4, "20170427:085010")] {
            let mut gaps = Gaps::default();
            for number in 0..sound {
                let first = u32::try_from(number).unwrap() * 10 + 1;
                let lines = log(&[("084400", first, 1), ("084400", first + 9, 10)]);
                assert_eq!(gaps.follow(&lines, at(0, number)), []);
            }
            let first = u32::try_from(sound).unwrap() * 10 + 1;
            let broken = log(&[("085000", first, 1), ("085010", first + 1, 2), ("085020", first + 9, 3)]);
            assert_eq!(gaps.follow(&broken, at(0, sound)), [stamp(expected)], "{sound}");
        }
    }
}
