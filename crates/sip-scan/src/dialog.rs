//! What tells dialogs and transactions apart, read from the headers of a message (RFC 3261, 7.3, 12 and 17.2.3).

use memchr::memchr;

use crate::blank::is_blank;
use crate::item::Dialog;
use crate::value::{first_element, number, parameter, value_of};

/// What the headers of `text` say, a SIP message from its start line on.
pub(crate) fn of(text: &[u8]) -> Dialog<'_> {
    let names = [
        ("Call-ID", "i"),
        ("From", "f"),
        ("To", "t"),
        ("CSeq", "CSeq"),
        ("Via", "v"),
    ];
    let [call_id, from, to, cseq, via] = header_values(text, names);
    Dialog {
        call_id: call_id.map(<[u8]>::trim_ascii),
        from_tag: from.and_then(|value| parameter(value, b"tag")),
        to_tag: to.and_then(|value| parameter(value, b"tag")),
        cseq_number: cseq.and_then(number),
        branch: via.and_then(|value| parameter(first_element(value), b"branch")),
    }
}

/// The values of some headers of `text`, a SIP message from its start line on, as they stand there, folds and all. Each header is
/// asked for by its name and its short form. Of one that comes twice the first counts.
pub fn header_values<'a, const N: usize>(text: &'a [u8], names: [(&str, &str); N]) -> [Option<&'a [u8]>; N] {
    let mut values = [None; N];
    let mut rest = after_line(text);
    while let Some((header, after)) = rest.and_then(next_header)
        && values.iter().any(Option::is_none)
    {
        for (value, (name, short)) in values.iter_mut().zip(names) {
            let found = || value_of(header, name.as_bytes()).or_else(|| value_of(header, short.as_bytes()));
            *value = value.or_else(found);
        }
        rest = Some(after);
    }
    values
}

/// What follows the first line of `text`.
fn after_line(text: &[u8]) -> Option<&[u8]> {
    text.get(memchr(b'\n', text)?..)?.get(1..)
}

/// The first header of `text`, with all lines that it is folded over, and what follows. None where the headers end.
fn next_header(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if matches!(text, [b'\n', ..] | [b'\r', b'\n', ..]) {
        return None;
    }
    let mut rest = after_line(text)?;
    while rest.first().is_some_and(is_blank) {
        rest = after_line(rest)?;
    }
    Some((text.get(..text.len().saturating_sub(rest.len()))?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Dialog<'static> = Dialog {
        call_id: None,
        from_tag: None,
        to_tag: None,
        cseq_number: None,
        branch: None,
    };

    #[track_caller]
    fn check(headers: &str, want: Dialog<'_>) {
        let text = format!("BYE a SIP/2.0\n{headers}").replace('\n', "\r\n");
        assert_eq!(of(text.as_bytes()), want, "{text:?}");
        assert_eq!(of(text.replace('\r', "").as_bytes()), want, "{text:?}");
    }

    #[test]
    fn names_in_any_form() {
        let all = Dialog {
            call_id: Some(b"5f@c"),
            from_tag: Some(b"1"),
            to_tag: Some(b"2"),
            cseq_number: Some(7),
            branch: Some(b"z9hG4bK.x"),
        };
        let long =
            "Via: SIP/2.0/TLS a;branch=z9hG4bK.x;rport\nFrom: <b>;tag=1\nTo: <c>;tag=2\nCall-ID: 5f@c\nCSeq: 7 BYE\n\n";
        check(long, all);
        check(&long.to_lowercase().replace("hg4bk", "hG4bK"), all);
        check(
            "v: SIP/2.0/TLS a;branch=z9hG4bK.x\nf:<b>;tag=1\nt : <c>;tag=2\ni:5f@c\nCSEQ\t:7 BYE\n\n",
            all,
        );
        let folded = "Via:\n SIP/2.0/TLS a\n\t;branch=z9hG4bK.x, b\nFrom: <b>\n ;tag=1\nTo: <c>;\n tag=2\nCall-ID:\n 5f@c\n \nCSeq:\n 7\n BYE\n";
        check(folded, all);
    }

    #[test]
    fn the_first_of_two_counts() {
        let two = "To: <a>\nTo: <a>;tag=2\nFrom: <a>;tag=1\nf: <a>;tag=2\ni: 1\nCall-ID: 2\nCSeq: 1 BYE\nCSeq: 2 BYE\nVia: a\nVia: b;branch=2\n";
        let first = Dialog {
            call_id: Some(b"1"),
            from_tag: Some(b"1"),
            cseq_number: Some(1),
            ..NONE
        };
        check(two, first);
        check("Via: a, b;branch=2\n", NONE);
    }

    #[test]
    fn headers_end() {
        check("\nCall-ID: 1\n", NONE);
        // Its end, or the line that goes on with it, has not come.
        check("Call-ID: 1", NONE);
        check("Call-ID: 1\n 2", NONE);
        check(" \nX\nCall-IDs: 1\nCSeq: x BYE\n", NONE);
        assert_eq!(of(b"BYE a SIP/2.0"), NONE);
        assert_eq!(of(b""), NONE);
    }
}
