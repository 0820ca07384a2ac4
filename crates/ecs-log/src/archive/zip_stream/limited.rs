//! A part of a source that can be read on behind it.

use std::io::{self, BufRead, Read};

use crate::archive::Damage;

/// A source of which only so many bytes may be read.
#[derive(Debug)]
pub(super) struct Limited<R> {
    pub(super) source: R,
    pub(super) left: u64,
    pub(super) taken: u64,
}

impl<R: BufRead> BufRead for Limited<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Ok(&[]);
        }
        let bytes = self.source.fill_buf()?;
        if bytes.is_empty() {
            return Err(Damage::CutEntry.into());
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        Ok(bytes.get(..most).unwrap_or(bytes))
    }

    fn consume(&mut self, count: usize) {
        self.source.consume(count);
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(count);
        self.taken = self.taken.saturating_add(count);
    }
}

impl<R: BufRead> Read for Limited<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n_read = self.fill_buf()?.read(buf)?;
        self.consume(n_read);
        Ok(n_read)
    }
}
