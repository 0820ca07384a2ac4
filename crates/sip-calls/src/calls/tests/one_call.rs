//! What becomes of one call.

use sip_filter::StampRange;

use super::talk::{in_minutes, told_of_one};
use crate::testing::stamp;

/// Each call, and what is told of it.
#[track_caller]
fn check(table: &[(&'static str, &str)]) {
    for (text, want) in table {
        assert_eq!(told_of_one(&mut in_minutes(None), text), *want, "{text}");
    }
}

#[test]
fn answered_or_not() {
    check(&[
        (
            "0 INVITE, 20 100, 500 180, 3000 200",
            "44: attempts 1 answered 1 delay 500",
        ),
        ("0 INVITE, 1234 200", "44: attempts 1 answered 1 delay 1234"),
        ("0 INVITE, 10 302", "44: attempts 1 3xx 1 delay 10"),
        ("0 INVITE, 10 486", "44: attempts 1 4xx 1 declined 1 delay 10"),
        ("0 INVITE, 10 503", "44: attempts 1 5xx 1 ineffective 1 delay 10"),
        ("0 INVITE, 10 603", "44: attempts 1 6xx 1 declined 1 delay 10"),
        ("0 INVITE, 10 99, 20 700, 30 404", "44: attempts 1 4xx 1 delay 30"),
        ("0 200", ""),
        ("0 CANCEL, 5 487", ""),
    ]);
}

#[test]
fn undecided() {
    check(&[
        // At the end of the logs.
        ("0 INVITE, 32000 INVITE/2", "44: attempts 2 open 2"),
        ("0 INVITE, 32001 INVITE/2", "44: attempts 2 unanswered 1 open 1"),
        (
            "0 INVITE, 32000 100, 99999 INVITE/2",
            "44: attempts 1 open 1; 45: attempts 1 open 1",
        ),
        // In time, and too late.
        ("0 INVITE, 32000 200", "44: attempts 1 answered 1 delay 32000"),
        ("0 INVITE, 32001 200", "44: attempts 1 unanswered 1"),
        (
            "59999 INVITE, 59999 100, 240000 404",
            "44: attempts 1 4xx 1 delay 180001",
        ),
        ("0 INVITE, 5 100, 240001 404", "44: attempts 1 open 1"),
    ]);
}

#[test]
fn cancelled() {
    check(&[
        (
            "0 INVITE, 5 100, 10 CANCEL, 20 487",
            "44: attempts 1 cancelled 1 delay 20",
        ),
        ("0 INVITE, 5 100, 20 487", "44: attempts 1 cancelled 1 delay 20"),
        (
            "0 INVITE, 5 100, 10 CANCEL, 20 200",
            "44: attempts 1 answered 1 delay 20",
        ),
        ("0 INVITE, 5 100, 10 CANCEL, 20 404", "44: attempts 1 4xx 1 delay 20"),
        (
            "0 INVITE, 5 100, 20 200, 21 CANCEL",
            "44: attempts 1 answered 1 delay 20",
        ),
        (
            "0 INVITE, 5 180, 10 CANCEL, 11 180, 32011 200",
            "44: attempts 1 cancelled 1 delay 5",
        ),
        (
            "0 INVITE, 5 100, 10 CANCEL, 5000 CANCEL, 32010 200",
            "44: attempts 1 answered 1 delay 32010",
        ),
        (
            "0 INVITE, 5 100, 10 CANCEL, 5000 CANCEL, 32011 200",
            "44: attempts 1 cancelled 1",
        ),
        (
            "0 INVITE, 10 CANCEL, 32011 INVITE/2",
            "44: attempts 2 cancelled 1 open 1",
        ),
        // Its window is closed before the outcome is known.
        ("0 INVITE, 1 100, 230000 CANCEL, 240001 487", "44: attempts 1 open 1"),
    ]);
}

#[test]
fn challenged() {
    check(&[
        (
            "0 INVITE, 10 401, 20 INVITE/2, 70 180/2, 90 200/2",
            "44: attempts 1 answered 1 delay 50",
        ),
        (
            "0 INVITE, 10 407, 20 INVITE/2, 30 401/2, 40 INVITE/3, 45 403/3",
            "44: attempts 1 4xx 1 delay 5",
        ),
        // In another minute it still counts where it began.
        (
            "0 INVITE, 10 401, 60000 INVITE/2, 60001 200/2",
            "44: attempts 1 answered 1 delay 1",
        ),
        (
            "0 INVITE, 10 401, 240000 INVITE/2, 240001 200/2",
            "44: attempts 1 open 1",
        ),
        (
            "0 INVITE, 10 401, 240001 INVITE/2, 240002 200/2",
            "44: attempts 1 4xx 1; 48: attempts 1 answered 1 delay 1",
        ),
        ("0 INVITE, 10 401", "44: attempts 1 open 1"),
        ("0 INVITE, 10 401, 20 INVITE/2", "44: attempts 1 open 1"),
        (
            "0 INVITE, 10 401, 20 INVITE/2, 32021 200/2",
            "44: attempts 1 unanswered 1",
        ),
        // The delay is measured once.
        (
            "0 INVITE, 9 183, 10 401, 20 INVITE/2, 90 200/2",
            "44: attempts 1 answered 1 delay 9",
        ),
        // What is sent again of the first is no new attempt.
        (
            "0 INVITE, 10 401, 20 INVITE/2, 21 INVITE, 22 401, 30 200/2",
            "44: attempts 1 answered 1 again 2 delay 10",
        ),
        (
            "0 INVITE, 10 401, 9999 INVITE/2, 10000 200/2, 41999 INVITE",
            "44: attempts 1 answered 1 again 1 delay 1",
        ),
        (
            "0 INVITE, 10 401, 9999 INVITE/2, 10000 200/2, 42000 INVITE",
            "44: attempts 2 answered 1 open 1 delay 1",
        ),
        // Each challenge is for one repetition.
        (
            "0 INVITE, 10 401, 20 INVITE/2, 30 INVITE/3, 40 200/2, 50 404/3",
            "44: attempts 2 answered 1 4xx 1 delays 2: 20 20 20",
        ),
        // Of two that were challenged the last is repeated.
        (
            "0 INVITE, 1 INVITE/2, 10 401, 11 401/2, 20 INVITE/3, 30 200/3",
            "44: attempts 2 answered 1 4xx 1 delay 10",
        ),
    ]);
}

#[test]
fn forked_or_sent_again() {
    check(&[
        (
            "0 INVITE, 500 INVITE, 600 180, 700 200, 1700 200, 1800 INVITE",
            "44: attempts 1 answered 1 again 3 delay 600",
        ),
        (
            "0 INVITE, 10 180 a, 20 180 b, 30 200 a, 40 200 b, 41 200 b",
            "44: attempts 1 answered 1 delay 10",
        ),
        (
            "0 INVITE, 30 404 a, 40 200 a, 50 404 a",
            "44: attempts 1 4xx 1 again 1 delay 30",
        ),
        // In the window in which it was sent again, as long as the transaction is known.
        (
            "59999 INVITE, 60500 INVITE, 60600 200",
            "44: attempts 1 answered 1 delay 601; 45: again 1",
        ),
        (
            "0 INVITE, 10 200, 32010 200, 32010 INVITE",
            "44: attempts 1 answered 1 again 2 delay 10",
        ),
        (
            "0 INVITE, 10 200, 32011 200, 32011 INVITE",
            "44: attempts 2 answered 1 open 1 delay 10",
        ),
    ]);
}

#[test]
fn across_a_gap() {
    let table = [
        (
            "0 INVITE, 10 180, 99000 INVITE/2",
            "01",
            "44: attempts 1 unknown 1 delay 10; 45: attempts 1 open 1",
        ),
        (
            "0 INVITE, 99000 INVITE/2",
            "00",
            "44: attempts 1 unknown 1; 45: attempts 1 open 1",
        ),
        // A response would have come before the gap begins.
        (
            "0 INVITE, 99000 INVITE/2",
            "33",
            "44: attempts 1 unanswered 1; 45: attempts 1 open 1",
        ),
        // It is decided after the gap; the first response may stand in the gap.
        ("0 INVITE, 5000 180, 6000 200", "01", "44: attempts 1 answered 1"),
        // The line with which the gap begins stands before it.
        (
            "0 INVITE, 1000 180, 6000 200",
            "01",
            "44: attempts 1 answered 1 delay 1000",
        ),
        ("0 INVITE, 1000 200", "01", "44: attempts 1 answered 1 delay 1000"),
        // What is seen of it after the gap was not decided within.
        (
            "0 INVITE, 10 100, 5000 100, 300000 INVITE/2",
            "01",
            "44: attempts 1 open 1; 49: attempts 1 open 1",
        ),
        (
            "0 INVITE, 5000 INVITE, 32001 INVITE/2",
            "01",
            "44: attempts 2 unanswered 1 open 1 again 1",
        ),
        (
            "0 INVITE, 10 401, 300000 INVITE/2",
            "01",
            "44: attempts 1 unknown 1; 49: attempts 1 open 1",
        ),
        (
            "0 INVITE, 10 CANCEL, 300000 INVITE/2",
            "01",
            "44: attempts 1 unknown 1; 49: attempts 1 open 1",
        ),
        (
            "0 INVITE, 10 401, 240010 401",
            "01",
            "44: attempts 1 unknown 1; 48: again 1",
        ),
        // At the end of the logs.
        ("0 INVITE, 10 100, 5000 404/2", "01", "44: attempts 1 unknown 1"),
    ];
    for (text, second, want) in table {
        let gap = stamp(&format!("20170427:0844{second}"));
        let mut calls = in_minutes(None);
        calls.gap(0, &gap);
        assert_eq!(told_of_one(&mut calls, text), want, "{text}");
        let (mut with_other, mut without) = (in_minutes(None), in_minutes(None));
        with_other.gap(1, &gap);
        let of_other = told_of_one(&mut with_other, text);
        assert_eq!(
            of_other,
            told_of_one(&mut without, text),
            "{text}: a gap of another source"
        );
    }
}

#[test]
fn at_the_ends_of_the_range() {
    let range = StampRange {
        first: stamp("20170427:084410"),
        last: stamp("20170427:084420"),
    };
    for (text, want) in [
        ("9999 INVITE, 10001 200", ""),
        ("10000 INVITE, 10001 200", "44: attempts 1 answered 1 delay 1"),
        ("20000 INVITE, 30000 200", "44: attempts 1 answered 1 delay 10000"),
        ("20001 INVITE, 30000 200", ""),
        // What is sent again counts when it is sent; the attempt began before.
        (
            "9999 INVITE, 10000 INVITE, 10001 200, 20000 200, 20001 200",
            "44: again 2",
        ),
        ("9999 INVITE, 10000 401, 10001 INVITE/2, 10002 200/2", ""),
    ] {
        assert_eq!(told_of_one(&mut in_minutes(Some(range)), text), want, "{text}");
    }
}
