mod coverage;

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value as Json;
use sip_filter::{Filter, Interval, Names};
use sip_scan::{Damage, Damaged, Gather, Item, Message, Method, Origin, Sink, StartLine};
use sip_stats::{CountMessages, Counts, Timeline};

use crate::report::tests::{Numbers, numbers_of};
use crate::testing::{bye, message, stamp, went_out};
use crate::{Form, Input, Read, Report, TableOptions};

const NOWHERE: Origin = Origin { source: 0, log: 0 };

fn everything(interval: Interval) -> CountMessages {
    CountMessages {
        filter: filter("ALL", "ALL"),
        interval,
        ..CountMessages::default()
    }
}

fn filter(requests: &str, responses: &str) -> Filter {
    Filter {
        requests: requests.parse().unwrap(),
        responses: responses.parse().unwrap(),
        ..Filter::default()
    }
}

fn gather(gather: &CountMessages, items: &[Item<'_>]) -> Counts {
    let mut counts = Counts::default();
    items.iter().for_each(|item| gather.take(&mut counts, item));
    counts
}

/// What a batch writes in `form`, the counts of each part taken one after the other.
fn written(form: Form, interval: Interval, parts: &[Counts]) -> String {
    let mut out = Vec::new();
    let mut report = Report::new(&mut out, form, Timeline::batch(interval));
    for part in parts {
        report.absorb(part.clone(), NOWHERE).unwrap();
    }
    report.finish(None).unwrap();
    report.close(&inputs()).unwrap();
    String::from_utf8(out).unwrap()
}

/// The forms that are rows, without names.
fn rows() -> [Form; 2] {
    [Form::Csv(Names::default()), Form::JsonLines(Names::default())]
}

/// Names for the near side of all links, and for the far side of some.
fn names() -> Names {
    Names::parse(b"10.1.1.1 cm\n10.2.0.0/16 branch,east # all of it\n2001:db8::1 sm\n").unwrap()
}

fn inputs() -> [Input; 3] {
    let input = |input: &str, read, why: &str| Input {
        input: input.to_owned(),
        read,
        why: why.to_owned(),
    };
    [
        input("2017-0427-084412.log", Read::Whole, ""),
        input("b.tgz: \u{9b}2J.log", Read::InPart, "damaged gzip: it is cut off"),
        input("-d", Read::Not, "not found"),
    ]
}

/// Messages of each direction, kind and near side, two windows, and damage within, beside and without a window.
fn some_of_all() -> Counts {
    let (first, second) = ("20170427:084412", "20170427:084559999");
    let out = |start_line, cseq| message(first, "10.1.1.1:5070>10.2.2.2:40000", start_line, cseq);
    let cut = Message {
        damage: Some(Damage::Short),
        ..bye(second)
    };
    let damaged = |time: Option<&str>| Damaged {
        stamp: time.map(stamp),
        damage: Damage::NoCseq,
        process: b"capro(4711)",
        position: Default::default(),
    };
    gather(
        &everything(Interval::Min),
        &[
            Item::Message(bye(first)),
            Item::Message(bye(first)),
            Item::Message(went_out(bye(first))),
            Item::Message(out(StartLine::Response(200), Method::Bye)),
            Item::Message(out(StartLine::Response(200), Method::Invite)),
            Item::Message(went_out(out(StartLine::Response(200), Method::Invite))),
            Item::Message(out(StartLine::Request(Method::Other), Method::Other)),
            Item::Message(out(StartLine::Response(700), Method::Other)),
            Item::Message(cut),
            Item::Message(message(
                second,
                "[2001:db8::1]:5061>10.9.1.1:5060",
                StartLine::Request(Method::Ack),
                Method::Ack,
            )),
            Item::Damaged(damaged(Some(second))),
            Item::Damaged(damaged(Some("20170427:0847"))),
            Item::Damaged(damaged(None)),
        ],
    )
}

#[test]
fn lines_of_json() {
    insta::assert_snapshot!(written(Form::JsonLines(names()), Interval::Min, &[some_of_all()]));
}

#[test]
fn csv_has_a_head_and_the_counts() {
    insta::assert_snapshot!(written(Form::Csv(names()), Interval::Min, &[some_of_all()]));
}

#[test]
fn where_nothing_counts_csv_is_its_head_and_json_the_inputs_and_a_summary() {
    let forms = rows().map(|form| written(form, Interval::Min, &[]));
    insta::assert_snapshot!(forms.join("\n"));
}

/// Live, each window is written and flushed when it is over, and says so where only a part of it was counted.
#[test]
fn live_rows_come_window_by_window() {
    for form in rows() {
        let mut out = std::io::BufWriter::new(Vec::new());
        let mut report = Report::new(&mut out, form.clone(), Timeline::live(Interval::Min, None));
        report.begin(stamp("20170427:084412")).unwrap();
        let messages = [bye("20170427:084413"), bye("20170427:0845"), bye("20170427:0846")];
        let counts = gather(&everything(Interval::Min), &messages.map(Item::Message));
        report.absorb(counts, NOWHERE).unwrap();
        report.settle(stamp("20170427:0846")).unwrap();
        report.finish(Some(stamp("20170427:084612"))).unwrap();
        report.close(&[]).unwrap();
        drop(report);
        insta::assert_snapshot!(String::from_utf8(out.into_inner().unwrap()).unwrap());
    }
}

#[test]
fn what_is_over_is_flushed() {
    let mut out = std::io::BufWriter::with_capacity(1 << 20, Vec::new());
    for form in rows() {
        let written = |out: &std::io::BufWriter<Vec<u8>>| out.get_ref().len();
        let before = written(&out);
        let mut report = Report::new(&mut out, form, Timeline::live(Interval::Min, None));
        report.begin(stamp("20170427:084412")).unwrap();
        report.settle(stamp("20170427:0845")).unwrap();
        report.close(&[]).unwrap();
        drop(report);
        assert!(written(&out) > before);
    }
}

const ENDS: [&str; 5] = [
    "10.2.2.2:40000>10.1.1.1:5070",
    "10.1.1.1:5070>10.2.2.2:40000",
    "10.1.1.1:5070>10.2.2.2:5070",
    "10.3.3.3:1>10.3.3.3:5070",
    "[2001:db8::1]:5061>10.9.1.1:5060",
];

fn some_message() -> impl Strategy<Value = Message<'static>> {
    let methods = || {
        prop_oneof![
            Just(Method::Invite),
            Just(Method::Bye),
            Just(Method::Options),
            Just(Method::Other)
        ]
    };
    let start_lines = prop_oneof![
        methods().prop_map(StartLine::Request),
        (198..202_u16).prop_map(StartLine::Response),
        (698..702_u16).prop_map(StartLine::Response)
    ];
    let parts = (0..3_u32, 0..60_u32, 0..ENDS.len(), start_lines, methods());
    (parts, any::<bool>(), any::<bool>()).prop_map(|((minute, second, ends, start_line, cseq), to_tag, out)| {
        let message = message(
            &format!("20170427:080{minute}{second:02}"),
            ENDS[ends],
            start_line,
            cseq,
        );
        let message = Message { to_tag, ..message };
        if out { went_out(message) } else { message }
    })
}

/// What a row is: all but its `n`.
fn key_of(row: &BTreeMap<String, String>) -> Vec<&String> {
    row.iter()
        .filter(|(key, _)| *key != "n")
        .map(|(_, value)| value)
        .collect()
}

/// The rows of the kind `count`, each key with its value as text.
fn rows_of_json(text: &str) -> Vec<BTreeMap<String, String>> {
    let rows = text
        .lines()
        .map(|line| serde_json::from_str::<BTreeMap<String, Json>>(line).unwrap());
    let rows = rows.filter(|row| row["kind"] == "count");
    rows.map(|row| {
        let plain = row.into_iter().map(|(key, value)| match value {
            Json::String(text) => (key, text),
            other => (key, other.to_string()),
        });
        plain.collect()
    })
    .collect()
}

fn rows_of_csv(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(|row| row.unwrap())
        .collect()
}

/// The sums of rows by what tells the numbers of tables apart.
fn sums(rows: &[BTreeMap<String, String>], interval: Interval) -> Numbers {
    let mut sums = Numbers::new();
    for row in rows {
        let mut addresses: [std::net::IpAddr; 2] = ["near", "far"].map(|side| row[side].parse().unwrap());
        addresses.sort();
        let link = format!("{}<-{}->{}", addresses[0], row["port"], addresses[1]);
        let (date, time) = row["window"].split_once('T').unwrap();
        let time = stamp(&format!("{}:{}", date.replace('-', ""), time.replace(':', "")));
        let window = sip_filter::Window::of(&time, interval).to_string();
        let side = if row["dir"] == "IN" { "IN" } else { "OUT" };
        *sums.entry((window, link, row["type"].clone(), side)).or_default() += row["n"].parse::<u64>().unwrap();
    }
    sums
}

proptest! {
    // What fails becomes a test of its own instead of a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_add_up_to_the_tables(
        parts in vec(vec(some_message(), 0..60), 1..4),
        requests in prop_oneof![Just("ALL"), Just("INVITE|BYE"), Just("ReINVITE")],
        responses in prop_oneof![Just("ALL"), Just("2|699"), Just("6")],
        interval in prop_oneof![Just(Interval::Sec), Just(Interval::TenSec), Just(Interval::Min), Just(Interval::Hour)],
    ) {
        let count = CountMessages { filter: filter(requests, responses), interval, ..CountMessages::default() };
        let parts: Vec<Counts> = parts
            .iter()
            .map(|part| gather(&count, &part.iter().map(|message| Item::Message(*message)).collect::<Vec<_>>()))
            .collect();
        let table = written(Form::Table(TableOptions::default()), interval, &parts);
        let [csv, json] = rows().map(|form| written(form, interval, &parts));
        let (csv, json) = (rows_of_csv(&csv), rows_of_json(&json));
        prop_assert_eq!(&json, &csv, "both forms say the same");
        let keys: BTreeSet<Vec<&String>> = csv.iter().map(key_of).collect();
        prop_assert_eq!(keys.len(), csv.len(), "each row is there once");
        prop_assert!(csv.iter().all(|row| row["n"] != "0"));
        let expected = if table.is_empty() { Numbers::new() } else { numbers_of(&table) };
        prop_assert_eq!(sums(&csv, interval), expected);
    }
}
