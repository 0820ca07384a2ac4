//! What the logs cover, on a page.

use sip_filter::StampRange;
use sip_scan::{LineMark, Lines};
use sip_stats::Coverage;

use super::*;
use crate::testing::{bye, stamp};

/// A log: when it begins and ends, the running numbers there, and the times of its BYEs.
type Log<'a> = ([&'a str; 2], [u32; 2], &'a [&'a str]);

/// The page of logs that follow one another, each with as many lines as its numbers rise.
fn page_of_logs(logs: &[Log<'_>], interval: Interval) -> String {
    page_of_range(logs, interval, None)
}

/// The same of a range of time.
fn page_of_range(logs: &[Log<'_>], interval: Interval, range: Option<[&str; 2]>) -> String {
    let range = range.map(|[first, last]| StampRange {
        first: stamp(first),
        last: stamp(last),
    });
    let filter = Filter {
        range,
        ..Filter::default()
    };
    let gather = CountMessages {
        interval,
        filter,
        by_class: false,
    };
    let mut out = Vec::new();
    let report = Report::new(&mut out, Form::Html(HtmlOptions::default()), Timeline::batch(interval));
    let mut report = report.with_coverage(Coverage::new(interval, range));
    for (log, (ends, numbers, times)) in logs.iter().enumerate() {
        let mark = |place: usize| LineMark {
            stamp: stamp(ends[place]),
            number: Some(numbers[place]),
            line: u64::from(numbers[place] - numbers[0]) + 1,
        };
        let mut counts = Counts::default();
        times
            .iter()
            .for_each(|time| gather.take(&mut counts, &Item::Message(bye(time))));
        gather.take(
            &mut counts,
            &Item::Lines(Lines {
                first: mark(0),
                last: mark(1),
            }),
        );
        report.absorb(counts, Origin { source: 0, log }).unwrap();
    }
    report.finish(None).unwrap();
    report.close(&[]).unwrap();
    String::from_utf8(out).unwrap()
}

/// What a page says from its head to the codes.
fn first_texts(page: &str) -> String {
    texts(page).split("Links by failures").next().unwrap().to_owned()
}

/// Lines are missing within a minute, then for some minutes; in the last minutes there are lines, but no SIP message.
#[test]
fn what_the_logs_do_not_cover_is_no_zero() {
    let logs: [Log<'_>; 4] = [
        (["20170427:084400", "20170427:084510"], [1, 9], &["20170427:084412"]),
        (["20170427:084520", "20170427:084559"], [20, 29], &["20170427:084520"]),
        (
            ["20170427:0849", "20170427:085230"],
            [61, 99],
            &["20170427:084959", "20170427:085112"],
        ),
        (["20170427:085230", "20170427:085959"], [100, 199], &["20170427:085310"]),
    ];
    let page = page_of_logs(&logs, Interval::Min);
    insta::assert_snapshot!(first_texts(&page));
    assert_eq!(page.matches(r#"class="whole""#).count(), 2 * 2, "{page}");
    assert_eq!(
        page.matches(r#"class="lost""#).count(),
        2 + 1,
        "and in the words before"
    );
}

/// Coarse columns hold the seconds of their windows, and where the logs begin and end nothing is said to be missing.
#[test]
fn coarse_columns_are_covered_by_the_second() {
    let logs: [Log<'_>; 2] = [
        (
            ["20170427:0001", "20170427:1159"],
            [1, 9],
            &["20170427:000112", "20170427:0830"],
        ),
        (["20170427:1200", "20170428:0007"], [10, 29], &["20170428:0006"]),
    ];
    let page = page_of_logs(&logs, Interval::Min);
    assert!(!page.contains("class=\"warn\""), "{page}");
    let texts = texts(&page);
    for expected in [
        "00:00 1 covered 840 of 900 s",
        "2017-04-28 00:00 1 covered 421 of 900 s",
        "2017-04-27 00:15 to 2017-04-27 23:45: all is covered",
        "2017-04-27 23:45 no SIP message",
    ] {
        assert!(texts.contains(expected), "{expected}\n{texts}");
    }
}

#[test]
fn one_line_that_is_missing_is_told() {
    let logs: [Log<'_>; 2] = [
        (["20170427:0844", "20170427:084430"], [1, 9], &["20170427:084412"]),
        (["20170427:084431", "20170427:084459"], [11, 29], &["20170427:084440"]),
    ];
    let page = texts(&page_of_logs(&logs, Interval::Min));
    for expected in [
        "damaged.\n1 line is missing by the running number\nmessages",
        "08:44: covered 60 of 60 s, 1 line missing",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
}

#[test]
fn few_gaps_are_named() {
    let times: Vec<[String; 2]> = (0..8)
        .map(|hour| ["00", "10"].map(|minute| format!("20170427:0{hour}{minute}")))
        .collect();
    let messages: Vec<[&str; 1]> = times.iter().map(|[begin, _]| [begin.as_str()]).collect();
    let logs: Vec<Log<'_>> = times
        .iter()
        .zip(&messages)
        .map(|([begin, end], messages)| ([begin.as_str(), end], [1, 9], &messages[..]))
        .collect();
    let page = texts(&page_of_logs(&logs, Interval::Min));
    let warnings = page.split("Something is missing or damaged.\n").nth(1).unwrap();
    insta::assert_snapshot!(warnings.split("\nmessages").next().unwrap(), @"
    20 993 s are not covered by the logs
    2017-04-27 00:10:01 to 2017-04-27 01:00: nothing was logged
    2017-04-27 01:10:01 to 2017-04-27 02:00: nothing was logged
    2017-04-27 02:10:01 to 2017-04-27 03:00: nothing was logged
    2017-04-27 03:10:01 to 2017-04-27 04:00: nothing was logged
    2017-04-27 04:10:01 to 2017-04-27 05:00: nothing was logged
    2 more such gaps
    ");
}

/// What a page says of a range: from when to when, the warnings, and the strip.
fn told_of_range(logs: &[Log<'_>], range: [&str; 2]) -> String {
    let page = page_of_range(logs, Interval::Min, Some(range));
    let strip = page.split("<svg class=\"cover\"").nth(1).unwrap_or_default();
    let strip = strip
        .split("</svg>")
        .next()
        .unwrap_or_default()
        .split("<title>")
        .skip(1);
    let strip = strip.map(|cell| cell.split('<').next().unwrap().to_owned() + "\n");
    let head = texts(&page).split("\nmessages ").next().unwrap().to_owned();
    format!("{head}\n{}", strip.collect::<String>())
}

/// Nothing was logged at the ends of the range: that is told, and stands on the strip as long as columns need not be longer for it.
#[test]
fn a_range_is_shown_from_end_to_end() {
    let logs: [Log<'_>; 2] = [
        (["20170427:0840", "20170427:084030"], [1, 9], &["20170427:084012"]),
        (
            ["20170427:084510", "20170427:084659"],
            [40, 49],
            &["20170427:084512", "20170427:084612"],
        ),
    ];
    insta::assert_snapshot!(told_of_range(&logs, ["20170427:084205", "20170427:084859999"]), @"
    SIP messages
    2017-04-27 08:45:10 to 2017-04-27 08:46:59
    0 logs, 2 SIP records. Local time as logged; IN and OUT as the server that wrote the logs sees them, counted together where nothing else is said.
    Something is missing or damaged.
    305 s are not covered by the logs; 30 lines are missing by their running number
    2017-04-27 08:42:05 to 2017-04-27 08:45:10: nothing was logged
    2017-04-27 08:47 to 2017-04-27 08:49: nothing was logged
    08:42 to 08:44: nothing was logged
    08:45: covered 50 of 60 s, 30 lines missing
    08:46: all is covered
    08:47 to 08:48: nothing was logged
    ");
    insta::assert_snapshot!(told_of_range(&logs, ["20170427:0700", "20170427:145959999"]), @"
    SIP messages
    2017-04-27 08:40 to 2017-04-27 08:46:59
    0 logs, 3 SIP records. Local time as logged; IN and OUT as the server that wrote the logs sees them, counted together where nothing else is said.
    Something is missing or damaged.
    28 659 s are not covered by the logs; 30 lines are missing by their running number
    2017-04-27 07:00 to 2017-04-27 08:40: nothing was logged
    2017-04-27 08:40:31 to 2017-04-27 08:45:10: nothing was logged
    2017-04-27 08:47 to 2017-04-27 15:00: nothing was logged
    07:00 to 08:39: nothing was logged
    08:40: covered 31 of 60 s
    08:41 to 08:44: nothing was logged
    08:45: covered 50 of 60 s, 30 lines missing
    08:46: all is covered
    ");
    insta::assert_snapshot!(told_of_range(&logs, ["20170427:0841", "20170427:084459999"]), @"
    SIP messages
    No SIP message was found.
    0 logs, 0 SIP records. Local time as logged; IN and OUT as the server that wrote the logs sees them, counted together where nothing else is said.
    Something is missing or damaged.
    240 s are not covered by the logs
    2017-04-27 08:41 to 2017-04-27 08:45: nothing was logged
    ");
}
