//! The start line of a SIP message: `METHOD uri SIP/2.0` or `SIP/2.0 CODE phrase` (RFC 3261, 7.1 and 7.2).

use crate::blank::skip_blanks;

/// What the start line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StartLine {
    /// A request, with its method.
    Request(Method),
    /// A response, with its three digit code.
    Response(u16),
}

/// The methods that are told apart, in the order in which reports show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the methods' own")]
pub enum Method {
    Invite,
    Bye,
    Cancel,
    Update,
    Notify,
    Subscribe,
    Publish,
    Ack,
    Prack,
    Refer,
    Options,
    Info,
    Ping,
    Register,
    Message,
    /// Every other token.
    Other,
}

impl Method {
    /// All that have a name, with it, those that come most often first.
    pub(crate) const NAMES: [(Method, &[u8]); 15] = [
        (Method::Invite, b"INVITE"),
        (Method::Ack, b"ACK"),
        (Method::Bye, b"BYE"),
        (Method::Options, b"OPTIONS"),
        (Method::Notify, b"NOTIFY"),
        (Method::Subscribe, b"SUBSCRIBE"),
        (Method::Update, b"UPDATE"),
        (Method::Prack, b"PRACK"),
        (Method::Cancel, b"CANCEL"),
        (Method::Publish, b"PUBLISH"),
        (Method::Refer, b"REFER"),
        (Method::Info, b"INFO"),
        (Method::Register, b"REGISTER"),
        (Method::Message, b"MESSAGE"),
        (Method::Ping, b"PING"),
    ];

    /// The method that `token` names; methods are case sensitive (RFC 3261, 7.1).
    pub fn from_token(token: &[u8]) -> Method {
        let named = Method::NAMES.iter().find(|(_, name)| *name == token);
        named.map_or(Method::Other, |(method, _)| *method)
    }
}

impl StartLine {
    /// Reads a start line without its line end. Blanks after the version are passed over.
    pub(crate) fn parse(line: &[u8]) -> Option<StartLine> {
        if let Some((version, rest)) = line.split_at_checked(VERSION.len())
            && version.eq_ignore_ascii_case(VERSION)
        {
            return match rest {
                [b' ', code @ ..] => response(skip_blanks(code)),
                _ => None,
            };
        }
        let line = trim_blanks(line);
        let end = line.iter().position(|&b| !is_token(b))?;
        let (method, rest) = line.split_at_checked(end)?;
        let uri = rest.strip_prefix(b" ")?;
        let (uri, version) = uri.split_at_checked(uri.len().checked_sub(VERSION.len())?)?;
        let shaped =
            !method.is_empty() && version.eq_ignore_ascii_case(VERSION) && uri.len() > 1 && uri.ends_with(b" ");
        shaped.then(|| StartLine::Request(Method::from_token(method)))
    }
}

const VERSION: &[u8] = b"SIP/2.0";

/// Drops blanks from the end.
fn trim_blanks(line: &[u8]) -> &[u8] {
    let mut rest = line;
    while let [before @ .., b' ' | b'\t'] = rest {
        rest = before;
    }
    rest
}

/// `CODE phrase`; the phrase, and the blank before it, may be missing.
pub(crate) fn response(rest: &[u8]) -> Option<StartLine> {
    let (code, phrase) = rest.split_first_chunk::<3>()?;
    let code = code
        .iter()
        .try_fold(0u16, |n, b| b.is_ascii_digit().then(|| n * 10 + u16::from(b - b'0')))?;
    let shaped = code >= 100 && phrase.first().is_none_or(|&b| b == b' ');
    shaped.then_some(StartLine::Response(code))
}

/// A character of a token (RFC 3261, 25.1).
pub(crate) fn is_token(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_lines() {
        let table: &[(&str, Option<StartLine>)] = &[
            ("INVITE sip:1@a SIP/2.0", Some(StartLine::Request(Method::Invite))),
            (
                "ACK sip:1@a;transport=tls sip/2.0",
                Some(StartLine::Request(Method::Ack)),
            ),
            ("INVITE tel:1 2 SIP/2.0", Some(StartLine::Request(Method::Invite))),
            ("invite sip:1@a SIP/2.0", Some(StartLine::Request(Method::Other))),
            ("FOO sip:1@a SIP/2.0", Some(StartLine::Request(Method::Other))),
            ("SIP/2.0 200 OK", Some(StartLine::Response(200))),
            ("SIP/2.0 180 ", Some(StartLine::Response(180))),
            ("SIP/2.0 180", Some(StartLine::Response(180))),
            ("sip/2.0 603 Decline", Some(StartLine::Response(603))),
            ("SIP/2.0 99 x", None),
            ("SIP/2.0 099 x", None),
            ("SIP/2.0 2000 x", None),
            ("SIP/2.0  200 OK", Some(StartLine::Response(200))),
            ("SIP/2.0 \t200", Some(StartLine::Response(200))),
            ("SIP/2.0\t200", None),
            ("BYE sip:1@a SIP/2.0 ", Some(StartLine::Request(Method::Bye))),
            ("BYE sip:1@a SIP/2.0\t  ", Some(StartLine::Request(Method::Bye))),
            ("BYE SIP/2.0 ", None),
            ("BYE sip:1@a SIP/2.0 x", None),
            ("SIP/2.0 ", None),
            ("SIP/2.0200 OK", None),
            ("SIP/3.0 200 OK", None),
            ("INVITE sip:1@a SIP/3.0", None),
            ("INVITE sip:1@a", None),
            ("INVITE SIP/2.0", None),
            ("INVITE  SIP/2.0", None),
            (" INVITE sip:1@a SIP/2.0", None),
            ("", None),
        ];
        for (line, want) in table {
            assert_eq!(StartLine::parse(line.as_bytes()), *want, "{line:?}");
        }
    }
}
