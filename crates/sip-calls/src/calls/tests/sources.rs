//! Sources whose logs end, or go on after a gap, while others go on.

use sip_filter::Interval;
use sip_scan::Origin;

use super::talk::{gather_all, in_minutes, parse, take_closed, told};
use crate::Calls;
use crate::gather::CallMessages;
use crate::testing::stamp;

enum Step {
    /// The gaps of a source are known up to then.
    Hear(usize, &'static str),
    /// A source has a gap that begins then.
    Gap(usize, &'static str),
    Settle(&'static str),
    Finish,
}

use Step::{Finish, Gap, Hear, Settle};

/// What is told after each step, where an INVITE came at the start of 08:44 in source 0, and another, which was answered, at the start of
/// 08:50 in source 1.
#[track_caller]
fn check(steps: &[(Step, &str)]) {
    follow(in_minutes(None), steps);
}

#[track_caller]
fn check_live(steps: &[(Step, &str)]) {
    follow(Calls::live(Interval::Min, None), steps);
}

#[track_caller]
fn follow(mut calls: Calls, steps: &[(Step, &str)]) {
    let gather = gather_all();
    for (source, text) in [(0, "0 INVITE"), (1, "360000 INVITE/2, 360001 200/2")] {
        let mut part = CallMessages::default();
        parse(text).iter().for_each(|said| said.gather(&gather, &mut part, 0));
        calls.absorb(part, Origin { source, log: source });
    }
    for (place, (step, want)) in steps.iter().enumerate() {
        let at = |time: &str| stamp(&format!("20170427:{time}"));
        match step {
            Hear(source, time) => calls.hear(*source, &at(time)),
            Gap(source, time) => calls.gap(*source, &at(time)),
            Settle(time) => calls.settle(&at(time)),
            Finish => calls.finish(None),
        }
        let told = told(&take_closed(&mut calls)).replace("20170427:08", "");
        let told = told.replace(" 10.2.2.2 In: attempts 1", "");
        assert_eq!(told.trim_end().replace('\n', ", "), *want, "step {place}");
    }
}

const ANSWERED: &str = "50 answered 1 delay 1";

#[test]
fn where_nobody_says_what_was_heard_time_passes() {
    check(&[
        (Settle("084431999"), ""),
        (Settle("084500"), "44 unanswered 1"),
        (Settle("085100"), ANSWERED),
    ]);
}

#[test]
fn the_only_source_is_waited_for_however_long_it_takes() {
    check(&[
        (Hear(0, "084401"), ""),
        (Settle("084900"), ""),
        (Hear(0, "084900"), ""),
        (Settle("084900"), "44 unanswered 1"),
    ]);
}

#[test]
fn a_gap_is_told_before_time_passes_over_it() {
    check(&[
        (Hear(0, "084401"), ""),
        (Settle("084900"), ""),
        (Gap(0, "084401"), ""),
        (Hear(0, "084900"), ""),
        (Settle("084900"), "44 unknown 1"),
    ]);
}

#[test]
fn one_of_several_sources_is_waited_for_for_three_minutes() {
    check(&[
        (Hear(0, "084401"), ""),
        (Hear(1, "085000"), ""),
        (Settle("084759999"), ""),
        // Nothing is known of the time at which it would have been unanswered.
        (Settle("084800"), "44 unknown 1"),
        (Settle("085359999"), ""),
        (Settle("085400"), ANSWERED),
    ]);
    check(&[
        (Hear(0, "084401"), ""),
        (Hear(1, "085000"), ""),
        (Settle("084731999"), ""),
        (Hear(0, "084432"), ""),
        (Settle("084800"), "44 unanswered 1"),
    ]);
}

#[test]
fn at_the_end_what_a_source_did_not_live_to_see_is_unknown() {
    let unknown = "44 unknown 1, 50 answered 1 delay 1";
    check(&[(Hear(0, "084401"), ""), (Hear(1, "085000"), ""), (Finish, unknown)]);
    check(&[(Hear(0, "084431999"), ""), (Finish, unknown)]);
    let unanswered = "44 unanswered 1, 50 answered 1 delay 1";
    check(&[(Hear(0, "084432"), ""), (Hear(0, "084401"), ""), (Finish, unanswered)]);
}

#[test]
fn live_a_source_that_is_silent_is_waited_for_for_three_minutes() {
    check_live(&[
        (Hear(0, "084401"), ""),
        (Settle("084731999"), ""),
        (Hear(0, "084600"), ""),
        (Settle("084731999"), "44 unanswered 1"),
    ]);
    check_live(&[
        (Hear(0, "084401"), ""),
        (Settle("084732"), ""),
        (Gap(0, "084401"), ""),
        (Hear(0, "084732"), ""),
        (Settle("084732"), "44 unknown 1"),
    ]);
    check_live(&[(Hear(0, "084401"), ""), (Settle("085000"), "44 unknown 1")]);
}

/// What is told of one call, of whose source lines are heard up to a time.
#[track_caller]
fn told_of(mut calls: Calls, text: &'static str, heard: &str) -> String {
    let (gather, mut part) = (gather_all(), CallMessages::default());
    parse(text).iter().for_each(|said| said.gather(&gather, &mut part, 0));
    calls.absorb(part, Origin { source: 0, log: 0 });
    calls.hear(0, &stamp(heard));
    calls.finish(None);
    told(&take_closed(&mut calls))
        .trim_end()
        .replace("20170427:0844 10.2.2.2 In: attempts 1 ", "")
}

#[test]
fn lines_of_any_kind_let_time_pass() {
    for (text, heard, want) in [
        ("0 INVITE", "20170427:084432", "open 1"),
        ("0 INVITE", "20170427:084432001", "unanswered 1"),
        ("0 INVITE, 10 CANCEL", "20170427:084432011", "cancelled 1"),
        ("0 INVITE, 10 100", "20170427:084800", "open 1"),
        ("0 INVITE, 10 407", "20170427:084800001", "4xx 1"),
    ] {
        for calls in [in_minutes(None), Calls::live(Interval::Min, None)] {
            assert_eq!(told_of(calls, text, heard), want, "{text} {heard}");
        }
    }
}
