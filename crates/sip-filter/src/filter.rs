//! Which messages count.

use sip_scan::{Message, Messages, Stamp, StartLine, Want};

use crate::call_filter::CallFilter;
use crate::link::Link;
use crate::link_filter::LinkFilter;
use crate::message_type::MessageType;
use crate::request_filter::RequestFilter;
use crate::response_filter::ResponseFilter;

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
    /// No message.
    pub fn none() -> Filter {
        Filter {
            requests: RequestFilter::none(),
            responses: ResponseFilter::none(),
            ..Filter::default()
        }
    }

    /// All messages of some calls, whatever their type and their link.
    pub fn of_calls(calls: CallFilter) -> Filter {
        Filter {
            requests: RequestFilter::all(),
            responses: ResponseFilter::all(),
            calls: Some(calls),
            ..Filter::default()
        }
    }

    /// Whether `stamp` lies within the range of time.
    pub fn is_in_range(&self, stamp: &Stamp) -> bool {
        self.range.is_none_or(|range| range.contains(stamp))
    }

    /// What the scanner must keep of a message for this filter.
    pub fn want(&self) -> Want {
        match self.calls {
            Some(_) => Want::Dialog(self.messages()),
            None => Want::Head,
        }
    }

    /// The messages that may count, for [`Want`]: not many more than those that do.
    pub fn messages(&self) -> Messages {
        let has_method = |method| self.requests.has_transaction(method);
        Messages::of(has_method, true, |code| self.responses.has(code))
    }

    /// The type under which `message` counts; `None` where it does not count. This does not look at the range of time.
    pub fn type_of(&self, message: &Message) -> Option<MessageType> {
        let message_type = MessageType::of(message);
        let counts = self.requests.has_transaction(message.cseq)
            && match message.start_line {
                StartLine::Response(code) => self.responses.has(code),
                StartLine::Request(_) => self.requests.has(message_type),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Names;
    use crate::testing::{bye, message, stamp};
    use sip_scan::Method;

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
                Some("other"),
            ),
            ("ALL", "ALL", ok, Method::Other, false, Some("200")),
            ("INVITE", "ALL", ok, Method::Other, false, None),
            ("ALL", "2", StartLine::Response(700), Method::Invite, false, None),
            ("ALL", "4|5|6", ok, Method::Invite, false, None),
            ("none", "ALL", bye, Method::Bye, false, None),
            ("none", "ALL", ok, Method::Other, false, Some("200")),
            ("none", "4xx", busy, Method::Bye, false, Some("486")),
            ("ALL", "none", bye, Method::Bye, false, Some("BYE")),
            ("ALL", "none", busy, Method::Bye, false, None),
            ("ALL", "182|480|5", ringing, Method::Invite, false, None),
            ("ALL", "18,486", ringing, Method::Invite, false, Some("180")),
            ("ALL", "18,486", busy, Method::Invite, false, Some("486")),
            ("ALL", "18,485", busy, Method::Invite, false, None),
            (
                "ALL",
                "ALL",
                StartLine::Response(700),
                Method::Invite,
                false,
                Some("other"),
            ),
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
        assert_eq!(
            (Filter::default().want(), of_calls.want()),
            (Want::Head, Want::Dialog(of_calls.messages()))
        );
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
