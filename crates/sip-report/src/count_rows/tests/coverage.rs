//! What the logs cover, in rows and below tables.

use sip_filter::StampRange;
use sip_scan::{LineMark, Lines};
use sip_stats::Coverage;

use super::*;
use crate::Screen;

fn mark(time: &str, number: u32, line: u64) -> LineMark {
    LineMark {
        stamp: stamp(time),
        number: Some(number),
        line,
    }
}

/// A log, or a piece of one, with its first and last line, and a BYE at each of these times.
fn log([first, last]: [LineMark; 2], messages: &[&str]) -> Counts {
    let messages = messages.iter().map(|time| Item::Message(bye(time)));
    let items: Vec<Item<'_>> = messages.chain([Item::Lines(Lines { first, last })]).collect();
    gather(&everything(Interval::Min), &items)
}

/// Two logs, between which some are missing: the first with two windows, of which one has no message.
#[test]
fn what_the_logs_cover_and_where_nothing_was_logged() {
    let first = [mark("20170427:084408", 1, 1), mark("20170427:084559", 9, 9)];
    let second = [mark("20170427:0850", 40, 1), mark("20170427:085059", 48, 9)];
    let parts = [
        log(first, &["20170427:084412"]),
        log(second, &["20170427:085012", "20170427:0850"]),
    ];
    let total = TableOptions {
        total: true,
        ..TableOptions::default()
    };
    for (form, is_told) in [
        (Form::JsonLines(Names::default()), true),
        (Form::Csv(Names::default()), true),
        (Form::Table(total), true),
        (Form::default(), false),
    ] {
        let mut out = Vec::new();
        let report = Report::new(&mut out, form, Timeline::batch(Interval::Min));
        let mut report = report.with_coverage(Coverage::new(Interval::Min, None));
        for (log, part) in parts.iter().enumerate() {
            report.absorb(part.clone(), Origin { source: 0, log }).unwrap();
        }
        report.finish(None).unwrap();
        drop(report);
        let text = String::from_utf8(out).unwrap();
        match is_told {
            true => insta::assert_snapshot!(text),
            false => assert!(
                !text.contains("covered") && !text.contains("nothing was logged"),
                "{text}"
            ),
        }
    }
}

/// The first lines come two seconds after reading began; then it is silent, then lines are missing.
#[test]
fn live_windows_say_what_was_read_when_they_are_over() {
    let screen = TableOptions {
        screen: Some(|| Screen { width: 80, height: 24 }),
        ..TableOptions::default()
    };
    for form in [Form::JsonLines(Names::default()), Form::Table(screen), Form::default()] {
        let mut out = Vec::new();
        let report = Report::new(&mut out, form, Timeline::live(Interval::Min, None));
        let mut report = report.with_coverage(Coverage::new(Interval::Min, None));
        let origin = |log| Origin { source: 0, log };
        report.begin(stamp("20170427:084412")).unwrap();
        let piece = log(
            [mark("20170427:084414", 101, 1), mark("20170427:084420", 110, 10)],
            &["20170427:084415"],
        );
        report.absorb(piece, origin(0)).unwrap();
        let piece = log(
            [mark("20170427:084421", 111, 11), mark("20170427:084530", 120, 20)],
            &[],
        );
        report.absorb(piece, origin(0)).unwrap();
        ["20170427:0845", "20170427:0846", "20170427:0847", "20170427:0848"]
            .iter()
            .for_each(|time| report.settle(stamp(time)).unwrap());
        let piece = log(
            [mark("20170427:084810", 151, 1), mark("20170427:084820", 160, 10)],
            &["20170427:084812"],
        );
        report.absorb(piece, origin(1)).unwrap();
        report.finish(Some(stamp("20170427:084825"))).unwrap();
        drop(report);
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }
}

/// Nothing was logged at the ends of the range, in which the program was asked to look.
#[test]
fn gaps_at_the_ends_of_a_range() {
    let ends = [mark("20170427:084408", 1, 1), mark("20170427:084559", 9, 9)];
    let part = log(ends, &["20170427:084412"]);
    let range = StampRange {
        first: stamp("20170427:0842"),
        last: stamp("20170427:084659999"),
    };
    let total = TableOptions {
        total: true,
        ..TableOptions::default()
    };
    for form in [Form::JsonLines(Names::default()), Form::Table(total)] {
        let mut out = Vec::new();
        let report = Report::new(&mut out, form, Timeline::batch(Interval::Min));
        let mut report = report.with_coverage(Coverage::new(Interval::Min, Some(range)));
        report.absorb(part.clone(), Origin { source: 0, log: 0 }).unwrap();
        report.finish(None).unwrap();
        assert_eq!(report.summary().uncovered, 128 + 60);
        drop(report);
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }
}

/// Live, of a second of which only a part was counted: its table says so, and no line below it that all of it is covered.
#[test]
fn a_second_in_which_counting_began_is_partial_and_covered() {
    let screen = TableOptions {
        screen: Some(|| Screen { width: 80, height: 24 }),
        ..TableOptions::default()
    };
    let gather = CountMessages {
        interval: Interval::Sec,
        ..everything(Interval::Sec)
    };
    let mut part = Counts::default();
    gather.take(&mut part, &Item::Message(bye("20170427:084412700")));
    let [first, last] = [("084412600", 1, 1), ("084412900", 9, 9)]
        .map(|(time, number, line)| mark(&format!("20170427:{time}"), number, line));
    gather.take(&mut part, &Item::Lines(Lines { first, last }));
    let mut out = Vec::new();
    let report = Report::new(&mut out, Form::Table(screen), Timeline::live(Interval::Sec, None));
    let mut report = report.with_coverage(Coverage::new(Interval::Sec, None));
    report.begin(stamp("20170427:084412500")).unwrap();
    report.absorb(part, Origin { source: 0, log: 0 }).unwrap();
    report.settle(stamp("20170427:084413")).unwrap();
    drop(report);
    let text = String::from_utf8(out).unwrap();
    assert!(
        text.contains("(partial, from 08:44:12)") && !text.contains("covered"),
        "{text}"
    );
}
