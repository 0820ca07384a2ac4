//! Where lines stand.

/// Where the first line of a record stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// How many files before the one that was read last: 0 is that file itself, 1 the file right before it.
    pub files_back: usize,
    /// The number of the line in its file; the first is 1.
    pub line: u64,
    /// Bytes of its file that stand before the line.
    pub offset: u64,
}

/// How far a file has been read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    /// The number of the line that was read last.
    pub(crate) line: u64,
    /// Where in that line the one begins that was read last, if line ends were lost.
    pub(crate) within: usize,
    /// Bytes up to the end of the block.
    pub(crate) block_end: u64,
}

impl Progress {
    /// A block comes.
    pub(crate) fn add_block(&mut self, block: &[u8]) {
        self.block_end = self.block_end.saturating_add(length(block));
    }

    /// Where the line stands that begins where `rest` of the block does.
    pub(crate) fn position(&self, rest: &[u8]) -> Position {
        Position {
            files_back: 0,
            line: self.line.saturating_add(1),
            offset: self.block_end.saturating_sub(length(rest)),
        }
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
