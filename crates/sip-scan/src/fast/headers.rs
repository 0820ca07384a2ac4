//! The start line and `CSeq` in hex, as nearly all messages write them: read without decoding the whole line.

use super::hex;
use crate::dump::is_blank;
use crate::start_line::{self, Method, StartLine};

/// Bytes in which the longest method and the first of a URI, a response's code, or the end of a `CSeq` have room.
const HEAD: usize = 12;
/// `SIP/2.0 ` and ` SIP/2.0` in hex, and `CSeq: `.
const VERSION_FIRST: &[u8; 24] = b"53 49 50 2f 32 2e 30 20 ";
const VERSION_LAST: &[u8; 24] = b"20 53 49 50 2f 32 2e 30 ";
const CSEQ: &[u8; 18] = b"43 53 65 71 3a 20 ";

/// The start line by its two ends, which is all that counts of it, if they are as usual.
pub(crate) fn fast_start_line(line: &[u8]) -> Option<StartLine> {
    let head = hex::first_twelve(line)?;
    if line.first_chunk() == Some(VERSION_FIRST) {
        return start_line::response(head.to_le_bytes().get(8..HEAD)?);
    }
    let has_uri = line.len() > HEAD * hex::WIDTH + VERSION_LAST.len();
    if !has_uri || line.last_chunk() != Some(VERSION_LAST) {
        return None;
    }
    match known_method(head)? {
        (method, [b' ', ..]) => Some(StartLine::Request(method)),
        _ => None,
    }
}

/// The method of a `CSeq` at the start of `text`, and where the next line begins, if it is written as usual: one
/// blank before the number, one after it, and what follows the line does not go on with it.
pub(crate) fn fast_cseq(text: &[u8]) -> Option<(Method, usize)> {
    let (name, value) = text.split_first_chunk()?;
    if name != CSEQ {
        return None;
    }
    let mut rest = value;
    while let [b'3', b'0'..=b'9', b' ', after @ ..] = rest {
        rest = after;
    }
    // So many digits are in the range of numbers.
    let digits = value.len().saturating_sub(rest.len()) / hex::WIDTH;
    let rest = rest.strip_prefix(b"20 ").filter(|_| matches!(digits, 1..=9))?;
    let (method, after) = known_method(hex::first_twelve(rest)?)?;
    match after {
        [b'\r', b'\n', next] if !is_blank(&next) => {
            let bytes = method.name().len().saturating_add(2);
            let line = text.len().saturating_sub(rest.len());
            Some((method, line.saturating_add(bytes.saturating_mul(hex::WIDTH))))
        }
        _ => None,
    }
}

/// The method that `head` begins with, and the three bytes after it; none where it is no known one.
#[inline(always)]
fn known_method(head: u128) -> Option<(Method, [u8; 3])> {
    let (method, name) = KNOWN.iter().find(|(_, name)| (head ^ name.text) & name.mask == 0)?;
    let [a, b, c, ..] = (head >> name.mask.count_ones()).to_le_bytes();
    Some((*method, [a, b, c]))
}

/// A name, and all ones in as many bytes, as little endian numbers.
#[derive(Clone, Copy)]
struct Name {
    text: u128,
    mask: u128,
}

static KNOWN: [(Method, Name); Method::KNOWN.len()] = known();

#[expect(clippy::indexing_slicing, reason = "evaluated when this is compiled")]
const fn known() -> [(Method, Name); Method::KNOWN.len()] {
    let mut known = [(Method::Other, Name { text: 0, mask: 0 }); Method::KNOWN.len()];
    let mut i = 0;
    while i < known.len() {
        let (method, mut at) = (Method::KNOWN[i], 0);
        known[i].0 = method;
        while at < method.name().len() {
            known[i].1.text |= (method.name()[at] as u128) << (8 * at);
            known[i].1.mask |= (u8::MAX as u128) << (8 * at);
            at += 1;
        }
        i += 1;
    }
    known
}
