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
    pub fn kind_of(&self, message: &Message<'_>) -> Option<Kind> {
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
pub struct RequestFilter(Vec<Kind>);

impl RequestFilter {
    fn has(&self, kind: Kind) -> bool {
        self.0.contains(&kind)
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
        RequestFilter(vec![invite, reinvite, bye, cancel])
    }
}

impl FromStr for RequestFilter {
    type Err = FilterError;

    fn from_str(list: &str) -> Result<RequestFilter, FilterError> {
        if list.eq_ignore_ascii_case("ALL") {
            return Ok(RequestFilter(Kind::REQUESTS.to_vec()));
        }
        let kind = |word: &str| {
            let named = |kind: &Kind| kind.to_string().eq_ignore_ascii_case(word);
            let found = Kind::REQUESTS.into_iter().find(named);
            found.ok_or_else(|| FilterError::Request(word.to_owned()))
        };
        words(list).map(kind).collect::<Result<_, _>>().map(RequestFilter)
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
