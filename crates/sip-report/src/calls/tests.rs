use sip_calls::{CallMessages, Calls, GatherCalls, Missed};
use sip_filter::{Filter, Interval, Names};
use sip_scan::{Damage, Damaged, Dialog, Direction, Gather, Item, Message, Method, Origin, Sink, StartLine};
use sip_stats::{CountMessages, Counts};

use crate::html::tests::{check_markup, texts};
use crate::testing::{message, stamp};
use crate::{CallReport, Form, HtmlOptions, Input, Read, TableOptions};

/// A call: from which far address, which way, and what came after the INVITE, each so many milliseconds after second 12.
type Call = (u16, Direction, &'static [(u16, u16)]);

const CALLS: &[Call] = &[
    (2, Direction::In, &[(20, 100), (480, 180), (700, 200)]),
    (2, Direction::In, &[(20, 100), (1490, 180), (1900, 486)]),
    (2, Direction::Out, &[(7, 302)]),
    (3, Direction::Out, &[(9, 503)]),
    (3, Direction::Out, &[(11, 100), (90, 183), (2700, 487)]),
    (3, Direction::Out, &[(13, 603), (900, 603)]),
    (4, Direction::In, &[]),
];

/// Gathers the messages of calls that begin in a minute.
fn gathered(minute: &str, calls: &[Call]) -> (Counts, CallMessages) {
    let all = Filter {
        requests: "ALL".parse().unwrap(),
        responses: "ALL".parse().unwrap(),
        ..Filter::default()
    };
    let gather = (CountMessages::default(), GatherCalls::new(all.clone()).keep_call_ids());
    let mut part = Default::default();
    for (number, (far, direction, answers)) in calls.iter().enumerate() {
        let call_id = format!("{minute}-{number}");
        let mut take = |millis: u16, start_line: StartLine, is_forth: bool| {
            let (near, far) = (
                "10.1.1.1:5061".to_owned(),
                format!("10.2.{}.{}:5061", 2 + far / 256, far % 256),
            );
            let is_in = is_forth == (*direction == Direction::In);
            let (source, destination) = if is_in { (far, near) } else { (near, far) };
            let time = format!("{minute}{:05}", 12_000 + millis);
            let message = Message {
                direction: if is_in { Direction::In } else { Direction::Out },
                dialog: Some(Dialog {
                    call_id: Some(call_id.as_bytes()),
                    ..Dialog::default()
                }),
                ..message(&time, &format!("{source}>{destination}"), start_line, Method::Invite)
            };
            gather.take(&mut part, &Item::Message(message));
        };
        take(0, StartLine::Request(Method::Invite), true);
        answers
            .iter()
            .for_each(|(millis, code)| take(*millis, StartLine::Response(*code), false));
    }
    let damaged = Damaged {
        stamp: Some(stamp(minute)),
        position: Default::default(),
        damage: Damage::Short,
        process: b"capro(4711)",
    };
    gather.take(&mut part, &Item::Damaged(damaged));
    part
}

fn written(form: Form, minutes: &[(&str, &[Call])]) -> String {
    let mut out = Vec::new();
    let mut report = CallReport::new(&mut out, form, Calls::new(Interval::Min, None), false);
    for (minute, calls) in minutes {
        report
            .absorb(gathered(minute, calls), Origin { source: 0, log: 0 })
            .unwrap();
    }
    report.finish(None).unwrap();
    let input = Input {
        input: "2017-0427-084412.log".to_owned(),
        read: Read::Whole,
        why: String::new(),
    };
    report.close(&[input]).unwrap();
    assert_eq!(report.summary().damage.total(), u64::try_from(minutes.len()).unwrap());
    assert_eq!(report.missed(), Missed::default());
    String::from_utf8(out).unwrap()
}

const MINUTES: &[(&str, &[Call])] = &[
    ("20170427:0844", CALLS),
    ("20170427:0845", &[(2, Direction::In, &[(5, 200)])]),
];

#[test]
fn tables() {
    insta::assert_snapshot!(written(Form::default(), MINUTES));
}

#[test]
fn a_table_with_sums_and_the_busiest_links() {
    for (top, total) in [(None, true), (Some(1), true), (Some(2), false), (Some(9), false)] {
        let options = TableOptions {
            total,
            top: top.map(|top: usize| top.try_into().unwrap()),
            ..TableOptions::default()
        };
        let text = written(Form::Table(options), &[("20170427:0844", CALLS)]);
        insta::assert_snapshot!(format!("top_{top:?}_total_{total}"), text);
    }
}

#[test]
fn rows() {
    let names = || Names::parse(b"10.2.2.2 sbc1\n10.1.1.1 cm\n").unwrap();
    insta::assert_snapshot!("csv", written(Form::Csv(names()), MINUTES));
    insta::assert_snapshot!("jsonl", written(Form::JsonLines(names()), MINUTES));
    insta::assert_snapshot!("csv_of_nothing", written(Form::Csv(names()), &[]));
    insta::assert_snapshot!("jsonl_of_nothing", written(Form::JsonLines(names()), &[]));
}

#[test]
fn live_a_window_is_written_when_it_is_decided_and_the_last_may_be_partial() {
    let mut out = Vec::new();
    let mut report = CallReport::new(&mut out, Form::default(), Calls::new(Interval::Min, None), true);
    report.begin(stamp("20170427:084412")).unwrap();
    report
        .absorb(gathered("20170427:0844", &CALLS[..2]), Origin { source: 0, log: 0 })
        .unwrap();
    report.settle(stamp("20170427:084459999")).unwrap();
    assert_eq!(
        report.standing(&stamp("20170427:084459")),
        "08:44:59: calls undecided 0; messages in all 8"
    );
    report
        .absorb(gathered("20170427:0845", &CALLS[6..]), Origin { source: 0, log: 0 })
        .unwrap();
    report.settle(stamp("20170427:084512100")).unwrap();
    assert_eq!(
        report.standing(&stamp("20170427:084513")),
        "08:45:13: calls undecided 1; messages in all 9"
    );
    report.finish(Some(stamp("20170427:084514"))).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap());
}

#[test]
fn a_page() {
    let options = HtmlOptions {
        command: "sipstat_cm --calls --format html '<i>'".to_owned(),
        ..HtmlOptions::default()
    };
    let page = written(Form::Html(options), MINUTES);
    insta::assert_snapshot!(texts(&page));
    check_markup(&page);
    let nothing = written(Form::Html(HtmlOptions::default()), &[]);
    assert!(nothing.contains("No call was found."), "{nothing}");
    assert!(!nothing.contains("<section"), "{nothing}");
}

#[test]
fn a_page_of_the_links_with_most_failures() {
    let options = HtmlOptions {
        top: std::num::NonZero::new(1),
        names: Names::parse(b"10.2.2.3 <b>\n").unwrap_or_default(),
        ..HtmlOptions::default()
    };
    let page = texts(&written(Form::Html(options), &[("20170427:0844", CALLS)]));
    let links = page
        .split_once("Links by failures")
        .unwrap()
        .1
        .split_once("The last")
        .unwrap()
        .0;
    insta::assert_snapshot!(links);
}

/// Of more links than are told apart the page cannot tell how many it does not show.
#[test]
fn links_that_are_not_told_apart_are_not_counted() {
    let note = |links: u16| {
        let calls: Vec<Call> = (0..links).map(|far| (far, Direction::In, [].as_slice())).collect();
        let form = Form::Html(HtmlOptions::default());
        let page = texts(&written(form, &[("20170427:0844", &calls)]));
        let (_, links) = page.split_once("Links by failures\n").unwrap();
        links.lines().next().unwrap().to_owned()
    };
    assert_eq!(note(2000), "The other 1900 rows are summed in the last ones.");
    assert_eq!(note(2100), "More than 1900 other rows are summed in the last ones.");
}

/// Links, windows and failed calls without end fill neither the memory nor the page.
#[test]
fn what_is_made_up_has_a_bound() {
    let mut out = Vec::new();
    let mut report = CallReport::new(
        &mut out,
        Form::Html(HtmlOptions::default()),
        Calls::new(Interval::Sec, None),
        false,
    );
    for minute in 0..600 {
        let failing: Call = (minute % 250, Direction::In, &[(5, 503)]);
        let time = format!("20170427:{:02}{:02}", minute / 60, minute % 60);
        report
            .absorb(gathered(&time, &[failing; 10]), Origin { source: 0, log: 0 })
            .unwrap();
    }
    report.finish(None).unwrap();
    report.close(&[]).unwrap();
    let page = String::from_utf8(out).unwrap();
    assert!(page.len() < 300_000, "{}", page.len());
    let page = texts(&page);
    assert!(page.contains("A column is 10 minutes"), "{page}");
    let bars = page
        .lines()
        .filter_map(|line| line.split_once(": 5xx ")?.1.parse::<u64>().ok());
    assert_eq!(bars.sum::<u64>(), 6000);
    assert_eq!(page.lines().filter(|line| line.contains(" IN 503 ")).count(), 500);
}

#[test]
fn on_a_terminal_a_table_is_folded_and_failures_stand_out() {
    let options = |screen| TableOptions {
        color: true,
        screen,
        ..TableOptions::default()
    };
    let narrow = || crate::Screen { width: 80, height: 24 };
    let folded = written(Form::Table(options(Some(narrow))), &[("20170427:0844", CALLS)]);
    let shown = folded.replace('\u{1b}', "^");
    insta::assert_snapshot!(shown);
    let plain = without_colours(&folded);
    assert!(plain.lines().all(|line| line.len() < 80), "{plain}");
    let wide = || crate::Screen { width: 200, height: 24 };
    let whole = written(Form::Table(options(Some(wide))), &[("20170427:0844", CALLS)]);
    assert_eq!(
        without_colours(&whole),
        written(Form::default(), &[("20170427:0844", CALLS)])
    );
}

/// The text without what colours it.
fn without_colours(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('m').map_or(part, |(_, text)| text)
    })
}

/// A network has one name: its links are one row for each direction, with the sums.
#[test]
fn links_that_are_called_the_same_are_one_row_for_each_direction() {
    let table = |names: &[u8]| {
        let options = TableOptions {
            names: Names::parse(names).unwrap(),
            ..TableOptions::default()
        };
        written(Form::Table(options), &[("20170427:0844", CALLS)])
    };
    let attempts = |table: &str, direction: &str| -> Vec<u64> {
        let rows = table.lines().filter(|line| line.contains("->"));
        let words = rows.map(|line| line.split_whitespace().collect::<Vec<_>>());
        let own = words.filter(|words| words[1] == direction);
        own.map(|words| words[2].parse().unwrap()).collect()
    };
    let (apart, one) = (table(b""), table(b"10.2.0.0/16 sbc\n"));
    for direction in ["IN", "OUT"] {
        let sum: u64 = attempts(&apart, direction).iter().sum();
        assert!(attempts(&apart, direction).len() > 1, "{apart}");
        assert_eq!(attempts(&one, direction), [sum], "{one}");
    }
}
