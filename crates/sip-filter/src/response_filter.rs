//! Which responses count.

use std::ops::Range;
use std::str::FromStr;

use crate::list::{self, FilterError};
use crate::message_type::{CODES, MessageType};

/// Codes of responses: a list with `|` or `,` between of codes, of their first digits or of classes (`482`, `48`, `4`, `4xx`), or
/// `ALL`, which has codes that no response may have, too, or `none`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseFilter(Vec<Range<u16>>);

impl ResponseFilter {
    /// Whether responses that count under a type do. Those without a type of their own do only with `ALL`.
    pub fn has_type(&self, message_type: MessageType) -> bool {
        match message_type {
            MessageType::Response(code) => self.has(code),
            MessageType::Other => self.has(CODES.end),
            _ => false,
        }
    }

    /// `none`.
    pub(crate) fn none() -> ResponseFilter {
        ResponseFilter(Vec::new())
    }

    /// `ALL`.
    #[expect(clippy::single_range_in_vec_init, reason = "one range of codes is meant")]
    pub(crate) fn all() -> ResponseFilter {
        ResponseFilter(vec![0..u16::MAX])
    }

    pub(crate) fn has(&self, code: u16) -> bool {
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

    fn from_str(text: &str) -> Result<ResponseFilter, FilterError> {
        if text.eq_ignore_ascii_case("ALL") {
            return Ok(ResponseFilter::all());
        }
        if text.eq_ignore_ascii_case("NONE") {
            return Ok(ResponseFilter::none());
        }
        let codes = |word: &str| list::codes(word).ok_or_else(|| FilterError::Response(word.to_owned()));
        list::words(text)
            .map(codes)
            .collect::<Result<_, _>>()
            .map(ResponseFilter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(list: &str, expected: impl Fn(u16) -> bool) {
        let filter: ResponseFilter = list.parse().unwrap();
        for code in 0..1000 {
            assert_eq!(filter.has(code), expected(code), "{list}: {code}");
        }
    }

    #[test]
    fn codes_their_first_digits_and_classes() {
        check("4", |code| code / 100 == 4);
        check("4xx", |code| code / 100 == 4);
        check("6XX", |code| code / 100 == 6);
        check("48", |code| code / 10 == 48);
        check("48x", |code| code / 10 == 48);
        check("486", |code| code == 486);
        check("100, 69x | 2", |code| code == 100 || code / 10 == 69 || code / 100 == 2);
        check("all", |_| true);
        check("NONE", |_| false);
        assert_eq!("4|5|6".parse::<ResponseFilter>().unwrap().0.len(), 3);
        for code in 0..1000 {
            assert_eq!(
                ResponseFilter::default().has(code),
                (400..700).contains(&code),
                "{code}"
            );
        }
    }

    #[test]
    fn responses_by_their_type() {
        let has = |list: &str, message_type| list.parse::<ResponseFilter>().unwrap().has_type(message_type);
        for (list, message_type, expected) in [
            ("486", MessageType::Response(486), true),
            ("486", MessageType::Response(487), false),
            ("ALL", MessageType::Response(100), true),
            ("ALL", MessageType::Other, true),
            ("1,2,3,4,5,6", MessageType::Other, false),
            ("none", MessageType::Other, false),
            ("ALL", MessageType::Class(4), false),
            ("ALL", MessageType::Invite, false),
        ] {
            assert_eq!(has(list, message_type), expected, "{list} {message_type}");
        }
    }

    #[test]
    fn what_is_not_a_list_of_responses() {
        let mut text = String::new();
        for list in [
            "", "7", "0", "4|", "4x", "x", "xx", "xxx", "7xx", "4xxx", "x86", "4x6", "099", "700", "2000", "-4", "+48",
            "4\u{1b}", "none,4", "4,ALL", "invite",
        ] {
            let error = list.parse::<ResponseFilter>().unwrap_err().to_string();
            text += &format!("{}\n", error.split("; expected").next().unwrap());
            assert!(error.ends_with("such as 482, 48, 4 or 4xx"), "{error}");
        }
        insta::assert_snapshot!(text, @r"
        `` is not the start of a response code
        `7` is not the start of a response code
        `0` is not the start of a response code
        `` is not the start of a response code
        `4x` is not the start of a response code
        `x` is not the start of a response code
        `xx` is not the start of a response code
        `xxx` is not the start of a response code
        `7xx` is not the start of a response code
        `4xxx` is not the start of a response code
        `x86` is not the start of a response code
        `4x6` is not the start of a response code
        `099` is not the start of a response code
        `700` is not the start of a response code
        `2000` is not the start of a response code
        `-4` is not the start of a response code
        `+48` is not the start of a response code
        `4\u{1b}` is not the start of a response code
        `none` is not the start of a response code
        `ALL` is not the start of a response code
        `invite` is a request and not a response code
        ");
    }
}
