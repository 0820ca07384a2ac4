use sip_filter::{Filter, Interval, Names};
use sip_scan::{Gather, Item, LineMark, Lines, Message, Method, Origin, Sink, StartLine};
use sip_stats::{CountMessages, Counts, Coverage, Timeline};

use super::{CheckOptions, length};
use crate::testing::{message, stamp, went_out};
use crate::{CheckStatus, Form, Input, Read, Report};

/// The lines of five minutes, from 08:40:00 on.
const FIVE_MINUTES: [&str; 2] = ["20170427:084000", "20170427:084459"];

fn options(requests: &str, responses: &str) -> CheckOptions {
    CheckOptions {
        requests: requests.to_owned(),
        responses: responses.to_owned(),
        warning: "10".parse().ok(),
        critical: "50".parse().ok(),
        seconds: 300,
        ..CheckOptions::default()
    }
}

/// So many equal messages.
type Many = (usize, Message<'static>);

/// So many responses to `method`, from port 5070 of the far side.
fn responses(count: usize, code: u16, method: Method) -> Many {
    let start_line = StartLine::Response(code);
    (
        count,
        message("20170427:0844", "10.2.2.2:5070>10.1.1.1:40000", start_line, method),
    )
}

fn requests(count: usize, method: Method) -> Many {
    let start_line = StartLine::Request(method);
    (
        count,
        message("20170427:0844", "10.2.2.2:40000>10.1.1.1:5070", start_line, method),
    )
}

fn out((count, message): Many) -> Many {
    (count, went_out(message))
}

/// What a check says of messages in a log that has lines from one time to another.
fn checked(options: CheckOptions, messages: &[Many], [first, last]: [&str; 2]) -> (CheckStatus, String) {
    let gather = CountMessages {
        filter: Filter {
            requests: options.requests.parse().unwrap(),
            responses: options.responses.parse().unwrap(),
            ..Filter::default()
        },
        interval: Interval::Min,
        by_class: false,
    };
    let mut counts = Counts::default();
    for (count, message) in messages {
        (0..*count).for_each(|_| gather.take(&mut counts, &Item::Message(*message)));
    }
    let line = |time| LineMark {
        stamp: stamp(time),
        number: None,
        line: 1,
    };
    let (first, last) = (line(first), line(last));
    gather.take(&mut counts, &Item::Lines(Lines { first, last }));
    let mut written = Vec::new();
    let report = Report::new(
        &mut written,
        Form::Check(Box::new(options)),
        Timeline::batch(Interval::Min),
    );
    let mut report = report.with_coverage(Coverage::new(Interval::Min, None));
    report.absorb(counts, Origin { source: 0, log: 0 }).unwrap();
    report.finish(None).unwrap();
    assert_eq!(report.status(), None);
    report.close(&[input(Read::Whole)]).unwrap();
    let status = report.status().unwrap();
    (status, String::from_utf8(written).unwrap())
}

fn input(read: Read) -> Input {
    Input {
        input: "2017-0427-084000.log".to_owned(),
        read,
        why: String::new(),
    }
}

fn line(options: CheckOptions, messages: &[Many]) -> String {
    checked(options, messages, FIVE_MINUTES).1
}

#[test]
fn the_line_of_each_status() {
    let of = |count| {
        let many = [out(responses(count, 503, Method::Invite)), requests(3, Method::Options)];
        checked(options("INVITE", "503"), &many, FIVE_MINUTES)
    };
    for (count, status) in [
        (0, CheckStatus::Ok),
        (10, CheckStatus::Ok),
        (11, CheckStatus::Warning),
        (50, CheckStatus::Warning),
        (51, CheckStatus::Critical),
    ] {
        assert_eq!(of(count).0, status, "{count}");
    }
    insta::assert_snapshot!([0, 11, 134].map(|count| of(count).1).concat(), @"
    SIPSTAT OK: 503 to INVITE IN 0 in 5 min | invite_503_in=0;10;50;0; invite_503_out=0;10;50;0;
    SIPSTAT WARNING: 503 to INVITE OUT 11 in 5 min, most on 10.1.1.1<-5070->10.2.2.2 | invite_503_in=0;10;50;0; invite_503_out=11;10;50;0;
    SIPSTAT CRITICAL: 503 to INVITE OUT 134 in 5 min, most on 10.1.1.1<-5070->10.2.2.2 | invite_503_in=0;10;50;0; invite_503_out=134;10;50;0;
    ");
}

#[test]
fn each_listed_word_has_a_label_each_way() {
    let messages = [
        requests(7, Method::Invite),
        out(requests(2, Method::Bye)),
        responses(1, 486, Method::Invite),
        out(responses(2, 486, Method::Bye)),
        responses(3, 503, Method::Bye),
        responses(4, 700, Method::Cancel),
    ];
    let numbers = |requests: &str, responses: &str| {
        let options = CheckOptions {
            warning: None,
            critical: None,
            ..options(requests, responses)
        };
        let line = line(options, &messages);
        line.trim_end().split_once(" | ").unwrap().1.replace(";;;0;", "")
    };
    let table = [
        ("INVITE", "4xx"),
        ("invite, BYE", "4|503"),
        ("ReINVITE", "48"),
        ("ALL", "ALL"),
        ("ALL", "5,503,5"),
        ("none", "4xx"),
        ("None", "ALL"),
        ("INVITE|BYE|OPTIONS", "none"),
        ("ALL", "NONE"),
    ];
    let lines = table.map(|(requests, responses)| format!("{requests} {responses}: {}", numbers(requests, responses)));
    insta::assert_snapshot!(lines.join("\n"), @"
    INVITE 4xx: invite_4xx_in=1 invite_4xx_out=0
    invite, BYE 4|503: invite_4_in=1 invite_4_out=0 invite_503_in=0 invite_503_out=0 bye_4_in=0 bye_4_out=2 bye_503_in=3 bye_503_out=0
    ReINVITE 48: reinvite_48_in=1 reinvite_48_out=0
    ALL ALL: all_all_in=8 all_all_out=2
    ALL 5,503,5: all_5_in=3 all_5_out=0 all_503_in=3 all_503_out=0
    none 4xx: 4xx_in=1 4xx_out=2
    None ALL: all_in=8 all_out=2
    INVITE|BYE|OPTIONS none: invite_in=7 invite_out=0 bye_in=0 bye_out=2 options_in=0 options_out=0
    ALL NONE: all_in=7 all_out=2
    ");
}

#[test]
fn of_several_alerts_the_worst_is_named() {
    let messages = [
        responses(20, 503, Method::Invite),
        out(responses(60, 503, Method::Bye)),
        responses(51, 486, Method::Bye),
        responses(1, 500, Method::Invite),
    ];
    let text = |options: CheckOptions| line(options, &messages).split(" |").next().unwrap().to_owned();
    let at_least = |warning: &str, critical: &str| CheckOptions {
        warning: warning.parse().ok(),
        critical: critical.parse().ok(),
        ..options("INVITE,BYE", "503,486")
    };
    insta::assert_snapshot!([
        text(options("INVITE,BYE", "503,486")),
        text(options("INVITE", "503")),
        text(options("INVITE,BYE", "503")),
        text(at_least("1:", "~:")),
        text(at_least("~:", "@0")),
        text(at_least("", "")),
    ].join("\n"), @"
    SIPSTAT CRITICAL: 503 to BYE OUT 60 in 5 min, most on 10.1.1.1<-5070->10.2.2.2; 2 more alerts
    SIPSTAT WARNING: 503 to INVITE IN 20 in 5 min, most on 10.1.1.1<-5070->10.2.2.2
    SIPSTAT CRITICAL: 503 to BYE OUT 60 in 5 min, most on 10.1.1.1<-5070->10.2.2.2; 1 more alert
    SIPSTAT WARNING: 503 to INVITE OUT 0 in 5 min; 4 more alerts
    SIPSTAT CRITICAL: 503 to INVITE OUT 0 in 5 min; 4 more alerts
    SIPSTAT OK: 503 to BYE OUT 60 in 5 min, most on 10.1.1.1<-5070->10.2.2.2
    ");
}

#[test]
fn the_link_with_the_most_is_named_as_tables_print_it() {
    let other = message(
        "20170427:0844",
        "10.2.2.3:5070>10.1.1.1:40000",
        StartLine::Response(503),
        Method::Invite,
    );
    let third = message(
        "20170427:0844",
        "10.2.2.4:5070>10.1.1.1:40000",
        StartLine::Response(503),
        Method::Invite,
    );
    let names = Names::parse(b"10.1.1.1 cm|1\n10.2.2.3 sbc\n").unwrap();
    let options = CheckOptions {
        names,
        ..options("INVITE", "503")
    };
    let messages = [responses(2, 503, Method::Invite), (4, other), (4, third)];
    insta::assert_snapshot!(line(options, &messages), @r"SIPSTAT OK: 503 to INVITE IN 10 in 5 min, most on cm\x7c1<-5070->sbc | invite_503_in=10;10;50;0; invite_503_out=0;10;50;0;");
}

#[test]
fn what_tells_nothing_is_never_ok() {
    let sound = [responses(1, 503, Method::Invite)];
    let of = |options: CheckOptions, messages: &[Many], ends| {
        let (status, line) = checked(options, messages, ends);
        assert_eq!(status == CheckStatus::Unknown, line.contains("UNKNOWN"), "{line}");
        line
    };
    let doubtful = CheckOptions {
        doubt: Some("nothing was written to the newest log for 10 min".to_owned()),
        ..options("INVITE", "503")
    };
    let undated = CheckOptions {
        seconds: 0,
        ..options("INVITE", "503")
    };
    let half = ["20170427:084230", "20170427:084459"];
    let less = ["20170427:084231", "20170427:084459"];
    insta::assert_snapshot!([
        of(doubtful, &sound, FIVE_MINUTES),
        of(options("INVITE", "503"), &sound, half),
        of(options("INVITE", "503"), &sound, less),
        of(options("INVITE", "503"), &[], FIVE_MINUTES),
        of(options("none", "none"), &sound, FIVE_MINUTES),
        of(undated, &sound, FIVE_MINUTES),
    ].concat(), @"
    SIPSTAT UNKNOWN: nothing was written to the newest log for 10 min | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;
    SIPSTAT OK: 503 to INVITE IN 1 in 5 min, most on 10.1.1.1<-5070->10.2.2.2; covered 150 of 300 s | invite_503_in=1;10;50;0; invite_503_out=0;10;50;0;
    SIPSTAT UNKNOWN: the logs cover only 149 of 300 s | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;
    SIPSTAT UNKNOWN: no [MST line of SIP in these 5 min: is MST set for a signaling group? | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;
    SIPSTAT UNKNOWN: neither requests nor responses are asked for
    SIPSTAT UNKNOWN: no line of the logs bears a time | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;
    ");
}

#[test]
fn where_nothing_was_read_it_says_so() {
    for inputs in [vec![], vec![input(Read::Not)]] {
        let mut written = Vec::new();
        let form = Form::Check(Box::new(options("INVITE", "503")));
        let mut report = Report::new(&mut written, form, Timeline::batch(Interval::Min));
        report.close(&inputs).unwrap();
        assert_eq!(report.status(), Some(CheckStatus::Unknown));
        insta::allow_duplicates! {
            insta::assert_snapshot!(String::from_utf8(written).unwrap(), @"SIPSTAT UNKNOWN: no log could be read | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;");
        }
    }
}

#[test]
fn lengths_in_words() {
    let lengths = [1, 59, 60, 90, 300, 3600, 5400, 86_400, 90_000, 172_800].map(length);
    insta::assert_snapshot!(lengths.join(", "), @"1 s, 59 s, 1 min, 90 s, 5 min, 1 h, 90 min, 1 d, 25 h, 2 d");
}
