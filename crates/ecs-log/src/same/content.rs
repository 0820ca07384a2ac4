//! What a log holds, read only as far as it takes to tell whether it is a copy of another.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use crate::found::{Found, MAX_FIRST_LINE, Seen};
use crate::log::Log;
use crate::open::LogReader;

/// How many bytes are read at a time, and how many of the start of a log are always compared.
const BLOCK: usize = 64 << 10;

/// What a log holds.
pub(super) struct Content<'a> {
    begin: Begin<'a>,
    /// How much it holds, as far as that is known without reading it to its end.
    size: Option<Size>,
}

/// What is known of the start of a log.
enum Begin<'a> {
    /// All of it up to 64 KiB, of a log that can be read again.
    Block(Vec<u8>, &'a Log),
    /// The first line, of a log that came by.
    Line(&'a [u8]),
}

/// How much a log holds. The larger one is the better copy.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Size {
    /// How many plain bytes can be read.
    length: u64,
    /// Whether reading it ends without an error.
    is_whole: bool,
}

impl Size {
    fn new(length: usize, is_whole: bool) -> Size {
        Size {
            length: u64::try_from(length).unwrap_or(u64::MAX),
            is_whole,
        }
    }
}

impl<'a> Content<'a> {
    /// Looks at the start of a log. `None` if not even its first line can be read, so that there is too little to compare.
    pub(super) fn of(found: &'a Found) -> Option<Content<'a>> {
        if let Some(seen) = &found.seen {
            return Content::of_seen(seen);
        }
        if !found.is_regular {
            return None;
        }
        let mut reader = found.log.open().ok()?;
        let mut block = Vec::new();
        let is_whole = next_block(&mut reader, &mut block);
        if !is_whole && !block.contains(&b'\n') {
            return None;
        }
        let size = if block.len() < BLOCK {
            Some(Size::new(block.len(), is_whole))
        } else {
            stated_size(&found.log, &reader)
        };
        Some(Content {
            begin: Begin::Block(block, &found.log),
            size,
        })
    }

    fn of_seen(seen: &'a Seen) -> Option<Content<'a>> {
        let is_known = !seen.is_cut || seen.first_line.ends_with(b"\n");
        is_known.then(|| Content {
            begin: Begin::Line(&seen.first_line),
            size: Some(Size {
                length: seen.length,
                is_whole: !seen.is_cut,
            }),
        })
    }

    /// If one is the beginning of the other: which of the two holds more. `None` if they are two logs.
    pub(super) fn compare(&self, other: &Content) -> Option<Ordering> {
        match (&self.begin, &other.begin) {
            (Begin::Block(a, log), Begin::Block(b, other_log)) => {
                if !agree(a, b) {
                    return None;
                }
                if self.size.is_some() && self.size == other.size {
                    return Some(Ordering::Equal);
                }
                compare_all(log, other_log)
            }
            _ if !self.may_have_line_of(other) => None,
            _ if self.size.is_some() && self.size == other.size => Some(Ordering::Equal),
            _ => Some(self.measured().cmp(&other.measured())),
        }
    }

    /// Whether the first lines agree, as far as both are there.
    fn may_have_line_of(&self, other: &Content) -> bool {
        let (a, b) = (self.first_line(), other.first_line());
        a == b || (is_cut(a) && b.starts_with(a)) || (is_cut(b) && a.starts_with(b))
    }

    /// Whether both have the same whole first line.
    pub(super) fn has_first_line_of(&self, other: &Content) -> bool {
        let line = self.first_line();
        line == other.first_line() && !is_cut(line)
    }

    fn first_line(&self) -> &[u8] {
        let bytes = match &self.begin {
            Begin::Block(block, _) => block.as_slice(),
            Begin::Line(line) => line,
        };
        let line = bytes.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        line.get(..MAX_FIRST_LINE).unwrap_or(line)
    }

    /// How much it holds, by reading it.
    fn measured(&self) -> Option<Size> {
        let Begin::Block(_, log) = self.begin else {
            return self.size;
        };
        let mut reader = log.open().ok()?;
        let mut block = Vec::new();
        let mut length: u64 = 0;
        loop {
            let is_whole = next_block(&mut reader, &mut block);
            length = length.saturating_add(u64::try_from(block.len()).unwrap_or(u64::MAX));
            if block.len() < BLOCK {
                return Some(Size { length, is_whole });
            }
        }
    }
}

/// Whether a line goes on behind what is there of it.
fn is_cut(line: &[u8]) -> bool {
    !line.ends_with(b"\n") && line.len() < MAX_FIRST_LINE
}

/// Whether one is the beginning of the other.
fn agree(a: &[u8], b: &[u8]) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// Compares two logs to the end of the one that ends first.
fn compare_all(a: &Log, b: &Log) -> Option<Ordering> {
    let (mut a, mut b) = (a.open().ok()?, b.open().ok()?);
    let (mut block_a, mut block_b) = (Vec::new(), Vec::new());
    loop {
        let a_is_whole = next_block(&mut a, &mut block_a);
        let b_is_whole = next_block(&mut b, &mut block_b);
        if !agree(&block_a, &block_b) {
            return None;
        }
        if block_a.len().min(block_b.len()) < BLOCK {
            let size = Size::new(block_a.len(), a_is_whole);
            return Some(size.cmp(&Size::new(block_b.len(), b_is_whole)));
        }
    }
}

/// Reads up to 64 KiB. Fewer are all that is left. Returns whether no error came.
fn next_block(reader: &mut LogReader, block: &mut Vec<u8>) -> bool {
    block.clear();
    let limit = u64::try_from(BLOCK).unwrap_or(u64::MAX);
    reader.take(limit).read_to_end(block).is_ok()
}

/// How much a file says that it holds, of which a whole block was read: by its length or, if it is gzip, by its trailer
/// (RFC 1952, 2.3.1: ISIZE). The trailer of a cut gzip, or of several gzip files in one, is wrong, and mostly less.
fn stated_size(log: &Log, reader: &LogReader) -> Option<Size> {
    if log.is_in_archive() {
        return None;
    }
    let mut file = File::open(log.path()?).ok()?;
    let length = if reader.is_gzip() {
        let mut trailer = [0; 4];
        file.seek(SeekFrom::End(-4)).ok()?;
        file.read_exact(&mut trailer).ok()?;
        u64::from(u32::from_le_bytes(trailer))
    } else {
        file.metadata().ok()?.len()
    };
    let is_whole = true;
    let is_possible = length >= u64::try_from(BLOCK).unwrap_or(u64::MAX);
    is_possible.then_some(Size { length, is_whole })
}
