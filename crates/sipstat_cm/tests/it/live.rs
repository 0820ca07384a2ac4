//! The program while logs are written: what it prints, and when, and how it ends.

mod process;
mod writer;

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::Duration;

use insta::assert_snapshot;
use rustix::process::Signal;

use crate::harness::{TestDir, fifo, sipstat, testdata};
use crate::logs::request;
use crate::wrap::{tar, tar_gz, zip};
use process::Live;
use writer::Writer;

const FIRST: &str = "2017-0427-084410.log";

fn append(path: &Path, text: &str) {
    let mut file = File::options().append(true).create(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// A log, at whose end it begins.
fn begun(dir: &TestDir) -> std::path::PathBuf {
    dir.file(FIRST, request("BYE").at("20170427:084410").log())
}

/// Starts in `dir` with windows of a second, and waits for the first to be printed.
fn started(dir: &TestDir) -> Live {
    let live = Live::start(sipstat().args(["-iSEC", "-d"]).arg(dir.path()));
    live.wait_for(|stdout| stdout.lines().count() >= 1);
    live
}

#[test]
fn it_begins_at_the_end_and_counts_what_is_written_from_then_on() {
    let dir = TestDir::new();
    let log = begun(&dir);
    let live = started(&dir);
    let lines = request("BYE").at("20170427:084500").lines();
    let (first, rest) = lines[0].split_at(100);
    // A line and a record that are cut, and go on in the next log.
    append(&log, &(request("BYE").at("20170427:084500").log() + first));
    let next = dir.path().join("2017-0427-084501.log");
    append(&next, &(rest.to_owned() + &lines[1..].concat()));
    append(&next, &request("CANCEL").at("20170427:084501").log());
    live.wait_for(|stdout| stdout.contains("\n20170427:084501 "));
    let said = live.end(Signal::TERM);
    assert_eq!(said.status.code(), Some(0));
    let first = said.stdout.lines().next().unwrap();
    assert!(
        first.starts_with("20170427:0844") && first.contains(" (partial, from 08:44:"),
        "{first}"
    );
    let last = said.stdout.lines().last().unwrap();
    assert!(
        last.starts_with("20170427:0845") && last.contains(" (partial, to 08:45:"),
        "{last}"
    );
    assert_snapshot!(said.tables(), @"
    20170427:084500                             BYE
                                              IN  OUT
     10.1.1.1<-5070->10.2.2.2                  2    0

    20170427:084501                            CANCEL
                                              IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0
    ");
    assert_eq!(said.stderr, "");
}

#[test]
fn to_begin_within_a_record_is_no_damage() {
    let dir = TestDir::new();
    let lines = request("BYE").at("20170427:084410").lines();
    let (cut, rest) = lines[1].split_at(60);
    let log = dir.file(FIRST, lines[0].clone() + cut);
    let live = started(&dir);
    append(&log, &(rest.to_owned() + &lines[2..].concat()));
    append(&log, &request("CANCEL").at("20170427:084500").log());
    live.wait_for(|stdout| stdout.contains("\n20170427:084500 "));
    let said = live.end(Signal::INT);
    assert_eq!((said.status.code(), said.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_record_that_is_begun_at_the_end_is_no_damage_either() {
    let dir = TestDir::new();
    let log = begun(&dir);
    let live = started(&dir);
    let lines = request("BYE").at("20170427:084500").per_line(200).lines();
    append(&log, &lines[0]);
    append(&log, &request("CANCEL").process("capro(1)").at("20170427:084500").log());
    live.wait_for(|stdout| stdout.contains("\n20170427:084500 "));
    let said = live.end(Signal::INT);
    assert_eq!((said.status.code(), said.stderr.as_str()), (Some(0), ""));
}

#[test]
fn what_is_named_is_read_first_and_is_as_in_a_batch() {
    let folder = testdata("readme");
    let batch = sipstat().arg(&folder).success();
    let live = Live::start(sipstat().arg("-f").arg(&folder));
    // The first of two minutes is over when the second has been read.
    live.wait_for(|stdout| stdout.lines().count() >= 3);
    let said = live.end(Signal::TERM);
    assert_eq!(said.status.code(), Some(0));
    let partial = said.stdout.find(" (partial, to 08:45:");
    assert!(partial.is_some(), "{}", said.stdout);
    assert_eq!(said.counts(), process::counts(&batch.stdout));
}

#[test]
fn a_file_of_any_name_is_followed_as_it_grows() {
    let dir = TestDir::new();
    let log = dir.file("trace.txt", request("BYE").at("20170427:084410").log());
    let live = Live::start(sipstat().args(["-f", "-iSEC"]).arg(&log));
    live.wait_for(|stdout| stdout.contains("20170427:084410 "));
    append(&log, &request("BYE").at("20170427:084500").log());
    live.wait_for(|stdout| stdout.contains("\n20170427:084500 "));
    let said = live.end(Signal::TERM);
    assert_eq!(said.counts(), ["20170427:084410 1 0", "20170427:084500 1 0"]);
}

/// The record that the archive's last log begins goes on in the folder; so does the last window.
#[test]
fn archives_are_read_first() {
    let lines = request("BYE").at("20170427:084412").lines();
    let (head, tail) = lines.split_at(2);
    let old = [
        ("ecs/2017-0427-084412.log", head.concat()),
        (
            "ecs/2017-0427-084410.log",
            request("INVITE").at("20170427:084410").log(),
        ),
        ("ecs/2017-0427-084411.log", request("BYE").at("20170427:084411").log()),
    ];
    let old = old.map(|(name, log)| (name.to_owned(), log.into_bytes()));
    for (name, archive) in [
        ("old.tgz", tar_gz(&old)),
        ("old.tar", tar(&old)),
        ("old.zip", zip(&old)),
    ] {
        let dir = TestDir::new();
        dir.file(name, archive);
        let log = dir.file("ecs/2017-0427-084413.log", tail.concat());
        append(&log, &request("CANCEL").at("20170427:084412").log());
        append(&log, &request("BYE").at("20170427:084420").log());
        let live = Live::start(
            sipstat()
                .args(["-f", "-iSEC"])
                .args([dir.path().join(name), dir.path().join("ecs")]),
        );
        live.wait_for(|stdout| stdout.contains("\n20170427:084420 "));
        let said = live.end(Signal::TERM);
        assert_eq!((said.status.code(), said.stderr.as_str()), (Some(0), ""), "{name}");
        let counts = [
            "20170427:084410 1 0",
            "20170427:084411 1 0",
            "20170427:084412 1 0 1 0",
            "20170427:084420 1 0",
        ];
        assert_eq!(said.counts(), counts, "{name}");
    }
}

#[test]
fn an_archive_alone_is_counted_and_that_is_the_end() {
    let dir = TestDir::new();
    let log = (
        "2017-0427-084410.log".to_owned(),
        request("BYE").at("20170427:084410").log().into_bytes(),
    );
    let archive = dir.file("logs.tgz", tar_gz(&[log]));
    let said = sipstat().arg("-f").arg(archive).success();
    assert_eq!(process::counts(&said.stdout), ["20170427:0844 1 0"]);
}

#[test]
fn standard_input_is_read_as_it_comes() {
    let mut live = Live::start(sipstat().args(["--follow", "-iSEC", "-"]));
    let mut stdin = live.stdin();
    stdin
        .write_all(request("BYE").at("20170427:084410").log().as_bytes())
        .unwrap();
    live.wait_for(|stdout| stdout.contains("20170427:084410 "));
    stdin
        .write_all(request("BYE").at("20170427:084500").log().as_bytes())
        .unwrap();
    drop(stdin);
    let said = live.ended();
    assert_eq!(said.status.code(), Some(0));
    assert_eq!(said.counts(), ["20170427:084410 1 0", "20170427:084500 1 0"]);
    assert!(!said.stdout.contains("partial"), "{}", said.stdout);
}

#[test]
fn much_on_standard_input_does_not_wait_for_the_clock() {
    let log = request("BYE").at("20170427:084410").log().repeat(20_000);
    let said = sipstat().args(["-f", "-"]).stdin(log).success();
    assert_eq!(process::counts(&said.stdout), ["20170427:0844 20000 0"]);
}

#[test]
fn a_closed_pipe_ends_it_though_nothing_is_printed() {
    let dir = TestDir::new();
    begun(&dir);
    let live = Live::start_unread(sipstat().args(["-iDAY", "-d"]).arg(dir.path()));
    let said = live.ended();
    assert_eq!((said.status.code(), said.stderr.as_str()), (Some(0), ""));
}

/// As timeout(1) sends it: to the program, and to all that it started.
#[test]
fn one_signal_that_comes_twice_is_one() {
    let dir = TestDir::new();
    begun(&dir);
    let live = started(&dir);
    live.signal(Signal::STOP);
    live.signal(Signal::TERM);
    live.signal(Signal::INT);
    live.signal(Signal::CONT);
    let said = live.ended();
    assert_eq!(said.status.code(), Some(0), "{}", said.stderr);
    assert!(said.stdout.contains("partial"), "{}", said.stdout);
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let dir = TestDir::new();
    let pipe = dir.path().join("pipe");
    fifo(&pipe);
    let mut live = Live::start(sipstat().arg("-f").arg(&pipe));
    // Once both ends are open, it waits for somebody to write: before, one signal might end it, and not at once.
    let _writer = File::options().write(true).open(pipe).unwrap();
    while !live.has_ended() {
        live.signal(Signal::INT);
        std::thread::yield_now();
    }
    assert_eq!(live.ended().status.signal(), Some(Signal::INT.as_raw()));
}

#[test]
fn a_gap_is_told_with_its_time() {
    let dir = TestDir::new();
    let log = begun(&dir);
    let live = started(&dir);
    live.signal(Signal::STOP);
    append(&log, &request("BYE").at("20170427:084500").log());
    fs::remove_file(&log).unwrap();
    dir.file("2017-0427-084505.log", request("BYE").at("20170427:084505").log());
    live.signal(Signal::CONT);
    live.wait_for(|stdout| stdout.contains("\n20170427:084505 "));
    let said = live.end(Signal::TERM);
    assert_eq!(said.status.code(), Some(0));
    assert_eq!(said.counts(), ["20170427:084500 1 0", "20170427:084505 1 0"]);
    assert_snapshot!(said.stderr, @"sipstat_cm: logs may have been deleted before they were read, between 2017-0427-084410.log and 2017-0427-084505.log; what they held is not counted");
}

#[test]
fn nothing_to_follow() {
    let said = sipstat().args(["-f", "gone.log"]).exits(2);
    assert_eq!(said.stdout, "");
    assert_snapshot!(said.stderr, @"sipstat_cm: gone.log: not found; check the name");
}

/// A megabyte a second, in a new log every second, while the follower is stopped for five seconds in between. So many
/// seconds says `LIVE_TEST_SECONDS`; a few by default, a minute with `cargo xtask live-test`.
#[test]
fn its_total_is_that_of_the_batch_though_it_was_stopped_meanwhile() {
    let seconds = std::env::var("LIVE_TEST_SECONDS").map_or(9, |seconds| seconds.parse().unwrap());
    let dir = TestDir::new();
    // As many as a server keeps.
    for n in 0..1000 {
        dir.file(format!("2017-0426-10{:02}{:02}.log", n / 60, n % 60), "");
    }
    begun(&dir);
    let live = started(&dir);
    let mut writer = Writer::new(dir.path(), "20170427:084500");
    writer.write_for(Duration::from_secs((seconds - 5) / 2));
    live.signal(Signal::STOP);
    writer.write_for(Duration::from_secs(5));
    live.signal(Signal::CONT);
    writer.write_for(Duration::from_secs(seconds - 5 - (seconds - 5) / 2));
    let (last_window, bytes) = writer.finish();
    live.wait_for(|stdout| stdout.contains(&format!("\n{last_window} ")));
    let used = live.processor_time();
    let said = live.end(Signal::TERM);
    let batch = sipstat().args(["-iSEC"]).arg(dir.path()).success();
    let batch = process::counts(&batch.stdout);
    // The batch has also what stood there before.
    assert_eq!(said.counts(), batch[1..]);
    assert_eq!((said.status.code(), said.stderr.as_str()), (Some(0), ""));
    let messages: u64 = batch.iter().map(|window| process::sum(window)).sum();
    println!("{seconds} s, {bytes} bytes, {messages} messages: processor time {used:?}");
}
