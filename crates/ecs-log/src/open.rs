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
mod tests {
    use std::io::{self, Read};

    use super::{LogReader, Unpacked};
    use crate::log::Log;
    use crate::testing::{folder, gzip, write};

    /// Gives one byte at a time, each after an interruption.
    struct Slow<'a> {
        bytes: &'a [u8],
        interrupted: bool,
    }

    impl Read for Slow<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.interrupted = !self.interrupted;
            if self.interrupted {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let n = buf.len().min(1);
            self.bytes.read(&mut buf[..n])
        }
    }

    /// Files with names that do not fit, and what they hold.
    fn files() -> Vec<(&'static str, Vec<u8>, &'static str)> {
        vec![
            ("plain.log", b"a\nb\n".to_vec(), "a\nb\n"),
            ("plain.log.gz", b"a\nb\n".to_vec(), "a\nb\n"),
            ("packed.log", gzip("a\nb\n"), "a\nb\n"),
            ("two members", [gzip("a\n"), gzip("b\n")].concat(), "a\nb\n"),
            ("gzip in gzip", gzip(gzip("a\nb\n")), "a\nb\n"),
            ("four times", gzip(gzip(gzip(gzip("a\nb\n")))), "a\nb\n"),
            ("nothing in gzip in gzip", gzip(gzip("")), ""),
            ("empty", Vec::new(), ""),
            ("empty.gz", gzip(""), ""),
            ("one byte", vec![0x1f], "\x1f"),
            ("two bytes", b"\x1fa".to_vec(), "\x1fa"),
        ]
    }

    #[test]
    fn content_decides_and_not_the_name() {
        let dir = folder();
        for (name, bytes, expected) in files() {
            let log = Log::named(write(&dir, name, bytes));
            let mut content = String::new();
            log.open().unwrap().read_to_string(&mut content).unwrap();
            assert_eq!(content, expected, "{name}");
        }
    }

    #[test]
    fn slow_sources_and_small_buffers_change_nothing() {
        for (name, bytes, expected) in files() {
            for buffer_size in 1..4 {
                let source = Slow {
                    bytes: &bytes,
                    interrupted: false,
                };
                let mut form = Unpacked::of(source).unwrap();
                let mut content = Vec::new();
                let mut buffer = vec![0; buffer_size];
                loop {
                    let n = form.read(&mut buffer).unwrap();
                    content.extend_from_slice(&buffer[..n]);
                    if n == 0 {
                        break;
                    }
                }
                assert_eq!(content, expected.as_bytes(), "{name} by {buffer_size}");
            }
        }
    }

    #[test]
    fn the_first_block_of_a_plain_log_is_full() {
        let dir = folder();
        let mut reader = Log::named(write(&dir, "a", [b'x'; 1000])).open().unwrap();
        assert_eq!(reader.read(&mut [0; 600]).unwrap(), 600);
        assert_eq!(reader.read(&mut [0; 600]).unwrap(), 400);
        assert_eq!(reader.read(&mut [0; 600]).unwrap(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_is_no_log() {
        let dir = folder();
        let error = Log::named(dir.path().to_owned()).open().unwrap_err();
        assert_eq!(error.io_kind(), Some(io::ErrorKind::IsADirectory));
        assert!(error.to_string().ends_with(": is a folder"), "{error}");
    }

    #[test]
    fn what_is_not_a_log_says_what_it_is() {
        let dir = folder();
        let xz = b"\xfd7zXZ\0\0\x04".to_vec();
        let five_times = gzip(gzip(gzip(gzip(gzip("a\n")))));
        let errors: Vec<String> = [
            ("a.xz", xz.clone()),
            ("b.xz.gz", gzip(&xz)),
            ("c.gz", five_times),
            ("d.log", b"\xff\xfe2\x000\0".to_vec()),
            ("2017-0427-084412.log", b"PK\x05\x06".to_vec()),
        ]
        .into_iter()
        .map(|(name, bytes)| Log::named(write(&dir, name, bytes)).open().unwrap_err())
        .inspect(|error| assert!(error.io_kind().is_none() && std::error::Error::source(error).is_none()))
        .map(|error| error.to_string().replace(dir.path().to_str().unwrap(), "DIR"))
        .collect();
        insta::assert_snapshot!(errors.join("\n"), @"
        DIR/a.xz: is compressed by xz, which is not read; unpack it with `xz -d`, and name what was unpacked
        DIR/b.xz.gz: is compressed by xz, which is not read; unpack it with `xz -d`, and name what was unpacked
        DIR/c.gz: is compressed by gzip more than four times over, which is not read; unpack it, and name what was unpacked
        DIR/d.log: is text in UTF-16, which is not read; convert it with `iconv -f UTF-16 -t UTF-8`, and name the result
        DIR/2017-0427-084412.log: is a zip with the name of a log, which is not read; give it a name that ends in .zip
        ");
    }

    #[test]
    fn what_is_gone_says_whether_it_was_listed() {
        let dir = folder();
        for (listed, expected) in [(false, "not found"), (true, "vanished after it was listed")] {
            let path = dir.path().join("gone");
            let log = if listed {
                Log::listed(path.clone())
            } else {
                Log::named(path.clone())
            };
            let error = log.open().unwrap_err();
            assert_eq!(error.to_string(), format!("{}: {expected}", path.display()));
            assert_eq!(error.path(), Some(path.as_path()));
            assert_eq!(error.is_vanished(), listed);
        }
    }

    #[test]
    fn damage_names_the_log() {
        let dir = folder();
        let packed = gzip("a\nb\n");
        let log = Log::named(write(&dir, "cut.gz", &packed[..packed.len() - 2]));
        let mut content = Vec::new();
        let cause = log.open().unwrap().read_to_end(&mut content).unwrap_err();
        let error = log.read_failed(cause);
        assert_eq!(content, b"a\nb\n");
        assert_eq!(error.to_string(), format!("{log}: damaged gzip: it is cut off"));
    }

    #[test]
    fn a_reader_can_go_to_a_worker() {
        fn check<T: Send + 'static>() {}
        check::<LogReader>();
    }
}
