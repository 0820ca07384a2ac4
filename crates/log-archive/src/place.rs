//! Where an entry lies in the file of its archive, and how its bytes are read from there.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::bufread::DeflateDecoder;

use crate::checked::{Checked, Expected};
use crate::damage::Damage;
use crate::source::Limited;

/// How much of a deflated entry is read at a time, in bytes.
const BLOCK: usize = 64 << 10;

/// Where an entry lies in the file of its archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where its bytes begin in the file.
    pub(crate) offset: u64,
    /// How many bytes it takes there.
    pub(crate) length: u64,
    pub(crate) packing: Packing,
}

/// How an entry lies in its archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// As it is, without a checksum: in a tar.
    Plain,
    /// As it is, with a checksum: in a zip.
    Stored(Expected),
    /// In a zip.
    Deflated(Expected),
}

impl Place {
    /// Opens the entry. `archive` is the path of the file in which it lies.
    ///
    /// # Errors
    ///
    /// The file cannot be opened.
    pub fn open(&self, archive: &Path) -> io::Result<EntryReader> {
        let mut file = File::open(archive)?;
        file.seek(SeekFrom::Start(self.offset))?;
        let source = Limited::new(file, self.length);
        Ok(EntryReader(match self.packing {
            Packing::Plain => Reader::Plain(source),
            Packing::Stored(expected) => Reader::Stored(Checked::new(source, expected)),
            Packing::Deflated(expected) => {
                let source = DeflateDecoder::new(BufReader::with_capacity(BLOCK, source));
                Reader::Deflated(Box::new(Checked::new(source, expected)))
            }
        }))
    }

    /// The offset behind its last byte.
    pub(crate) fn end(&self) -> u64 {
        self.offset.saturating_add(self.length)
    }
}

/// The bytes of one entry as they were before they came into the archive.
///
/// If the entry is damaged, a [`Damage`] comes within the [`io::Error`], after the bytes that could be read.
#[derive(Debug)]
pub struct EntryReader(Reader);

#[derive(Debug)]
enum Reader {
    Plain(Limited<File>),
    Stored(Checked<Limited<File>>),
    Deflated(Box<Checked<DeflateDecoder<BufReader<Limited<File>>>>>),
}

impl Read for EntryReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Reader::Plain(reader) => reader.read(buf),
            Reader::Stored(reader) => reader.read(buf),
            Reader::Deflated(reader) => reader.read(buf).map_err(unpack_failed),
        }
    }
}

/// Tells what the decoder found wrong from what the system or the archive says, which stays as it is.
fn unpack_failed(error: io::Error) -> io::Error {
    let is_damage = error.get_ref().is_some_and(|cause| cause.is::<Damage>());
    match error.kind() {
        _ if is_damage || error.raw_os_error().is_some() => error,
        io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => Damage::Packed.into(),
        _ => error,
    }
}
