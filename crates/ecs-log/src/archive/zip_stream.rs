//! Reads a zip from its start, by the headers that stand before its entries, where its directory is not there (yet).

mod header;
mod limited;

use std::io::{self, BufRead, Read};

use flate2::{Decompress, FlushDecompress, Status};

use super::Damage;
use super::tar::read_past;
use super::unpack::Tally;
use header::{Header, read, read_u32};
use limited::Limited;

const ENTRY: [u8; 4] = *b"PK\x03\x04";
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
/// What can follow the last entry: the directory, what stands before it, and the end of an empty zip.
const AFTER_ENTRIES: [[u8; 4]; 4] = [*b"PK\x01\x02", *b"PK\x06\x08", *b"PK\x05\x06", *b"PK\x06\x06"];

/// An entry that begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ZipEntry {
    pub(crate) name: Vec<u8>,
    /// Why it cannot be read.
    pub(crate) damage: Option<Damage>,
}

/// A zip on its way from entry to entry.
#[derive(Debug)]
pub(crate) struct ZipWalk<R> {
    state: State<R>,
    current: Current,
    /// Used again for each entry: a new one for each of many would leave holes in memory.
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

/// What is known of the entry that came last.
#[derive(Debug, Default)]
struct Current {
    tally: Tally,
    /// Length and checksum, if they do not stand behind it.
    expected: Option<(u64, u32)>,
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

    /// What follows the entry before. `None` is the end, also after an error.
    pub(crate) fn next(&mut self) -> Option<io::Result<ZipEntry>> {
        let result = self
            .pass()
            .and_then(|source| source.map(|source| self.begin(source)).transpose());
        result.map(Option::flatten).transpose()
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
                // Only its own end says where it ends. What is wrong with it was not asked for.
                let passed = io::copy(self, &mut io::sink());
                return match (std::mem::replace(&mut self.state, State::Over), passed) {
                    (State::Between(source), _) => Ok(Some(source)),
                    (_, Err(error)) if is_damaged_content(&error) => Err(Damage::Lost.into()),
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

    /// Reads the header of an entry. `None` if none follows.
    fn begin(&mut self, mut source: R) -> io::Result<Option<ZipEntry>> {
        let mut mark: [u8; 4] = read(&mut source)?;
        if mark == DESCRIPTOR {
            // At the very start: a zip that was split, and put together again.
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
            expected: (!header.has_descriptor).then_some((header.length, header.sum)),
            is_zip64: header.is_zip64,
            is_inflated: false,
        };
        self.inflate.reset(false);
        let left = if header.has_descriptor && is_deflated {
            u64::MAX
        } else {
            header.packed_length
        };
        let limited = Limited { source, left, taken: 0 };
        self.state = match &entry.damage {
            // Where it ends, nobody knows.
            Some(_) if header.has_descriptor => State::Over,
            None if is_deflated => State::Deflated(limited),
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
        let (length, sum) = match self.current.expected {
            Some(expected) => {
                read_past(&mut source, left)?;
                expected
            }
            None => self.descriptor(&mut source, taken)?,
        };
        self.state = State::Between(source);
        Ok(self.current.tally.check(length, sum)?)
    }

    /// What stands behind an entry: mostly a mark, then checksum and lengths, the latter in 32 bits or in 64.
    fn descriptor(&self, source: &mut R, packed_length: u64) -> io::Result<(u64, u32)> {
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
        Ok((length, u32::from_le_bytes(first)))
    }
}

/// Reads the entry that came last. An error about its content leaves the walk where it was, so that it can go on.
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
            Err(error) if is_damaged_content(&error) => return Err(error),
            Err(error) => {
                self.state = State::Over;
                return Err(if is_cut(&error) { Damage::CutEntry.into() } else { error });
            }
        };
        self.current.tally.take(buf.get(..n_read).unwrap_or_default());
        if let Some((length, sum)) = self
            .current
            .expected
            .filter(|(length, _)| self.current.tally.length() > *length)
        {
            self.current.tally.check(length, sum)?;
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

/// Reads what `source` holds deflated; sets `is_over` when the last byte of that was read.
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
        // What came before an error counts; the error comes again.
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

fn is_damaged_content(error: &io::Error) -> bool {
    error.get_ref().and_then(|cause| cause.downcast_ref()) == Some(&Damage::Packed)
}

/// Whether this is the plain end of the source, and nothing that it says itself, as a gzip that is cut off does.
fn is_cut(error: &io::Error) -> bool {
    let says_more = error.get_ref().is_some_and(|cause| !cause.is::<Damage>());
    error.kind() == io::ErrorKind::UnexpectedEof && !says_more
}

#[cfg(test)]
mod tests;
