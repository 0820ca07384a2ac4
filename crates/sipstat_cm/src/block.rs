//! The memory that logs are read into, placed where the kernel copies fast.

/// The most bytes that are read at once. At the end of each block the scanner has to find its way anew, for the time of
/// scanning some thousand bytes: so a block holds a whole log, as most of them are.
const LENGTH: usize = 1 << 20;
/// Bytes of the blocks of all workers together, so that many processors do not take much memory.
const ALL: usize = 2 << 20;
/// Not even then fewer.
const LEAST: usize = 128 << 10;

const PAGE: usize = 4096;
/// Where in a page a block begins. What is read comes from the start of a page, and a processor takes a read that
/// follows a write to the same place in another page for one of what was written: sixteen bytes into the page, where
/// allocators put large blocks, copying takes half as long again.
const PLACE: usize = 1008;

/// A part of a log.
#[derive(Debug)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    begin: usize,
    length: usize,
}

impl Block {
    /// The one with which counts go to the report as they come: at its ends, so its length is the same for any number of
    /// workers.
    pub(crate) fn longest() -> Block {
        Block::with(LENGTH)
    }

    /// For one of so many workers.
    pub(crate) fn of(workers: usize) -> Block {
        Block::with((ALL / workers.max(1)).clamp(LEAST, LENGTH))
    }

    fn with(length: usize) -> Block {
        let bytes = vec![0; length.saturating_add(2 * PAGE)];
        let begin = bytes.as_ptr().align_offset(PAGE).saturating_add(PLACE);
        // Only speed may hang on this place.
        let is_within = begin.saturating_add(length) <= bytes.len();
        Block {
            begin: if is_within { begin } else { 0 },
            bytes,
            length,
        }
    }

    /// To read into.
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
    fn holds_what_was_read_at_its_place_in_a_page() {
        let of = [0, 2, 4, 64, 1000].map(|workers| (workers, Block::of(workers)));
        let wanted = [LENGTH, LENGTH, ALL / 4, LEAST, LEAST];
        for ((workers, mut block), length) in of.into_iter().zip(wanted) {
            assert_eq!(block.room().len(), length, "{workers}");
            assert_eq!(block.room().as_ptr().addr() % PAGE, PLACE, "{workers}");
            block.room().fill(b'x');
            assert_eq!(block.start(length), vec![b'x'; length], "{workers}");
        }
    }
}
