//! Keeps of a file those lines of its start by which the scanner of the file before finishes its records.

use memchr::memchr;

use crate::MAX_START;

/// The first line, which may go on with one of the file before, and of each process the lines up to the first that
/// begins a record.
#[derive(Debug)]
pub(super) struct Start {
    kept: Vec<u8>,
    /// Whether the end of the first line has not come.
    in_first: bool,
    /// Whether the first line was not given as a line yet.
    before_first: bool,
}

impl Start {
    pub(super) fn new() -> Start {
        Start {
            kept: Vec::new(),
            in_first: true,
            before_first: true,
        }
    }

    /// Looks at a block before it is cut into lines.
    #[inline]
    pub(super) fn see(&mut self, block: &[u8]) {
        if self.in_first {
            let end = memchr(b'\n', block).map_or(block.len(), |end| end.saturating_add(1));
            self.in_first = end == block.len() && !block.ends_with(b"\n");
            self.add(block.get(..end).unwrap_or(block));
        }
    }

    /// A line comes; whether it is the first.
    pub(super) fn pass_line(&mut self) -> bool {
        std::mem::replace(&mut self.before_first, false)
    }

    /// Keeps a line, given without its end.
    #[cold]
    pub(super) fn keep(&mut self, line: &[u8]) {
        self.add(line);
        self.add(b"\n");
    }

    /// All that was kept, and the last line of the file, whose end has not come.
    pub(super) fn into_bytes(mut self, last_line: &[u8]) -> Vec<u8> {
        if !self.in_first {
            self.add(last_line);
        }
        self.kept.shrink_to_fit();
        self.kept
    }

    fn add(&mut self, bytes: &[u8]) {
        let room = MAX_START.saturating_sub(self.kept.len());
        self.kept.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }
}
