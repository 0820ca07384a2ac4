//! While logs are followed: windows are told before the next line comes.

use super::*;

/// What is told of minutes, each when all that was logged before a time has been read, of logs that follow one another.
fn told_live(begun: Option<&str>, steps: &[(&[Line<'_>], &str, &str)]) -> String {
    let at = |time: &str| stamp(&format!("20170427:{time}"));
    let mut coverage = Coverage::new(Interval::Min, None);
    if let Some(begun) = begun {
        coverage.begin(at(begun));
    }
    let mut lines = Vec::new();
    for (number, (lines_of_log, read_to, minute)) in steps.iter().enumerate() {
        if !lines_of_log.is_empty() {
            coverage.absorb(&log(lines_of_log), super::at(0, number));
        }
        coverage.read_to(&at(read_to));
        lines.extend(told_of(&mut coverage, minute));
    }
    lines.push(format!("uncovered {} s", coverage.uncovered()));
    lines.join("\n")
}

#[test]
fn reading_begins_at_a_time_and_covers_what_follows() {
    let piece: &[Line<'_>] = &[("084414", 100, 1), ("084501", 109, 10)];
    insta::assert_snapshot!(told_live(Some("084412"), &[(piece, "084500", "0844")]), @"
    20170427:0844 48 s, missing Some(0)
    uncovered 0 s
    ");
    insta::assert_snapshot!(told_live(None, &[(piece, "084500", "0844")]), @"
    20170427:0844 46 s, missing Some(0)
    uncovered 0 s
    ");
    // Longer than it may be silent, before it is known whether the number goes on.
    insta::assert_snapshot!(told_live(Some("084314"), &[(piece, "084500", "0844")]), @"
    20170427:0844 46 s, missing Some(0)
    uncovered 0 s
    ");
    insta::assert_snapshot!(told_live(Some("084315"), &[(piece, "084500", "0844")]), @"
    no record: 20170427:0843 45 s, missing Some(0)
    20170427:0844 60 s, missing Some(0)
    uncovered 0 s
    ");
}

#[test]
fn a_silence_is_covered_for_a_minute_and_what_comes_then_says_whether_lines_are_missing() {
    let piece: &[Line<'_>] = &[("084400", 100, 1), ("084430", 109, 10)];
    let silence = [
        (piece, "084500", "0844"),
        (&[], "084600", "0845"),
        (&[], "084700", "0846"),
    ];
    let goes_on: &[Line<'_>] = &[("084710", 110, 11), ("084759", 119, 20)];
    insta::assert_snapshot!(told_live(None, &[&silence[..], &[(goes_on, "0848", "0847")]].concat()), @"
    20170427:0844 60 s, missing Some(0)
    20170427:0845 30 s, missing Some(0)
    20170427:0846 0 s, missing Some(0)
    20170427:0847 60 s, missing Some(0)
    uncovered 0 s
    ");
    let holed: &[Line<'_>] = &[("084710", 140, 11), ("084759", 149, 20)];
    insta::assert_snapshot!(told_live(None, &[&silence[..], &[(holed, "0848", "0847")]].concat()), @"
    20170427:0844 60 s, missing Some(0)
    20170427:0845 30 s, missing Some(0)
    20170427:0846 0 s, missing Some(0)
    20170427:0847 50 s, missing Some(30)
    uncovered 100 s
    ");
}

#[test]
fn what_was_not_read_yet_is_not_covered() {
    let piece: &[Line<'_>] = &[("084400", 100, 1), ("084430", 109, 10)];
    insta::assert_snapshot!(told_live(None, &[(piece, "084440", "0844")]), @"
    20170427:0844 40 s, missing Some(0)
    uncovered 0 s
    ");
    // A clock behind the last line takes nothing away.
    insta::assert_snapshot!(told_live(None, &[(piece, "084410", "0844")]), @"
    20170427:0844 31 s, missing Some(0)
    uncovered 0 s
    ");
}

/// A window of which nothing was told keeps what the next line says of it.
#[test]
fn a_silence_is_covered_only_in_the_window_that_is_told() {
    let mut coverage = Coverage::new(Interval::Min, None);
    coverage.absorb(&log(&[("084400", 0, 1), ("084430", 0, 10)]), at(0, 0));
    coverage.read_to(&stamp("20170427:084520"));
    let mut lines = told_of(&mut coverage, "0844");
    coverage.absorb(&log(&[("084540", 0, 1), ("084559", 0, 10)]), at(0, 1));
    coverage.read_to(&stamp("20170427:0846"));
    lines.extend(told_of(&mut coverage, "0845"));
    insta::assert_snapshot!(lines.join("\n"), @"
    20170427:0844 60 s, missing None
    20170427:0845 20 s, missing None
    ");
}

/// A range that began before reading did, and goes on behind what has been read: what was not read is not told.
#[test]
fn of_a_range_only_what_was_read_is_told() {
    let range = StampRange {
        first: stamp("20170427:0830"),
        last: stamp("20170427:085959999"),
    };
    let mut coverage = Coverage::new(Interval::Min, Some(range));
    coverage.begin(stamp("20170427:084212"));
    coverage.absorb(&log(&[("084414", 100, 1), ("084430", 109, 10)]), at(0, 0));
    coverage.read_to(&stamp("20170427:0845"));
    let mut lines = told_of(&mut coverage, "0844");
    coverage.read_to(&stamp("20170427:085010"));
    lines.extend(coverage.rest().into_iter().map(between));
    lines.push(format!("uncovered {} s", coverage.uncovered()));
    insta::assert_snapshot!(lines.join("\n"), @"
    gap 20170427:084212000 to 20170427:084414000
    20170427:0844 46 s, missing Some(0)
    gap 20170427:084500000 to 20170427:085010000
    uncovered 432 s
    ");
}
