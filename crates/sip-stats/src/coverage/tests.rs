mod live;
mod property;

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

/// What is told of a range of time, without numbers that tell anything.
fn told_of_range(first: &str, last: &str, logs: &[&[Line<'_>]], minutes: &[&str]) -> String {
    let range = StampRange {
        first: stamp(&format!("20170427:{first}")),
        last: stamp(last),
    };
    let mut coverage = Coverage::new(Interval::Min, Some(range));
    for (number, lines) in logs.iter().enumerate() {
        coverage.absorb(&log(lines), at(0, number));
    }
    let mut lines: Vec<String> = minutes
        .iter()
        .flat_map(|minute| told_of(&mut coverage, minute))
        .collect();
    lines.extend(coverage.rest().into_iter().map(between));
    lines.push(format!("uncovered {} s", coverage.uncovered()));
    lines.join("\n")
}

#[test]
fn a_range_is_told_from_end_to_end() {
    let logs: [&[Line<'_>]; 2] = [
        &[("084215", 0, 1), ("084230", 0, 10)],
        &[("084510", 0, 1), ("084519", 0, 10)],
    ];
    let of = |first, last, minutes: &[&str]| told_of_range(first, last, &logs, minutes);
    // At both ends, and between.
    insta::assert_snapshot!(of("084005", "20170427:084759999", &["0842", "0845"]), @"
    gap 20170427:084005000 to 20170427:084215000
    20170427:0842 16 s, missing None
    gap 20170427:084231000 to 20170427:084510000
    20170427:0845 10 s, missing None
    gap 20170427:084520000 to 20170427:084800000
    uncovered 449 s
    ");
    // Within the first and the last window there is no gap, but they are not whole.
    insta::assert_snapshot!(of("084200", "20170427:084559999", &["0842", "0845"]), @"
    20170427:0842 16 s, missing None
    gap 20170427:084231000 to 20170427:084510000
    20170427:0845 10 s, missing None
    uncovered 214 s
    ");
    // One window more, by a second.
    insta::assert_snapshot!(of("084159", "20170427:084600999", &["0842", "0845"]), @"
    gap 20170427:084159000 to 20170427:084215000
    20170427:0842 16 s, missing None
    gap 20170427:084231000 to 20170427:084510000
    20170427:0845 10 s, missing None
    gap 20170427:084520000 to 20170427:084601000
    uncovered 216 s
    ");
    // Windows without a record, and a range that has no end.
    insta::assert_snapshot!(of("0840", "99991231:235959999", &[]), @"
    gap 20170427:084000000 to 20170427:084215000
    no record: 20170427:0842 16 s, missing None
    gap 20170427:084231000 to 20170427:084510000
    no record: 20170427:0845 10 s, missing None
    uncovered 294 s
    ");
    // All of it lies between two logs; nothing is known where there is no line at all.
    insta::assert_snapshot!(of("0843", "20170427:084459999", &[]), @"
    gap 20170427:084300000 to 20170427:084500000
    uncovered 120 s
    ");
    assert_eq!(told_of_range("0843", "20170427:084459999", &[], &[]), "uncovered 0 s");
}

/// Ten records within a log tell whether its number counts lines, whatever other logs there are.
#[test]
fn lines_that_are_missing_in_one_log_alone_are_found() {
    let holed = |records: u32| -> LogLines {
        let mut lines = vec![("084000", 1, 1)];
        lines.extend((1..records).map(|n| ("084001", n * 10, u64::from(n) * 10)));
        lines.push(("084459", records * 10 + 500, u64::from(records) * 10));
        log(&lines)
    };
    let told_of = |log: &LogLines| {
        let mut coverage = of_logs(&[]);
        coverage.absorb(log, at(0, 0));
        told(coverage, &["0840", "0844"])
    };
    insta::assert_snapshot!(told_of(&holed(10)), @"
    20170427:0840 2 s, missing Some(0)
    gap 20170427:084002000 to 20170427:084459000
    20170427:0844 1 s, missing Some(500)
    ");
    // Fewer do not. But of minutes in which lines may be missing nobody knows that they are covered.
    insta::assert_snapshot!(told_of(&holed(9)), @"
    20170427:0840 2 s, missing None
    gap 20170427:084002000 to 20170427:084459000
    20170427:0844 1 s, missing None
    ");
}

#[test]
fn within_a_log_that_is_not_trusted_a_jump_of_the_number_is_a_gap_only_with_a_silence() {
    for (end, expected) in [
        ("084459", "20170427:0844 60 s, missing None"),
        (
            "084500",
            "20170427:0844 1 s, missing None\ngap 20170427:084401000 to 20170427:084500000\nno record: 20170427:0845 1 s, missing None",
        ),
    ] {
        let coverage = of_logs(&[&[("084400", 1, 1), (end, 500, 5)]]);
        assert_eq!(
            told(coverage, &["0844"]),
            expected.replace("gap 20170427:084401000 to 20170427:084500000\n", ""),
            "{end}"
        );
    }
}

/// The number rises by two from line to line: it counts something else.
#[test]
fn a_number_that_does_not_count_lines_tells_no_silence() {
    let of = |rise: u32| {
        let lines: Vec<Line<'_>> = (0..12)
            .map(|n| (if n < 6 { "084400" } else { "084659" }, 1 + n * rise, 1 + u64::from(n)))
            .collect();
        let mut coverage = of_logs(&[]);
        coverage.absorb(&log(&lines), at(0, 0));
        told(coverage, &["0844"])
    };
    let whole = "20170427:0844 60 s, missing None\nno record: 20170427:0845 60 s, missing None\nno record: 20170427:0846 60 s, missing None";
    assert_eq!(of(2), whole);
    assert_eq!(of(1), whole.replace("None", "Some(0)"));
}

/// A pipe is one log: its pieces are joined as its lines are.
#[test]
fn a_silence_between_two_pieces_of_one_log() {
    let first: &[Line<'_>] = &[("084400", 1, 1), ("084410", 2, 2)];
    let told_of = |number, time| {
        let mut coverage = of_logs(&[first]);
        coverage.absorb(&log(&[(time, number, 3), (time, number + 1, 4)]), at(0, 0));
        told(coverage, &["0844"]).replace("20170427:", "")
    };
    assert_eq!(
        told_of(3, "084510"),
        "0844 60 s, missing Some(0)\nno record: 0845 11 s, missing Some(0)"
    );
    assert_eq!(
        told_of(9, "084509"),
        "0844 60 s, missing None\nno record: 0845 10 s, missing None"
    );
    assert_eq!(
        told_of(9, "084510"),
        "0844 11 s, missing Some(0)\nno record: 0845 1 s, missing None"
    );
    // Numbers that begin anew, and none, do not tell.
    assert_eq!(
        told_of(1, "084510"),
        "0844 60 s, missing None\nno record: 0845 11 s, missing None"
    );
}
