use sip_calls::GatherLines;
use sip_filter::Filter;
use sip_scan::{Gather, Item, Message, Method, Order, Origin, Sink, StartLine, Timed};
use sip_stats::{CountMessages, Counts};

use super::*;
use crate::lines::{LineOptions, Lines};
use crate::testing::{bye, message, stamp, went_out};

const BUSY: &[u8] =
    b"SIP/2.0 486 Busy Here\r\nFrom: <sip:4711@a>;tag=1\r\nTo: \"x\" <tel:0815>\r\nCall-ID: 5f0c@10.2.2.2\r\n\r\n";

fn busy() -> Message<'static> {
    let ends = "10.2.2.2:5070>10.1.1.1:40000";
    Message {
        text: Some(BUSY),
        ..message("20170427:084412345", ends, StartLine::Response(486), Method::Invite)
    }
}

fn with_text(text: &'static [u8], message: Message<'static>) -> Message<'static> {
    Message {
        text: Some(text),
        ..message
    }
}

/// What is written of messages that stand on the lines 1, 2 and so on of one log.
fn written(form: LineForm, by_call: bool, messages: &[Message<'_>]) -> String {
    let filter = Filter {
        requests: "ALL".parse().unwrap(),
        responses: "ALL".parse().unwrap(),
        ..Filter::default()
    };
    let gather = (CountMessages::default(), GatherLines { filter });
    let mut part: (Counts, Timed<MessageLine>) = Default::default();
    for (line, message) in (1..).zip(messages) {
        let position = Position {
            line,
            offset: 100 * line,
            ..Position::default()
        };
        gather.take(&mut part, &Item::Message(Message { position, ..*message }));
    }
    let order = Order {
        most_bytes: 1 << 20,
        last: None,
    };
    let mut out = Vec::new();
    let options = LineOptions {
        form,
        names: Names::parse(b"10.2.2.0/24 sbc\n10.9.9.9 other\n").unwrap(),
        by_call,
        order,
    };
    let mut lines = Lines::new(&mut out, options);
    lines.log(&"ecs/a.log");
    lines.absorb(part, Origin { source: 0, log: 0 }).unwrap();
    lines.finish(None).unwrap();
    assert_eq!(lines.summary().records, messages.len() as u64);
    assert_eq!(lines.notes(), [""; 0]);
    drop(lines);
    String::from_utf8(out).unwrap()
}

#[test]
fn a_line_of_text_says_what_went_where_and_of_which_call() {
    let bare = went_out(with_text(b"BYE sip:a SIP/2.0\r\n", bye("20170427:084411")));
    let other = Message {
        start_line: StartLine::Request(Method::Other),
        cseq: Method::Other,
        ..with_text(
            b"FOO sip:a SIP/2.0\r\nf: <sip:4711@a>\r\nt: <sip:a>\r\ni: 1\r\n\r\n",
            bye("20170427:084413"),
        )
    };
    insta::assert_snapshot!(written(LineForm::Text(None), false, &[busy(), bare, other]));
    let whole = written(LineForm::Text(None), false, &[busy()]);
    let width = whole.len() - 1;
    assert_eq!(written(LineForm::Text(Some(width)), false, &[busy()]), whole);
    for (name, width) in [("one_less", width - 1), ("narrow", 30)] {
        insta::assert_snapshot!(name, written(LineForm::Text(Some(width)), false, &[busy()]));
    }
}

#[test]
fn calls_are_parted_by_an_empty_line() {
    let of = |call: &'static [u8], time| with_text(call, bye(time));
    let (a, b) = (b"BYE a SIP/2.0\r\ni: a\r\n\r\n", b"BYE a SIP/2.0\r\ni: b\r\n\r\n");
    let messages = [
        of(a, "20170427:084412"),
        of(b, "20170427:084413"),
        of(a, "20170427:084414"),
    ];
    insta::assert_snapshot!(written(LineForm::Text(None), true, &messages));
}

#[test]
fn rows_say_where_a_message_stands() {
    let bare = went_out(with_text(b"BYE sip:a SIP/2.0\r\n", bye("20170427:084413")));
    for (form, name) in [(LineForm::JsonLines, "jsonl"), (LineForm::Csv, "csv")] {
        insta::assert_snapshot!(name, written(form, false, &[busy(), bare]));
    }
    // A head stands there also where nothing else does.
    assert_eq!(written(LineForm::Csv, false, &[]), KEYS.join(",") + "\n");
    assert_eq!(written(LineForm::JsonLines, false, &[]), "");
}

#[test]
fn what_strangers_wrote_steers_no_terminal() {
    let nasty = b"SIP/2.0 486 \x1b]0;x\x07\x9b\xe2\x80\xae\r\nFrom: <sip:\x1b[2J@a>\r\nTo: <sip:\xff\x00@a>\r\nCall-ID: \x7f\x08\r\x1b\r\n\r\n";
    for form in [LineForm::Text(None), LineForm::JsonLines, LineForm::Csv] {
        let text = written(form, false, &[with_text(nasty, busy())]);
        let text = text.trim_start_matches(&(KEYS.join(",") + "\n"));
        assert!(
            text.trim_end().bytes().all(|byte| (b' '..=b'~').contains(&byte)),
            "{text:?}"
        );
    }
    insta::assert_snapshot!(written(LineForm::Text(None), false, &[with_text(nasty, busy())]));
}

#[test]
fn what_strangers_wrote_is_no_formula() {
    for (text, want) in [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+1+1", "'+1+1"),
        ("-x", "'-x"),
        ("+49711", "+49711"),
        ("4711=", "4711="),
        ("", ""),
        ("\t=1", "\\x09=1"),
    ] {
        assert_eq!(cell(text.as_bytes()), want);
    }
}

#[test]
fn what_is_out_of_order_and_what_was_too_much_to_hold_is_told() {
    let options = LineOptions {
        form: LineForm::Text(None),
        names: Names::default(),
        by_call: true,
        order: Order {
            most_bytes: 0,
            last: Some(stamp("20170427:09")),
        },
    };
    let mut lines = Lines::new(io::sink(), options);
    assert!(!lines.is_done());
    for time in ["20170427:084413", "20170427:084412"] {
        let gather = (CountMessages::default(), GatherLines::default());
        let mut part: (Counts, Timed<MessageLine>) = Default::default();
        gather.take(&mut part, &Item::Message(with_text(b"BYE a SIP/2.0\r\n", bye(time))));
        lines.absorb(part, Origin { source: 0, log: 0 }).unwrap();
    }
    lines.settle(stamp("20170427:10")).unwrap();
    assert!(lines.is_done());
    insta::assert_snapshot!(lines.notes().join("\n"), @"
    1 message does not stand in the order of time: there was too much to hold, or a clock was set back
    there was too much to hold: a call may stand in more than one place
    ");
}

#[test]
fn what_is_escaped_can_be_told_from_what_was_written_so() {
    for (text, want) in [
        (&b"\x1b"[..], "\\x1b"),
        (b"\\x1b", "\\\\x1b"),
        (b"\\", "\\\\"),
        (b"a b~", "a b~"),
    ] {
        assert_eq!(escaped(text), want);
    }
}

#[test]
fn that_nothing_matches_is_told() {
    let options = LineOptions {
        form: LineForm::Text(None),
        names: Names::default(),
        by_call: false,
        order: Order {
            most_bytes: 1 << 20,
            last: None,
        },
    };
    let gather = (CountMessages::default(), GatherLines { filter: Filter::none() });
    let mut lines = Lines::new(io::sink(), options);
    assert_eq!(lines.notes(), [""; 0]);
    let mut part: (Counts, Timed<MessageLine>) = Default::default();
    for _ in 0..2 {
        gather.take(&mut part, &Item::Message(busy()));
    }
    lines.absorb(part, Origin { source: 0, log: 0 }).unwrap();
    assert_eq!(lines.notes(), ["no message matches, of 2"]);
}
