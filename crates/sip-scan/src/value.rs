//! The values of the two headers that are read: the method of `CSeq`, and the tag of `To` (RFC 3261, 20.16 and 20.39).

use memchr::memchr;

use crate::dump::{decimal, skip_blanks};
use crate::start_line::{Method, is_token};

/// The value of header `line` if `name` is its name, in any case, blanks before the colon allowed.
pub(crate) fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (found, rest) = line.split_at_checked(name.len())?;
    if !found.eq_ignore_ascii_case(name) {
        return None;
    }
    skip_blanks(rest).strip_prefix(b":")
}

/// The method of a `CSeq` value: a number, blanks or line ends between (RFC 3261, 20.16).
pub(crate) fn method(value: &[u8]) -> Option<Method> {
    let mut words = value.split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty());
    decimal(words.next()?)?;
    let token = words.next()?;
    (words.next().is_none() && token.iter().all(|&b| is_token(b))).then(|| Method::from_token(token))
}

/// Whether the value of a `To` header bears a parameter `tag`: after a semicolon that stands neither in a quoted
/// display name nor within the angle brackets of the address (RFC 3261, 20.10 and 20.39).
pub(crate) fn has_tag(value: &[u8]) -> bool {
    let mut rest = value;
    loop {
        rest = match rest {
            [] => return false,
            [b'"', quoted @ ..] => after_quoted(quoted),
            [b'<', address @ ..] => memchr(b'>', address)
                .and_then(|end| address.get(end..))
                .unwrap_or_default(),
            [b';', parameter @ ..] => {
                if let Some((name, after)) = parameter.trim_ascii_start().split_at_checked(3)
                    && name.eq_ignore_ascii_case(b"tag")
                    && after.trim_ascii_start().starts_with(b"=")
                {
                    return true;
                }
                parameter
            }
            [_, rest @ ..] => rest,
        };
    }
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
        let table: &[(&str, bool)] = &[
            ("<sip:1@a>;tag=5", true),
            (" \"A\" <sip:1@a>;x=y; TAG = 5", true),
            ("sip:1@a;tag=5", true),
            ("<sip:1@a>\r\n ;tag=5", true),
            ("<sip:1@a>;tag", false),
            ("<sip:1@a>;tagged=5", false),
            ("<sip:1@a>;x-tag=5", false),
            ("<sip:1@a;tag=5>", false),
            ("\"a;tag=5\" <sip:1@a>", false),
            ("\"a\\\";tag=5\" <sip:1@a>", false),
            ("\"a\\\";tag=5\" <sip:1@a>;tag=6", true),
            ("\"a;tag=5", false),
            ("<sip:1@a;tag=5", false),
            ("", false),
        ];
        for (value, want) in table {
            assert_eq!(has_tag(value.as_bytes()), *want, "{value:?}");
        }
    }

    #[test]
    fn methods_of_cseq() {
        let table: &[(&str, Option<Method>)] = &[
            (" 1 INVITE", Some(Method::Invite)),
            ("1\tBYE ", Some(Method::Bye)),
            ("\r\n 4294967295\r\n\tACK", Some(Method::Ack)),
            (" 7 FOO", Some(Method::Other)),
            (" 7 invite", Some(Method::Other)),
            (" 7", None),
            (" INVITE", None),
            (" x INVITE", None),
            (" 1 INVITE BYE", None),
            (" 1 INV\u{1b}TE", None),
            ("", None),
        ];
        for (value, want) in table {
            assert_eq!(method(value.as_bytes()), *want, "{value:?}");
        }
    }
}
