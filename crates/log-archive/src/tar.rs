//! Walks a tar from entry to entry, and holds no more of it than a header.

pub(crate) mod header;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use tar::{EntryType, Header};

use crate::damage::Damage;
use crate::entry::Entry;
use crate::place::{Packing, Place};
use header::{BLOCK, Extended, has_sum, padding};

/// The longest name, or set of attributes, that is read, in bytes.
const MAX_HEADER: u64 = 64 << 10;

/// Passes over `count` bytes of a file, all of which must be there.
pub(crate) fn seek_past(file: &mut File, count: u64) -> io::Result<()> {
    match file.stream_position()?.checked_add(count) {
        Some(target) if target <= file.metadata()?.len() => file.seek(SeekFrom::Start(target)).map(drop),
        _ => Err(Damage::Cut.into()),
    }
}

/// A tar on its way from entry to entry. Links, folders, devices and the like are passed over.
#[derive(Debug)]
pub(crate) struct TarWalk<S> {
    source: S,
    /// Passes over bytes of the source.
    skip: fn(&mut S, u64) -> io::Result<()>,
    position: u64,
    /// Bytes of the entry that were not read yet.
    left: u64,
    /// Zero bytes behind them.
    padding: u64,
    /// How many blocks of zero bytes came one after the other. Two end a tar.
    zeros: u8,
    /// A block should have been a header and was not, and no header has come since.
    is_lost: bool,
    is_over: bool,
    /// What the headers before say of the next entry.
    extended: Extended,
}

impl<S: Read> TarWalk<S> {
    pub(crate) fn new(source: S, skip: fn(&mut S, u64) -> io::Result<()>) -> TarWalk<S> {
        TarWalk {
            source,
            skip,
            position: 0,
            left: 0,
            padding: 0,
            zeros: 0,
            is_lost: false,
            is_over: false,
            extended: Extended::default(),
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Takes the next block; `None` if there is nothing to tell of it. Fails if the walk cannot go on.
    fn step(&mut self) -> io::Result<Option<io::Result<Entry<Place>>>> {
        self.pass()?;
        let Some(block) = self.block()? else {
            self.is_over = true;
            let is_whole = self.zeros > 0 || self.position == 0;
            return Ok((!is_whole).then(|| Err(Damage::NoEndMark.into())));
        };
        if block.iter().all(|byte| *byte == 0) {
            self.zeros = self.zeros.saturating_add(1);
            return Ok(None);
        }
        let header = Header::from_byte_slice(&block);
        match header.entry_size() {
            Ok(length) if has_sum(&block) => {
                self.zeros = 0;
                self.is_lost = false;
                self.entry(header, length)
            }
            // Anything may stand behind the end of a tar, also another tar.
            _ if self.zeros >= 2 || self.is_lost => Ok(None),
            _ => {
                self.is_lost = true;
                self.extended = Extended::default();
                Ok(Some(Err(Damage::Header.into())))
            }
        }
    }

    /// Takes the entry that `header` begins; `None` if it is not a file.
    fn entry(&mut self, header: &Header, length: u64) -> io::Result<Option<io::Result<Entry<Place>>>> {
        self.left = length;
        self.padding = padding(length);
        match header.entry_type() {
            EntryType::GNULongLink | EntryType::XGlobalHeader => Ok(None),
            EntryType::GNULongName | EntryType::XHeader if length > MAX_HEADER => {
                Ok(Some(Err(Damage::LongHeader.into())))
            }
            EntryType::GNULongName => {
                let name = self.content()?;
                self.extended.take_name(name);
                Ok(None)
            }
            EntryType::XHeader => {
                let attributes = self.content()?;
                self.extended.take_attributes(&attributes);
                Ok(None)
            }
            _ => self.file(header),
        }
    }

    /// Takes an entry with all that the headers before say of it; `None` if it is not a file.
    fn file(&mut self, header: &Header) -> io::Result<Option<io::Result<Entry<Place>>>> {
        let extended = std::mem::take(&mut self.extended);
        self.left = extended.length.unwrap_or(self.left);
        self.padding = padding(self.left);
        let kind = header.entry_type();
        if kind == EntryType::GNUSparse {
            self.pass_sparse_map(header)?;
        }
        let is_sparse = extended.is_sparse || kind == EntryType::GNUSparse;
        if !is_sparse && !matches!(kind, EntryType::Regular | EntryType::Continuous) {
            return Ok(None);
        }
        let place = Place {
            offset: self.position,
            length: self.left,
            packing: Packing::Plain,
        };
        Ok(Some(Ok(Entry {
            name: extended.name.unwrap_or_else(|| header.path_bytes().into_owned()),
            place: if is_sparse { Err(Damage::Sparse) } else { Ok(place) },
        })))
    }

    /// Passes over the blocks that say where the holes are. They stand between header and content, and no length counts
    /// them.
    fn pass_sparse_map(&mut self, header: &Header) -> io::Result<()> {
        let mut goes_on = header.as_gnu().is_some_and(tar::GnuHeader::is_extended);
        while goes_on {
            let block = self.block()?.ok_or(Damage::Cut)?;
            goes_on = block.get(504).is_some_and(|flag| *flag == 1);
        }
        Ok(())
    }

    /// All of a short entry.
    fn content(&mut self) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        self.read_to_end(&mut content)?;
        Ok(content)
    }

    /// Passes over what is left of an entry.
    fn pass(&mut self) -> io::Result<()> {
        let count = self.left.saturating_add(self.padding);
        if count > 0 {
            (self.skip)(&mut self.source, count)?;
            self.position = self.position.saturating_add(count);
            (self.left, self.padding) = (0, 0);
        }
        Ok(())
    }

    /// The next block; `None` at the end.
    fn block(&mut self) -> io::Result<Option<[u8; BLOCK]>> {
        let mut bytes = Vec::with_capacity(BLOCK);
        self.source.by_ref().take(BLOCK as u64).read_to_end(&mut bytes)?;
        match bytes.first_chunk() {
            Some(block) => {
                self.position = self.position.saturating_add(BLOCK as u64);
                Ok(Some(*block))
            }
            None if bytes.is_empty() => Ok(None),
            None => Err(Damage::Cut.into()),
        }
    }
}

/// An error may be followed by further entries: something could not be read, and the walk goes on behind it. Of an entry
/// nothing more can be read once the next one was asked for.
impl<S: Read> Iterator for TarWalk<S> {
    type Item = io::Result<Entry<Place>>;

    fn next(&mut self) -> Option<io::Result<Entry<Place>>> {
        while !self.is_over {
            match self.step() {
                Ok(Some(next)) => return Some(next),
                Ok(None) => {}
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// Reads the entry that came last.
impl<S: Read> Read for TarWalk<S> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.len());
        let Some(buf) = buf.get_mut(..most).filter(|buf| !buf.is_empty()) else {
            return Ok(0);
        };
        // After an error the walk is over: what came then would not follow on what came before.
        let is_over = std::mem::replace(&mut self.is_over, true);
        let n_read = self.source.read(buf)?;
        if n_read == 0 {
            return Err(Damage::CutEntry.into());
        }
        self.is_over = is_over;
        let count = u64::try_from(n_read).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(count);
        self.position = self.position.saturating_add(count);
        Ok(n_read)
    }
}

#[cfg(test)]
mod tests;
