//! An archive that is read once, from its start to its end.

use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use super::form::Form;
use super::list::STREAMED_BYTES;
use super::tar::{Next, Source, TarWalk, read_past};
use super::zip_stream::ZipWalk;
use super::{Damage, Listing, Part};
use crate::error::Error;
use crate::find::Found;
use crate::log::Log;
use crate::open::{LogReader, Unpacked};

/// How much is read at a time, in bytes.
const BLOCK: usize = 64 << 10;

/// How much is kept of the start of each log, to tell copies by.
pub(crate) const MAX_HEAD: usize = 4096;

/// An archive that can be read only once: a tar within a gzip, or what comes through a pipe.
///
/// Its logs come in the order in which they lie in it, which may be any.
#[derive(Debug)]
pub struct ArchiveStream {
    pub(crate) listing: Listing,
    /// The place of the archive among the inputs.
    pub(crate) order: usize,
    walk: Walk,
    /// The number of the next log.
    pub(crate) next_number: usize,
}

#[derive(Debug)]
enum Walk {
    Tar(Box<TarWalk<BufReader<LogReader>>>),
    Zip(Box<ZipWalk<BufReader<LogReader>>>),
    Over,
}

/// A log on its way through an [`ArchiveStream`]; reading gives its plain bytes.
#[derive(Debug)]
pub struct StreamedLog<'a> {
    found: &'a mut Found,
    reader: io::Result<Unpacked<&'a mut Walk>>,
}

impl ArchiveStream {
    pub(crate) fn new(archive: Option<Arc<Path>>, form: Form, reader: LogReader) -> ArchiveStream {
        let source = BufReader::with_capacity(BLOCK, reader);
        let mut listing = Listing::new(archive, 0);
        listing.entry_bytes = STREAMED_BYTES;
        ArchiveStream {
            listing,
            order: 0,
            walk: match form {
                Form::Tar => Walk::Tar(Box::new(TarWalk::new(source))),
                Form::Zip => Walk::Zip(Box::new(ZipWalk::new(source))),
                Form::Other => Walk::Over,
            },
            next_number: 0,
        }
    }

    /// The next log, after all that is left of the one before was passed over. `None` at the end.
    ///
    /// What cannot be read on the way is a problem of the selection that the archive is given to.
    pub fn next_log(&mut self) -> Option<StreamedLog<'_>> {
        loop {
            let name = match self.walk.next()? {
                Ok(Step::Entry(name, damage)) if self.listing.wants(&name) => match damage {
                    None => name,
                    Some(damage) => {
                        self.listing.damaged_entry(&name, damage);
                        continue;
                    }
                },
                // Where an entry ends that nobody wants, may still matter.
                Ok(Step::Entry(_, Some(damage @ Damage::NoLength))) => {
                    self.listing.damaged(damage);
                    continue;
                }
                Ok(Step::Entry(..)) => continue,
                Ok(Step::Damaged(damage)) => {
                    self.listing.damaged(damage);
                    continue;
                }
                Err(cause) => {
                    self.listing.read_failed(cause);
                    continue;
                }
            };
            let part = Part::Streamed(self.next_number);
            self.next_number = self.next_number.saturating_add(1);
            let found = self.listing.add(&name, part);
            return Some(StreamedLog {
                found,
                reader: Unpacked::of(&mut self.walk),
            });
        }
    }
}

impl StreamedLog<'_> {
    /// What the log is; it cannot be opened again.
    pub fn log(&self) -> &Log {
        &self.found.log
    }

    /// Names this log in an error that reading it gave.
    pub fn read_failed(&self, cause: io::Error) -> Error {
        self.found.log.read_failed(cause)
    }
}

impl Read for StreamedLog<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let reader = match &mut self.reader {
            Ok(reader) => reader,
            Err(error) => return Err(std::mem::replace(error, Damage::CutEntry.into())),
        };
        let n_read = reader.read(buf);
        match &n_read {
            Ok(n_read) => self.found.see(buf.get(..*n_read).unwrap_or_default()),
            Err(_) => self.found.head = None,
        }
        n_read
    }
}

/// What comes next in an archive.
enum Step {
    /// A file, and why it cannot be read.
    Entry(Vec<u8>, Option<Damage>),
    Damaged(Damage),
}

impl Walk {
    fn next(&mut self) -> Option<io::Result<Step>> {
        match self {
            Walk::Tar(walk) => Some(walk.next()?.map(|next| match next {
                Next::Entry(entry) => Step::Entry(entry.name, entry.is_sparse.then_some(Damage::Sparse)),
                Next::Damaged(damage) => Step::Damaged(damage),
            })),
            Walk::Zip(walk) => Some(walk.next()?.map(|entry| Step::Entry(entry.name, entry.damage))),
            Walk::Over => None,
        }
    }
}

impl Read for Walk {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Walk::Tar(walk) => walk.read(buf),
            Walk::Zip(walk) => walk.read(buf),
            Walk::Over => Ok(0),
        }
    }
}

impl Source for BufReader<LogReader> {
    fn skip(&mut self, count: u64) -> io::Result<()> {
        read_past(self, count)
    }
}
