use std::io::{BufReader, Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::ZipWalk;

const FILES: [(&str, &str); 3] = [("a", "one one one one"), ("b/", ""), ("b/c", "two")];

fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(method)
}

fn zip(method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in FILES {
        writer.start_file(name, options(method)).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn zip_from_a_pipe(method: CompressionMethod, is_large: bool) -> Vec<u8> {
    let mut writer = ZipWriter::new_stream(Vec::new());
    for (name, content) in FILES {
        writer.start_file(name, options(method).large_file(is_large)).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// What the walk meets, a line each, if all entries are read or else none.
fn walk(bytes: &[u8], reads: bool) -> String {
    let mut walk = ZipWalk::new(BufReader::with_capacity(7, bytes));
    let mut lines = Vec::new();
    while let Some(next) = walk.next() {
        lines.push(match next {
            Err(error) => format!("! {error}"),
            Ok(entry) => {
                let name = entry.name.escape_ascii();
                match entry.place {
                    Err(damage) => format!("{name} ! {damage}"),
                    Ok(()) if !reads => format!("{name}"),
                    Ok(()) => {
                        let mut content = Vec::new();
                        let end = match walk.read_to_end(&mut content) {
                            Ok(_) => String::new(),
                            Err(error) => format!(" {error}"),
                        };
                        format!("{name} `{}`{end}", content.escape_ascii())
                    }
                }
            }
        });
        assert!(lines.len() < 100, "it goes on for ever");
    }
    assert!(walk.next().is_none());
    lines.join("\n")
}

#[test]
fn entries_come_in_order_however_they_were_written() {
    use CompressionMethod::{Deflated, Stored};
    for (name, bytes) in [
        ("stored", zip(Stored)),
        ("deflated", zip(Deflated)),
        ("from a pipe", zip_from_a_pipe(Deflated, false)),
        ("from a pipe, for more than 4 GiB", zip_from_a_pipe(Deflated, true)),
        ("split and joined", [b"PK\x07\x08", zip(Deflated).as_slice()].concat()),
    ] {
        assert_eq!(walk(&bytes, true), "a `one one one one`\nb/ ``\nb/c `two`", "{name}");
        assert_eq!(walk(&bytes, false), "a\nb/\nb/c", "{name}");
    }
    let empty = ZipWriter::new(Cursor::new(Vec::new())).finish().unwrap().into_inner();
    assert_eq!(walk(&empty, true), "");
}

#[test]
fn of_what_is_stored_from_a_pipe_nobody_knows_the_end() {
    let bytes = zip_from_a_pipe(CompressionMethod::Stored, false);
    insta::assert_snapshot!(walk(&bytes, true), @"a ! where it ends is not known in a pipe, so the rest could not be read; name the file instead");
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_on() {
    let change = |place: usize, value: u8| {
        let mut bytes = zip(CompressionMethod::Deflated);
        bytes[place] = value;
        bytes
    };
    let said = [
        walk(&change(6, 1), true),
        walk(&change(8, 12), true),
        walk(&change(14, 0), true),
        walk(&change(22, 16), true),
        walk(&change(22, 14), true),
        walk(&change(31, 0b110), true),
        walk(&change(31, 0b110), false),
        walk(&change(18, 250), true),
        walk(&change(0, b'Q'), true),
    ];
    insta::assert_snapshot!(said.join("\n--\n"), @"
    a ! it is encrypted; unpack it, and name what was unpacked
    b/ ``
    b/c `two`
    --
    a ! it is compressed by method 12 (BZIP2), which is not read; unpack it, and name what was unpacked
    b/ ``
    b/c `two`
    --
    a `one one one one` damaged: its checksum does not fit
    b/ ``
    b/c `two`
    --
    a `one one one one` damaged: its length is not what the archive says
    b/ ``
    b/c `two`
    --
    a `one one ` damaged: its length is not what the archive says
    b/ ``
    b/c `two`
    --
    a `` damaged: it cannot be uncompressed to its end
    b/ ``
    b/c `two`
    --
    a
    b/
    b/c
    --
    a `one one one one` the archive is cut off
    --
    ! damaged zip: no entry begins where one should, so the rest could not be read
    ");
}

#[test]
fn what_is_cut_off_says_so() {
    for whole in [
        zip(CompressionMethod::Deflated),
        zip_from_a_pipe(CompressionMethod::Deflated, false),
    ] {
        let directory = whole.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        for length in 0..directory {
            for reads in [true, false] {
                let said = walk(&whole[..length], reads);
                assert!(said.contains("the archive is cut off"), "{length}: {said}");
            }
        }
    }
}

/// Any one byte may be anything.
#[test]
fn no_byte_makes_it_fail() {
    for whole in [
        zip(CompressionMethod::Deflated),
        zip_from_a_pipe(CompressionMethod::Deflated, true),
    ] {
        for place in 0..whole.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff, whole[place] ^ 1, whole[place] ^ 0x80] {
                let mut bytes = whole.clone();
                bytes[place] = value;
                walk(&bytes, true);
                walk(&bytes, false);
            }
        }
    }
}
