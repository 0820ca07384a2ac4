//! An archive that is read once, from its start to its end.

use std::io::{self, BufReader, Read};

use log_archive::{Damage, Entry, Form};

use crate::archived::Content;
use crate::error::Error;
use crate::found::Found;
use crate::listing::Listing;
use crate::log::Log;
use crate::open::{LogReader, Unpacked};

/// How much is read at a time, in bytes.
const BLOCK: usize = 64 << 10;

type Stream = log_archive::Stream<BufReader<LogReader>>;

/// An archive that can be read only once: a tar within a gzip, or what comes through a pipe.
///
/// Its logs come in the order in which they lie in it, which may be any order.
#[derive(Debug)]
pub struct ArchiveStream {
    pub(crate) listing: Listing,
    /// The number of the next log.
    pub(crate) next_number: usize,
    stream: Stream,
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
            stream: Stream::new(form, BufReader::with_capacity(BLOCK, reader)),
        }
    }

    /// The next log, after all that is left of the one before was passed over. `None` at the end.
    ///
    /// What cannot be read on the way is a problem of the selection that the archive is given to.
    pub fn next_log(&mut self) -> Option<StreamedLog<'_>> {
        let name = loop {
            match self.stream.next_entry()? {
                Ok(Entry { name, place }) if self.listing.wants(&name) => match place {
                    Ok(()) => break name,
                    Err(damage) => self.listing.damaged_entry(&name, damage),
                },
                // Nobody wants the entry, but where it ends is not known, so what follows it is lost.
                Ok(Entry {
                    place: Err(damage @ Damage::NoLength),
                    ..
                }) => self.listing.failed(damage.into()),
                Ok(_) => {}
                Err(cause) => self.listing.failed(cause),
            }
        };
        let number = self.next_number;
        self.next_number = number.saturating_add(1);
        Some(StreamedLog {
            found: self.listing.add(&name, Content::Streamed(number)),
            reader: Unpacked::of(&mut self.stream).and_then(Unpacked::recognised),
        })
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
            Err(_) => self.found.first_line = None,
        }
        n_read
    }
}
