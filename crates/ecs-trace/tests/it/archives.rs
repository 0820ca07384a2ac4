//! Logs in archives, in any order: those that can be read at will, and those that come by once.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::batch::{inputs, read};
use crate::gatherers::{List, ListMessages};
use crate::logs::{File, Random, Traffic, write};

pub(crate) fn tar(files: &[File]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for File { name, content } in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(content.len()).unwrap());
        header.set_mode(0o644);
        builder.append_data(&mut header, name, content.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zip(files: &[File]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for File { name, content } in files {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn logs_in_archives_are_listed_as_those_in_folders() {
    for seed in 0..10 {
        let mut random = Random(seed);
        let traffic = Traffic::new(&mut random, 8);
        let mut shuffled = traffic.files.clone();
        for n in 1..shuffled.len() {
            shuffled.swap(n, random.below(n + 1));
        }
        for (name, archive) in [
            ("tar", tar(&shuffled)),
            ("tgz", gzip(&tar(&shuffled))),
            ("zip", zip(&shuffled)),
        ] {
            let dir = TempDir::new().unwrap();
            let path = dir.path().join(name);
            std::fs::write(&path, archive).unwrap();
            for jobs in [1, 2] {
                let mut list = List::default();
                let fates = read(&ListMessages, &inputs(&[&path]), jobs, &mut list);
                assert!(fates.iter().all(|(_, fate)| fate.error().is_none()), "{fates:?}");
                assert_eq!(list.sorted(), traffic.list(), "seed {seed}, {name}, {jobs} jobs");
            }
        }
    }
}

/// The first logs lie in an archive, the others in the folder of the server.
#[test]
fn an_archive_goes_on_in_a_folder() {
    for end in 1..8 {
        let traffic = Traffic::new(&mut Random(5), 8);
        let (old, new) = traffic.files.split_at(end);
        for (name, archive) in [("tar", tar(old)), ("tgz", gzip(&tar(old)))] {
            let dir = TempDir::new().unwrap();
            let path = dir.path().join(name);
            std::fs::write(&path, archive).unwrap();
            let folder = dir.path().join("ecs");
            write(&folder, new);
            let mut list = List::default();
            read(&ListMessages, &inputs(&[&path, &folder]), 2, &mut list);
            assert_eq!(list.sorted(), traffic.list(), "{name}, {end} logs in the archive");
        }
    }
}
