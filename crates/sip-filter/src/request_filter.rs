//! Which requests count, and the responses to which requests.

use std::str::FromStr;

use sip_scan::Method;

use crate::list::{self, FilterError};
use crate::message_type::MessageType;

/// Types of requests: a list with `|` or `,` between the names, or `ALL`, which has those without a name, too, or `none`: then no
/// request counts, but the responses to each of them do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFilter {
    /// One bit for each type of request that counts: every message is looked up twice, so this must be fast.
    types: u32,
    /// One bit for each method of requests whose responses count.
    transactions: u32,
}

impl RequestFilter {
    /// `none`.
    pub fn none() -> RequestFilter {
        RequestFilter {
            types: 0,
            transactions: u32::MAX,
        }
    }

    /// `ALL`.
    pub(crate) fn all() -> RequestFilter {
        RequestFilter::of(MessageType::REQUESTS.into_iter().chain([MessageType::Other]))
    }

    fn of(types: impl IntoIterator<Item = MessageType>) -> RequestFilter {
        let (mut bits, mut transactions) = (0, 0);
        for message_type in types {
            bits |= bit(message_type);
            transactions |= method(message_type).map_or(0, transaction_bit);
        }
        RequestFilter {
            types: bits,
            transactions,
        }
    }

    /// Whether requests of a type count.
    pub fn has(&self, message_type: MessageType) -> bool {
        self.types & bit(message_type) != 0
    }

    /// Whether the responses to a method count. Those to INVITE do where `INVITE` or `ReINVITE` is listed: a response does not
    /// tell which of the two it answers.
    pub fn has_transaction(&self, method: Method) -> bool {
        self.transactions & transaction_bit(method) != 0
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
        MessageType::Response(_) | MessageType::Class(_) => 0,
        MessageType::Other => 1 << 31,
    }
}

fn transaction_bit(method: Method) -> u32 {
    1 << (method as u32)
}

fn method(message_type: MessageType) -> Option<Method> {
    match message_type {
        MessageType::Invite | MessageType::ReInvite => Some(Method::Invite),
        MessageType::Request(method) => Some(method),
        MessageType::Response(_) | MessageType::Class(_) => None,
        MessageType::Other => Some(Method::Other),
    }
}

impl FromStr for RequestFilter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<RequestFilter, FilterError> {
        if text.eq_ignore_ascii_case("ALL") {
            return Ok(RequestFilter::all());
        }
        if text.eq_ignore_ascii_case("NONE") {
            return Ok(RequestFilter::none());
        }
        let request = |word: &str| list::request(word).ok_or_else(|| FilterError::Request(word.to_owned()));
        let types: Result<Vec<MessageType>, _> = list::words(text).map(request).collect();
        types.map(RequestFilter::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_is_listed_by_its_own_name_alone() {
        for listed in MessageType::REQUESTS {
            let filter: RequestFilter = listed.to_string().parse().unwrap();
            for other in MessageType::REQUESTS {
                assert_eq!(filter.has(other), other == listed, "{listed} {other}");
                let same_method = method(other) == method(listed);
                assert_eq!(
                    filter.has_transaction(method(other).unwrap()),
                    same_method,
                    "{listed} {other}"
                );
            }
            assert!(!filter.has(MessageType::Other), "{listed}");
            assert!(!filter.has_transaction(Method::Other), "{listed}");
        }
    }

    #[test]
    fn all_and_none() {
        let [all, none] = ["all", "None"].map(|word| word.parse::<RequestFilter>().unwrap());
        for message_type in MessageType::REQUESTS.into_iter().chain([MessageType::Other]) {
            assert_eq!(
                (all.has(message_type), none.has(message_type)),
                (true, false),
                "{message_type}"
            );
            let method = method(message_type).unwrap();
            assert!(
                all.has_transaction(method) && none.has_transaction(method),
                "{message_type}"
            );
        }
    }

    #[test]
    fn what_is_not_a_list_of_requests() {
        let mut text = String::new();
        for list in [
            "",
            "INVITE|",
            "FOO",
            "INVITE BYE",
            "\u{1b}[2J",
            "4xx",
            "INVITE,486",
            "700",
            "none|BYE",
            "BYE|ALL",
            "other",
        ] {
            let error = list.parse::<RequestFilter>().unwrap_err().to_string();
            text += &format!("{}\n", error.split("; expected").next().unwrap());
            assert!(
                error.contains("; expected ALL, none or a list, with | or , between, of INVITE ReINVITE BYE"),
                "{error}"
            );
        }
        insta::assert_snapshot!(text, @r"
        `` is not a request
        `` is not a request
        `FOO` is not a request
        `INVITE BYE` is not a request
        `\u{1b}[2J` is not a request
        `4xx` is not a request but a response code
        `486` is not a request but a response code
        `700` is not a request
        `none` is not a request
        `ALL` is not a request
        `other` is not a request
        ");
    }
}
