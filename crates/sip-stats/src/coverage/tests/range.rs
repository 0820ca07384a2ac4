//! Where a range of time was asked for.

use super::*;

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
