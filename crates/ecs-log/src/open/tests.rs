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
