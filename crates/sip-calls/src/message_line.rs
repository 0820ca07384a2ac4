//! A message as a line: what is shown of one message, and what gathers it.

use std::net::SocketAddr;

use sip_filter::{Filter, MessageType};
use sip_scan::{Direction, Gather, Item, Message, Method, Stamp, Timed, Want, header_values};

/// What is shown of one message. What the message lacks is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageLine {
    /// When it was logged.
    pub stamp: Stamp,
    /// Which way it went.
    pub direction: Direction,
    /// Where it came from.
    pub source: SocketAddr,
    /// Where it went to.
    pub destination: SocketAddr,
    /// Its type.
    pub message_type: MessageType,
    /// The reason phrase of a response; of a message whose type has no name, its method, or its code with the phrase.
    pub phrase: Option<Box<[u8]>>,
    /// The method that `CSeq` names.
    pub cseq: Method,
    /// The value of `Call-ID`.
    pub call_id: Option<Box<[u8]>>,
    /// The user in the address of `To`; the number of a `tel:` address.
    pub to_user: Option<Box<[u8]>>,
    /// The user in the address of `From`, likewise.
    pub from_user: Option<Box<[u8]>>,
    /// Whether it went by TLS, as its record says.
    pub is_tls: bool,
}

/// Makes a line of each message that a filter wants.
#[derive(Clone, Debug, Default)]
pub struct GatherLines {
    /// Which messages are wanted.
    pub filter: Filter,
}

impl Gather for GatherLines {
    type Part = Timed<MessageLine>;

    fn want(&self) -> Want {
        self.filter.want().and(Want::Text(self.filter.messages()))
    }

    fn take(&self, part: &mut Timed<MessageLine>, item: &Item<'_>) {
        if let Item::Message(message) = item
            && self.filter.is_in_range(&message.stamp)
            && let Some(message_type) = self.filter.type_of(message)
        {
            let line = MessageLine::of(message, message_type);
            let bytes = line.bytes();
            part.push((message.stamp, message.position), line, bytes);
        }
    }

    fn held(part: &Timed<MessageLine>) -> usize {
        part.bytes()
    }
}

impl MessageLine {
    fn of(message: &Message<'_>, message_type: MessageType) -> MessageLine {
        let text = message.text.unwrap_or_default();
        let names = [("Call-ID", "i"), ("To", "t"), ("From", "f")];
        let [call_id, to, from] = header_values(text, names);
        let boxed = |bytes: &[u8]| Box::from(bytes);
        MessageLine {
            stamp: message.stamp,
            direction: message.direction,
            source: message.source,
            destination: message.destination,
            message_type,
            phrase: phrase(text, message_type).map(boxed),
            cseq: message.cseq,
            call_id: call_id.map(<[u8]>::trim_ascii).map(boxed),
            to_user: to.and_then(user).map(boxed),
            from_user: from.and_then(user).map(boxed),
            is_tls: message.transport > 1,
        }
    }

    /// How many bytes of memory it takes beside its own size.
    pub(crate) fn bytes(&self) -> usize {
        let all = [&self.phrase, &self.call_id, &self.to_user, &self.from_user];
        let lengths = all.into_iter().flatten().map(|bytes| bytes.len());
        lengths.fold(0, usize::saturating_add)
    }
}

/// What the start line says beside the type: `SIP/2.0 CODE phrase`, or `METHOD uri SIP/2.0` (RFC 3261, 7.1 and 7.2).
fn phrase(text: &[u8], message_type: MessageType) -> Option<&[u8]> {
    let line = text.split(|b| *b == b'\n').next()?.trim_ascii();
    let (first, rest) = word(line);
    match message_type {
        MessageType::Response(_) => {
            let (_, phrase) = word(rest);
            (!phrase.is_empty()).then_some(phrase)
        }
        MessageType::Other if first.starts_with(b"SIP/") => Some(rest),
        MessageType::Other => Some(first),
        _ => None,
    }
}

/// The first word, and what follows it and the blanks behind it.
fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or_default();
    (word, rest.trim_ascii_start())
}

/// The user in the address that the value of `From` or `To` gives: between the scheme and `@`, without a password and
/// parameters (RFC 3261, 19.1.1); of a `tel:` address the number (RFC 3966).
fn user(value: &[u8]) -> Option<&[u8]> {
    let address = address(value);
    let colon = address.iter().position(|b| *b == b':')?;
    let (scheme, rest) = address.split_at_checked(colon)?;
    let rest = rest.get(1..)?;
    let user = match rest.iter().position(|b| *b == b'@') {
        Some(at) => rest.get(..at)?,
        None if scheme.trim_ascii().eq_ignore_ascii_case(b"tel") => rest,
        None => return None,
    };
    user.split(|b| matches!(b, b':' | b';'))
        .next()
        .filter(|user| !user.is_empty())
}

/// The address in the value of `From` or `To`: between angle brackets, behind a display name that may be quoted, or else up to
/// the first parameter (RFC 3261, 20.10).
fn address(value: &[u8]) -> &[u8] {
    let mut is_quoted = false;
    let mut is_escaped = false;
    let begin = value.iter().position(|b| {
        let opens = *b == b'<' && !is_quoted;
        is_quoted ^= *b == b'"' && !is_escaped;
        is_escaped = *b == b'\\' && is_quoted && !is_escaped;
        opens
    });
    let (rest, end) = match begin.and_then(|begin| value.get(begin.checked_add(1)?..)) {
        Some(rest) => (rest, b'>'),
        None => (value.trim_ascii(), b';'),
    };
    rest.split(|b| *b == end).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{bye, message, went_out};
    use sip_scan::StartLine;

    fn shown(text: &[u8]) -> Option<String> {
        user(text).map(|user| user.escape_ascii().to_string())
    }

    #[test]
    fn users_of_addresses() {
        for (value, want) in [
            ("<sip:4711@example.com>;tag=1", Some("4711")),
            (
                " \"A <sip:no@b>\" <sips:+49711@example.com:5061;transport=tls>;tag=1",
                Some("+49711"),
            ),
            ("\"a \\\" <sip:no@b>\" <sip:yes@b>", Some("yes")),
            ("\"a\\\\\" <sip:yes@b>", Some("yes")),
            ("Bob <SIP:bob:secret@b>", Some("bob")),
            ("<sip:bob;phone-context=x@b>;tag=5", Some("bob")),
            ("sip:bob;phone-context=x@b;tag=5", None),
            ("sip:bob@b;tag=5", Some("bob")),
            ("<tel:+49-711;phone-context=b>;tag=1", Some("+49-711")),
            ("TEL:112", Some("112")),
            ("<sip:example.com>;tag=1", None),
            ("<sip:@example.com>", None),
            ("<sip:a@b", Some("a")),
            ("", None),
            ("<>", None),
            ("a@b", None),
        ] {
            assert_eq!(shown(value.as_bytes()).as_deref(), want, "{value}");
        }
    }

    #[test]
    fn phrases_of_start_lines() {
        for (text, message_type, want) in [
            (
                "SIP/2.0 503 Service Unavailable\r\nTo: x",
                MessageType::Response(503),
                Some("Service Unavailable"),
            ),
            (
                "SIP/2.0  503   Service Unavailable \n",
                MessageType::Response(503),
                Some("Service Unavailable"),
            ),
            ("SIP/2.0 503\r\n", MessageType::Response(503), None),
            ("SIP/2.0 503 \r\n", MessageType::Response(503), None),
            ("BYE sip:a SIP/2.0\r\n", MessageType::Request(Method::Bye), None),
            ("FOO sip:a SIP/2.0\r\n", MessageType::Other, Some("FOO")),
            ("SIP/2.0 999 Odd\r\n", MessageType::Other, Some("999 Odd")),
            ("", MessageType::Response(503), None),
        ] {
            let found = phrase(text.as_bytes(), message_type).map(|phrase| phrase.escape_ascii().to_string());
            assert_eq!(found.as_deref(), want, "{text:?}");
        }
    }

    #[test]
    fn a_line_has_what_the_message_says() {
        let response = message(
            "20170427:084412345",
            "10.2.2.2:5070>10.1.1.1:40000",
            StartLine::Response(486),
            Method::Invite,
        );
        let text = b"SIP/2.0 486 Busy Here\r\nf: <sip:1@a>;tag=1\r\nTo: <sip:2@b>\r\n ;tag=2\r\nCall-ID:  5f@c \r\nCSeq: 1 INVITE\r\n\r\n";
        let response = went_out(Message {
            text: Some(text),
            ..response
        });
        let gather = GatherLines::default();
        let mut part = Timed::default();
        gather.take(&mut part, &Item::Message(response));
        let one = part.bytes();
        assert!(one > "Busy Here5f@c12".len());
        let bare = Message {
            text: Some(b"BYE sip:a SIP/2.0\r\n"),
            ..bye("20170427:084413")
        };
        gather.take(&mut part, &Item::Message(bare));
        let lines: Vec<MessageLine> = part.into_things().collect();
        let boxed = |text: &str| Some(Box::from(text.as_bytes()));
        let first = MessageLine {
            stamp: response.stamp,
            direction: Direction::Out,
            source: response.source,
            destination: response.destination,
            message_type: MessageType::Response(486),
            phrase: boxed("Busy Here"),
            cseq: Method::Invite,
            call_id: boxed("5f@c"),
            to_user: boxed("2"),
            from_user: boxed("1"),
            is_tls: true,
        };
        assert_eq!(lines[0], first);
        assert_eq!(
            (&lines[1].phrase, &lines[1].call_id, &lines[1].to_user),
            (&None, &None, &None)
        );
        assert_eq!(lines[1].message_type, MessageType::Request(Method::Bye));
    }

    #[test]
    fn only_messages_that_are_wanted_become_lines() {
        let gather = GatherLines {
            filter: Filter {
                requests: "INVITE".parse().unwrap(),
                ..Filter::default()
            },
        };
        let mut part = Timed::default();
        gather.take(&mut part, &Item::Message(bye("20170427:084412")));
        assert_eq!(GatherLines::held(&part), 0);
        let range = Some(sip_filter::StampRange {
            first: crate::testing::stamp("20170427:0845"),
            last: crate::testing::stamp("20170427:0846"),
        });
        let gather = GatherLines {
            filter: Filter {
                range,
                ..Filter::default()
            },
        };
        gather.take(&mut part, &Item::Message(bye("20170427:084412")));
        assert_eq!(GatherLines::held(&part), 0);
        gather.take(&mut part, &Item::Message(bye("20170427:084512")));
        assert!(GatherLines::held(&part) > 0);
        assert_eq!(gather.want(), Want::Text(Filter::default().messages()));
    }
}
