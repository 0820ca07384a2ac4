//! A second message in one record: what TCP hands over at once may be more than one message (RFC 3261, 18.3).

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{Kind, PREFIX, Record};
use crate::fast::head_end;
use crate::fast::hex::WIDTH;
use crate::fast::line_template::LikeLines;
use crate::headers::Headers;
use crate::hex;
use crate::start_line::is_token;

/// `SIP/2.0`, which stands in each start line.
static VERSION: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"53 49 50 2f 32 2e 30"));

/// How many lines in one record are tried that look like a start line. Each may be followed by up to 64 KiB of headers.
const MOST_TRIED: usize = 16;

impl Record {
    /// Whether all that counts is known, and nothing is wanted but what may follow the headers.
    pub(super) fn seeks_rest(&self) -> bool {
        self.headers.known_before().is_some() && !self.broken && self.kind != Kind::Other
    }

    /// Passes over lines up to the one in which the headers end, and keeps what follows.
    #[inline(never)]
    pub(super) fn seek_rest(&mut self, lines: LikeLines<'_>) {
        if !self.seeks_rest() {
            return;
        }
        let found = lines.head_end();
        // Nearly all messages have no body: nothing follows.
        let found = found.filter(|(_, is_followed)| *is_followed || !self.is_whole());
        let passed = found.map_or(lines.count, |(line, _)| line);
        self.passed = self.passed.saturating_add(passed.saturating_mul(lines.bytes));
        if found.is_some() {
            self.rest = Some(self.kept.len());
            self.keep_lines(lines.skip(passed));
        }
    }

    /// Once all that counts is known: whether the whole message is wanted, or what is kept holds the headers' end, or its start.
    pub(super) fn look_at_rest(&mut self) {
        if let Some(from) = self.headers.known_before() {
            let known = self.headers.known();
            self.is_wanted = known.is_some_and(|(start_line, cseq)| self.want.is_more_of(start_line, cseq));
            let from = from.saturating_add(PREFIX * WIDTH);
            let text = self.kept.get(from..).unwrap_or_default();
            let is_there = self.is_wanted || head_end::find(text).is_some() || head_end::may_be_cut(text);
            self.rest = is_there.then_some(from);
        }
    }

    /// Whether a second message follows the first.
    pub(super) fn has_second(&self) -> bool {
        let kept = self.rest.and_then(|rest| self.kept.get(rest..));
        kept.is_some_and(is_there)
    }
}

/// Whether a message begins behind the headers that end first in `kept`: a start line, and a `CSeq` in the headers that follow. So a
/// part of a message that is sent as a body is not taken for one (`message/sipfrag`, RFC 3420), unless it holds both.
///
/// It may begin within a line: a body need not end with a line end.
fn is_there(kept: &[u8]) -> bool {
    let mut tried = 0usize;
    let mut rest = head_end::find(kept).and_then(|after| kept.get(after.saturating_add(1)..));
    while let Some(text) = rest
        && let Some(at) = VERSION.find(text)
    {
        let after = at.saturating_add(VERSION.needle().len()).saturating_add(1);
        let Some((line, end)) = text.split_at_checked(after) else {
            return false;
        };
        let begin = match end {
            // The version of a `Via`.
            [b'2', b'f', ..] => None,
            [b'2', b'0', _, b'3', b'1'..=b'9', ..] => Some(at),
            _ => request_line(line.get(..at).unwrap_or_default()),
        };
        if let Some(message) = begin.and_then(|begin| text.get(begin..)) {
            let mut headers = Headers::default();
            headers.read(message);
            if headers.finish(message).is_ok() {
                return true;
            }
            tried = tried.saturating_add(1);
        }
        rest = Some(end).filter(|_| tried < MOST_TRIED);
    }
    false
}

/// Where the request line begins of which all but the version stands at the end of `kept`: a method, a blank, the URI and a blank.
fn request_line(kept: &[u8]) -> Option<usize> {
    let (bytes, _) = kept.as_chunks::<WIDTH>();
    let [before @ .., [b'2', b'0', _]] = bytes else {
        return None;
    };
    let method = before.get(..before.iter().rposition(|byte| byte == b"20 ")?)?;
    let begin = method.iter().rposition(|byte| !is_of_token(byte));
    let begin = begin.map_or(0, |end| end.saturating_add(1));
    (begin < method.len()).then(|| begin.saturating_mul(WIDTH))
}

/// Whether a byte in hex is a character of a token.
fn is_of_token(byte: &[u8; WIDTH]) -> bool {
    let mut is = false;
    hex::read(byte, |b| is = is_token(b)).is_ok() && is
}
