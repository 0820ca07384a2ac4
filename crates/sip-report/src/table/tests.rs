mod options;

use sip_filter::{Filter, Interval};
use sip_scan::{Gather, Item, Message, Method, Origin, Sink, StartLine};
use sip_stats::{CountMessages, Counts, Timeline};

use super::*;
use crate::testing::{message, went_out};
use crate::{Form, Report};

const IN: &str = "10.2.2.2:40000>10.1.1.1:5070";

/// The tables of messages, each counted as often as the number before it says.
fn tables(messages: &[(u64, Message)], lists: (&str, &str), interval: Interval) -> String {
    let counts = counts(messages, lists, interval);
    write(Timeline::batch(interval), counts, TableOptions::default())
}

fn counts(messages: &[(u64, Message)], (requests, responses): (&str, &str), interval: Interval) -> Counts {
    let filter = Filter {
        requests: requests.parse().unwrap(),
        responses: responses.parse().unwrap(),
        ..Filter::default()
    };
    let gather = CountMessages {
        filter,
        interval,
        by_class: false,
    };
    let mut counts = Counts::default();
    for (times, message) in messages {
        for _ in 0..*times {
            gather.take(&mut counts, &Item::Message(*message));
        }
    }
    counts
}

fn write(timeline: Timeline, counts: Counts, options: TableOptions) -> String {
    let mut out = Vec::new();
    let mut report = Report::new(&mut out, Form::Table(options), timeline);
    report.absorb(counts, Origin { source: 0, log: 0 }).unwrap();
    report.finish(None).unwrap();
    String::from_utf8(out).unwrap()
}

fn request(time: &str, method: Method) -> Message<'static> {
    message(time, IN, StartLine::Request(method), method)
}

/// The first sample of the script that this program replaces.
#[test]
fn minutes_as_people_know_them() {
    let again = |time| Message {
        to_tag: true,
        ..request(time, Method::Invite)
    };
    let error = |time| {
        message(
            time,
            "10.2.2.2:5070>10.1.1.1:40000",
            StartLine::Response(500),
            Method::Invite,
        )
    };
    let (first, second) = ("20170427:084412", "20170427:084559");
    let text = tables(
        &[
            (4, request(first, Method::Invite)),
            (5, again(first)),
            (32, went_out(again(first))),
            (5, request(first, Method::Bye)),
            (6, went_out(request(first, Method::Bye))),
            (2, error(first)),
            (10, request(second, Method::Invite)),
            (23, went_out(again(second))),
            (4, request(second, Method::Bye)),
            (10, went_out(request(second, Method::Bye))),
            (2, error(second)),
        ],
        ("INVITE|ReINVITE|BYE|CANCEL", "4|5|6"),
        Interval::Min,
    );
    insta::assert_snapshot!(text);
}

/// The second sample of that script.
#[test]
fn an_hour_as_people_know_it() {
    let time = "20170427:075959";
    let response = |code| {
        message(
            time,
            "10.2.2.2:5070>10.1.1.1:40000",
            StartLine::Response(code),
            Method::Invite,
        )
    };
    let text = tables(
        &[
            (1, response(503)),
            (1, request(time, Method::Cancel)),
            (146, request(time, Method::Invite)),
            (25, request(time, Method::Bye)),
            (115, went_out(request(time, Method::Bye))),
            (1, went_out(response(487))),
        ],
        ("INVITE|CANCEL|BYE", "4|5|6"),
        Interval::Hour,
    );
    insta::assert_snapshot!(text);
}

#[test]
fn a_window_in_which_nothing_counts_is_its_time() {
    let text = tables(
        &[
            (1, request("20170427:084412", Method::Options)),
            (1, request("20170427:084512", Method::Invite)),
            (1, request("20170427:084612", Method::Options)),
        ],
        ("INVITE", "4"),
        Interval::Min,
    );
    insta::assert_snapshot!(text);
}

#[test]
fn columns_widen_and_never_run_together() {
    let v6 = "[2001:db8:1111:2222:3333:4444:5555:6666]:40000>[2001:db8:1111:2222:3333:4444:5555:7777]:5061";
    let time = "20170427:084412";
    let subscribe = StartLine::Request(Method::Subscribe);
    let text = tables(
        &[
            (12345, request(time, Method::Invite)),
            (100_000, went_out(request(time, Method::Invite))),
            (9999, request(time, Method::Bye)),
            (123_456, request(time, Method::Subscribe)),
            (7, message(time, v6, subscribe, Method::Subscribe)),
        ],
        ("ALL", "ALL"),
        Interval::TenSec,
    );
    insta::assert_snapshot!(text);
    for line in text.lines() {
        assert_eq!(line.trim_end(), line);
    }
}
