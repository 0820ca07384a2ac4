//! Walks a tar from entry to entry, and holds no more of it than a header.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use tar::{EntryType, Header, PaxExtensions};

use super::Damage;

const BLOCK: usize = 512;

/// The longest name, or set of attributes, that is read.
const MAX_HEADER: u64 = 64 << 10;

/// Where a tar is read from.
pub(crate) trait Source: Read {
    /// Passes over `count` bytes, all of which must be there.
    fn skip(&mut self, count: u64) -> io::Result<()>;
}

/// A tar that can be read in any order.
#[derive(Debug)]
pub(crate) struct Seekable {
    file: File,
    position: u64,
    length: u64,
}

impl Seekable {
    pub(crate) fn new(mut file: File) -> io::Result<Seekable> {
        let length = file.metadata()?.len();
        file.rewind()?;
        Ok(Seekable {
            file,
            position: 0,
            length,
        })
    }
}

impl Read for Seekable {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n_read = self.file.read(buf)?;
        self.position = self.position.saturating_add(u64::try_from(n_read).unwrap_or(u64::MAX));
        Ok(n_read)
    }
}

impl Source for Seekable {
    fn skip(&mut self, count: u64) -> io::Result<()> {
        match self.position.checked_add(count) {
            Some(target) if target <= self.length => {
                self.position = self.file.seek(SeekFrom::Start(target))?;
                Ok(())
            }
            _ => Err(Damage::Cut.into()),
        }
    }
}

/// Passes over `count` bytes of what can only be read.
pub(crate) fn read_past(source: &mut impl Read, count: u64) -> io::Result<()> {
    let skipped = io::copy(&mut source.by_ref().take(count), &mut io::sink())?;
    if skipped < count {
        Err(Damage::Cut.into())
    } else {
        Ok(())
    }
}

/// An entry that is some kind of file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TarEntry {
    pub(crate) name: Vec<u8>,
    /// Where its bytes begin in the tar.
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) is_sparse: bool,
}

/// What comes next in a tar.
#[derive(Debug)]
pub(crate) enum Next {
    Entry(TarEntry),
    /// Something could not be read; the walk goes on behind it.
    Damaged(Damage),
}

/// A tar on its way from entry to entry. Links, folders, devices and the like are passed over.
#[derive(Debug)]
pub(crate) struct TarWalk<S> {
    source: S,
    position: u64,
    /// Bytes of the entry that were not read yet, and zeros behind them.
    left: u64,
    padding: u64,
    /// How many blocks of zeros came one after the other; two end a tar.
    zeros: u8,
    /// Whether what should be a header was none, and no header has come since.
    is_lost: bool,
    is_over: bool,
    /// What the headers before say of the next entry.
    said: Said,
}

#[derive(Debug, Default)]
struct Said {
    name: Option<Vec<u8>>,
    length: Option<u64>,
    is_sparse: bool,
}

impl<S: Source> TarWalk<S> {
    pub(crate) fn new(source: S) -> TarWalk<S> {
        TarWalk {
            source,
            position: 0,
            left: 0,
            padding: 0,
            zeros: 0,
            is_lost: false,
            is_over: false,
            said: Said::default(),
        }
    }

    /// What follows the entry before, of which nothing more can be read. `None` is the end, also after an error.
    pub(crate) fn next(&mut self) -> Option<io::Result<Next>> {
        while !self.is_over {
            match self.step() {
                Ok(Some(next)) => return Some(Ok(next)),
                Ok(None) => {}
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// Takes the next block; `None` if there is nothing to tell of it.
    fn step(&mut self) -> io::Result<Option<Next>> {
        self.skip()?;
        let Some(block) = self.block()? else {
            self.is_over = true;
            let is_whole = self.zeros > 0 || self.position == 0;
            return Ok((!is_whole).then_some(Next::Damaged(Damage::NoEndMark)));
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
            // Behind the end of a tar may stand anything, another tar too.
            _ if self.zeros >= 2 || self.is_lost => Ok(None),
            _ => {
                self.is_lost = true;
                self.said = Said::default();
                Ok(Some(Next::Damaged(Damage::Header)))
            }
        }
    }

    fn entry(&mut self, header: &Header, length: u64) -> io::Result<Option<Next>> {
        self.left = length;
        self.padding = padding(length);
        let kind = header.entry_type();
        match kind {
            EntryType::GNULongName | EntryType::XHeader if length > MAX_HEADER => {
                return Ok(Some(Next::Damaged(Damage::LongHeader)));
            }
            EntryType::GNULongName => {
                let mut name = self.content()?;
                name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
                self.said.name = Some(name);
                return Ok(None);
            }
            EntryType::XHeader => {
                let attributes = self.content()?;
                self.said.attributes(&attributes);
                return Ok(None);
            }
            EntryType::GNULongLink | EntryType::XGlobalHeader => return Ok(None),
            _ => {}
        }
        let said = std::mem::take(&mut self.said);
        self.left = said.length.unwrap_or(length);
        self.padding = padding(self.left);
        if kind == EntryType::GNUSparse {
            self.pass_sparse_map(header)?;
        }
        let is_sparse = said.is_sparse || kind == EntryType::GNUSparse;
        if !is_sparse && !matches!(kind, EntryType::Regular | EntryType::Continuous) {
            return Ok(None);
        }
        Ok(Some(Next::Entry(TarEntry {
            name: said.name.unwrap_or_else(|| header.path_bytes().into_owned()),
            offset: self.position,
            length: self.left,
            is_sparse,
        })))
    }

    /// Blocks that say where the holes are stand between header and content, and are in no length.
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
        self.by_ref().read_to_end(&mut content)?;
        Ok(content)
    }

    fn skip(&mut self) -> io::Result<()> {
        let count = self.left.saturating_add(self.padding);
        if count > 0 {
            self.source.skip(count)?;
            self.position = self.position.saturating_add(count);
            (self.left, self.padding) = (0, 0);
        }
        Ok(())
    }

    /// The next block; `None` at the end.
    fn block(&mut self) -> io::Result<Option<[u8; BLOCK]>> {
        let mut bytes = Vec::with_capacity(BLOCK);
        self.source.by_ref().take(BLOCK as u64).read_to_end(&mut bytes)?;
        self.position = self.position.saturating_add(BLOCK as u64);
        match bytes.first_chunk() {
            Some(block) => Ok(Some(*block)),
            None if bytes.is_empty() => {
                self.position = self.position.saturating_sub(BLOCK as u64);
                Ok(None)
            }
            None => Err(Damage::Cut.into()),
        }
    }
}

/// Reads the entry that came last.
impl<S: Source> Read for TarWalk<S> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.len());
        let n_read = match buf.get_mut(..most) {
            Some(buf) if !buf.is_empty() => {
                // After an error nothing more can come, and if it did, it would not follow on what came.
                let is_over = std::mem::replace(&mut self.is_over, true);
                let n_read = self.source.read(buf)?;
                self.is_over = is_over;
                n_read
            }
            _ => return Ok(0),
        };
        if n_read == 0 {
            self.is_over = true;
            return Err(Damage::CutEntry.into());
        }
        let n_read_wide = u64::try_from(n_read).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(n_read_wide);
        self.position = self.position.saturating_add(n_read_wide);
        Ok(n_read)
    }
}

impl Said {
    /// Takes what counts from the attributes of POSIX (pax), and those by which GNU tar writes sparse files.
    fn attributes(&mut self, attributes: &[u8]) {
        for attribute in PaxExtensions::new(attributes).flatten() {
            let value = attribute.value_bytes();
            match attribute.key_bytes() {
                b"GNU.sparse.name" => {
                    self.is_sparse = true;
                    self.name = Some(value.to_owned());
                }
                b"path" if !self.is_sparse => self.name = Some(value.to_owned()),
                b"size" => self.length = attribute.value().ok().and_then(|value| value.parse().ok()),
                key if key.starts_with(b"GNU.sparse.") => self.is_sparse = true,
                _ => {}
            }
        }
    }
}

fn padding(length: u64) -> u64 {
    let block = BLOCK as u64;
    (block - length % block) % block
}

/// Whether the block bears the mark of POSIX or GNU.
pub(crate) fn has_magic(block: &[u8; BLOCK]) -> bool {
    block.get(257..262) == Some(b"ustar")
}

/// Whether the block's checksum is that of its bytes, which some old programs took as signed.
pub(crate) fn has_sum(block: &[u8; BLOCK]) -> bool {
    const FIELD: std::ops::Range<usize> = 148..156;
    let Ok(sum) = Header::from_byte_slice(block).cksum() else {
        return false;
    };
    let bytes = || {
        let field = |(place, byte): (usize, &u8)| if FIELD.contains(&place) { b' ' } else { *byte };
        block.iter().enumerate().map(field)
    };
    let unsigned: u32 = bytes().map(u32::from).sum();
    let signed: i32 = bytes().map(|byte| i32::from(byte.cast_signed())).sum();
    sum == unsigned || i32::try_from(sum) == Ok(signed)
}

#[cfg(test)]
mod tests;
