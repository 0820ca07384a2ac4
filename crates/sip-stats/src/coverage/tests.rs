use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use sip_scan::{LineMark, Message, Position};

use super::*;
use crate::testing::{bye, stamp};

/// A line: its time of day, its running number, or 0 for none, and the number of the line in its file.
type Line<'a> = (&'a str, u32, u64);

fn mark((time, number, line): Line<'_>) -> LineMark {
    LineMark {
        stamp: stamp(&format!("20170427:{time}")),
        number: Some(number).filter(|number| *number > 0),
        line,
    }
}

/// A log of which a scan finds the first and the last line, and records that begin at those between.
fn log(lines: &[Line<'_>]) -> LogLines {
    let mut log = LogLines::default();
    let [first, records @ .., last] = lines else {
        panic!("a log has two lines");
    };
    for record in records {
        let LineMark { stamp, number, line } = mark(*record);
        let position = Position {
            line,
            ..Position::default()
        };
        log.see_record(&Message {
            stamp,
            number,
            position,
            ..bye("20170427:0844")
        });
    }
    log.see_lines(Lines {
        first: mark(*first),
        last: mark(*last),
    });
    log
}

fn at(source: usize, log: usize) -> Origin {
    Origin { source, log }
}

/// The coverage of the logs of one source, in minutes.
fn of_logs(logs: &[&[Line<'_>]]) -> Coverage {
    let mut coverage = Coverage::new(Interval::Min, None);
    for (number, lines) in logs.iter().enumerate() {
        coverage.absorb(&log(lines), at(0, number));
    }
    coverage
}

/// What is told where there are records in these minutes.
fn told(mut coverage: Coverage, minutes: &[&str]) -> String {
    let mut lines = Vec::new();
    let one = |window: &Window, covered: Option<Covered>| match covered {
        Some(Covered { seconds, missing }) => format!("{window} {seconds} s, missing {missing:?}"),
        None => format!("{window} unknown"),
    };
    let between = |between: Between| match between {
        Between::Window(closed) => format!("no record: {}", one(&closed.window, closed.coverage)),
        Between::Gap(Gap { from, to }) => format!("gap {from} to {to}"),
    };
    for minute in minutes {
        let window = Window::of(&stamp(&format!("20170427:{minute}")), Interval::Min);
        lines.extend(coverage.before(&window).into_iter().map(between));
        lines.push(one(&window, coverage.of(&window)));
    }
    lines.extend(coverage.rest().into_iter().map(between));
    lines.join("\n")
}

#[test]
fn where_numbers_go_on_nothing_is_missing_however_long_it_was_silent() {
    let coverage = of_logs(&[
        &[("084400", 100, 1), ("084410", 109, 10)],
        &[("084412500", 110, 1), ("084510", 119, 10)],
        &[("084815", 120, 1), ("084859", 129, 10)],
    ]);
    insta::assert_snapshot!(told(coverage, &["0844"]), @"
    20170427:0844 60 s, missing Some(0)
    no record: 20170427:0845 60 s, missing Some(0)
    no record: 20170427:0846 60 s, missing Some(0)
    no record: 20170427:0847 60 s, missing Some(0)
    no record: 20170427:0848 60 s, missing Some(0)
    ");
}

#[test]
fn a_log_that_is_missing_is_a_gap_and_its_lines_count_where_it_goes_on() {
    let coverage = of_logs(&[
        &[("084400", 100, 1), ("084410", 109, 10)],
        &[("084412", 130, 1), ("084430", 139, 10)],
        &[("084815", 200, 1), ("084820", 209, 10)],
    ]);
    insta::assert_snapshot!(told(coverage, &["0844", "0848"]), @"
    20170427:0844 30 s, missing Some(20)
    gap 20170427:084431000 to 20170427:084815000
    20170427:0848 6 s, missing Some(60)
    ");
}

#[test]
fn where_numbers_do_not_tell_a_minute_without_a_line_is_a_gap() {
    let coverage = of_logs(&[
        &[("084400", 0, 1), ("084410", 0, 10)],
        &[("084509", 0, 1), ("084600", 0, 10)],
        &[("084700", 0, 1), ("084710", 0, 10)],
        &[("084911", 0, 1), ("084912", 0, 10)],
    ]);
    insta::assert_snapshot!(told(coverage, &["0844", "0846", "0847", "0849"]), @"
    20170427:0844 60 s, missing None
    no record: 20170427:0845 60 s, missing None
    20170427:0846 1 s, missing None
    20170427:0847 11 s, missing None
    gap 20170427:084711000 to 20170427:084911000
    20170427:0849 2 s, missing None
    ");
}

/// The number counts something else, or is not that of each line.
#[test]
fn numbers_that_do_not_rise_by_one_are_not_trusted() {
    let twice: &[Line<'_>] = &[("084400", 100, 1), ("084405", 110, 6), ("084410", 120, 11)];
    let coverage = of_logs(&[twice, &[("084420", 200, 1), ("084430", 220, 11)]]);
    insta::assert_snapshot!(told(coverage, &["0844"]), @"20170427:0844 31 s, missing None");
}

#[test]
fn numbers_that_fall_are_a_restart() {
    let coverage = of_logs(&[
        &[("084400", 100, 1), ("084410", 109, 10)],
        &[("084420", 1, 1), ("084430", 10, 10)],
        &[("084531", 1, 1), ("084532", 10, 10)],
    ]);
    insta::assert_snapshot!(told(coverage, &["0844", "0845"]), @"
    20170427:0844 31 s, missing Some(0)
    20170427:0845 2 s, missing Some(0)
    ");
}

#[test]
fn lines_that_are_missing_in_a_log_are_found_at_its_records() {
    let sound: &[Line<'_>] = &[("084000", 1, 1), ("084001", 10, 10)];
    let holed: &[Line<'_>] = &[
        ("084100", 11, 1),
        ("084105", 20, 10),
        // Records that lie within one another come in the order of their ends.
        ("084104", 16, 6),
        ("084130", 51, 31),
        ("084131", 52, 32),
        ("084150", 82, 62),
        ("084159", 192, 72),
    ];
    let mut coverage = of_logs(&[]);
    for number in 0..9 {
        coverage.absorb(&log(sound), at(0, number));
    }
    coverage.absorb(&log(holed), at(0, 9));
    insta::assert_snapshot!(told(coverage, &["0841"]), @"
    no record: 20170427:0840 60 s, missing Some(0)
    20170427:0841 28 s, missing Some(110)
    ");
    let mut few = of_logs(&[]);
    for number in 0..3 {
        few.absorb(&log(sound), at(0, number));
    }
    few.absorb(&log(holed), at(0, 3));
    insta::assert_snapshot!(told(few, &["0841"]), @"
    no record: 20170427:0840 60 s, missing None
    20170427:0841 60 s, missing None
    ");
}

#[test]
fn a_line_that_is_missing_before_the_first_record_is_found_too() {
    let sound: &[Line<'_>] = &[("084000", 1, 1), ("084001", 10, 10)];
    let mut coverage = of_logs(&[sound; 9]);
    let holed = log(&[("084002", 11, 1), ("084030", 41, 11), ("084059", 61, 31)]);
    coverage.absorb(&holed, at(0, 9));
    insta::assert_snapshot!(told(coverage, &["0840"]), @"20170427:0840 33 s, missing Some(20)");
}

#[test]
fn pieces_of_one_log_go_on_with_one_another() {
    let mut coverage = of_logs(&[&[("084400", 100, 1), ("084410", 109, 10)]]);
    coverage.absorb(&log(&[("084530", 110, 11), ("084531", 119, 20)]), at(0, 0));
    // Silent for more than a minute, and without numbers: one log is not silent between two pieces.
    coverage.absorb(&log(&[("084758", 0, 21), ("084759", 0, 30)]), at(0, 0));
    insta::assert_snapshot!(told(coverage, &["0844", "0845"]), @"
    20170427:0844 60 s, missing Some(0)
    20170427:0845 60 s, missing None
    no record: 20170427:0846 60 s, missing None
    no record: 20170427:0847 60 s, missing None
    ");
}

#[test]
fn only_the_range_of_time_is_told() {
    let range = StampRange {
        first: stamp("20170427:084430"),
        last: stamp("20170427:084529999"),
    };
    let mut coverage = Coverage::new(Interval::Min, Some(range));
    coverage.absorb(&log(&[("084100", 100, 1), ("084500", 109, 10)]), at(0, 0));
    coverage.absorb(&log(&[("084502", 120, 1), ("084700", 129, 10)]), at(0, 1));
    coverage.absorb(&log(&[("084702", 140, 1), ("084703", 149, 10)]), at(0, 2));
    insta::assert_snapshot!(told(coverage, &["0844", "0845"]), @"
    20170427:0844 30 s, missing Some(0)
    20170427:0845 29 s, missing Some(10)
    ");
}

#[test]
fn what_one_source_lacks_another_may_cover() {
    let mut coverage = of_logs(&[&[("084400", 100, 1), ("084419", 109, 10)]]);
    coverage.absorb(&log(&[("084410", 0, 1), ("084429", 0, 10)]), at(1, 1));
    coverage.absorb(&log(&[("084440", 130, 1), ("084459", 139, 10)]), at(0, 2));
    insta::assert_snapshot!(told(coverage, &["0844"]), @"20170427:0844 50 s, missing None");
}

#[test]
fn a_clock_that_was_set_back_covers_what_stands_on_both_sides() {
    let coverage = of_logs(&[
        &[
            ("084400", 100, 1),
            ("084458", 104, 5),
            ("084300", 105, 6),
            ("084310", 109, 10),
        ],
        &[("084200", 110, 1), ("084201", 119, 10)],
    ]);
    insta::assert_snapshot!(told(coverage, &["0842", "0843", "0844"]), @"
    20170427:0842 2 s, missing Some(0)
    20170427:0843 11 s, missing Some(0)
    20170427:0844 59 s, missing Some(0)
    ");
}

#[test]
fn a_stamp_that_is_wrong_covers_no_years() {
    let mut wrong = log(&[("084400", 100, 1), ("084410", 104, 5)]);
    wrong.see_lines(Lines {
        first: mark(("084411", 105, 6)),
        last: LineMark {
            stamp: stamp("99981231:235959"),
            ..mark(("084411", 106, 7))
        },
    });
    let mut coverage = of_logs(&[]);
    coverage.absorb(&wrong, at(0, 0));
    insta::assert_snapshot!(told(coverage, &["0844"]), @"
    20170427:0844 11 s, missing Some(0)
    gap 20170427:084411000 to 99981231:235959000
    no record: 99981231:2359 1 s, missing Some(0)
    ");
}

#[test]
fn nothing_is_known_without_lines() {
    let mut coverage = of_logs(&[]);
    coverage.absorb(&LogLines::default(), at(0, 0));
    insta::assert_snapshot!(told(coverage, &["0844"]), @"20170427:0844 unknown");
}

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

proptest! {
    // What fails becomes a test of its own instead of a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the logs are and wherever they are cut: what the parts cover and miss adds up to what the whole does.
    #[test]
    fn parts_with_the_logs_before_them_add_up(
        written in vec((0..90_i64, 0..70_i64, 0..3_u32, 0..3_u32, prop::bool::weighted(0.9)), 1..30),
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
