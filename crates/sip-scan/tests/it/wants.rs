//! How much of each message is handed over, by what is wanted.

use sip_scan::{Beyond, Dialog, Item, MAX_RECORD, Messages, Method, Scanner, Tail, Want};

use crate::lines::{first, further, record};

const INVITE: &str = "INVITE sip:1@example.com SIP/2.0\r\nVia: SIP/2.0/TLS a;branch=z9hG4bK.x\r\nFrom: <b>;tag=1\r\nTo: <c>\r\n\
    CSeq: 7 INVITE\r\nCall-ID: 5f@c\r\n\r\nv=0\r\n";

/// Two files: the record is cut between them.
fn files(text: &str) -> [String; 2] {
    let bytes = record(text);
    let (head, tail) = bytes.split_at(60);
    [first("p(1)", bytes.len(), head), further("p(1)", tail)]
}

/// What is handed over of the only message, read alone and joined.
fn check(text: &str, want: Want, check: impl Fn(Option<Dialog<'_>>, Option<&[u8]>)) {
    let mut count = 0;
    let mut take = |item: Item<'_>| match item {
        Item::Message(message) => {
            check(message.dialog, message.text);
            count += 1;
        }
        Item::Lines(_) => {}
        item => panic!("{item:?}"),
    };
    let mut scanner = Scanner::new(want);
    let mut tail = Tail::nothing();
    for file in files(text) {
        scanner.scan(file.as_bytes(), &mut take);
        tail = tail.join(scanner.end_of_file(&mut take), &mut take);
    }
    tail.finish(Beyond::Nothing, &mut take);
    assert_eq!(count, 1);
}

#[test]
fn no_more_than_is_wanted() {
    let dialog = Dialog {
        call_id: Some(b"5f@c"),
        from_tag: Some(b"1"),
        to_tag: None,
        cseq_number: Some(7),
        branch: Some(b"z9hG4bK.x"),
    };
    check(INVITE, Want::Head, |dialog, text| {
        assert_eq!((dialog, text), (None, None))
    });
    check(INVITE, Want::Dialog(Messages::ALL), |found, text| {
        assert_eq!((found, text), (Some(dialog), None))
    });
    for before in ["\r\n\r\n", "\n"] {
        check(&format!("{before}{INVITE}"), Want::Dialog(Messages::ALL), |found, _| {
            assert_eq!(found, Some(dialog))
        });
    }
    // What stands in the body is no header.
    let late = INVITE.replace("\r\nCall-ID: 5f@c\r\n\r\n", "\r\n\r\nCall-ID: 5f@c\r\n");
    check(&late, Want::Dialog(Messages::ALL), |found, _| {
        assert_eq!(found.and_then(|found| found.call_id), None)
    });
    check(INVITE, Want::Text(Messages::ALL), |found, text| {
        assert_eq!((found, text), (None, Some(INVITE.as_bytes())));
    });
    check(INVITE, Want::DialogAndText(Messages::ALL), |found, text| {
        assert_eq!((found, text), (Some(dialog), Some(INVITE.as_bytes())));
    });
    for (has_requests, method) in [(false, Method::Invite), (true, Method::Bye)] {
        let others = Messages::of(|other| other == method, has_requests, |_| true);
        check(INVITE, Want::Text(others), |dialog, text| {
            assert_eq!((dialog, text), (None, None))
        });
    }
}

/// What stands before the start line is no part of the message.
#[test]
fn line_ends_before_the_start_line_are_left_out() {
    check(
        &format!("\r\n\n{INVITE}"),
        Want::DialogAndText(Messages::ALL),
        |found, text| {
            assert_eq!(found.unwrap().cseq_number, Some(7));
            assert_eq!(text, Some(INVITE.as_bytes()));
        },
    );
}

#[test]
fn a_text_is_as_long_as_a_record_may_be() {
    let text = INVITE.to_string() + &"x".repeat(2 * MAX_RECORD);
    check(&text, Want::Text(Messages::ALL), |_, found| {
        assert_eq!(found.map(<[u8]>::len), Some(MAX_RECORD - 17));
    });
}
