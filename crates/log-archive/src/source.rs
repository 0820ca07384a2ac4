//! Reads parts of a source that can only be read forwards.

use std::io::{self, BufRead, Read};

use crate::damage::{Damage, is_cut};

/// A source of which only so many bytes may be read, and which must have them.
#[derive(Debug)]
pub(crate) struct Limited<R> {
    pub(crate) source: R,
    /// How many bytes may still be read.
    pub(crate) left: u64,
    /// How many bytes have been read.
    pub(crate) taken: u64,
}

impl<R> Limited<R> {
    pub(crate) fn new(source: R, left: u64) -> Limited<R> {
        Limited { source, left, taken: 0 }
    }

    fn count(&mut self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(count);
        self.taken = self.taken.saturating_add(count);
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n_read = self.source.by_ref().take(self.left).read(buf)?;
        if n_read == 0 && self.left > 0 && !buf.is_empty() {
            return Err(Damage::CutEntry.into());
        }
        self.count(n_read);
        Ok(n_read)
    }
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
        self.count(count);
    }
}

/// Passes over `count` bytes, all of which must be there.
pub(crate) fn read_past(source: &mut impl Read, count: u64) -> io::Result<()> {
    let skipped = io::copy(&mut source.by_ref().take(count), &mut io::sink())?;
    if skipped < count {
        Err(Damage::Cut.into())
    } else {
        Ok(())
    }
}

/// Reads `N` bytes, all of which must be there.
pub(crate) fn read<const N: usize>(source: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    match source.read_exact(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) if is_cut(&error) => Err(Damage::Cut.into()),
        Err(error) => Err(error),
    }
}

pub(crate) fn read_u16(source: &mut impl Read) -> io::Result<u16> {
    read(source).map(u16::from_le_bytes)
}

pub(crate) fn read_u32(source: &mut impl Read) -> io::Result<u32> {
    read(source).map(u32::from_le_bytes)
}

/// Reads `length` bytes, all of which must be there.
pub(crate) fn read_bytes(source: &mut impl Read, length: u16) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.by_ref().take(length.into()).read_to_end(&mut bytes)?;
    if bytes.len() < usize::from(length) {
        return Err(Damage::Cut.into());
    }
    Ok(bytes)
}
