use std::fs::{self, File};
use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{list, overlapping};
use crate::damage::Damage;
use crate::form::Form;
use crate::place::{Packing, Place};

fn zip(method: CompressionMethod) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(method);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("x", options).unwrap();
    writer.add_symlink("x/link", "elsewhere", options).unwrap();
    for (name, content) in [("x/a", "one one one one"), ("b", "")] {
        writer.start_file(name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar() -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, kind, content) in [
        ("x/", tar::EntryType::Directory, ""),
        ("x/a", tar::EntryType::Regular, "one one one one"),
        ("sparse", tar::EntryType::GNUSparse, "data"),
        ("b", tar::EntryType::Regular, ""),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, name, content.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

/// Each entry with its content, and what is wrong, a line each.
fn listed(path: &Path, form: Form) -> String {
    let mut lines = Vec::new();
    let result = list(File::open(path).unwrap(), form, |entry| {
        lines.push(match entry {
            Err(error) => format!("! {error}"),
            Ok(entry) => {
                let name = entry.name.escape_ascii();
                match entry.place {
                    Err(damage) => format!("{name} ! {damage}"),
                    Ok(place) => format!("{name} {}", content(&place, path)),
                }
            }
        });
    });
    lines.extend(result.err().map(|damage| format!("!! {damage}")));
    lines.join("\n")
}

fn content(place: &Place, path: &Path) -> String {
    let mut content = String::new();
    let mut reader = place.open(path).unwrap();
    let end = match reader.read_to_string(&mut content) {
        Ok(_) => String::new(),
        Err(error) => format!(" {error}"),
    };
    format!("`{content}`{end}")
}

fn of_bytes(bytes: &[u8], form: Form) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("archive");
    fs::write(&path, bytes).unwrap();
    listed(&path, form)
}

/// The bytes of a zip, of which one in the header or the directory entry of `x/a` is another.
fn changed(mark: &[u8], offset: usize, value: u8) -> Vec<u8> {
    let mut bytes = zip(CompressionMethod::Deflated);
    // The third entry, after a folder and a link.
    let starts = bytes
        .windows(mark.len())
        .enumerate()
        .filter(|(_, bytes)| *bytes == mark);
    let place = starts.map(|(place, _)| place).nth(2).unwrap();
    bytes[place + offset] = value;
    bytes
}

#[test]
fn files_are_listed_and_opened_where_they_lie() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        assert_eq!(of_bytes(&zip(method), Form::Zip), "x/a `one one one one`\nb ``");
    }
    insta::assert_snapshot!(of_bytes(&tar(), Form::Tar), @"
    x/a `one one one one`
    sparse ! it is stored as a sparse file, which is not read; make the archive without --sparse
    b ``
    ");
}

#[test]
fn what_a_zip_says_of_an_entry_is_checked() {
    const HEADER: &[u8] = b"PK\x03\x04";
    const DIRECTORY: &[u8] = b"PK\x01\x02";
    let said = [
        // Flags, method, checksum, and the length before and after compression.
        changed(DIRECTORY, 8, 1),
        changed(DIRECTORY, 10, 12),
        changed(DIRECTORY, 16, 0),
        changed(DIRECTORY, 20, 2),
        changed(DIRECTORY, 24, 14),
        changed(DIRECTORY, 24, 16),
        changed(HEADER, 0, b'Q'),
        // The first compressed byte.
        changed(HEADER, 33, 0b110),
    ]
    .map(|bytes| of_bytes(&bytes, Form::Zip).replace("\nb ``", ""));
    insta::assert_snapshot!(said.join("\n"), @"
    x/a ! it is encrypted; unpack it, and name what was unpacked
    x/a ! it is compressed by method 12 (BZIP2), which is not read; unpack it, and name what was unpacked
    x/a `one one one one` damaged: its checksum does not fit
    x/a `o` damaged: it cannot be uncompressed to its end
    x/a `` damaged: its length is not what the archive says
    x/a `one one one one` damaged: its length is not what the archive says
    x/a ! damaged zip: no entry begins where one should, so the rest could not be read
    x/a `` damaged: it cannot be uncompressed to its end
    ");
}

#[test]
fn a_zip_without_its_directory_says_so() {
    let whole = zip(CompressionMethod::Deflated);
    let expected = "!! the zip has no readable directory at its end; what its start holds is read";
    for length in 0..whole.len() {
        let said = of_bytes(&whole[..length], Form::Zip);
        assert!(said.ends_with(expected), "{length}: {said}");
    }
}

#[test]
fn a_tar_that_is_cut_off_says_so() {
    let whole = tar();
    for length in 1..whole.len() - 512 {
        let said = of_bytes(&whole[..length], Form::Tar);
        assert!(said.contains("the archive is cut off"), "{length}: {said}");
    }
}

#[test]
fn entries_that_share_bytes_are_found() {
    let place = |(offset, length)| Place {
        offset,
        length,
        packing: Packing::Plain,
    };
    for (places, expected) in [
        (&[(0, 10), (10, 10), (20, 0), (20, 5)][..], &[][..]),
        (&[(0, 10), (9, 1)], &[1]),
        (&[(9, 10), (0, 10), (30, 1)], &[0]),
        (&[(0, 100), (10, 10), (20, 10), (99, 5), (100, 5)], &[1, 2, 3]),
        (&[(5, 5), (5, 5), (5, 5)], &[1, 2]),
        (&[(5, 5), (5, 4)], &[0]),
        (&[(u64::MAX - 1, u64::MAX), (u64::MAX, 1)], &[]),
        (&[(u64::MAX - 1, u64::MAX), (u64::MAX - 1, 1)], &[1]),
    ] {
        let places: Vec<Place> = places.iter().copied().map(place).collect();
        assert_eq!(overlapping(&places), expected, "{places:?}");
    }
}

#[test]
fn what_changes_after_it_was_listed_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("archive");
    for (bytes, form) in [(zip(CompressionMethod::Stored), Form::Zip), (tar(), Form::Tar)] {
        fs::write(&path, bytes).unwrap();
        let mut places = Vec::new();
        list(File::open(&path).unwrap(), form, |entry| {
            places.extend(entry.unwrap().place.ok())
        })
        .unwrap();
        fs::write(&path, "cut").unwrap();
        let mut reader = places.first().unwrap().open(&path).unwrap();
        let error = reader.read(&mut [0; 8]).unwrap_err();
        assert_eq!(error.downcast::<Damage>().unwrap(), Damage::CutEntry);
    }
}
