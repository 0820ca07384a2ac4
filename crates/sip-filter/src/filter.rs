//! Which messages count: by request, by response code and by time.

use std::fmt;
use std::str::FromStr;

use sip_scan::{Message, Method, Stamp, Want};

use crate::call_filter::CallFilter;
use crate::link::Link;
use crate::link_filter::LinkFilter;
use crate::message_type::MessageType;

/// Which messages count.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The requests that count. A response counts only if the request that it answers is listed here.
    pub requests: RequestFilter,
    /// The codes of the responses that count.
    pub responses: ResponseFilter,
    /// The links whose messages count; `None` stands for all.
    pub links: Option<LinkFilter>,
    /// The calls whose messages count; `None` stands for all.
    pub calls: Option<CallFilter>,
    /// The time within which messages count; `None` stands for all time.
    pub range: Option<StampRange>,
}

impl Filter {
    /// Whether `stamp` lies within the range of time.
    pub fn is_in_range(&self, stamp: &Stamp) -> bool {
        self.range.is_none_or(|range| range.contains(stamp))
    }

    /// What the scanner must keep of a message for this filter.
    pub fn want(&self) -> Want {
        match self.calls {
            Some(_) => Want::Dialog,
            None => Want::Head,
        }
    }

    /// The type under which `message` counts; `None` where it does not count. This does not look at the range of time.
    pub fn type_of(&self, message: &Message) -> Option<MessageType> {
        let message_type = MessageType::of(message);
        let counts = self.requests.has_transaction(message.cseq)
            && match message_type {
                MessageType::Response(code) => self.responses.has(code),
                request => self.requests.has(request),
            }
            && self.links.as_ref().is_none_or(|links| links.has(&Link::of(message)))
            && self.calls.as_ref().is_none_or(|calls| calls.has(message));
        counts.then_some(message_type)
    }
}

/// A range of time, both ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StampRange {
    /// The first timestamp within.
    pub first: Stamp,
    /// The last timestamp within.
    pub last: Stamp,
}

impl StampRange {
    /// Whether `stamp` lies within.
    pub fn contains(&self, stamp: &Stamp) -> bool {
        self.first <= *stamp && *stamp <= self.last
    }
}

/// Types of requests: a list with `|` or `,` between the names, or `ALL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFilter {
    /// One bit for each type: every message is looked up twice, so this must be fast.
    bits: u32,
}

impl RequestFilter {
    fn of(types: impl IntoIterator<Item = MessageType>) -> RequestFilter {
        let bits = types.into_iter().fold(0, |bits, message_type| bits | bit(message_type));
        RequestFilter { bits }
    }

    fn has(&self, message_type: MessageType) -> bool {
        self.bits & bit(message_type) != 0
    }

    /// Whether the method of a transaction is listed. INVITE is listed by `INVITE` and by `ReINVITE`: a response does not
    /// tell which of the two it answers.
    fn has_transaction(&self, method: Method) -> bool {
        match method {
            Method::Invite => self.has(MessageType::Invite) || self.has(MessageType::ReInvite),
            method => self.has(MessageType::Request(method)),
        }
    }
}

/// `INVITE|ReINVITE|BYE|CANCEL`.
impl Default for RequestFilter {
    fn default() -> RequestFilter {
        let [invite, reinvite, bye, cancel, ..] = MessageType::REQUESTS;
        RequestFilter::of([invite, reinvite, bye, cancel])
    }
}

/// The bit of a type of request. A response has no bit.
fn bit(message_type: MessageType) -> u32 {
    match message_type {
        MessageType::Invite => 1,
        MessageType::ReInvite => 2,
        MessageType::Request(method) => 4 << (method as u32),
        MessageType::Response(_) => 0,
    }
}

impl FromStr for RequestFilter {
    type Err = FilterError;

    fn from_str(list: &str) -> Result<RequestFilter, FilterError> {
        if list.eq_ignore_ascii_case("ALL") {
            return Ok(RequestFilter::of(MessageType::REQUESTS));
        }
        let message_type = |word: &str| {
            let named = |message_type: &MessageType| message_type.to_string().eq_ignore_ascii_case(word);
            let found = MessageType::REQUESTS.into_iter().find(named);
            found.ok_or_else(|| FilterError::Request(word.to_owned()))
        };
        words(list)
            .map(message_type)
            .collect::<Result<Vec<_>, _>>()
            .map(RequestFilter::of)
    }
}

/// Codes of responses: a list of their first digits with `|` or `,` between, or `ALL`.
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

/// A list that cannot be read. The text says what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterError {
    /// No request has this name.
    Request(String),
    /// No response code begins with this.
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
                MessageType::REQUESTS
                    .iter()
                    .try_for_each(|message_type| write!(f, " {message_type}"))
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
    use crate::names::Names;
    use crate::testing::{bye, message, stamp};
    use sip_scan::StartLine;

    const ENDS: &str = "10.2.2.2:40000>10.1.1.1:5070";

    fn filter(requests: &str, responses: &str) -> Filter {
        Filter {
            requests: requests.parse().unwrap(),
            responses: responses.parse().unwrap(),
            ..Filter::default()
        }
    }

    #[test]
    fn what_counts() {
        let invite = StartLine::Request(Method::Invite);
        let bye = StartLine::Request(Method::Bye);
        let (ok, ringing, busy) = (
            StartLine::Response(200),
            StartLine::Response(180),
            StartLine::Response(486),
        );
        // Requests, responses, start line, method of CSeq, tag of To: type, or none.
        type Case<'a> = (&'a str, &'a str, StartLine, Method, bool, Option<&'a str>);
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
            ("BYE|BYE", "ALL", bye, Method::Bye, false, Some("BYE")),
            ("BYE", "ALL", invite, Method::Bye, false, None),
            ("BYE", "ALL", bye, Method::Invite, false, None),
            (
                "ALL",
                "ALL",
                StartLine::Request(Method::Other),
                Method::Other,
                false,
                None,
            ),
            ("ALL", "ALL", ok, Method::Other, false, None),
            ("ALL", "4|5|6", ok, Method::Invite, false, None),
            ("ALL", "182|480|5", ringing, Method::Invite, false, None),
            ("ALL", "18,486", ringing, Method::Invite, false, Some("180")),
            ("ALL", "18,486", busy, Method::Invite, false, Some("486")),
            ("ALL", "18,485", busy, Method::Invite, false, None),
            ("ALL", "ALL", StartLine::Response(700), Method::Invite, false, None),
        ];
        for (requests, responses, start, cseq, to_tag, want) in table {
            let message = Message {
                to_tag: *to_tag,
                ..message("20170427:084412", ENDS, *start, *cseq)
            };
            let message_type = filter(requests, responses).type_of(&message);
            let found = message_type.map(|message_type| message_type.to_string());
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
    fn each_request_is_listed_by_its_own_name_alone() {
        for listed in MessageType::REQUESTS {
            let filter = filter(&listed.to_string(), "ALL");
            for other in MessageType::REQUESTS {
                assert_eq!(filter.requests.has(other), other == listed, "{listed} {other}");
            }
            assert!(!filter.requests.has(MessageType::Request(Method::Other)), "{listed}");
        }
    }

    #[test]
    fn messages_of_a_link_and_of_a_call() {
        let call_id = |call_id| Message {
            dialog: Some(sip_scan::Dialog {
                call_id,
                ..Default::default()
            }),
            ..bye("20170427:084412")
        };
        let calls: CallFilter = ["a@b", "c"].map(str::to_owned).into_iter().collect();
        let of_calls = Filter {
            calls: Some(calls),
            ..Filter::default()
        };
        assert_eq!((Filter::default().want(), of_calls.want()), (Want::Head, Want::Dialog));
        let table: [(Option<&[u8]>, bool); 6] = [
            (Some(b"a@b"), true),
            (Some(b"c"), true),
            (Some(b"C"), false),
            (Some(b"a@b "), false),
            (Some(b""), false),
            (None, false),
        ];
        for (id, want) in table {
            assert_eq!(of_calls.type_of(&call_id(id)).is_some(), want, "{id:?}");
        }
        assert_eq!(of_calls.type_of(&bye("20170427:084412")), None);
        for (list, want) in [("10.1.1.1:5070", true), ("10.1.1.1:5071", false)] {
            let filter = Filter {
                links: Some(LinkFilter::parse(list, &Names::default()).unwrap()),
                ..Filter::default()
            };
            assert_eq!(filter.want(), Want::Head);
            assert_eq!(filter.type_of(&bye("20170427:084412")).is_some(), want, "{list}");
        }
    }

    #[test]
    fn the_range_holds_both_ends() {
        let range = StampRange {
            first: stamp("20170427:084412"),
            last: stamp("20170427:084413999"),
        };
        let filter = Filter {
            range: Some(range),
            ..Filter::default()
        };
        for (time, want) in [
            ("20170427:084411999", false),
            ("20170427:084412000", true),
            ("20170427:084413999", true),
            ("20170427:084414000", false),
        ] {
            assert_eq!(filter.is_in_range(&stamp(time)), want, "{time}");
            assert!(Filter::default().is_in_range(&stamp(time)));
            assert!(
                filter.type_of(&bye(time)).is_some(),
                "the type does not depend on the time"
            );
        }
    }
}
