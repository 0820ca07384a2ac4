//! Reads a zip from its start, by the header in front of each entry: in a stream the directory comes last, and in a zip that
//! is cut off it is missing.

mod header;

use std::io::{self, BufRead, Read};

use flate2::{Decompress, FlushDecompress, Status};

use crate::checked::{Expected, Tally};
use crate::damage::{Damage, is_cut, is_packed};
use crate::entry::Entry;
use crate::source::{Limited, read, read_past, read_u32};
use header::Header;

const ENTRY: [u8; 4] = *b"PK\x03\x04";
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
/// What can follow the last entry: the directory, what stands before it, and the end of an empty zip.
const AFTER_ENTRIES: [[u8; 4]; 4] = [*b"PK\x01\x02", *b"PK\x06\x08", *b"PK\x05\x06", *b"PK\x06\x06"];

/// A zip on its way from entry to entry.
#[derive(Debug)]
pub(crate) struct ZipWalk<R> {
    state: State<R>,
    current: Current,
    /// Used again for each entry: one for each of many entries would leave holes in memory.
    inflate: Decompress,
}

#[derive(Debug)]
enum State<R> {
    /// Before the header of an entry.
    Between(R),
    Stored(Limited<R>),
    Deflated(Limited<R>),
    Over,
}

/// The entry that came last.
#[derive(Debug, Default)]
struct Current {
    tally: Tally,
    /// `None` if that stands behind the entry.
    expected: Option<Expected>,
    /// Whether its lengths are written in 64 bits.
    is_zip64: bool,
    /// Whether its last compressed byte was read.
    is_inflated: bool,
}

impl<R: BufRead> ZipWalk<R> {
    pub(crate) fn new(source: R) -> ZipWalk<R> {
        ZipWalk {
            state: State::Between(source),
            current: Current::default(),
            inflate: Decompress::new(false),
        }
    }

    /// The entry after the one before. `None` at the end, which also follows an error.
    pub(crate) fn next(&mut self) -> Option<io::Result<Entry<()>>> {
        let result = self
            .pass()
            .and_then(|source| source.map(|source| self.begin(source)).transpose());
        result.map(Option::flatten).transpose()
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// Passes over what is left of the entry before. `None` if all is over.
    fn pass(&mut self) -> io::Result<Option<R>> {
        let limited = match std::mem::replace(&mut self.state, State::Over) {
            State::Over => return Ok(None),
            State::Between(source) => return Ok(Some(source)),
            State::Stored(limited) => limited,
            State::Deflated(limited) if self.current.expected.is_some() => limited,
            state @ State::Deflated(_) => {
                self.state = state;
                // Where it ends shows only when it is uncompressed. Nobody asked whether it is damaged.
                let passed = io::copy(self, &mut io::sink());
                return match (std::mem::replace(&mut self.state, State::Over), passed) {
                    (State::Between(source), _) => Ok(Some(source)),
                    (_, Err(error)) if is_packed(&error) => Err(Damage::Lost.into()),
                    (_, Err(error)) if is_cut(&error) => Err(Damage::Cut.into()),
                    (_, Err(error)) => Err(error),
                    (_, Ok(_)) => Ok(None),
                };
            }
        };
        let mut source = limited.source;
        read_past(&mut source, limited.left)?;
        Ok(Some(source))
    }

    /// Reads the header of an entry. `None` if no entry follows.
    fn begin(&mut self, mut source: R) -> io::Result<Option<Entry<()>>> {
        let mut mark: [u8; 4] = read(&mut source)?;
        if mark == DESCRIPTOR {
            // It stands at the very start of a zip that was split and put together again.
            mark = read(&mut source)?;
        }
        if AFTER_ENTRIES.contains(&mark) {
            io::copy(&mut source, &mut io::sink())?;
            return Ok(None);
        }
        if mark != ENTRY {
            return Err(Damage::Lost.into());
        }
        let header = Header::read(&mut source)?;
        let (entry, is_deflated) = header.entry();
        self.current = Current {
            tally: Tally::default(),
            expected: (!header.has_descriptor).then_some(header.expected),
            is_zip64: header.is_zip64,
            is_inflated: false,
        };
        self.inflate.reset(false);
        let left = if header.has_descriptor && is_deflated {
            u64::MAX
        } else {
            header.packed_length
        };
        let limited = Limited::new(source, left);
        self.state = match &entry.place {
            // Nobody knows where it ends.
            Err(_) if header.has_descriptor => State::Over,
            Ok(()) if is_deflated => State::Deflated(limited),
            _ => State::Stored(limited),
        };
        Ok(Some(entry))
    }

    /// The entry ended: compares it with what was said of it, before or behind it.
    fn end(&mut self, limited: Limited<R>) -> io::Result<()> {
        let Limited {
            mut source,
            left,
            taken,
        } = limited;
        let expected = match self.current.expected {
            Some(expected) => {
                read_past(&mut source, left)?;
                expected
            }
            None => self.descriptor(&mut source, taken)?,
        };
        self.state = State::Between(source);
        Ok(self.current.tally.check(expected)?)
    }

    /// Reads what stands behind an entry (APPNOTE.TXT, 4.3.9): mostly a mark, then the checksum and the two lengths, which
    /// are written in 32 bits or in 64.
    fn descriptor(&self, source: &mut R, packed_length: u64) -> io::Result<Expected> {
        let mut first: [u8; 4] = read(source)?;
        if first == DESCRIPTOR {
            first = read(source)?;
        }
        let (a, b) = (read_u32(source)?, read_u32(source)?);
        let fits_in_32 = u64::from(a) == packed_length && u64::from(b) == self.current.tally.length();
        let fits_in_64 = u64::from(a) | (u64::from(b) << 32) == packed_length;
        let length = if (self.current.is_zip64 || !fits_in_32) && fits_in_64 {
            u64::from_le_bytes(read(source)?)
        } else {
            u64::from(b)
        };
        let sum = u32::from_le_bytes(first);
        Ok(Expected { length, sum })
    }
}

/// Reads the entry that came last. An error about its content leaves the walk where it is, so that it can go on.
impl<R: BufRead> Read for ZipWalk<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let result = match &mut self.state {
            State::Between(_) | State::Over => return Ok(0),
            State::Stored(source) => source.read(buf),
            State::Deflated(_) if self.current.is_inflated => Ok(0),
            State::Deflated(source) => inflate(&mut self.inflate, source, buf, &mut self.current.is_inflated),
        };
        let n_read = match result {
            Ok(n_read) => n_read,
            Err(error) if is_packed(&error) => return Err(error),
            Err(error) => {
                self.state = State::Over;
                return Err(if is_cut(&error) { Damage::CutEntry.into() } else { error });
            }
        };
        self.current.tally.take(buf.get(..n_read).unwrap_or_default());
        if let Some(expected) = self.current.expected {
            self.current.tally.check_length(expected)?;
        }
        if n_read == 0 {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Stored(limited) | State::Deflated(limited) => self.end(limited)?,
                State::Between(_) | State::Over => {}
            }
        }
        Ok(n_read)
    }
}

/// Uncompresses what `source` holds; sets `is_over` when its last byte was read.
fn inflate(
    inflate: &mut Decompress,
    source: &mut impl BufRead,
    buf: &mut [u8],
    is_over: &mut bool,
) -> io::Result<usize> {
    loop {
        let input = source.fill_buf()?;
        let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(input, buf, FlushDecompress::None);
        let (is_empty, taken) = (input.is_empty(), inflate.total_in().saturating_sub(before_in));
        source.consume(usize::try_from(taken).unwrap_or(usize::MAX));
        let given = inflate.total_out().saturating_sub(before_out);
        *is_over = matches!(status, Ok(Status::StreamEnd));
        // What came before an error counts; the error comes again at the next call.
        if given > 0 || *is_over {
            return Ok(usize::try_from(given).unwrap_or(usize::MAX));
        }
        if status.is_ok() && is_empty {
            return Ok(0);
        }
        if status.is_err() || taken == 0 {
            return Err(Damage::Packed.into());
        }
    }
}

#[cfg(test)]
mod tests;
