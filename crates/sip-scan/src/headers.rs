//! The headers of a SIP message, read as they come: `CSeq`, and the tag of `To` (RFC 3261, 7.3 and 20).
//!
//! They are read in the hex of the dump, as [`hex::keep`] keeps it: to find a line feed there and to look at the two
//! digits after it takes a small part of the time of decoding, and of some twenty headers only two are wanted.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::fast::head_end;
use crate::fast::headers::{fast_cseq, fast_start_line};
use crate::fast::hex::{self, WIDTH};
use crate::item::Damage;
use crate::start_line::{Method, StartLine};
use crate::value::{Cseq, cseq, parameter, value_of};

/// What was read of one message so far. The hex itself stays with the caller, who hands it over from its first byte
/// each time, longer than before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headers {
    /// Where the line begins that is not read yet.
    line: usize,
    start_line: Option<StartLine>,
    cseq: Option<Cseq>,
    to_tag: Option<bool>,
    state: State,
    /// Room to decode a line in.
    line_bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    /// All that counts is known.
    Known,
    Failed(Damage),
}

/// Bytes of a usual line, and more.
const USUAL_LINE: usize = 8 << 10;

/// The one request whose `To` is asked for.
const INVITE: StartLine = StartLine::Request(Method::Invite);

/// What counts of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) start_line: StartLine,
    pub(crate) cseq: Cseq,
    pub(crate) to_tag: bool,
}

impl Headers {
    /// Whether more text can tell more.
    pub(crate) fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// The start line and the method of `CSeq`, once all that counts is known.
    pub(crate) fn known(&self) -> Option<(StartLine, Method)> {
        let known = self.start_line.zip(self.cseq);
        let known = known.filter(|_| self.state == State::Known);
        known.map(|(start_line, cseq)| (start_line, cseq.method))
    }

    /// Once all that counts is known: where in the text the end of the headers is to be looked for. It does not stand before.
    pub(crate) fn known_before(&self) -> Option<usize> {
        // The line feed at the end of the line that was read last is the first byte of such an end; or that line is the empty one.
        let before = head_end::BYTES.saturating_mul(WIDTH);
        (self.state == State::Known).then(|| self.line.saturating_sub(before))
    }

    /// Forgets the message, but keeps the room that it took.
    pub(crate) fn clear(&mut self) {
        self.line_bytes.clear();
        *self = Headers {
            line_bytes: std::mem::take(&mut self.line_bytes),
            ..Headers::default()
        };
    }

    /// Reads on in `text`, as far as lines are whole. A line that goes on with one that is not wanted begins with a
    /// blank, and is passed over likewise.
    pub(crate) fn read(&mut self, text: &[u8]) {
        while self.state == State::Open {
            let rest = text.get(self.line..).unwrap_or_default();
            let length = if !self.wants(rest) {
                LINE_FEED.find(rest).map(|end| end.saturating_add(WIDTH))
            } else if self.start_line.is_some()
                && let Some((cseq, length)) = fast_cseq(rest)
            {
                self.cseq = Some(cseq);
                self.look_whether_known();
                Some(length)
            } else {
                self.read_line(rest)
            };
            let Some(length) = length else {
                return;
            };
            self.line = self.line.saturating_add(length);
        }
    }

    /// Reads the line at the start of `text`, whatever it looks like, and returns its length; none if its end has not come.
    fn read_line(&mut self, text: &[u8]) -> Option<usize> {
        let mut after = 0usize;
        loop {
            let end = after.saturating_add(LINE_FEED.find(text.get(after..)?)?);
            after = end.saturating_add(WIDTH);
            let line = text.get(..end)?;
            // A header goes on where the next line begins with a blank; an empty line and the start line never do.
            let may_go_on = self.start_line.is_some() && !trim_cr(line).is_empty();
            match text.get(after..)? {
                [] if may_go_on => return None,
                [b'2', b'0', ..] | [b'0', b'9', ..] if may_go_on => {}
                _ => {
                    self.take(line);
                    self.line_bytes.clear();
                    // Few lines are so long, and many processes may have one.
                    self.line_bytes.shrink_to(USUAL_LINE);
                    return Some(after);
                }
            }
        }
    }

    /// Whether the line at the start of `text` may tell something, by its first characters.
    fn wants(&self, text: &[u8]) -> bool {
        match text {
            _ if self.start_line.is_none() => true,
            // A line end.
            [b'0', b'a' | b'd', ..] => true,
            // `CS`, in any case.
            [b'4' | b'6', b'3', _, b'5' | b'7', b'3', ..] => self.cseq.is_none(),
            // `T`, in any case.
            [b'5' | b'7', b'4', ..] => self.start_line == Some(INVITE) && self.to_tag.is_none(),
            _ => false,
        }
    }

    /// Whether the record, `text` being all of it, is a keep-alive: nothing but CRLF (RFC 5626, 3.5.1).
    pub(crate) fn is_keep_alive(&self, text: &[u8]) -> bool {
        self.is_open() && self.start_line.is_none() && !text.is_empty() && self.line == text.len()
    }

    /// What is known at the end of the record, `text` being all that could be read of it.
    ///
    /// # Errors
    ///
    /// [`Damage::NoStartLine`] or [`Damage::NoCseq`], and whether the message itself says so, rather than its end.
    pub(crate) fn finish(&mut self, text: &[u8]) -> Result<Known, (Damage, bool)> {
        if self.state == State::Open {
            // A last header with its line end, where nothing is left that could go on with it.
            let rest = text.get(self.line..).unwrap_or_default();
            if let [line @ .., b'0', b'a', b' '] = rest
                && self.wants(rest)
            {
                self.take(line);
            }
        }
        match (self.state, self.start_line, self.cseq) {
            (State::Failed(damage), ..) => Err((damage, true)),
            (_, None, _) => Err((Damage::NoStartLine, false)),
            (_, _, None) => Err((Damage::NoCseq, false)),
            (_, Some(start_line), Some(cseq)) => Ok(Known {
                start_line,
                cseq,
                to_tag: self.to_tag.unwrap_or(false),
            }),
        }
    }

    /// Takes one line that is wanted, folded ones whole, without its line end.
    fn take(&mut self, line: &[u8]) {
        let line = trim_cr(line);
        if self.start_line.is_none() {
            // CRLF before it is passed over (RFC 3261, 7.5).
            if line.is_empty() {
                return;
            }
            match fast_start_line(line).or_else(|| StartLine::parse(self.decode(line))) {
                Some(start_line) => self.start_line = Some(start_line),
                None => self.state = State::Failed(Damage::NoStartLine),
            }
            return;
        }
        if line.is_empty() {
            self.state = match self.cseq {
                Some(_) => State::Known,
                None => State::Failed(Damage::NoCseq),
            };
            return;
        }
        let header = self.decode(line);
        if let Some(value) = value_of(header, b"CSeq") {
            match cseq(value) {
                Some(cseq) => self.cseq = Some(cseq),
                None => self.state = State::Failed(Damage::NoCseq),
            }
        } else if let Some(value) = value_of(header, b"To").or_else(|| value_of(header, b"t")) {
            self.to_tag = Some(parameter(value, b"tag").is_some());
        }
        self.look_whether_known();
    }

    fn look_whether_known(&mut self) {
        let has_to = self.to_tag.is_some() || self.start_line != Some(INVITE);
        if self.cseq.is_some() && has_to && self.state == State::Open {
            self.state = State::Known;
        }
    }

    fn decode(&mut self, line: &[u8]) -> &[u8] {
        self.line_bytes.clear();
        hex::decode(line, &mut self.line_bytes);
        &self.line_bytes
    }
}

/// A line feed in hex. Digits stand in pairs with a blank between, so this is never half of one byte and half of
/// another.
static LINE_FEED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"0a"));

/// Drops a carriage return from the end of hex.
fn trim_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"0d ").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message read whole, and grown byte by byte.
    #[track_caller]
    fn check(text: &str, want: Result<(Method, bool), (Damage, bool)>) {
        let hex: String = text
            .replace('\n', "\r\n")
            .bytes()
            .map(|b| format!("{b:02x} "))
            .collect();
        let mut whole = Headers::default();
        whole.read(hex.as_bytes());
        let mut grown = Headers::default();
        for end in (0..=hex.len()).step_by(WIDTH) {
            grown.read(&hex.as_bytes()[..end]);
        }
        for headers in [&mut whole, &mut grown] {
            let found = headers.finish(hex.as_bytes());
            assert_eq!(found.map(|known| (known.cseq.method, known.to_tag)), want, "{text:?}");
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
        check("\nBYE a SIP/2.0\nCSeq: 1 BYE\n\n", Ok((Method::Bye, false)));
        check("\n\n\nBYE a SIP/2.0\nCSeq: 1 BYE\n\n", Ok((Method::Bye, false)));
        check(" \nBYE a SIP/2.0\nCSeq: 1 BYE\n\n", Err((Damage::NoStartLine, true)));
        check("\r\nBYE a SIP/2.0\nCSeq: 1 BYE\n\n", Err((Damage::NoStartLine, true)));
        check("\n\n", Err((Damage::NoStartLine, false)));
        check("BYE a SIP/2", Err((Damage::NoStartLine, false)));
        check("", Err((Damage::NoStartLine, false)));
    }
}
