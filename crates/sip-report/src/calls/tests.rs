use sip_calls::{CallMessages, Calls, GatherCalls, Missed};
use sip_filter::{Filter, Interval, Names};
use sip_scan::{Damage, Damaged, Dialog, Direction, Gather, Item, Message, Method, Origin, Sink, StartLine};
use sip_stats::{CountMessages, Counts};

use crate::testing::{message, stamp};
use crate::{CallReport, Form, Input, Read, TableOptions};

/// A call: from which far address, which way, and what came after the INVITE, each so many milliseconds after second 12.
type Call = (u8, Direction, &'static [(u16, u16)]);

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
    let gather = (CountMessages::default(), GatherCalls::new(all.clone()));
    let mut part = Default::default();
    for (number, (far, direction, answers)) in calls.iter().enumerate() {
        let call_id = format!("{minute}-{number}");
        let mut take = |millis: u16, start_line: StartLine, is_forth: bool| {
            let (near, far) = ("10.1.1.1:5061".to_owned(), format!("10.2.2.{far}:5061"));
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
