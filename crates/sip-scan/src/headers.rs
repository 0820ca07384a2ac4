//! The headers of a SIP message, read as they come: `CSeq`, and the tag of `To` (RFC 3261, 7.3 and 20).

use memchr::memchr;

use crate::dump::{decimal, is_blank, skip_blanks};
use crate::item::Damage;
use crate::start_line::{Method, Start, is_token};

/// What was read of one message so far. The text itself stays with the caller, who hands it over from its first byte
/// each time, longer than before.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Headers {
    /// Where the line begins that is not read yet.
    line: usize,
    /// Up to where a line end was looked for.
    searched: usize,
    start: Option<Start>,
    cseq: Option<Method>,
    to_tag: Option<bool>,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    /// All that counts is known.
    Known,
    Failed(Damage),
}

/// The one request whose `To` is asked for.
const INVITE: Start = Start::Request(Method::Invite);

/// What counts of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) start: Start,
    pub(crate) cseq: Method,
    pub(crate) to_tag: bool,
}

impl Headers {
    /// Whether more text can tell more.
    pub(crate) fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// Reads on in `text`, as far as lines are whole.
    pub(crate) fn read(&mut self, text: &[u8]) {
        while self.state == State::Open {
            let Some(end) = text.get(self.searched..).and_then(|rest| memchr(b'\n', rest)) else {
                self.searched = text.len();
                return;
            };
            let end = self.searched.saturating_add(end);
            let after = end.saturating_add(1);
            // A header goes on where the next line begins with a blank; an empty line and the start line never do.
            let line = text.get(self.line..end).unwrap_or_default();
            if self.start.is_some() && !trim_cr(line).is_empty() {
                match text.get(after) {
                    None => {
                        self.searched = end;
                        return;
                    }
                    Some(next) if is_blank(next) => {
                        self.searched = after;
                        continue;
                    }
                    Some(_) => {}
                }
            }
            self.take(line);
            self.line = after;
            self.searched = after;
        }
    }

    /// What is known at the end of the record, `text` being all that could be read of it.
    ///
    /// # Errors
    ///
    /// [`Damage::NoStartLine`] or [`Damage::NoCseq`], and whether the message itself says so, rather than its end.
    pub(crate) fn finish(&mut self, text: &[u8]) -> Result<Known, (Damage, bool)> {
        if self.state == State::Open {
            // A last header with its line end, where nothing is left that could go on with it.
            if let Some([line @ .., b'\n']) = text.get(self.line..) {
                self.take(line);
            }
        }
        let failed = match self.state {
            State::Failed(damage) => Some(damage),
            _ => None,
        };
        match (self.start, self.cseq) {
            _ if failed.is_some() => Err((failed.unwrap_or(Damage::NoStartLine), true)),
            (Some(start), Some(cseq)) => Ok(Known {
                start,
                cseq,
                to_tag: self.to_tag.unwrap_or(false),
            }),
            (None, _) => Err((Damage::NoStartLine, false)),
            (_, None) => Err((Damage::NoCseq, false)),
        }
    }

    /// Takes one line, folded ones whole, without its line end.
    fn take(&mut self, line: &[u8]) {
        let line = trim_cr(line);
        let Some(start) = self.start else {
            match Start::parse(line) {
                Some(start) => self.start = Some(start),
                None => self.state = State::Failed(Damage::NoStartLine),
            }
            return;
        };
        match line {
            [] => {
                self.state = match self.cseq {
                    Some(_) => State::Known,
                    None => State::Failed(Damage::NoCseq),
                };
            }
            [b'C' | b'c', ..] if self.cseq.is_none() => {
                if let Some(value) = value_of(line, b"CSeq") {
                    match method(value) {
                        Some(method) => self.cseq = Some(method),
                        None => self.state = State::Failed(Damage::NoCseq),
                    }
                }
            }
            [b'T' | b't', ..] if start == INVITE && self.to_tag.is_none() => {
                if let Some(value) = value_of(line, b"To").or_else(|| value_of(line, b"t")) {
                    self.to_tag = Some(has_tag(value));
                }
            }
            _ => {}
        }
        let has_to = self.to_tag.is_some() || start != INVITE;
        if self.cseq.is_some() && has_to && self.state == State::Open {
            self.state = State::Known;
        }
    }
}

fn trim_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The value of header `line` if `name` is its name, in any case, blanks before the colon allowed.
fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (found, rest) = line.split_at_checked(name.len())?;
    if !found.eq_ignore_ascii_case(name) {
        return None;
    }
    skip_blanks(rest).strip_prefix(b":")
}

/// The method of a `CSeq` value: a number, blanks or line ends between (RFC 3261, 20.16).
fn method(value: &[u8]) -> Option<Method> {
    let mut words = value.split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty());
    decimal(words.next()?)?;
    let token = words.next()?;
    (words.next().is_none() && token.iter().all(|&b| is_token(b))).then(|| Method::from_token(token))
}

/// Whether the value of a `To` header bears a parameter `tag`: after a semicolon that stands neither in a quoted
/// display name nor within the angle brackets of the address (RFC 3261, 20.10 and 20.39).
fn has_tag(value: &[u8]) -> bool {
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

    /// The message read whole, and grown byte by byte.
    #[track_caller]
    fn check(text: &str, want: Result<(Method, bool), (Damage, bool)>) {
        let text = text.replace('\n', "\r\n");
        let mut whole = Headers::default();
        whole.read(text.as_bytes());
        let mut grown = Headers::default();
        for end in 0..=text.len() {
            grown.read(&text.as_bytes()[..end]);
        }
        for headers in [&mut whole, &mut grown] {
            let found = headers.finish(text.as_bytes());
            assert_eq!(found.map(|known| (known.cseq, known.to_tag)), want, "{text:?}");
        }
    }

    #[test]
    fn headers_in_any_form() {
        let invite = Ok((Method::Invite, true));
        check("INVITE a SIP/2.0\nTo: <a>;tag=1\nCSeq: 1 INVITE\n\n", invite);
        check("INVITE a SIP/2.0\nCSeq: 1 INVITE\nTo: <a>;tag=1\n\n", invite);
        check("INVITE a SIP/2.0\nt:<a>;tag=1\ncseq : 1 INVITE\n\n", invite);
        check("INVITE a SIP/2.0\nTo:\n <a>\n ;tag=1\nCSEQ: 1\n\tINVITE\n\n", invite);
        check(
            "INVITE a SIP/2.0\nTo: <a>\nCSeq: 1 INVITE\n\n",
            Ok((Method::Invite, false)),
        );
        check(
            "INVITE a SIP/2.0\nTo: <a>\nTo: <a>;tag=1\nCSeq: 1 INVITE\n\n",
            Ok((Method::Invite, false)),
        );
        check(
            "INVITE a SIP/2.0\nCSeqs: 1 BYE\nCSeq: 1 INVITE\nCSeq: 1 BYE\n\n",
            Ok((Method::Invite, false)),
        );
        check(
            "SIP/2.0 200 OK\nTo: <a>;tag=1\nCSeq: 1 BYE\n\n",
            Ok((Method::Bye, false)),
        );
        check("BYE a SIP/2.0\nCSeq: 1 BYE", Err((Damage::NoCseq, false)));
        check("BYE a SIP/2.0\nCSeq: 1 BYE\n", Ok((Method::Bye, false)));
        check("BYE a SIP/2.0\n\nCSeq: 1 BYE\n", Err((Damage::NoCseq, true)));
        check("BYE a SIP/2.0\nCSeq: BYE\nCSeq: 1 BYE\n\n", Err((Damage::NoCseq, true)));
        check("\nBYE a SIP/2.0\nCSeq: 1 BYE\n\n", Err((Damage::NoStartLine, true)));
        check("BYE a SIP/2", Err((Damage::NoStartLine, false)));
        check("", Err((Damage::NoStartLine, false)));
    }
}
