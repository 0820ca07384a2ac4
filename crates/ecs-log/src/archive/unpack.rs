//! Reads one entry of an archive that lies in a file.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

use super::{Damage, Packing, Zipped};

/// How much of a deflated entry is read at a time, in bytes.
const BLOCK: usize = 64 << 10;

/// The bytes of one entry as they were before they came into the archive.
#[derive(Debug)]
pub(crate) enum EntryReader {
    Stored(Stretch<File>),
    Checked(Checked<Stretch<File>>),
    Deflated(Box<Checked<DeflateDecoder<BufReader<Stretch<File>>>>>),
}

impl EntryReader {
    pub(crate) fn open(archive: &Path, offset: u64, length: u64, packing: &Packing) -> io::Result<EntryReader> {
        let mut file = File::open(archive)?;
        file.seek(SeekFrom::Start(offset))?;
        let stretch = Stretch {
            source: file,
            left: length,
        };
        Ok(match packing {
            Packing::Tar => EntryReader::Stored(stretch),
            Packing::Zip(zipped) if zipped.is_deflated => {
                let decoder = DeflateDecoder::new(BufReader::with_capacity(BLOCK, stretch));
                EntryReader::Deflated(Box::new(Checked::new(decoder, zipped)))
            }
            Packing::Zip(zipped) => EntryReader::Checked(Checked::new(stretch, zipped)),
        })
    }
}

impl Read for EntryReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            EntryReader::Stored(reader) => reader.read(buf),
            EntryReader::Checked(reader) => reader.read(buf),
            EntryReader::Deflated(reader) => reader.read(buf),
        }
    }
}

/// So many bytes of a source, which must have them.
#[derive(Debug)]
pub(crate) struct Stretch<R> {
    source: R,
    left: u64,
}

impl<R: Read> Read for Stretch<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n_read = self.source.by_ref().take(self.left).read(buf)?;
        if n_read == 0 && self.left > 0 && !buf.is_empty() {
            return Err(Damage::CutEntry.into());
        }
        self.left = self.left.saturating_sub(u64::try_from(n_read).unwrap_or(u64::MAX));
        Ok(n_read)
    }
}

/// Compares what is read with what the zip says of it.
#[derive(Debug)]
pub(crate) struct Checked<R> {
    source: R,
    tally: Tally,
    expected: (u64, u32),
}

impl<R: Read> Checked<R> {
    fn new(source: R, zipped: &Zipped) -> Checked<R> {
        Checked {
            source,
            tally: Tally::default(),
            expected: (zipped.length, zipped.sum),
        }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n_read = self.source.read(buf).map_err(unpack_failed)?;
        self.tally.take(buf.get(..n_read).unwrap_or_default());
        let (length, sum) = self.expected;
        if (n_read == 0 && !buf.is_empty()) || self.tally.length() > length {
            self.tally.check(length, sum)?;
        }
        Ok(n_read)
    }
}

/// What is known of the plain bytes of an entry of a zip, once they were read.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    sum: Crc,
    length: u64,
}

impl Tally {
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.sum.update(bytes);
        self.length = self
            .length
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn check(&self, length: u64, sum: u32) -> Result<(), Damage> {
        if self.length != length {
            Err(Damage::Length)
        } else if self.sum.sum() != sum {
            Err(Damage::Sum)
        } else {
            Ok(())
        }
    }
}

/// Marks what the decoder found wrong as damage; what the system or the archive says stays as it is.
fn unpack_failed(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::InvalidInput if error.raw_os_error().is_none() => Damage::Packed.into(),
        _ => error,
    }
}
