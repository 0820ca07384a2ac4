use std::io::{Cursor, Read, Write};
use std::path::PathBuf;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::find::Request;
use crate::select::{Selection, select};
use crate::sources::Chosen;
use crate::testing::{folder, gzip, write};
use tempfile::TempDir;

const A: &str = "2017-0427-080000.log";
const B: &str = "2017-0427-081000.log.gz";

fn chosen(path: PathBuf) -> Selection {
    select(&Request {
        inputs: vec![path.into()],
        ..Request::default()
    })
}

/// Each log with its folder and its content, and each problem, a line each.
fn shown(dir: &TempDir, selection: &Selection) -> String {
    let mut lines: Vec<String> = selection.problems.iter().map(ToString::to_string).collect();
    for Chosen { log, .. } in &selection.logs {
        let mut content = String::new();
        let read = log.open().and_then(|mut reader| {
            let read = reader.read_to_string(&mut content);
            read.map_err(|cause| log.read_failed(cause))
        });
        let end = read.err().map_or_else(String::new, |error| format!(" {error}"));
        let folder = log.folder().unwrap().display().to_string();
        lines.push(format!("{log} in {folder} `{content}`{end}"));
    }
    lines.join("\n").replace(dir.path().to_str().unwrap(), "DIR")
}

fn tar() -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in [
        (format!("x/{B}"), gzip("packed")),
        ("messages".into(), b"no".to_vec()),
        (A.into(), b"plain".to_vec()),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, name, content.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip(method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    writer.add_directory("x", options).unwrap();
    writer.add_symlink(format!("y/{A}"), "elsewhere", options).unwrap();
    for (name, content) in [
        (format!("x/{B}"), gzip("packed")),
        ("messages".into(), b"no".to_vec()),
        (A.into(), b"plain".to_vec()),
    ] {
        writer.start_file(name, options).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn each_log_is_opened_where_it_lies() {
    let dir = folder();
    for archive in [tar(), zip(CompressionMethod::Stored), zip(CompressionMethod::Deflated)] {
        let selection = chosen(write(&dir, "archive", archive));
        insta::allow_duplicates! {
            insta::assert_snapshot!(shown(&dir, &selection), @"
            DIR/archive: 2017-0427-080000.log in DIR/archive/ `plain`
            DIR/archive: x/2017-0427-081000.log.gz in DIR/archive/x/ `packed`
            ");
        }
    }
}

#[test]
fn an_archive_that_changes_after_it_was_listed_is_told() {
    let dir = folder();
    let path = write(&dir, "archive", zip(CompressionMethod::Deflated));
    let selection = chosen(path.clone());
    let mut other = std::fs::read(&path).unwrap();
    other.fill(b'x');
    std::fs::write(&path, &other).unwrap();
    insta::assert_snapshot!(shown(&dir, &selection), @"
    DIR/archive: 2017-0427-080000.log in DIR/archive/ `` DIR/archive: 2017-0427-080000.log: damaged: it cannot be uncompressed to its end
    DIR/archive: x/2017-0427-081000.log.gz in DIR/archive/x/ `` DIR/archive: x/2017-0427-081000.log.gz: damaged: it cannot be uncompressed to its end
    ");
    std::fs::write(&path, b"x").unwrap();
    insta::assert_snapshot!(shown(&dir, &selection), @"
    DIR/archive: 2017-0427-080000.log in DIR/archive/ `` DIR/archive: 2017-0427-080000.log: the archive is cut off within it
    DIR/archive: x/2017-0427-081000.log.gz in DIR/archive/x/ `` DIR/archive: x/2017-0427-081000.log.gz: the archive is cut off within it
    ");
    std::fs::remove_file(&path).unwrap();
    insta::assert_snapshot!(shown(&dir, &selection), @"
    DIR/archive: 2017-0427-080000.log in DIR/archive/ `` DIR/archive: 2017-0427-080000.log: not found
    DIR/archive: x/2017-0427-081000.log.gz in DIR/archive/x/ `` DIR/archive: x/2017-0427-081000.log.gz: not found
    ");
}

#[test]
fn a_folder_is_not_searched_for_archives() {
    let dir = folder();
    write(&dir, "archive.tar", tar());
    let selection = chosen(dir.path().to_owned());
    assert_eq!(shown(&dir, &selection), "");
}

/// Whatever stands where, each log is read, or there is a problem, or it is no log any more.
#[test]
fn no_byte_makes_it_fail() {
    let dir = folder();
    let look_into = |bytes: &[u8]| {
        let path = write(&dir, "archive", bytes);
        shown(&dir, &chosen(path.clone()));
        // To write over a file waits for the disk.
        std::fs::remove_file(path).unwrap();
    };
    for whole in [tar(), zip(CompressionMethod::Deflated)] {
        // Of a tar, headers only: its contents are logs, and long.
        for place in (0..whole.len()).filter(|place| whole.len() < 2000 || place % 7 == 0) {
            for value in [0, 0xff, whole[place] ^ 1, whole[place] ^ 0x80] {
                let mut bytes = whole.clone();
                bytes[place] = value;
                look_into(&bytes);
            }
        }
        for length in 0..whole.len().min(2000) {
            look_into(&whole[..length]);
        }
    }
}
