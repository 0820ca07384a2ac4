use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use sip_filter::{Filter, Interval, StampRange};
use sip_scan::{Gather, Item, Message, Method, StartLine};
use sip_stats::CountMessages;

use super::*;
use crate::testing::{REQUEST_BYE, bye, message, stamp, went_out};

const NOWHERE: Origin = Origin { source: 0, log: 0 };

/// Tells what was written and what was flushed: each flush is a `|`.
#[derive(Default)]
struct Flushes(Vec<u8>);

impl Write for Flushes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.write_all(b"|\n")
    }
}

/// A writer whose reader is gone.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

fn counts(messages: &[Message]) -> Counts {
    let filter = Filter {
        requests: "ALL".parse().unwrap(),
        responses: "ALL".parse().unwrap(),
        ..Filter::default()
    };
    let gather = CountMessages {
        filter,
        interval: Interval::Min,
        by_class: false,
    };
    let mut counts = Counts::default();
    for message in messages {
        gather.take(&mut counts, &Item::Message(*message));
    }
    counts
}

fn batch() -> Report<Flushes> {
    Report::new(Flushes::default(), Form::default(), Timeline::batch(Interval::Min))
}

fn live() -> Report<Flushes> {
    Report::new(Flushes::default(), Form::default(), Timeline::live(Interval::Min, None))
}

/// Takes a BYE at each of these times.
fn absorb<W: Write>(report: &mut Report<W>, times: &[&str]) {
    let messages: Vec<Message> = times.iter().map(|time| bye(time)).collect();
    report.absorb(counts(&messages), NOWHERE).unwrap();
}

fn text(report: Report<Flushes>) -> String {
    String::from_utf8(report.out.out.0).unwrap()
}

#[test]
fn a_batch_writes_each_window_once_and_flushes_at_the_end() {
    let mut report = batch();
    absorb(&mut report, &["20170427:084412", "20170427:084512"]);
    report.settle(stamp("20170427:0845")).unwrap();
    absorb(&mut report, &["20170427:084412", "20170427:084413", "20170427:084512"]);
    report.finish(None).unwrap();
    let late = report.take_late().unwrap();
    assert_eq!((late.messages, report.take_late()), (2, None));
    let summary = report.summary();
    assert_eq!((summary.records, summary.messages, summary.late), (5, 5, 2));
    assert_eq!((report.settled(), report.is_done()), (None, false));
    insta::assert_snapshot!(text(report), @"
    20170427:0844                               BYE
                                              IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0

    20170427:0845                               BYE
                                              IN  OUT
     10.1.1.1<-5070->10.2.2.2                  2    0
    |
    ");
}

#[test]
fn a_live_report_flushes_what_is_over() {
    let mut report = live();
    report.begin(stamp("20170427:084412")).unwrap();
    absorb(&mut report, &["20170427:084413"]);
    report.settle(stamp("20170427:0845")).unwrap();
    assert_eq!(report.settled().unwrap().to_string(), "20170427:0845");
    report.settle(stamp("20170427:0847")).unwrap();
    report.finish(Some(stamp("20170427:084731"))).unwrap();
    insta::assert_snapshot!(text(report), @"
    20170427:0844 (partial, from 08:44:12)      BYE
                                              IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0
    |

    20170427:0845

    20170427:0846
    |

    20170427:0847 (partial, to 08:47:31)
    |
    ");
}

#[test]
fn a_live_report_that_caught_up_shows_windows_in_which_nothing_came() {
    let range = StampRange {
        first: stamp("20170427:0844"),
        last: stamp("20170427:084459"),
    };
    let timeline = Timeline::live(Interval::Min, Some(range));
    let mut report = Report::new(Flushes::default(), Form::default(), timeline);
    report.caught_up(stamp("20170427:084412")).unwrap();
    report.settle(stamp("20170427:084410")).unwrap();
    assert!(!report.is_done());
    report.settle(stamp("20170427:0845")).unwrap();
    assert!(report.is_done());
    assert_eq!(text(report), "|\n20170427:0844\n|\n");
}

#[test]
fn windows_of_which_a_part_was_counted_say_so() {
    let mut report = live();
    report.begin(stamp("20170427:084412")).unwrap();
    let times = [
        "20170427:084413",
        "20170427:084500",
        "20170427:084559",
        "20170427:084601",
    ];
    absorb(&mut report, &times);
    report.finish(Some(stamp("20170427:084559"))).unwrap();
    let mut again = live();
    again.begin(stamp("20170427:084412")).unwrap();
    absorb(&mut again, &["20170427:084413"]);
    again.finish(Some(stamp("20170427:084431"))).unwrap();
    let texts = [report, again].map(|report| text(report).replace("|\n", ""));
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn where_it_stands() {
    let mut report = batch();
    let at = stamp("20170427:084431");
    assert_eq!(
        report.standing(&at),
        "20170427:0844 to 08:44:31: messages 0, links 0; in all 0"
    );
    let other_link = message("20170427:084413", "10.2.2.3:1>10.1.1.1:5070", REQUEST_BYE, Method::Bye);
    let messages = [
        bye("20170427:084412"),
        went_out(bye("20170427:084412")),
        other_link,
        bye("20170427:084500"),
    ];
    report.absorb(counts(&messages), NOWHERE).unwrap();
    assert_eq!(
        report.standing(&at),
        "20170427:0844 to 08:44:31: messages 3, links 2; in all 4"
    );
}

#[test]
fn links_for_which_there_is_no_room_share_a_row() {
    let bye_on = |n: usize| {
        let ends = format!("10.{}.{}.{}:1>10.0.0.1:5060", n >> 16, (n >> 8) & 255, n & 255);
        message("20170427:084412", &ends, REQUEST_BYE, Method::Bye)
    };
    let mut report = batch();
    let messages: Vec<Message> = (0..Cells::MAX + 3).chain([0]).map(bye_on).collect();
    report.absorb(counts(&messages), NOWHERE).unwrap();
    report.finish(None).unwrap();
    let text = text(report);
    assert_eq!(
        text.lines().count(),
        2 + Cells::MAX + 2,
        "with title, heads and other links"
    );
    let numbers = |start: &str| {
        let row = text.lines().find_map(|line| line.trim_start().strip_prefix(start));
        row.unwrap().split_whitespace().collect::<Vec<_>>()
    };
    assert_eq!(numbers("other links"), ["3", "0"]);
    assert_eq!(numbers("10.0.0.0<-5060->10.0.0.1"), ["2", "0"]);
}

#[test]
fn what_the_writer_says_is_handed_on() {
    let mut report = Report::new(Closed, Form::default(), Timeline::batch(Interval::Min));
    absorb(&mut report, &["20170427:084412"]);
    let kind = |result: io::Result<()>| result.unwrap_err().kind();
    assert_eq!(kind(report.settle(stamp("20170427:0845"))), io::ErrorKind::BrokenPipe);
    assert_eq!(kind(report.finish(None)), io::ErrorKind::BrokenPipe);
    let mut live = Report::new(Closed, Form::default(), Timeline::live(Interval::Min, None));
    assert_eq!(kind(live.settle(stamp("20170427:0845"))), io::ErrorKind::BrokenPipe);
}

const ENDS: [&str; 4] = [
    "10.2.2.2:40000>10.1.1.1:5070",
    "10.1.1.1:5070>10.2.2.2:40000",
    "10.1.1.1:5070>10.2.2.2:5070",
    "[2001:db8::1]:5061>10.9.1.1:5060",
];

fn some_message() -> impl Strategy<Value = Message<'static>> {
    let start_lines = prop_oneof![Just(REQUEST_BYE), (100..103_u16).prop_map(StartLine::Response)];
    (0..4_u32, 0..ENDS.len(), start_lines, any::<bool>()).prop_map(|(minute, ends, start_line, out)| {
        let message = message(&format!("20170427:080{minute}"), ENDS[ends], start_line, Method::Bye);
        if out { went_out(message) } else { message }
    })
}

/// For each title, link, type and side, the number that stands in the table, unless it is 0.
pub(crate) type Numbers = BTreeMap<(String, String, String, &'static str), u64>;

pub(crate) fn numbers_of(text: &str) -> Numbers {
    let mut numbers = Numbers::new();
    for table in text.split("\n\n") {
        let mut lines = table.lines();
        let mut head = lines.next().unwrap().split_whitespace();
        let title = head.next().unwrap();
        let types: Vec<&str> = head.collect();
        for line in lines.skip(1) {
            let mut words = line.split_whitespace();
            let link = words.next().unwrap();
            for (i, number) in words.enumerate().filter(|(_, number)| *number != "0") {
                let side = if i % 2 == 0 { "IN" } else { "OUT" };
                let key = (title.to_owned(), link.to_owned(), types[i / 2].to_owned(), side);
                assert_eq!(
                    numbers.insert(key, number.parse().unwrap()),
                    None,
                    "each row is there once"
                );
            }
        }
    }
    numbers
}

proptest! {
    // What fails becomes a test of its own instead of a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_numbers_of_the_tables_are_the_numbers_of_messages(parts in vec(vec(some_message(), 1..60), 1..4)) {
        let mut report = batch();
        let mut plain = Numbers::new();
        for part in parts {
            report.absorb(counts(&part), NOWHERE).unwrap();
            for message in part {
                let (server, client, type_name) = match message.start_line {
                    StartLine::Request(_) => (message.destination, message.source, "BYE".to_owned()),
                    StartLine::Response(code) => (message.source, message.destination, code.to_string()),
                };
                let mut addresses = [server.ip(), client.ip()];
                addresses.sort();
                let link = format!("{}<-{}->{}", addresses[0], server.port(), addresses[1]);
                let side = if message.direction == sip_scan::Direction::In { "IN" } else { "OUT" };
                let title = message.stamp.to_string().get(..13).unwrap().to_owned();
                *plain.entry((title, link, type_name, side)).or_default() += 1;
            }
        }
        report.finish(None).unwrap();
        prop_assert_eq!(numbers_of(text(report).trim_end_matches("|\n")), plain);
    }
}
