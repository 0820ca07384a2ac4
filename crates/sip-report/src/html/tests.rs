mod coverage;
mod size;

use std::num::NonZero;

use sip_filter::{Filter, Interval, Names};
use sip_scan::{Gather, Item, Message, Method, Origin, Sink, StartLine};
use sip_stats::{Cells, CountMessages, Counts, Timeline};

use super::HtmlOptions;
use crate::testing::{message, went_out};
use crate::{Form, Input, Read, Report};

fn page_of(messages: &[Message], interval: Interval, options: HtmlOptions, inputs: &[Input]) -> String {
    let filter = Filter {
        requests: "ALL".parse().unwrap(),
        responses: "ALL".parse().unwrap(),
        ..Filter::default()
    };
    let gather = CountMessages {
        filter,
        interval,
        by_class: false,
    };
    let mut out = Vec::new();
    let mut report = Report::new(&mut out, Form::Html(options), Timeline::batch(interval));
    // Counts of one log hold all its windows: a hundred messages at a time are as many logs.
    for messages in messages.chunks(100) {
        let mut counts = Counts::default();
        for message in messages {
            gather.take(&mut counts, &Item::Message(*message));
        }
        report.absorb(counts, Origin { source: 0, log: 0 }).unwrap();
    }
    report.finish(None).unwrap();
    report.close(inputs).unwrap();
    String::from_utf8(out).unwrap()
}

fn page(messages: &[Message]) -> String {
    page_of(messages, Interval::Min, HtmlOptions::default(), &[])
}

fn response(time: &str, port: u16, code: u16) -> Message<'static> {
    let ends = format!("10.1.1.1:{port}>10.2.2.2:40000");
    went_out(message(time, &ends, StartLine::Response(code), Method::Invite))
}

fn invite(time: &str) -> Message<'static> {
    message(
        time,
        "10.2.2.2:40000>10.1.1.1:5060",
        StartLine::Request(Method::Invite),
        Method::Invite,
    )
}

/// The texts of the page, a line for each row of a table and each bar.
pub(crate) fn texts(page: &str) -> String {
    let body = page.split("</style>").nth(1).unwrap();
    let mut text = String::new();
    let mut rest = body
        .replace("</tr>", "\n")
        .replace("</title>", "\n")
        .replace("</text>", " ");
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = after.split_once('>').unwrap().1.to_owned();
    }
    let lines = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Nothing in the page is a script, comes from elsewhere, or is markup that the input wrote.
#[track_caller]
pub(crate) fn check_markup(page: &str) {
    for markup in [
        "<b>", "<i>", "<script", "http:", "https:", "url(", "@import", "style=", " on",
    ] {
        let code = page.split("</style>").nth(1).unwrap();
        let tags = code.split('<').skip(1).map(|tag| tag.split('>').next().unwrap());
        assert!(
            !tags.map(|tag| format!("<{tag}>")).any(|tag| tag.contains(markup)),
            "{markup}"
        );
    }
}

#[test]
fn what_a_page_says() {
    let messages = [
        invite("20170427:084412"),
        invite("20170427:084413"),
        response("20170427:084414", 5060, 486),
        response("20170427:084714", 5061, 503),
        response("20170427:084715", 5061, 503),
        message(
            "20170427:084716",
            "10.1.1.1:5061>10.2.2.2:40000",
            StartLine::Response(486),
            Method::Invite,
        ),
        response("20170427:084716", 5060, 200),
    ];
    let inputs = [
        Input {
            input: "2017-0427-084412.log".to_owned(),
            read: Read::Whole,
            why: String::new(),
        },
        Input {
            input: "2017-0427-084500.log.gz".to_owned(),
            read: Read::InPart,
            why: "unexpected end of file".to_owned(),
        },
        Input {
            input: "<b>.log".to_owned(),
            read: Read::Not,
            why: "permission denied".to_owned(),
        },
    ];
    let options = HtmlOptions {
        command: "sipstat_cm --format html '<i>&\"'".to_owned(),
        ..HtmlOptions::default()
    };
    let page = page_of(&messages, Interval::Min, options, &inputs);
    insta::assert_snapshot!(texts(&page));
    check_markup(&page);
}

/// A code outside of 100 to 699 is neither a request nor a failure, wherever it is counted.
#[test]
fn what_is_of_no_known_type_is_no_request() {
    let page = texts(&page(&[
        invite("20170427:0844"),
        response("20170427:0844", 5060, 42),
        response("20170427:0844", 5060, 999),
    ]));
    for expected in [
        "requests 1\n",
        "requests other\n",
        "08:44: requests 1, other 2\n",
        "0 0 0 0 0 0 1\nRequests by type",
        "08:44: INVITE 1\n",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
}

/// Names that are the same, whichever end has the lower address, are one link.
#[test]
fn links_that_are_called_the_same_are_one() {
    let ends = [
        "10.1.1.1:40000>10.2.2.2:5060",
        "10.3.3.3:40000>10.2.2.2:5060",
        "10.3.3.4:40000>10.2.2.2:5060",
    ];
    let messages = ends.map(|ends| message("20170427:0844", ends, StartLine::Response(503), Method::Invite));
    let names = Names::parse(b"10.1.1.1 sbc\n10.3.0.0/16 sbc\n10.2.2.2 cm\n").unwrap();
    let options = HtmlOptions {
        names,
        ..HtmlOptions::default()
    };
    let page = texts(&page_of(&messages, Interval::Min, options, &[]));
    assert_eq!(page.matches("&#60;-").count(), 1, "{page}");
    assert!(page.contains("sbc&#60;-40000-&#62;cm failures 3\n"), "{page}");
}

#[test]
fn a_page_of_nothing() {
    let page = page(&[]);
    assert!(page.contains("No SIP message was found."), "{page}");
    assert!(!page.contains("<section"), "{page}");
}

#[test]
fn where_nothing_failed_links_stand_by_their_messages() {
    let ends = |port| format!("10.2.2.2:40000>10.1.1.1:{port}");
    let bye = |port| {
        message(
            "20170427:084412",
            &ends(port),
            StartLine::Request(Method::Bye),
            Method::Bye,
        )
    };
    let page = page(&[bye(5060), bye(5061), bye(5061)]);
    let place = |link: &str| page.find(link).unwrap();
    assert!(place("-5061-&#62;") < place("-5060-&#62;"), "{page}");
}

#[test]
fn links_beyond_the_most_are_summed() {
    let messages: Vec<_> = (0..5)
        .flat_map(|port| vec![response("20170427:084412", 5060 + port, 503); usize::from(port) + 1])
        .collect();
    let options = HtmlOptions {
        top: NonZero::new(2),
        total: true,
        ..HtmlOptions::default()
    };
    let page = texts(&page_of(&messages, Interval::Min, options, &[]));
    let links: Vec<&str> = page.lines().filter(|line| line.contains("503 08:44 08:44 0")).collect();
    assert_eq!(links.len(), 4, "with the others, and all");
    assert!(page.contains("TOTAL failures 15\n15 0 15 0 15 0 503"), "{page}");
    assert!(page.contains("from 5xx TOTAL\n08:44 15 15\nTOTAL 15 15"), "{page}");
    assert!(
        page.contains("The other 3 links are summed as `other links`."),
        "{page}"
    );
    assert!(page.contains("6 0 6 0 6 0 503 08:44 08:44 0"), "{page}");
}

/// A year by the second, a message each hour: columns become coarser as they come.
#[test]
fn a_long_time_has_few_columns_and_the_same_numbers() {
    let hours = (1..=12).flat_map(|month| (1..=28).flat_map(move |day| (0..24).map(move |hour| (month, day, hour))));
    let times: Vec<String> = hours
        .map(|(month, day, hour)| format!("2017{month:02}{day:02}:{hour:02}0507"))
        .collect();
    let messages: Vec<_> = times.iter().map(|time| response(time, 5060, 503)).collect();
    let page = texts(&page_of(&messages, Interval::Sec, HtmlOptions::default(), &[]));
    assert!(
        page.contains("A column is 1 week: coarser than the windows of 1 second"),
        "{page}"
    );
    let bars: Vec<u64> = page
        .lines()
        .filter_map(|line| line.split_once(": 5xx ")?.1.parse().ok())
        .collect();
    assert_eq!(bars.iter().sum::<u64>(), 12 * 28 * 24);
    assert!(bars.len() <= 144);
}

/// Only the most frequent codes have a row, and the page says what of the others is not shown.
#[test]
fn codes_without_a_row_are_told() {
    let told = |codes: &[u16]| {
        let messages: Vec<_> = codes
            .iter()
            .map(|code| response("20170427:084412", 5060, *code))
            .collect();
        let page = texts(&page(&messages));
        let (_, codes) = page.split_once("since when?\n").unwrap();
        codes.lines().next().unwrap().to_owned()
    };
    let often: Vec<u16> = (400..420).flat_map(|code| [code; 2]).collect();
    let text = "The stronger the colour, the more responses, compared within a class.";
    assert_eq!(told(&often), text);
    let one = format!("{text} 1 other code is not shown, with 1 response.");
    assert_eq!(told(&[&often[..], &[503]].concat()), one);
    let same = format!("{text} 1 other code is not shown, with 2 responses.");
    assert_eq!(told(&[&often[..], &[503, 503]].concat()), same);
    let two = format!("{text} 2 other codes are not shown, with 3 responses.");
    assert_eq!(told(&[&often[..], &[600, 503, 600]].concat()), two);
}

/// Links and codes that somebody makes up fill neither the memory nor the page.
#[test]
fn what_is_made_up_has_a_bound() {
    let codes = (0..600).map(|n| response("20170427:084412", 5060, 100 + n));
    let links = (0..Cells::MAX * 2).map(|n| {
        let ends = format!("10.{}.{}.{}:1>10.0.0.1:5060", n >> 16, (n >> 8) & 255, n & 255);
        let time = if n < Cells::MAX {
            "20170427:0845"
        } else {
            "20170427:0846"
        };
        message(time, &ends, StartLine::Request(Method::Bye), Method::Bye)
    });
    let messages: Vec<_> = codes.chain(links).collect();
    let page = page(&messages);
    assert!(page.len() < 500_000, "{}", page.len());
    let page = texts(&page);
    assert!(page.contains("requests 60"), "all are counted");
}
