//! Which messages count: by request, by response code, by time.

use std::fmt;
use std::str::FromStr;

use sip_scan::{Message, Method, Stamp};

use crate::kind::Kind;

/// What counts.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The requests, and with them the responses to them.
    pub requests: RequestFilter,
    /// The codes of responses.
    pub responses: ResponseFilter,
    /// First and last timestamp within; all, where there is none.
    pub range: Option<(Stamp, Stamp)>,
}

impl Filter {
    /// Whether `stamp` lies within the range of time.
    pub fn is_in_range(&self, stamp: &Stamp) -> bool {
        self.range.is_none_or(|(first, last)| first <= *stamp && *stamp <= last)
    }

    /// The type under which `message` counts; none where it does not. The range of time is not asked here.
    pub fn kind_of(&self, message: &Message) -> Option<Kind> {
        let kind = Kind::of(message);
        let counts = self.requests.has_transaction(message.cseq)
            && match kind {
                Kind::Response(code) => self.responses.has(code),
                request => self.requests.has(request),
            };
        counts.then_some(kind)
    }
}

/// Types of requests, as a list with `|` or `,` between, or `ALL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFilter {
    /// A bit for each type, since every message is asked for twice.
    bits: u32,
}

impl RequestFilter {
    fn of(kinds: impl IntoIterator<Item = Kind>) -> RequestFilter {
        let bits = kinds.into_iter().fold(0, |bits, kind| bits | bit(kind));
        RequestFilter { bits }
    }

    fn has(&self, kind: Kind) -> bool {
        self.bits & bit(kind) != 0
    }

    /// Whether the method of a transaction is listed; `ReINVITE` takes those of INVITE.
    fn has_transaction(&self, method: Method) -> bool {
        match method {
            Method::Invite => self.has(Kind::Invite) || self.has(Kind::ReInvite),
            method => self.has(Kind::Request(method)),
        }
    }
}

/// `INVITE|ReINVITE|BYE|CANCEL`.
impl Default for RequestFilter {
    fn default() -> RequestFilter {
        let [invite, reinvite, bye, cancel, ..] = Kind::REQUESTS;
        RequestFilter::of([invite, reinvite, bye, cancel])
    }
}

/// The bit of a type of request; none of a response.
fn bit(kind: Kind) -> u32 {
    match kind {
        Kind::Invite => 1,
        Kind::ReInvite => 2,
        Kind::Request(method) => 4 << (method as u32),
        Kind::Response(_) => 0,
    }
}

impl FromStr for RequestFilter {
    type Err = FilterError;

    fn from_str(list: &str) -> Result<RequestFilter, FilterError> {
        if list.eq_ignore_ascii_case("ALL") {
            return Ok(RequestFilter::of(Kind::REQUESTS));
        }
        let kind = |word: &str| {
            let named = |kind: &Kind| kind.to_string().eq_ignore_ascii_case(word);
            let found = Kind::REQUESTS.into_iter().find(named);
            found.ok_or_else(|| FilterError::Request(word.to_owned()))
        };
        words(list)
            .map(kind)
            .collect::<Result<Vec<_>, _>>()
            .map(RequestFilter::of)
    }
}

/// Codes of responses by their first digits, as a list with `|` or `,` between, or `ALL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseFilter(Vec<std::ops::Range<u16>>);

impl ResponseFilter {
    fn has(&self, code: u16) -> bool {
        self.0.iter().any(|codes| codes.contains(&code))
    }
}

/// `4|5|6`.
impl Default for ResponseFilter {
    #[expect(clippy::single_range_in_vec_init, reason = "one range of codes is meant")]
    fn default() -> ResponseFilter {
        ResponseFilter(vec![400..700])
    }
}

impl FromStr for ResponseFilter {
    type Err = FilterError;

    #[expect(clippy::single_range_in_vec_init, reason = "one range of codes is meant")]
    fn from_str(list: &str) -> Result<ResponseFilter, FilterError> {
        if list.eq_ignore_ascii_case("ALL") {
            return Ok(ResponseFilter(vec![100..700]));
        }
        let codes = |word: &str| {
            let (first, span) = match *word.as_bytes() {
                [a] => ([a, b'0', b'0'], 100),
                [a, b] => ([a, b, b'0'], 10),
                [a, b, c] => ([a, b, c], 1),
                _ => return Err(FilterError::Response(word.to_owned())),
            };
            let digit = |n: u16, b: &u8| b.is_ascii_digit().then(|| n * 10 + u16::from(b - b'0'));
            match first.iter().try_fold(0, digit) {
                Some(first @ 100..700) => Ok(first..first + span),
                _ => Err(FilterError::Response(word.to_owned())),
            }
        };
        words(list).map(codes).collect::<Result<_, _>>().map(ResponseFilter)
    }
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(['|', ',']).map(str::trim)
}

/// A list says what cannot be. Its text says what can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterError {
    /// No request has this name.
    Request(String),
    /// No response's code begins so.
    Response(String),
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FilterError::Request(word) => {
                write!(
                    f,
                    "`{}` is no request; expected ALL or a list, with | or , between, of",
                    word.escape_debug()
                )?;
                Kind::REQUESTS.iter().try_for_each(|kind| write!(f, " {kind}"))
            }
            FilterError::Response(word) => write!(
                f,
                "`{}` begins no response code; expected ALL or a list, with | or , between, of the first digits of \
                 codes from 100 to 699, such as 4, 48 or 482",
                word.escape_debug()
            ),
        }
    }
}

impl std::error::Error for FilterError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{filter, message};
    use sip_scan::Start;

    const ENDS: &str = "10.2.2.2:40000>10.1.1.1:5070";

    #[test]
    fn what_counts() {
        let invite = Start::Request(Method::Invite);
        let bye = Start::Request(Method::Bye);
        let (ok, ringing, busy) = (Start::Response(200), Start::Response(180), Start::Response(486));
        // Requests, responses, start line, method of CSeq, tag of To: type, or none.
        type Case<'a> = (&'a str, &'a str, Start, Method, bool, Option<&'a str>);
        let table: &[Case<'_>] = &[
            ("INVITE", "ALL", invite, Method::Invite, false, Some("INVITE")),
            ("INVITE", "ALL", invite, Method::Invite, true, None),
            ("ReINVITE", "ALL", invite, Method::Invite, true, Some("ReINVITE")),
            ("ReINVITE", "ALL", invite, Method::Invite, false, None),
            ("ReINVITE", "ALL", ok, Method::Invite, false, Some("200")),
            ("INVITE", "ALL", ok, Method::Invite, false, Some("200")),
            ("INVITE", "ALL", ok, Method::Bye, false, None),
            ("INVITE", "ALL", bye, Method::Bye, false, None),
            ("INVITE|BYE", "ALL", bye, Method::Bye, false, Some("BYE")),
            ("invite, bye", "all", bye, Method::Bye, false, Some("BYE")),
            ("BYE", "ALL", invite, Method::Bye, false, None),
            ("BYE", "ALL", bye, Method::Invite, false, None),
            ("ALL", "ALL", Start::Request(Method::Other), Method::Other, false, None),
            ("ALL", "ALL", ok, Method::Other, false, None),
            ("ALL", "4|5|6", ok, Method::Invite, false, None),
            ("ALL", "182|480|5", ringing, Method::Invite, false, None),
            ("ALL", "18,486", ringing, Method::Invite, false, Some("180")),
            ("ALL", "18,486", busy, Method::Invite, false, Some("486")),
            ("ALL", "18,485", busy, Method::Invite, false, None),
            ("ALL", "ALL", Start::Response(700), Method::Invite, false, None),
        ];
        for (requests, responses, start, cseq, to_tag, want) in table {
            let message = Message {
                to_tag: *to_tag,
                ..message("20170427:084412", ENDS, *start, *cseq)
            };
            let kind = filter(requests, responses).kind_of(&message);
            let found = kind.map(|kind| kind.to_string());
            assert_eq!(found.as_deref(), *want, "{requests} {responses} {message:?}");
        }
    }

    #[test]
    fn lists_that_cannot_be() {
        let mut text = String::new();
        for list in ["", "INVITE|", "FOO", "INVITE BYE", "\u{1b}[2J"] {
            text += &format!("{}\n", list.parse::<RequestFilter>().unwrap_err());
        }
        for list in ["", "7", "0", "4|", "4x", "2000", "-4", "4\u{1b}"] {
            text += &format!("{}\n", list.parse::<ResponseFilter>().unwrap_err());
        }
        insta::assert_snapshot!(text);
    }

    #[test]
    fn default_filters() {
        let filters = filter("INVITE|ReINVITE|BYE|CANCEL", "4|5|6");
        assert_eq!(filters.requests, RequestFilter::default());
        for code in 0..1000 {
            let expected = (400..700).contains(&code);
            assert_eq!(ResponseFilter::default().has(code), expected, "{code}");
            assert_eq!(filters.responses.has(code), expected, "{code}");
        }
    }

    #[test]
    fn range_holds_both_ends() {
        let stamp = |text: &[u8; 18]| Stamp::new(*text).unwrap();
        let range = (stamp(b"20170427:084412000"), stamp(b"20170427:084413999"));
        let filter = Filter {
            range: Some(range),
            ..Filter::default()
        };
        for (text, want) in [
            (b"20170427:084411999", false),
            (b"20170427:084412000", true),
            (b"20170427:084413999", true),
            (b"20170427:084414000", false),
        ] {
            assert_eq!(filter.is_in_range(&stamp(text)), want);
        }
    }
}
