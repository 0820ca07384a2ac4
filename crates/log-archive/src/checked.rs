//! Compares the bytes of a zip's entry with the length and the checksum that the zip gives for them.

use std::io::{self, Read};

use flate2::Crc;

use crate::damage::Damage;

/// What a zip says of the plain bytes of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// How many there are.
    pub(crate) length: u64,
    /// Their CRC-32.
    pub(crate) sum: u32,
}

/// The length and the checksum of what was read so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    sum: Crc,
    length: u64,
}

impl Tally {
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.sum.update(bytes);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.length = self.length.saturating_add(length);
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Compares, at the end of the entry.
    pub(crate) fn check(&self, expected: Expected) -> Result<(), Damage> {
        if self.length != expected.length {
            Err(Damage::Length)
        } else if self.sum.sum() != expected.sum {
            Err(Damage::Sum)
        } else {
            Ok(())
        }
    }

    /// Compares before the end: an entry must not be longer than its zip says.
    pub(crate) fn check_length(&self, expected: Expected) -> Result<(), Damage> {
        if self.length > expected.length {
            Err(Damage::Length)
        } else {
            Ok(())
        }
    }
}

/// A source whose bytes are compared when they end.
#[derive(Debug)]
pub(crate) struct Checked<R> {
    source: R,
    tally: Tally,
    expected: Expected,
}

impl<R: Read> Checked<R> {
    pub(crate) fn new(source: R, expected: Expected) -> Checked<R> {
        Checked {
            source,
            tally: Tally::default(),
            expected,
        }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n_read = self.source.read(buf)?;
        self.tally.take(buf.get(..n_read).unwrap_or_default());
        if n_read == 0 && !buf.is_empty() {
            self.tally.check(self.expected)?;
        } else {
            self.tally.check_length(self.expected)?;
        }
        Ok(n_read)
    }
}
