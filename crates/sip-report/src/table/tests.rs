use std::num::NonZero;

use sip_filter::{Filter, Interval};
use sip_scan::{Gather, Item, Message, Method, Origin, Sink, StartLine};
use sip_stats::{Cells, CountMessages, Counts, Timeline};

use super::*;
use crate::testing::{message, stamp, went_out};
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

/// Four links, the second of which is the busiest, with many types in one minute.
fn busy() -> Vec<(u64, Message<'static>)> {
    let time = "20170427:084412";
    let mut messages = Vec::new();
    for (index, port) in [(1, 5060), (5, 5061), (3, 5062), (2, 5063)] {
        let ends = ["10.2.2.2:40000>10.1.1.1:", "10.1.1.1:"].map(|ends| format!("{ends}{port}"));
        let back = format!("{}>10.2.2.2:40000", ends[1]);
        for (method, times) in [(Method::Invite, 2), (Method::Bye, 1), (Method::Options, 10)] {
            messages.push((
                index * times,
                message(time, &ends[0], StartLine::Request(method), method),
            ));
        }
        for (code, times) in [(180, 2), (200, 3), (404, 1), (486, 200), (503, 1), (603, 0)] {
            let response = message(time, &back, StartLine::Response(code), Method::Invite);
            messages.push((index * times, went_out(response)));
        }
    }
    messages
}

fn of_busy(options: TableOptions) -> String {
    let counts = counts(&busy(), ("ALL", "ALL"), Interval::Min);
    write(Timeline::batch(Interval::Min), counts, options)
}

fn total(top: usize) -> TableOptions {
    TableOptions {
        total: true,
        top: NonZero::new(top),
        ..TableOptions::default()
    }
}

#[test]
fn a_row_and_a_column_of_sums() {
    insta::assert_snapshot!(of_busy(total(0)));
}

#[test]
fn the_links_with_the_most_messages() {
    let tops = [1, 2, 4].map(|top| {
        of_busy(TableOptions {
            total: top == 2,
            ..total(top)
        })
    });
    insta::assert_snapshot!(tops.join("\n"));
}

#[test]
fn links_for_which_there_is_no_room_are_other_links_too() {
    let bye_on = |n: usize| {
        let ends = format!("10.{}.{}.{}:1>10.0.0.1:5060", n >> 16, (n >> 8) & 255, n & 255);
        (
            1,
            message("20170427:084412", &ends, StartLine::Request(Method::Bye), Method::Bye),
        )
    };
    let messages: Vec<_> = (0..Cells::MAX + 3).map(bye_on).collect();
    let counts = counts(&messages, ("ALL", "ALL"), Interval::Min);
    let text = write(
        Timeline::batch(Interval::Min),
        counts.clone(),
        TableOptions {
            total: false,
            ..total(1)
        },
    );
    insta::assert_snapshot!(text, @"
    20170427:0844                                BYE
                                               IN  OUT
     10.0.0.0<-5060->10.0.0.1                   1    0
     other links                            30002    0
    ");
    let text = write(
        Timeline::batch(Interval::Min),
        counts,
        TableOptions {
            total: false,
            ..total(Cells::MAX)
        },
    );
    assert_eq!(
        text.lines().last().unwrap().split_whitespace().collect::<Vec<_>>(),
        ["other", "links", "3", "0"]
    );
}

#[test]
fn on_a_terminal_of_80_columns() {
    let screen = || Screen { width: 80, height: 24 };
    let text = of_busy(TableOptions {
        screen: Some(screen),
        ..TableOptions::default()
    });
    assert!(text.lines().all(|line| line.chars().count() < 80), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn on_a_terminal_of_200_columns() {
    let screen = || Screen { width: 200, height: 24 };
    let text = of_busy(TableOptions {
        screen: Some(screen),
        ..TableOptions::default()
    });
    assert_eq!(text, of_busy(TableOptions::default()), "there is room for all");
    let with_sums = of_busy(TableOptions {
        screen: Some(screen),
        ..total(3)
    });
    insta::assert_snapshot!(with_sums);
}

/// The table is as wide as the screen has characters, and then as wide as leaves one of them free.
#[test]
fn the_last_character_of_a_line_stays_free() {
    const WIDTH: usize = 39 + 10;
    let of = |screen: fn() -> Screen| {
        let messages = [(1, request("20170427:084412", Method::Bye))];
        let options = TableOptions {
            screen: Some(screen),
            ..TableOptions::default()
        };
        write(
            Timeline::batch(Interval::Min),
            counts(&messages, ("BYE", "4"), Interval::Min),
            options,
        )
    };
    let exact = of(|| Screen {
        width: WIDTH,
        height: 24,
    });
    let more = of(|| Screen {
        width: WIDTH + 1,
        height: 24,
    });
    insta::assert_snapshot!(format!("{exact}\n{more}"), @"
    20170427:0844                 BYE
                                IN  OUT
     10.1.1.1<-5070->10.2.2.2    1    0

    20170427:0844                               BYE
                                              IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0
    ");
}

#[test]
fn the_head_comes_again_on_each_screen() {
    for height in [0, 5] {
        let screen: fn() -> Screen = if height == 0 {
            || Screen { width: 200, height: 0 }
        } else {
            || Screen { width: 200, height: 5 }
        };
        let text = of_busy(TableOptions {
            screen: Some(screen),
            ..TableOptions::default()
        });
        let heads: Vec<usize> = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.starts_with("2017"))
            .map(|(index, _)| index)
            .collect();
        assert_eq!(heads, if height == 0 { vec![0, 4] } else { vec![0, 5] }, "{text}");
    }
}

#[test]
fn a_name_that_is_too_wide_has_a_line_of_its_own() {
    let v6 = "[2001:db8:1111:2222:3333:4444:5555:6666]:40000>[2001:db8:1111:2222:3333:4444:5555:7777]:5061";
    let time = "20170427:084412";
    let messages = [
        (12345, request(time, Method::Invite)),
        (7, message(time, v6, StartLine::Request(Method::Bye), Method::Bye)),
    ];
    let screen = || Screen { width: 60, height: 24 };
    let options = TableOptions {
        screen: Some(screen),
        ..TableOptions::default()
    };
    insta::assert_snapshot!(write(
        Timeline::batch(Interval::Min),
        counts(&messages, ("ALL", "4"), Interval::Min),
        options
    ));
}

#[test]
fn what_part_of_a_window_was_counted_moves_no_column() {
    let of = |from: Option<&str>, options| {
        let mut timeline = Timeline::live(Interval::Sec, None);
        if let Some(from) = from {
            timeline.begin(stamp(from));
        }
        let messages = [(1, request("20170427:084412", Method::Bye))];
        let mut out = Vec::new();
        let mut report = Report::new(&mut out, Form::Table(options), timeline);
        let counts = counts(&messages, ("BYE", "4"), Interval::Sec);
        report.absorb(counts, Origin { source: 0, log: 0 }).unwrap();
        report.finish(from.map(|_| stamp("20170427:084412900"))).unwrap();
        String::from_utf8(out).unwrap()
    };
    let from = Some("20170427:084412100");
    let screen: Option<fn() -> Screen> = Some(|| Screen { width: 200, height: 24 });
    let options = || TableOptions {
        screen,
        ..TableOptions::default()
    };
    insta::assert_snapshot!([of(from, options()), of(None, options()), of(from, TableOptions::default())].join("\n"), @"
    20170427:084412                             BYE
     (partial, from 08:44:12 to 08:44:12)     IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0

    20170427:084412                             BYE
                                              IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0

    20170427:084412 (partial, from 08:44:12 to 08:44:12)    BYE
                                                          IN  OUT
     10.1.1.1<-5070->10.2.2.2                              1    0
    ");
}

#[test]
fn colours() {
    let text = of_busy(TableOptions {
        color: true,
        ..total(1)
    });
    insta::assert_snapshot!(text.replace('\u{1b}', "^"));
    let mut bare = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        bare.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    assert_eq!(bare + rest, of_busy(total(1)), "colours change nothing else");
}
