//! What must hold for any archive at all: the fuzzer tries it, and a test tries what the fuzzer kept.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use ecs_log::{Error, Inputs, Request};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::fuzzed::is_safe;

/// How much is read of a log.
const MOST: u64 = 1 << 20;

/// What lies in an archive: each log with its name and what could be read, and how many problems there were.
#[derive(Debug, PartialEq, Eq)]
struct Content {
    logs: Vec<(String, Vec<u8>)>,
    problems: usize,
}

/// Reads `input` as an archive in a file, and as one that can be read only once; `path` is for that file.
pub(crate) fn check(input: &[u8], path: &Path) {
    fs::write(path, input).expect("a file to write to");
    let in_file = content(path);
    // What has no end that can be sought: the same within a gzip.
    let mut packed = GzEncoder::new(File::create(path).expect("a file to write to"), Compression::none());
    packed.write_all(input).expect("room");
    packed.finish().expect("room");
    let in_stream = content(path);
    fs::remove_file(path).expect("the file");

    // A zip's directory may say other than the headers of its entries.
    let is_tar = input.get(257..262) == Some(b"ustar");
    if is_tar && in_file.problems == 0 && in_stream.problems == 0 {
        assert_eq!(in_file, in_stream);
    }
}

fn content(path: &Path) -> Content {
    let request = Request {
        inputs: vec![path.into()],
        ..Request::default()
    };
    let mut problems = 0;
    let mut fail = |error: &Error| {
        assert!(is_safe(&error.to_string()), "{error}");
        problems += 1;
    };
    let mut streamed = Vec::new();
    let mut inputs = Inputs::new(&request);
    while let Some(mut archive) = inputs.next_archive() {
        while let Some(mut log) = archive.next_log() {
            let (bytes, result) = read(&mut log);
            streamed.push(bytes);
            if let Err(cause) = result {
                fail(&log.read_failed(cause));
            }
        }
        inputs.add(archive);
    }
    let selection = inputs.select();
    selection.problems.iter().for_each(&mut fail);
    let mut logs = Vec::new();
    let logs_of_all = selection.logs.iter().map(|chosen| &chosen.log);
    for log in logs_of_all.filter(|log| log.is_in_archive()) {
        assert!(is_safe(&log.to_string()), "{log}");
        let bytes = match log.streamed() {
            Some(number) => streamed.get(number).cloned().expect("it was read"),
            None => match log.open() {
                Ok(mut reader) => {
                    let (bytes, result) = read(&mut reader);
                    if let Err(cause) = result {
                        fail(&log.read_failed(cause));
                    }
                    bytes
                }
                Err(error) => {
                    fail(&error);
                    Vec::new()
                }
            },
        };
        logs.push((log.to_string(), bytes));
    }
    logs.sort();
    Content { logs, problems }
}

fn read(reader: &mut impl Read) -> (Vec<u8>, io::Result<()>) {
    let mut bytes = Vec::new();
    let result = reader.take(MOST).read_to_end(&mut bytes);
    (bytes, result.map(drop))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read;

    use zip::ZipArchive;

    #[test]
    fn what_the_fuzzer_kept() {
        let seeds = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../log-archive/fuzz/archives_seed_corpus.zip"
        );
        let mut seeds = ZipArchive::new(File::open(seeds).unwrap()).unwrap();
        assert!(seeds.len() > 20, "{} inputs", seeds.len());
        let path = std::env::temp_dir().join(format!("ecs-log-fuzzed-{}", std::process::id()));
        for number in 0..seeds.len() {
            let mut input = Vec::new();
            seeds.by_index(number).unwrap().read_to_end(&mut input).unwrap();
            super::check(&input, &path);
        }
    }
}
