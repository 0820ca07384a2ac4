//! The program while logs are written: what it prints, and when, and how it ends.

mod process;
mod writer;

use std::fs::File;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::Duration;

use insta::assert_snapshot;
use rustix::process::Signal;

use crate::harness::{TestDir, fifo, sipstat};
use crate::logs::request;
use crate::wrap::tar_gz;
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

/// Nobody reads what it writes, but the pipe is open, and full.
#[test]
fn a_second_signal_ends_it_while_its_output_is_stuck() {
    let dir = TestDir::new();
    let log: String = (0..3600)
        .map(|second| {
            let time = format!("20170427:08{:02}{:02}", second / 60, second % 60);
            request("BYE").at(&time).log()
        })
        .collect();
    let (reader, writer) = std::io::pipe().unwrap();
    let mut command = sipstat().args(["-f", "-iSEC"]).arg(dir.file(FIRST, log)).command();
    let mut child = command.stdout(writer).spawn().unwrap();
    // Once bytes are there it listens to signals; soon the rest does not fit.
    let mut ready = [rustix::event::PollFd::new(&reader, rustix::event::PollFlags::IN)];
    rustix::event::poll(&mut ready, None).unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        let _ = rustix::process::kill_process(pid, Signal::INT);
        std::thread::yield_now();
    };
    assert_eq!(status.signal(), Some(Signal::INT.as_raw()));
}

#[test]
fn a_hangup_ends_it_as_sigterm_does() {
    let dir = TestDir::new();
    begun(&dir);
    let said = started(&dir).end(Signal::HUP);
    assert_eq!((said.status.code(), said.stderr.as_str()), (Some(0), ""));
    assert!(
        said.stdout.lines().last().unwrap().contains(" (partial, "),
        "{}",
        said.stdout
    );
}

#[test]
fn what_is_not_there_at_the_start_is_not_waited_for() {
    let dir = TestDir::new();
    let (log, gone) = (begun(&dir), dir.path().join("gone"));
    assert_snapshot!(sipstat().arg("-d").arg(&gone).exits(2).stderr, @"sipstat_cm: [DIR]/gone: not found; check the name");
    assert_snapshot!(sipstat().arg("-d").arg(&log).exits(2).stderr, @"sipstat_cm: [DIR]/2017-0427-084410.log: is not a folder");
    let said = sipstat().arg("-f").arg(&log).arg(&gone).exits(2);
    assert_snapshot!(said.stderr, @"sipstat_cm: [DIR]/gone: not found; check the name");
    let said = sipstat().args(["-f", "gone.log"]).exits(2);
    assert_eq!(said.stdout, "");
    assert_snapshot!(said.stderr, @"sipstat_cm: gone.log: not found; check the name");
}

#[test]
fn a_folder_that_waits_says_for_what() {
    let dir = TestDir::new();
    let (empty, old) = (dir.folder("empty"), dir.folder("old"));
    let log = dir.file("old/2017-0427-084410.log", request("BYE").log());
    let hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let log = std::fs::File::options().append(true).open(log).unwrap();
    log.set_modified(hour_ago).unwrap();
    let said = Live::start_unread(sipstat().arg("-d").arg(&empty).arg("-d").arg(&old)).ended();
    let place = dir.path().display().to_string();
    assert_snapshot!(said.stderr.replace(&place, "[DIR]"), @"
    sipstat_cm: note: [DIR]/empty: no ECS logs, such as 2017-0427-084412.log, yet; waiting for the first
    sipstat_cm: note: [DIR]/old: nothing was written to its newest log for 60 minutes; waiting for more. To count what is there: sipstat_cm [DIR]/old
    ");
}

/// A megabyte a second, in a new log every second, while the follower is stopped for five seconds at most in between. So
/// many seconds says `LIVE_TEST_SECONDS`; three by default, a minute with `cargo xtask live-test`.
#[test]
fn its_total_is_that_of_the_batch_though_it_was_stopped_meanwhile() {
    let seconds: u64 = std::env::var("LIVE_TEST_SECONDS").map_or(3, |seconds| seconds.parse().unwrap());
    let stopped = (seconds / 3).min(5);
    let dir = TestDir::new();
    // As many as a server keeps.
    for n in 0..1000 {
        dir.file(format!("2017-0426-10{:02}{:02}.log", n / 60, n % 60), "");
    }
    begun(&dir);
    let live = started(&dir);
    let mut writer = Writer::new(dir.path(), "20170427:084500");
    writer.write_for(Duration::from_secs((seconds - stopped) / 2));
    live.signal(Signal::STOP);
    writer.write_for(Duration::from_secs(stopped));
    live.signal(Signal::CONT);
    writer.write_for(Duration::from_secs(seconds - stopped - (seconds - stopped) / 2));
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
