use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::find::{Inputs, Request};
use crate::testing::{folder, gzip, write};

const A: &str = "2017-0427-080000.log";
const B: &str = "2017-0427-081000.log.gz";

fn tar(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Each log with its folder and its content, and each problem, a line each.
fn read(path: &Path) -> String {
    let request = Request {
        inputs: vec![path.into()],
        ..Request::default()
    };
    let mut streamed = Vec::new();
    let mut inputs = Inputs::new(&request);
    while let Some(mut archive) = inputs.next_archive() {
        while let Some(mut log) = archive.next_log() {
            let mut content = String::new();
            let end = log.read_to_string(&mut content).err();
            streamed.push((content, end.map(|cause| log.read_failed(cause))));
        }
        inputs.add(archive);
    }
    let selection = inputs.select();
    let mut lines = Vec::new();
    for chosen in &selection.logs {
        let log = &chosen.log;
        let Some(number) = log.streamed() else {
            lines.push("not an archive".to_owned());
            continue;
        };
        let folder = log.folder().unwrap().display();
        let (content, end) = &streamed[number];
        let end = end.as_ref().map_or_else(String::new, |error| format!(" ! {error}"));
        lines.push(format!("{log} in {folder} `{content}`{end}"));
    }
    let mut problems: Vec<String> = selection.problems.iter().map(|error| format!("! {error}")).collect();
    problems.sort();
    lines.extend(problems);
    lines.join("\n").replace(path.to_str().unwrap(), "FILE")
}

/// The same for an archive in a file and for one that is read once, which must be alike.
#[track_caller]
fn shown(bytes: &[u8]) -> String {
    let dir = folder();
    let in_file = read(&write(&dir, "archive", bytes));
    assert_eq!(read(&write(&dir, "archive.gz", gzip(bytes))), in_file);
    in_file
}

#[test]
fn archives_in_archives_are_read_to_a_depth_of_three() {
    let logs = tar(&[(A, b"a"), (&format!("x/{B}"), &gzip("b"))]);
    let packed = gzip(&logs);
    let inner = zip(&[("logs.tar", &logs), ("readme", b"no")]);
    for outer in [tar(&[("y/case.zip", &inner)]), zip(&[("y/case.zip", &inner)])] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(shown(&outer), @"
            FILE: y/case.zip/logs.tar/2017-0427-080000.log in FILE/y/case.zip/logs.tar/ `a`
            FILE: y/case.zip/logs.tar/x/2017-0427-081000.log.gz in FILE/y/case.zip/logs.tar/x/ `b`
            ");
        }
        insta::allow_duplicates! {
            insta::assert_snapshot!(shown(&tar(&[("outer", &outer)])), @"! FILE: outer/y/case.zip/logs.tar: it lies in three archives, one in the other, and is not read; unpack it");
        }
    }
    insta::assert_snapshot!(shown(&zip(&[("server1/ecs.tgz", &packed), ("server2/ecs.tgz", &packed)])), @"
    FILE: server1/ecs.tgz/2017-0427-080000.log in FILE/server1/ecs.tgz/ `a`
    FILE: server1/ecs.tgz/x/2017-0427-081000.log.gz in FILE/server1/ecs.tgz/x/ `b`
    ");
}

#[test]
fn what_comes_after_an_archive_in_an_archive_is_read() {
    let outer = tar(&[
        ("1.zip", &zip(&[(A, b"1")])),
        ("2.zip", &zip(&[("messages", b"no")])),
        ("3.tgz", &gzip(tar(&[(A, b"3")]))),
    ]);
    insta::assert_snapshot!(shown(&outer), @"
    FILE: 1.zip/2017-0427-080000.log in FILE/1.zip/ `1`
    FILE: 3.tgz/2017-0427-080000.log in FILE/3.tgz/ `3`
    ! FILE: 2.zip: holds no ECS logs, such as 2017-0427-084412.log
    ");
}

#[test]
fn what_looks_like_a_log_is_told_once() {
    let xz: &[u8] = b"\xfd7zXZ\0";
    let inner = tar(&[
        ("x/2017-0427-080000.log.xz", xz),
        (A, xz),
        ("x/.2017-0427-080000.log.swp", b"no"),
    ]);
    insta::assert_snapshot!(shown(&tar(&[("inner", &inner), ("2017-0427-080000.LOG", b"no")])), @"
    FILE: inner/2017-0427-080000.log in FILE/inner/ `` ! FILE: inner/2017-0427-080000.log: is compressed by xz, which is not read; unpack it with `xz -d`, and name what was unpacked
    ! FILE: 2017-0427-080000.LOG is not read, as its name is not that of an ECS log; rename or unpack it, or name the file itself
    ! FILE: inner/x/2017-0427-080000.log.xz is not read, as its name is not that of an ECS log; rename or unpack it, or name the file itself
    ");
}

#[test]
fn an_archive_in_an_archive_without_logs_is_told() {
    let outer = tar(&[("1.zip", &zip(&[("messages", b"no")]))]);
    insta::assert_snapshot!(shown(&outer), @"! FILE: 1.zip: holds no ECS logs, such as 2017-0427-084412.log");
}

#[test]
fn an_archive_in_an_archive_that_is_cut_off_is_told() {
    let inner = tar(&[(A, b"a"), (B, &gzip("b"))]);
    let outer = |length: usize| tar(&[("1.tar", &inner[..length]), ("2.tar", &inner)]);
    insta::assert_snapshot!([700, 1200, 2048].map(|length| shown(&outer(length))).join("\n--\n"), @"
    FILE: 1.tar/2017-0427-080000.log in FILE/1.tar/ `a`
    FILE: 2.tar/2017-0427-081000.log.gz in FILE/2.tar/ `b`
    ! FILE: 1.tar: the archive is cut off
    --
    FILE: 1.tar/2017-0427-080000.log in FILE/1.tar/ `a`
    FILE: 2.tar/2017-0427-081000.log.gz in FILE/2.tar/ `b`
    ! FILE: 1.tar: the archive is cut off
    --
    FILE: 1.tar/2017-0427-080000.log in FILE/1.tar/ `a`
    FILE: 1.tar/2017-0427-081000.log.gz in FILE/1.tar/ `b`
    ! FILE: 1.tar: the archive is cut off, for its end mark is missing
    ");
}

/// Wherever it is cut off, that is told.
#[test]
fn an_archive_that_is_cut_off_within_another_is_told() {
    let dir = folder();
    let outer = tar(&[
        ("1.tgz", &gzip(tar(&[(A, b"a")]))),
        ("messages", b"no"),
        ("2.tgz", &gzip(tar(&[(A, b"b")]))),
    ]);
    for length in (512..outer.len() - 1024).step_by(37) {
        let path = write(&dir, "cut.gz", gzip(&outer[..length]));
        let said = read(&path);
        assert!(said.contains("cut off"), "{length}: {said}");
        let packed = gzip(&outer);
        let said = read(&write(&dir, "packed", &packed[..packed.len() * length / outer.len()]));
        assert!(said.contains("cut off") || said == "not an archive", "{length}: {said}");
    }
}

#[test]
fn an_archive_in_an_archive_that_shares_bytes_is_told() {
    let inner = zip(&[(A, b"a")]);
    let mut outer = zip(&[("1.zip", &inner), ("2.zip", &inner)]);
    let is_entry = |bytes: &[u8]| bytes == b"PK\x01\x02";
    let second = outer.windows(4).rposition(is_entry).unwrap();
    // The second's header is said to be where the first's is.
    outer[second + 42..second + 46].fill(0);
    let dir = folder();
    insta::assert_snapshot!(read(&write(&dir, "archive", outer)), @"
    FILE: 1.zip/2017-0427-080000.log in FILE/1.zip/ `a`
    ! FILE: 2.zip: it shares bytes with another entry; not read
    ");
}

/// Whatever stands where, it ends, and each log that is given can be read or has an error.
#[test]
fn no_byte_makes_it_fail() {
    let dir = folder();
    let whole = tar(&[
        ("1.zip", &zip(&[(A, b"a"), ("2.tgz", &gzip(tar(&[(B, &gzip("b"))])))])),
        ("messages", b"no"),
    ]);
    for place in (0..whole.len() - 1024).step_by(3) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x41;
        for bytes in [gzip(&bytes), bytes] {
            let path = write(&dir, "archive", bytes);
            read(&path);
            std::fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn an_archive_in_an_archive_with_a_long_name_is_told() {
    let inner = tar(&[(A, b"a")]);
    let named = |length: usize| "x".repeat(length - 4) + ".tar";
    let said = shown(&tar(&[(&named(4097), &inner)]));
    let expected = format!("! FILE: ...{}.tar: it has a name over 4 KiB; not read", "x".repeat(56));
    assert_eq!(said, expected);
    assert!(shown(&tar(&[(&named(4000), &inner)])).contains(".tar/ `a`"));
}
