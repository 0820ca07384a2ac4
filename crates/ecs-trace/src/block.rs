//! The memory that logs are read into, placed where the kernel copies fast.

/// The most bytes that are read at once. At the end of each block the scanner loses its fast way for some thousand
/// bytes. So a block holds a whole log, since most logs have 1 MB.
const LENGTH: usize = 1 << 20;
/// Bytes of the blocks of all workers together, so that many processors do not take much memory.
const ALL: usize = 2 << 20;
/// The shortest block, however many workers there are.
const LEAST: usize = 128 << 10;

const PAGE: usize = 4096;
/// At which offset in a page a block begins. The kernel copies from the start of a page. Where a block begins a few bytes
/// into a page, as allocators place large blocks, the processor mistakes each read for one of the bytes that it has just
/// written (4K aliasing), and copying takes half as long again.
const OFFSET_IN_PAGE: usize = 1008;

/// Room for a piece of a log.
#[derive(Debug)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    begin: usize,
    length: usize,
}

impl Block {
    /// The block of whoever hands over parts at the ends of blocks. It is of the same length for any number of workers,
    /// so that the parts are the same too.
    pub(crate) fn longest() -> Block {
        Block::with(LENGTH)
    }

    /// The block of one of `workers` workers.
    pub(crate) fn of(workers: usize) -> Block {
        Block::with((ALL / workers.max(1)).clamp(LEAST, LENGTH))
    }

    fn with(length: usize) -> Block {
        let bytes = vec![0; length.saturating_add(2 * PAGE)];
        let begin = bytes.as_ptr().align_offset(PAGE).saturating_add(OFFSET_IN_PAGE);
        // `align_offset` may give any number; then the block is slower, but whole.
        let is_within = begin.saturating_add(length) <= bytes.len();
        Block {
            begin: if is_within { begin } else { 0 },
            bytes,
            length,
        }
    }

    /// The room to read into.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        let end = self.begin.saturating_add(self.length);
        self.bytes.get_mut(self.begin..end).unwrap_or_default()
    }

    /// The first `length` bytes that were read.
    pub(crate) fn start(&self, length: usize) -> &[u8] {
        let end = self.begin.saturating_add(length);
        self.bytes.get(self.begin..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_was_read_at_its_offset_in_a_page() {
        let of = [0, 2, 4, 64, 1000].map(|workers| (workers, Block::of(workers)));
        let wanted = [LENGTH, LENGTH, ALL / 4, LEAST, LEAST];
        for ((workers, mut block), length) in of.into_iter().zip(wanted) {
            assert_eq!(block.room().len(), length, "{workers}");
            assert_eq!(block.room().as_ptr().addr() % PAGE, OFFSET_IN_PAGE, "{workers}");
            block.room().fill(b'x');
            assert_eq!(block.start(length), vec![b'x'; length], "{workers}");
        }
    }
}
