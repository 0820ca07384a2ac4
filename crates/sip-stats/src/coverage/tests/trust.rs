//! How far the running number of one log is believed.

use super::*;

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
