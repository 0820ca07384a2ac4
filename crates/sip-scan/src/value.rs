//! The values of the headers that are read, and their parameters (RFC 3261, 7.3.1 and 20).

use memchr::memchr;

use crate::blank::skip_blanks;
use crate::dump::decimal;
use crate::start_line::{Method, is_token};

/// The value of header `line` if `name` is its name, in any case, blanks before the colon allowed.
pub(crate) fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (found, rest) = line.split_at_checked(name.len())?;
    if !found.eq_ignore_ascii_case(name) {
        return None;
    }
    skip_blanks(rest).strip_prefix(b":")
}

/// What a `CSeq` value says (RFC 3261, 20.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cseq {
    pub(crate) method: Method,
    /// Whether its number is less than 2^31 (RFC 3261, 8.1.1.5).
    pub(crate) is_in_range: bool,
}

/// The largest number of a `CSeq`.
const MAX_NUMBER: u32 = (1 << 31) - 1;

/// Reads a `CSeq` value: a number and a method, blanks or line ends between.
pub(crate) fn cseq(value: &[u8]) -> Option<Cseq> {
    let mut words = value.split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty());
    let digits = words.next().filter(|word| word.iter().all(u8::is_ascii_digit))?;
    let token = words.next().filter(|token| token.iter().all(|&b| is_token(b)))?;
    words.next().is_none().then(|| Cseq {
        method: Method::from_token(token),
        is_in_range: decimal(digits).is_some_and(|number| number <= MAX_NUMBER),
    })
}

/// The number of a `CSeq` value.
pub(crate) fn number(value: &[u8]) -> Option<u32> {
    let mut words = value.split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty());
    decimal(words.next()?)
}

/// The value of a parameter, such as the `tag` of `To`. It stands after a semicolon that is neither in a quoted
/// display name nor within the angle brackets of the address (RFC 3261, 20.10). What it is set to may be empty.
pub(crate) fn parameter<'a>(value: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut rest = value;
    loop {
        rest = match rest {
            [] => return None,
            [b'"', quoted @ ..] => after_quoted(quoted),
            [b'<', address @ ..] => memchr(b'>', address)
                .and_then(|end| address.get(end..))
                .unwrap_or_default(),
            [b';', parameter @ ..] => {
                if let Some((found, after)) = parameter.trim_ascii_start().split_at_checked(name.len())
                    && found.eq_ignore_ascii_case(name)
                    && let [b'=', value @ ..] = after.trim_ascii_start()
                {
                    let mut words = value.trim_ascii_start().split(ends_parameter);
                    return words.next();
                }
                parameter
            }
            [_, rest @ ..] => rest,
        };
    }
}

fn ends_parameter(b: &u8) -> bool {
    matches!(b, b';' | b',') || b.is_ascii_whitespace()
}

/// The first element of a list with commas between, none of them in quotes.
pub(crate) fn first_element(value: &[u8]) -> &[u8] {
    let mut rest = value;
    loop {
        rest = match rest {
            [] | [b',', ..] => break,
            [b'"', quoted @ ..] => after_quoted(quoted),
            [_, rest @ ..] => rest,
        };
    }
    let length = value.len().saturating_sub(rest.len());
    value.get(..length).unwrap_or_default()
}

/// What follows the closing quote; a backslash takes the character after it with it.
fn after_quoted(quoted: &[u8]) -> &[u8] {
    let mut rest = quoted;
    loop {
        rest = match rest {
            [b'\\', _, rest @ ..] => rest,
            [b'"', rest @ ..] => return rest,
            [] => return rest,
            [_, rest @ ..] => rest,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_to() {
        let table: &[(&str, Option<&str>)] = &[
            ("<sip:1@a>;tag=5", Some("5")),
            (" \"A\" <sip:1@a>;x=y; TAG = 5;z", Some("5")),
            ("sip:1@a;tag=5a.b ", Some("5a.b")),
            ("<sip:1@a>\r\n ;tag\r\n =\r\n 5", Some("5")),
            ("<sip:1@a>;tag=", Some("")),
            ("<sip:1@a>;tag=;x", Some("")),
            ("<sip:1@a>;tag", None),
            ("<sip:1@a>;tagged=5", None),
            ("<sip:1@a>;x-tag=5", None),
            ("<sip:1@a;tag=5>", None),
            ("\"a;tag=5\" <sip:1@a>", None),
            ("\"a\\\";tag=5\" <sip:1@a>", None),
            ("\"a\\\";tag=5\" <sip:1@a>;tag=6", Some("6")),
            ("\"a;tag=5", None),
            ("<sip:1@a;tag=5", None),
            ("", None),
        ];
        for (value, want) in table {
            let want = want.map(str::as_bytes);
            assert_eq!(parameter(value.as_bytes(), b"tag"), want, "{value:?}");
        }
    }

    #[test]
    fn first_elements() {
        for (value, want) in [
            ("a;b=1, c;b=2", "a;b=1"),
            ("a;b=\"1,2\", c", "a;b=\"1,2\""),
            ("a", "a"),
            (",a", ""),
            ("", ""),
        ] {
            assert_eq!(first_element(value.as_bytes()), want.as_bytes(), "{value:?}");
        }
    }

    #[test]
    fn values_of_cseq() {
        let table: &[(&str, Option<(Method, bool)>)] = &[
            (" 1 INVITE", Some((Method::Invite, true))),
            ("1\tBYE ", Some((Method::Bye, true))),
            ("\r\n 2147483647\r\n\tACK", Some((Method::Ack, true))),
            (" 00000000000000000000001 BYE", Some((Method::Bye, true))),
            (" 2147483648 BYE", Some((Method::Bye, false))),
            (" 4294967296 BYE", Some((Method::Bye, false))),
            (" 36893488147419103232 BYE", Some((Method::Bye, false))),
            (" 7 FOO", Some((Method::Other, true))),
            (" 7 invite", Some((Method::Other, true))),
            (" -1 BYE", None),
            (" 7", None),
            (" INVITE", None),
            (" x INVITE", None),
            (" 1 INVITE BYE", None),
            (" 1 INV\u{1b}TE", None),
            ("", None),
        ];
        for (value, want) in table {
            let found = cseq(value.as_bytes()).map(|cseq| (cseq.method, cseq.is_in_range));
            assert_eq!(found, *want, "{value:?}");
        }
    }
}
