//! The end of a message's headers in hex: an empty line (RFC 3261, 7).

use std::sync::LazyLock;

use memchr::arch::all::packedpair::HeuristicFrequencyRank;
use memchr::memmem::{Finder, FinderBuilder};

/// The line feed of the last header, and an empty line.
const HEAD_END: &[u8; 8] = b"0a 0d 0a";

/// Bytes that this is.
pub(crate) const BYTES: usize = 3;

static FINDER: LazyLock<Finder<'static>> =
    LazyLock::new(|| FinderBuilder::new().build_forward_with_ranker(InHex, HEAD_END));

/// How often a character stands in hex. The two letters are looked for first: the digits and the blanks stand everywhere.
struct InHex;

impl HeuristicFrequencyRank for InHex {
    fn rank(&self, character: u8) -> u8 {
        match character {
            b'd' => 0,
            b'a' => 1,
            _ => u8::MAX,
        }
    }
}

/// What follows the first end of headers in `hex` begins there, with the blank or the bracket after it.
pub(crate) fn find(hex: &[u8]) -> Option<usize> {
    FINDER.find(hex).map(|at| at.saturating_add(HEAD_END.len()))
}

/// Whether the hex of a line, with the blank or the bracket at its end, ends within an end of headers.
pub(crate) fn may_be_cut(hex: &[u8]) -> bool {
    matches!(hex, [.., b'0', b'a', _] | [.., b'0', b'a', _, b'0', b'd', _])
}
