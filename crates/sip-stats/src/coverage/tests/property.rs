//! Against plain lists: of seconds, and of the parts of logs.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Windows by their start: the seconds that are covered, and the lines that are missing.
type Rows = BTreeMap<String, (u32, Option<u64>)>;

fn rows(mut coverage: Coverage) -> Rows {
    let told = coverage.rest().into_iter();
    let windows = told.filter_map(|between| match between {
        Between::Window(closed) => Some((closed.window.to_string(), closed.coverage.unwrap())),
        Between::Gap(_) => None,
    });
    windows
        .map(|(window, covered)| (window, (covered.seconds, covered.missing)))
        .collect()
}

/// Adds rows. What one of two does not know, both together do not.
fn add_rows(sum: &mut Rows, rows: Rows) {
    for (window, (seconds, missing)) in rows {
        let (all, all_missing) = sum.entry(window).or_insert((0, Some(0)));
        *all += seconds;
        *all_missing = all_missing.zip(missing).map(|(a, b)| a + b);
    }
}

/// The lines of a log: how long it is silent before it and how long it lasts, in seconds; how many lines are missing before it and in
/// it; whether its lines have numbers.
type Written = (i64, i64, u32, u32, bool);

/// The logs of one source. Of length 0 is a log without a line.
fn source(written: &[Written]) -> Vec<LogLines> {
    let (mut second, mut number) = (seconds(&stamp("20170427:")).unwrap(), 1);
    let logs = written
        .iter()
        .map(|(silent, length, missing, missing_within, has_numbers)| {
            if *length == 0 {
                // The server begins no two logs within a second.
                second += 1;
                return LogLines::default();
            }
            let mark = |second, number, line| LineMark {
                stamp: stamp_of(second).unwrap(),
                number: has_numbers.then_some(number),
                line,
            };
            let first = mark(second + silent, number + missing, 1);
            let last = mark(second + silent + length - 1, number + missing + missing_within + 9, 10);
            (second, number) = (second + silent + length - 1, number + missing + missing_within + 10);
            let mut log = LogLines::default();
            log.see_lines(Lines { first, last });
            log
        });
    logs.collect()
}

/// How long a log lasts. Every other one has no line, so that there are several in a row.
fn length() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), 1..70_i64]
}

proptest! {
    // What fails becomes a test of its own instead of a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the logs are and wherever they are cut: what the parts cover and miss adds up to what the whole does.
    #[test]
    fn parts_with_the_logs_before_them_add_up(
        written in vec((0..90_i64, length(), 0..3_u32, 0..3_u32, prop::bool::weighted(0.9)), 1..30),
        cuts in vec(1..6_usize, 30),
        sound_only in any::<bool>(),
    ) {
        let sound = |(silent, length, missing, _, _): &Written| (*silent, *length, *missing, 0, true);
        let written = if sound_only { written.iter().map(sound).collect() } else { written };
        let logs = source(&written);
        let of = |before: std::ops::Range<usize>, part: std::ops::Range<usize>| {
            let mut coverage = Coverage::new(Interval::Min, None);
            before.for_each(|number| coverage.lead_in(&logs[number], at(0, number)));
            part.for_each(|number| coverage.absorb(&logs[number], at(0, number)));
            rows(coverage)
        };
        let whole = of(0..0, 0..logs.len());
        let (mut sum, mut begin) = (Rows::new(), 0);
        for length in cuts {
            let end = logs.len().min(begin + length);
            add_rows(&mut sum, of(begin.saturating_sub(4)..begin, begin..end));
            begin = end;
        }
        prop_assert_eq!(begin, logs.len());
        prop_assert_eq!(sum, whole);
    }

    /// Each window that is covered at all is told once, with as many seconds as a list of seconds has; between them are gaps.
    #[test]
    fn stretches_add_up_to_seconds(
        stretches in vec((0..1200_i64, 0..90_i64), 1..20),
        records in vec(0..20_i64, 0..10),
        interval in prop_oneof![Just(Interval::Sec), Just(Interval::TenSec), Just(Interval::Min)],
    ) {
        let midnight = seconds(&stamp("20170427:")).unwrap();
        let of = |second: i64| stamp_of(midnight + second).unwrap();
        let mut coverage = Coverage::new(interval, None);
        coverage.absorb(&log(&[("000000", 0, 1), ("000000", 0, 2)]), at(0, 0));
        let mut plain = BTreeSet::from([0]);
        for (first, length) in &stretches {
            coverage.cover(&of(*first), &of(first + length), true);
            plain.extend(*first..=first + length);
        }
        let length = i64::from(interval.seconds());
        let windows: BTreeSet<i64> = plain.iter().map(|second| second - second % length).collect();
        let with_records: BTreeSet<i64> = records.iter().map(|n| n * 60).filter(|start| windows.contains(start)).collect();
        let (mut found, mut gaps) = (Vec::new(), Vec::new());
        let mut note = |between: Vec<Between>, found: &mut Vec<(i64, u32)>| for between in between {
            match between {
                Between::Window(closed) => {
                    found.push((seconds(&closed.window.start()).unwrap() - midnight, closed.coverage.unwrap().seconds));
                }
                Between::Gap(gap) => gaps.push([gap.from, gap.to].map(|stamp| seconds(&stamp).unwrap() - midnight)),
            }
        };
        for start in with_records {
            let window = Window::of(&of(start), interval);
            note(coverage.before(&window), &mut found);
            found.push((start, coverage.of(&window).unwrap().seconds));
        }
        note(coverage.rest(), &mut found);
        let expected: Vec<(i64, u32)> = windows
            .iter()
            .map(|start| (*start, plain.range(start..&(start + length)).count().try_into().unwrap()))
            .collect();
        prop_assert_eq!(found, expected);
        let neighbours = plain.iter().zip(plain.iter().skip(1));
        let expected: Vec<[i64; 2]> = neighbours
            .filter(|(before, after)| **after - **after % length > **before - **before % length + length)
            .map(|(before, after)| [before + 1, *after])
            .collect();
        prop_assert_eq!(gaps, expected);
    }
}
