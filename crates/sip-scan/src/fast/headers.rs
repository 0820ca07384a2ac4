//! The start line and `CSeq` in hex, as nearly all messages write them: read without decoding the whole line.

use super::hex::{self, WIDTH};
use crate::blank::is_blank;
use crate::start_line::{self, Method, StartLine};
use crate::value::Cseq;

/// `SIP/2.0 ` and ` SIP/2.0` in hex, and `CSeq: `.
const VERSION_FIRST: &[u8; 24] = b"53 49 50 2f 32 2e 30 20 ";
const VERSION_LAST: &[u8; 24] = b"20 53 49 50 2f 32 2e 30 ";
const CSEQ: &[u8; 18] = b"43 53 65 71 3a 20 ";

/// Bytes in which the longest method and the first of a URI, a response's code, or the end of a `CSeq` have room.
type Start = [u8; 12];

/// The start line by its two ends, which is all that counts of it, if they are as usual.
pub(crate) fn fast_start_line(line: &[u8]) -> Option<StartLine> {
    let start = hex::first_bytes(line)?;
    if line.first_chunk() == Some(VERSION_FIRST) {
        return start_line::response(start.get(8..)?);
    }
    let has_uri = line.len() > size_of::<Start>() * WIDTH + VERSION_LAST.len();
    if !has_uri || line.last_chunk() != Some(VERSION_LAST) {
        return None;
    }
    match known_method(&start)? {
        (method, [b' ', ..]) => Some(StartLine::Request(method)),
        _ => None,
    }
}

/// The `CSeq` at the start of `text`, and where the next line begins, if it is written as usual: one
/// blank before the number, one after it, and what follows the line does not go on with it.
pub(crate) fn fast_cseq(text: &[u8]) -> Option<(Cseq, usize)> {
    let (name, value) = text.split_first_chunk()?;
    if name != CSEQ {
        return None;
    }
    let mut rest = value;
    while let [b'3', b'0'..=b'9', b' ', after @ ..] = rest {
        rest = after;
    }
    // So many digits are in the range of numbers.
    let digits = value.len().saturating_sub(rest.len()) / WIDTH;
    let rest = rest.strip_prefix(b"20 ").filter(|_| matches!(digits, 1..=9))?;
    let start: Start = hex::first_bytes(rest)?;
    match known_method(&start)? {
        (method, [b'\r', b'\n', after @ ..]) if after.first().is_some_and(|next| !is_blank(next)) => {
            let bytes = start.len().saturating_sub(after.len());
            let line = text.len().saturating_sub(rest.len());
            let is_in_range = true;
            Some((
                Cseq { method, is_in_range },
                line.saturating_add(bytes.saturating_mul(WIDTH)),
            ))
        }
        _ => None,
    }
}

/// The method that `start` begins with, and what follows it; none where it is no known one.
fn known_method(start: &Start) -> Option<(Method, &[u8])> {
    let mut known = Method::NAMES.iter();
    known.find_map(|(method, name)| Some((*method, start.strip_prefix(*name)?)))
}
