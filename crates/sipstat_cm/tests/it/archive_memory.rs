//! Memory has a bound that no archive moves.

#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{self, BufWriter, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use insta::assert_snapshot;
use tar::{EntryType, Header};

use crate::harness::{Run, TestDir, sipstat};
use crate::logs::request;
use crate::memory::{bye, check_bound, stamp};

/// The most that it may hold.
const BOUND: usize = 64 << 20;

#[track_caller]
fn check(run: Run, status: i32, feed: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static) -> String {
    check_bound(run, status, BOUND, feed)
}

/// Writes an entry of a tar, its content given as parts that are all alike.
fn entry(out: &mut dyn Write, kind: EntryType, name: &str, part: &[u8], count: usize) -> io::Result<()> {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    let length = part.len() * count;
    header.set_size(length as u64);
    header.set_cksum();
    out.write_all(header.as_bytes())?;
    for _ in 0..count {
        out.write_all(part)?;
    }
    out.write_all(&vec![0; length.next_multiple_of(512) - length])
}

fn log(out: &mut dyn Write, name: &str, content: &str) -> io::Result<()> {
    entry(out, EntryType::Regular, name, content.as_bytes(), 1)
}

fn end(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&[0; 1024])
}

/// The name of the log that is begun in the `n`th second.
fn name(n: usize) -> String {
    format!("2017-0101-{:02}{:02}{:02}.log", n / 3600, n / 60 % 60, n % 60)
}

/// A thousand logs, the last first, none of which ends where a record does; all count, and nothing is damaged.
#[test]
fn a_thousand_logs_in_the_wrong_order() {
    let said = check(sipstat().args(["-iMIN", "-"]), 0, |out| {
        let mut lines = (0..1000_usize).flat_map(|n| {
            let time = format!("20170101:{:02}{:02}{:02}", n / 3600, n / 60 % 60, n % 60);
            let message = request("BYE").at(&time).lines();
            std::iter::repeat_n(message, 60).flatten()
        });
        let mut logs = Vec::new();
        for n in 0..1000 {
            // The first is short by a line, so that each begins within a record.
            let count = if n == 0 { 239 } else { 240 };
            logs.push(lines.by_ref().take(count).collect::<String>());
        }
        let rest: String = lines.collect();
        logs.last_mut().unwrap().push_str(&rest);
        for (n, content) in logs.iter().enumerate().rev() {
            log(out, &name(n), content)?;
        }
        end(out)
    });
    assert_eq!(said, "");
}

#[test]
fn more_logs_than_can_be_listed() {
    let said = check(sipstat().args(["-iDAY", "-"]), 1, |out| {
        for n in 0..100_000 {
            log(out, &format!("{n:060}/{}", self::name(n % 1000)), "")?;
        }
        end(out)
    });
    let said = said.lines().next().unwrap();
    assert_snapshot!(said, @"sipstat_cm: standard input: it holds more logs than can be kept; the rest could not be read");
}

#[test]
fn more_logs_than_can_be_listed_in_a_zip() {
    let dir = TestDir::new();
    let mut writer = zip::ZipWriter::new(BufWriter::new(File::create(dir.path().join("zip")).unwrap()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for n in 0..80_000 {
        writer
            .start_file(format!("{n:060}/{}", name(n % 1000)), options)
            .unwrap();
    }
    writer.finish().unwrap().flush().unwrap();
    let said = check(sipstat().current_dir(dir.path()).args(["-iDAY", "zip"]), 1, |_| Ok(()));
    assert_snapshot!(said.lines().next().unwrap(), @"sipstat_cm: zip: it holds more logs than can be kept; the rest could not be read");
}

#[test]
fn headers_longer_than_memory() {
    let said = check(sipstat().arg("-"), 1, |out| {
        let part = [b'x'; 1 << 20];
        entry(out, EntryType::XHeader, "pax", &part, 100)?;
        log(out, &name(1), &bye(&stamp(1), [10, 2, 2, 2]))?;
        entry(out, EntryType::GNULongName, "long", &part, 100)?;
        log(out, &name(2), &bye(&stamp(2), [10, 2, 2, 2]))?;
        end(out)
    });
    assert_snapshot!(said, @"
    sipstat_cm: standard input: an entry has a header over 64 KiB; its name may be cut
    sipstat_cm: standard input: an entry has a header over 64 KiB; its name may be cut
    sipstat_cm: 2 of 4 inputs could not be read, or not to the end
    ");
}

#[test]
fn names_of_64_kib_each() {
    let said = check(sipstat().arg("-"), 1, |out| {
        for n in 0..2000 {
            let long = format!("{}/{}\0", "x".repeat(65_000), name(n));
            entry(out, EntryType::GNULongName, "long", long.as_bytes(), 1)?;
            log(out, "short", "")?;
        }
        log(out, &name(1), &bye(&stamp(1), [10, 2, 2, 2]))?;
        end(out)
    });
    assert_eq!(said.lines().count(), 102);
    let (first, last) = (said.lines().next().unwrap(), said.lines().rev().nth(1).unwrap());
    assert_snapshot!(format!("{first}\n{last}"), @"
    sipstat_cm: standard input: ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/2017-0101-000000.log: it has a name over 4 KiB; not read
    sipstat_cm: standard input: 1900 more entries could not be read
    ");
}

/// More counts than can be held go out in the order of time, if the archive has that.
#[test]
fn more_counts_than_can_be_held() {
    let feed = |logs: Vec<usize>| {
        move |out: &mut dyn Write| {
            for log in logs {
                let seconds = log * 500..(log + 1) * 500;
                let content: String = seconds
                    .map(|n| bye(&stamp(u32::try_from(n).unwrap()), [10, 2, 2, 2]))
                    .collect();
                self::log(out, &name(log * 500), &content)?;
            }
            end(out)
        }
    };
    assert_eq!(check(sipstat().args(["-iSEC", "-"]), 0, feed((0..150).collect())), "");
    let said = check(sipstat().args(["-iSEC", "-"]), 1, feed((0..150).rev().collect()));
    assert!(
        said.contains(" messages not counted, having come after the table of their time was printed"),
        "{said}"
    );
    // The last ones are there, whatever the order.
    for logs in [(0..150).collect(), (0..150).rev().collect::<Vec<_>>()] {
        assert_eq!(check(sipstat().args(["-iSEC", "-n5", "-"]), 0, feed(logs)), "");
    }
    let said = check(sipstat().args(["-iSEC", "-n140", "-"]), 1, feed((0..150).collect()));
    assert_snapshot!(said, @"
    sipstat_cm: 122 logs in archives could not be counted in full, which is too much to hold until all are read; unpack them, or use a longer interval
    sipstat_cm: 1 of 141 inputs could not be read, or not to the end
    ");
}

/// One that is larger than all that can be held.
#[test]
fn one_log_with_more_counts_than_can_be_held() {
    let feed = |out: &mut dyn Write| {
        let content: String = (0..80_000).map(|n| bye(&stamp(n), [10, 2, 2, 2])).collect();
        log(out, &name(0), &content)?;
        end(out)
    };
    assert_eq!(check(sipstat().args(["-iSEC", "-"]), 0, feed), "");
    let said = check(sipstat().args(["-iSEC", "-n1", "-"]), 1, feed);
    assert_snapshot!(said, @"
    sipstat_cm: 1 log in archives could not be counted in full, which is too much to hold until all are read; unpack them, or use a longer interval
    sipstat_cm: 1 of 2 inputs could not be read, or not to the end
    ");
}

/// Starts of logs that could all belong to records of the log before.
#[test]
fn logs_that_only_go_on() {
    let said = check(sipstat().arg("-"), 1, |out| {
        let line = format!("{}:1:a(1):M:[MST ++++ {}]\n", stamp(1), "0a ".repeat(300));
        for n in 0..200 {
            log(out, &name(n), &line.repeat(700))?;
        }
        end(out)
    });
    assert_snapshot!(said, @"
    sipstat_cm: 160 logs in archives could not be joined with those before and after, which is too much to hold until all are read; unpack them
    sipstat_cm: 161 of 161 records damaged: 161 runs of further lines without a first; 1 of 201 inputs could not be read, or not to the end
    ");
}

/// Records without an end in as many processes as are told apart.
#[test]
fn logs_that_end_within_records() {
    let said = check(sipstat().arg("-"), 1, |out| {
        let hex = "0a ".repeat(40_000);
        let first = |n: u32| format!("{}:1:p({n}):M:[MST 999999 8a 04 0a 01 01 01 00 01 {hex}]\n", stamp(n));
        let content: String = (0..16).map(first).collect();
        for n in 0..60 {
            log(out, &name(n), &content)?;
        }
        end(out)
    });
    assert_snapshot!(said, @"
    sipstat_cm: 50 logs in archives could not be joined with those before and after, which is too much to hold until all are read; unpack them
    sipstat_cm: 960 of 960 records damaged: 960 shorter than its SIZE; 1 of 61 inputs could not be read, or not to the end
    ");
}

#[test]
fn a_bomb_in_an_archive() {
    let said = check(sipstat().arg("-"), 1, |out| {
        let mut out = GzEncoder::new(out, Compression::fast());
        entry(&mut out, EntryType::Regular, &name(1), &[0; 1 << 20], 100)?;
        log(&mut out, &name(2), &bye(&stamp(1), [10, 2, 2, 2]))?;
        end(&mut out)?;
        out.finish()?.flush()
    });
    assert_snapshot!(said, @"
    sipstat_cm: standard input: 2017-0101-000001.log: has no line of an ECS log, which is not read; check the name
    sipstat_cm: 1 of 2 records damaged: 1 line over 1 MiB; 1 of 2 inputs could not be read, or not to the end
    ");
}
