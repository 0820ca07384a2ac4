//! Memory has a bound that no input moves: the most that the program ever held, as the system saw it.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::{self, Read, Write};
use std::process::Child;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::harness::{Run, TestDir, sipstat};

/// The most that it may hold. The code of a program that is not optimised takes some MiB more of it.
const BOUND: usize = if cfg!(debug_assertions) { 34 << 20 } else { 32 << 20 };
/// The processes that are told apart.
const MOST_PROCESSES: u32 = 16;
/// More than may be held, so that what holds its input fails.
const INPUT: usize = 40 << 20;

/// Runs it with what `feed` writes on standard input; it must stay within the bound. Returns what it said of damage.
#[track_caller]
fn check(run: Run, feed: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static) -> String {
    check_status(run, 0, feed)
}

#[track_caller]
fn check_status(run: Run, status: i32, feed: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static) -> String {
    check_bound(run, status, BOUND, feed)
}

/// Runs it; it must end with `status`, and never hold more than `bound`.
#[track_caller]
pub(crate) fn check_bound(
    run: Run,
    status: i32,
    bound: usize,
    feed: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
) -> String {
    let mut child = run.command().spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = thread::spawn(move || feed(&mut io::BufWriter::with_capacity(1 << 16, &mut stdin)));
    let mut stdout = child.stdout.take().unwrap();
    let printer = thread::spawn(move || io::copy(&mut stdout, &mut io::sink()));
    let mut stderr = child.stderr.take().unwrap();
    let listener = thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).map(|_| text)
    });
    let most = most_held(&child);
    let code = child.wait().unwrap().code();
    feeder.join().unwrap().unwrap();
    printer.join().unwrap().unwrap();
    let stderr = listener.join().unwrap().unwrap();
    assert_eq!(code, Some(status), "{stderr}");
    assert!(most <= bound, "it held {} MiB\n{stderr}", most >> 20);
    stderr
}

/// Looks at the process until it ends.
pub(crate) fn most_held(child: &Child) -> usize {
    let mut most = 0;
    while let Some(held) = held(child) {
        most = held;
        thread::sleep(Duration::from_millis(1));
    }
    most
}

/// The most that it has held so far, in bytes; none once it has ended.
fn held(child: &Child) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: usize = line.trim().trim_end_matches(" kB").parse().unwrap();
    Some(kilobytes << 10)
}

/// A BYE of one line.
pub(crate) fn bye(stamp: &str, source: [u8; 4]) -> String {
    let text = b"BYE a SIP/2.0\nCSeq:1 BYE\n\n"
        .map(|byte| format!("{byte:02x}"))
        .join(" ");
    let [a, b, c, d] = source;
    let ends = format!("04 {a:02x} {b:02x} {c:02x} {d:02x} 00 01 04 0a 01 01 01 13 ce");
    format!("{stamp}:1:a(1):M:[MST 43 8a {ends} 00 02 {text}]\n")
}

/// The `n`th second of a clock that has years of many days.
pub(crate) fn stamp(n: u32) -> String {
    format!(
        "{:08}:{:02}{:02}{:02}000",
        20_170_101 + n / 86_400,
        n / 3600 % 24,
        n / 60 % 60,
        n % 60
    )
}

#[test]
fn one_endless_line() {
    let said = check_status(sipstat().arg("-"), 2, |out| {
        let block = [b'x'; 1 << 16];
        (0..INPUT >> 16).try_for_each(|_| out.write_all(&block))
    });
    let told = "is text, but has no line of an ECS log, which is not read; check the name";
    assert!(said.contains(told) && said.contains("1 line over 1 MiB"), "{said}");
}

#[test]
fn a_record_without_end_in_each_of_many_processes() {
    check(sipstat().arg("-"), |out| {
        (0..100_000).try_for_each(|n| {
            let process = format!("{n:0200}");
            writeln!(
                out,
                "20170427:084412000:1:{process}:M:[MST 9999999 8a 04 0a 01 01 01 00 01]"
            )
        })
    });
}

#[test]
fn processes_with_names_as_long_as_lines() {
    check(sipstat().arg("-"), |out| {
        (10..70).try_for_each(|n: u32| {
            let process = n.to_string().repeat(300_000);
            writeln!(
                out,
                "20170427:084412000:1:{process}:M:[MST 9999999 8a 04 0a 01 01 01 00 01]"
            )
        })
    });
}

#[test]
fn further_lines_without_a_first_of_many_processes() {
    check(sipstat().arg("-"), |out| {
        (0..200_000).try_for_each(|n| {
            let process = format!("{n:0200}");
            writeln!(
                out,
                "20170427:084412000:1:{process}:M:[MST ++++ 8a 04 0a 01 01 01 00 01]"
            )
        })
    });
}

#[test]
fn many_links_in_one_window() {
    check(sipstat().arg("-"), |out| {
        (0..200_000_u32).try_for_each(|n| out.write_all(bye("20170427:084412000", n.to_be_bytes()).as_bytes()))
    });
}

#[test]
fn many_windows() {
    check(sipstat().args(["-iSEC", "-"]), |out| {
        (0..200_000).try_for_each(|n| out.write_all(bye(&stamp(n), [10, 2, 2, 2]).as_bytes()))
    });
}

#[test]
fn many_windows_in_which_nothing_counts() {
    check(sipstat().args(["-iSEC", "--requests=PING", "-"]), |out| {
        (0..200_000).try_for_each(|n| out.write_all(bye(&stamp(n), [10, 2, 2, 2]).as_bytes()))
    });
}

#[test]
fn many_windows_from_the_last_to_the_first() {
    // What comes after its window was printed is lost, and told.
    check_status(sipstat().args(["-iSEC", "-"]), 1, |out| {
        (0..200_000)
            .rev()
            .try_for_each(|n| out.write_all(bye(&stamp(n), [10, 2, 2, 2]).as_bytes()))
    });
}

/// Each is small enough to be held beside others, and there are as many of them.
#[test]
fn many_logs_of_many_windows_each() {
    let dir = TestDir::new();
    for log in 0..128 {
        let seconds = log * 500..(log + 1) * 500;
        let content: String = seconds.map(|n| bye(&stamp(n), [10, 2, 2, 2])).collect();
        dir.file(format!("2017-0101-{:02}{:02}00.log", log / 60, log % 60), content);
    }
    check(sipstat().args(["-iSEC", "-j2"]).arg(dir.path()), |_| Ok(()));
}

#[test]
fn a_gzip_of_zeros() {
    check_status(sipstat().arg("-"), 2, |out| {
        let mut out = GzEncoder::new(out, Compression::fast());
        let block = [0; 1 << 16];
        (0..INPUT >> 16).try_for_each(|_| out.write_all(&block))?;
        out.finish()?.flush()
    });
}

/// In each log other processes, all of which have a record open at once, as long as it may be, and all of it in one header.
#[test]
fn many_logs_of_many_long_records_each() {
    let dir = TestDir::new();
    let mut record = b"\x8a\x04\x0a\x02\x02\x02\x13\xc4\x04\x0a\x01\x01\x01\x13\xce\x00\x02".to_vec();
    record.extend(b"INVITE a SIP/2.0\r\nCSeq: 1 INVITE\r\nTo: ");
    record.extend([b'x'; 64_900]);
    record.extend(b"\r\n\r\n");
    let hex: Vec<String> = record.iter().map(|b| format!("{b:02x}")).collect();
    for log in 0..8 {
        let mut content = String::new();
        for (n, hex) in hex.chunks(60).enumerate() {
            let size = if n == 0 {
                record.len().to_string()
            } else {
                "++++".to_owned()
            };
            for process in 0..MOST_PROCESSES {
                let hex = hex.join(" ");
                content += &format!("{}:1:p{log}({process}):M:[MST {size} {hex}]\n", stamp(log));
            }
        }
        dir.file(format!("2017-0101-00000{log}.log"), content);
    }
    let said = check(sipstat().args(["-j4", "--requests=ALL"]).arg(dir.path()), |_| Ok(()));
    assert_eq!(said, "");
}
