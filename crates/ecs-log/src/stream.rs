//! An archive that is read once, from its start to its end.

use std::io::{self, BufReader, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use log_archive::{Damage, Form, Stream};

use crate::archived::{Content, wanted};
use crate::error::Error;
use crate::found::Found;
use crate::listing::{Around, Listing};
use crate::log::Log;
use crate::open::{LogReader, Unpacked};

/// How much is read at a time, in bytes.
const BLOCK: usize = 64 << 10;

/// An archive that is read through by whoever has it: by who lists it, and by who reads one of its entries.
#[derive(Clone, Debug)]
struct Shared(Arc<Mutex<Stream<BufReader<LogReader>>>>);

impl Shared {
    fn new(form: Form, reader: LogReader) -> Shared {
        let stream = Stream::new(form, BufReader::with_capacity(BLOCK, reader));
        Shared(Arc::new(Mutex::new(stream)))
    }

    /// None of its users panics while it holds the lock.
    fn lock(&self) -> MutexGuard<'_, Stream<BufReader<LogReader>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Read for Shared {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.lock().read(buf)
    }
}

/// An archive that can be read only once: a tar within a gzip, or what comes through a pipe.
///
/// Its logs come in the order in which they lie in it, which may be any order. Archives in it are looked into where they lie.
#[derive(Debug)]
pub struct ArchiveStream {
    pub(crate) listing: Listing,
    /// The number of the next log.
    pub(crate) next_number: usize,
    stream: Shared,
    /// The archives around the one that is read.
    around: Vec<(Shared, Around)>,
}

/// A log on its way through an [`ArchiveStream`]; reading gives its plain bytes.
#[derive(Debug)]
pub struct StreamedLog<'a> {
    found: &'a mut Found,
    reader: io::Result<Unpacked<'a>>,
}

impl ArchiveStream {
    pub(crate) fn new(listing: Listing, next_number: usize, form: Form, reader: LogReader) -> ArchiveStream {
        ArchiveStream {
            listing: listing.of_stream(),
            next_number,
            stream: Shared::new(form, reader),
            around: Vec::new(),
        }
    }

    /// The next log, after all that is left of the one before was passed over. `None` at the end.
    ///
    /// What cannot be read on the way is a problem of the selection that the archive is given to.
    pub fn next_log(&mut self) -> Option<StreamedLog<'_>> {
        let name = self.next_wanted()?;
        let number = self.next_number;
        self.next_number = number.saturating_add(1);
        Some(StreamedLog {
            found: self.listing.add(&name, Content::Streamed(number)),
            reader: Unpacked::of(self.stream.clone()).and_then(Unpacked::recognised),
        })
    }

    fn next_wanted(&mut self) -> Option<Vec<u8>> {
        loop {
            let next = self.stream.lock().next_entry();
            let entry = match next {
                Some(Ok(entry)) => entry,
                Some(Err(cause)) => {
                    self.listing.problems.failed(cause);
                    continue;
                }
                None => {
                    let (stream, around) = self.around.pop()?;
                    self.listing.leave(around);
                    self.stream = stream;
                    continue;
                }
            };
            let name = self.listing.full_name(&entry.name);
            match entry.place {
                Ok(()) if self.listing.wants(&name) => return Some(name),
                Ok(()) if wanted(&name).is_none() => self.enter(&name),
                Err(damage) if self.listing.wants(&name) => self.listing.problems.of_entry(&name, damage.into()),
                // Nobody wants the entry, but where it ends is not known, so what follows it is lost.
                Err(damage @ Damage::NoLength) => self.listing.problems.failed(damage.into()),
                _ => {}
            }
        }
    }

    /// Looks into the entry of this name, if it is an archive.
    fn enter(&mut self, name: &[u8]) {
        let opened = LogReader::new(self.stream.clone());
        let error = match opened.map(|mut reader| (reader.form(), reader)) {
            Ok((Some(form), reader)) if self.listing.may_enter(name) => {
                let around = self.listing.enter(name);
                let stream = std::mem::replace(&mut self.stream, Shared::new(form, reader));
                return self.around.push((stream, around));
            }
            Ok((_, reader)) => reader.into_error(),
            Err(error) => Some(error),
        };
        // An entry that nobody wants may be damaged, but what follows it must not be lost unseen.
        if let Some(error) = error.filter(|_| self.stream.lock().is_over()) {
            let is_cut = error.get_ref().and_then(|cause| cause.downcast_ref()) == Some(&Damage::CutEntry);
            self.listing
                .problems
                .failed(if is_cut { Damage::Cut.into() } else { error });
        }
    }
}

impl StreamedLog<'_> {
    /// Which log it is. It cannot be opened again.
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
            Err(_) => self.found.see_failure(),
        }
        n_read
    }
}

#[cfg(test)]
mod tests;
