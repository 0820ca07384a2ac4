//! Opens a log, plain or gzip, wherever it lies, as a stream of plain bytes.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use log_archive::Form;

use crate::gzip::{self, GzipReader};
use crate::recognise::Seeming;

/// How much of a gzip file is read at a time, in bytes.
const GZIP_BLOCK: usize = 64 * 1024;

/// How many times something may be compressed by gzip, one around the other.
const MAX_LAYERS: usize = 4;

/// The plain bytes of a log, from [`Log::open`](crate::Log::open).
///
/// A plain log is read straight into the caller's buffer, so the buffer should be large. Interrupted calls are retried. Of a
/// damaged gzip the good part comes first, then an error, then the end.
#[derive(Debug)]
pub struct LogReader(Unpacked<'static>);

impl LogReader {
    pub(crate) fn of_file(path: &Path) -> io::Result<LogReader> {
        LogReader::new(File::open(path)?)
    }

    pub(crate) fn new(source: impl Read + Send + 'static) -> io::Result<LogReader> {
        Unpacked::of(source).map(LogReader)
    }

    /// Looks at the first bytes, which will be read all the same: `count` of them, or fewer if no more can be read.
    fn peek(&mut self, count: usize) -> &[u8] {
        self.0.reader.peek(count)
    }

    /// What kind of archive it is, if it is one.
    pub(crate) fn form(&mut self) -> Option<Form> {
        Form::of(self.peek(Form::LENGTH))
    }

    /// The error that stopped the look at the first bytes, if one did.
    pub(crate) fn into_error(self) -> Option<io::Error> {
        self.0.reader.error
    }

    /// Whether it is gzip.
    pub(crate) fn is_gzip(&self) -> bool {
        self.0.n_layers > 0
    }

    /// The log itself, unless its first bytes show that it is something else.
    pub(crate) fn recognised(self) -> io::Result<LogReader> {
        self.0.recognised().map(LogReader)
    }
}

impl Read for LogReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

/// What is plain, or gzip as the first two bytes tell; also gzip within gzip.
pub(crate) struct Unpacked<'a> {
    reader: Rejoined<Box<dyn Read + Send + 'a>>,
    n_layers: usize,
}

impl<'a> Unpacked<'a> {
    pub(crate) fn of(source: impl Read + Send + 'a) -> io::Result<Unpacked<'a>> {
        let mut reader: Rejoined<Box<dyn Read + Send>> = Rejoined::unread(Box::new(source));
        let mut n_layers: usize = 0;
        while n_layers < MAX_LAYERS && reader.peek(gzip::MAGIC.len()) == gzip::MAGIC {
            let packed = BufReader::with_capacity(GZIP_BLOCK, reader);
            reader = Rejoined::unread(Box::new(GzipReader::new(packed)));
            n_layers = n_layers.saturating_add(1);
        }
        match reader.error.take() {
            // Of a damaged gzip this is told when it is read.
            Some(error) if n_layers == 0 && reader.begin.is_empty() => return Err(error),
            error => reader.error = error,
        }
        Ok(Unpacked { reader, n_layers })
    }

    /// The same, unless its first bytes show that it is not a log.
    pub(crate) fn recognised(mut self) -> io::Result<Unpacked<'a>> {
        match Seeming::by_mark(self.reader.peek(Seeming::LENGTH)) {
            Some(seeming) => Err(io::Error::new(io::ErrorKind::Unsupported, seeming)),
            None => Ok(self),
        }
    }
}

impl fmt::Debug for Unpacked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unpacked")
            .field("n_layers", &self.n_layers)
            .finish_non_exhaustive()
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buf)
    }
}

/// A source whose first bytes may have been looked at, and are given again: a pipe cannot go back.
#[derive(Debug)]
struct Rejoined<R> {
    begin: Vec<u8>,
    /// What stopped the look, and comes after `begin`.
    error: Option<io::Error>,
    rest: R,
}

impl<R: Read> Rejoined<R> {
    fn unread(source: R) -> Rejoined<R> {
        Rejoined {
            begin: Vec::new(),
            error: None,
            rest: source,
        }
    }

    /// The first `count` bytes, or fewer if no more can be read. An error comes when they have been read.
    fn peek(&mut self, count: usize) -> &[u8] {
        let missing = count.saturating_sub(self.begin.len());
        if missing > 0 && self.error.is_none() {
            let mut missing = self.rest.by_ref().take(u64::try_from(missing).unwrap_or(u64::MAX));
            // A pipe may give them one by one.
            self.error = missing.read_to_end(&mut self.begin).err();
        }
        &self.begin
    }
}

impl<R: Read> Read for Rejoined<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n_begin = self.begin.as_slice().read(buf)?;
        self.begin.drain(..n_begin);
        // What follows comes in the same call, so that the first block of a log is as full as the others.
        let Some(buf) = buf.get_mut(n_begin..).filter(|buf| !buf.is_empty()) else {
            return Ok(n_begin);
        };
        let error = self.error.take();
        match error.map_or_else(|| retry(|| self.rest.read(buf)), Err) {
            Ok(n_rest) => Ok(n_begin.saturating_add(n_rest)),
            Err(error) if n_begin == 0 => Err(error),
            Err(error) => {
                self.error = Some(error);
                Ok(n_begin)
            }
        }
    }
}

/// Reads again after an interruption, which a decoder would take for damage.
pub(crate) fn retry(mut read: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match read() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests;
