//! Damage at the borders of files that are read side by side: it is told once, by one of their scanners.

use crate::items::{scan_side_by_side, without_order};
use crate::lines::{first, further, record};
use crate::reference;

/// The three files that `log` is when it is cut at two places.
#[track_caller]
fn check(log: &str, one: usize, two: usize) {
    let log = log.replace(
        "84412345:1001:p(1):MED:[MST  ++++  7a",
        "84412345:1001:p(1):MED:[MST  ++++  7 a",
    );
    let log = log.as_bytes();
    let files = [&log[..one], &log[one..two], &log[two..]];
    let want = reference::read_files(&files);
    let found = without_order(scan_side_by_side(&files, 16));
    assert_eq!(found, without_order(want.items), "cut at {one} and {two}");
}

#[test]
fn further_lines_after_a_first_line_that_is_cut_by_the_border() {
    let p = "p(1)";
    let record = record("x\r\n");
    let log = first(p, 100, &record[..4]) + &further(p, b"x").replace(']', "0") + &first(p, record.len(), &record);
    let log = log + &further(p, b"x");
    for two in 0..=log.len() {
        for one in (0..=two).filter(|one| one % 9 < 2) {
            check(&log, one, two);
        }
    }
}

#[test]
fn a_further_line_that_ends_at_the_border() {
    let p = "p(1)";
    let log = first(p, 100, b"") + &first("q(2)", 5, b"\x8a1234") + &further(p, b"x");
    // The third file begins with what looks like a line of its own.
    let two = log.len() - 4;
    let log = log.split_at(two).0.to_owned() + &first("q(2)", 5, b"\x8a1234");
    for one in 0..two {
        check(&log, one, two);
    }
}
