mod live;
mod property;
mod range;
mod trust;

use sip_scan::{LineMark, Lines, Message, Position};

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
pub(super) fn log(lines: &[Line<'_>]) -> LogLines {
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

pub(super) fn at(source: usize, log: usize) -> Origin {
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
    let minutes = minutes.iter();
    let mut lines: Vec<String> = minutes.flat_map(|minute| told_of(&mut coverage, minute)).collect();
    lines.extend(coverage.rest().into_iter().map(between));
    lines.join("\n")
}

/// What is told of a minute, and of what lies before it.
fn told_of(coverage: &mut Coverage, minute: &str) -> Vec<String> {
    let window = Window::of(&stamp(&format!("20170427:{minute}")), Interval::Min);
    let mut lines: Vec<String> = coverage.before(&window).into_iter().map(between).collect();
    lines.push(one(&window, coverage.of(&window)));
    lines
}

fn between(between: Between) -> String {
    match between {
        Between::Window(closed) => format!("no record: {}", one(&closed.window, closed.coverage)),
        Between::Gap(Gap { from, to }) => format!("gap {from} to {to}"),
    }
}

fn one(window: &Window, covered: Option<Covered>) -> String {
    match covered {
        Some(Covered { seconds, missing }) => format!("{window} {seconds} s, missing {missing:?}"),
        None => format!("{window} unknown"),
    }
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
