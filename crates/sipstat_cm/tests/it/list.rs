//! The paths of the logs that are chosen.

use std::process::Command;

use crate::harness::{PROGRAM, TestDir, gzip, sipstat};
use crate::logs::request;
use crate::tables::total;
use crate::wrap::tar_gz;

/// Ten logs of a second each. Every record goes on in the next log.
fn logs(dir: &TestDir, folder: &str) {
    let mut rest = String::new();
    for second in 10..20 {
        let lines = request("BYE")
            .at(&format!("20170427:0844{second}"))
            .per_line(100)
            .lines();
        let (first, further) = lines.split_first().unwrap();
        let name = format!("{folder}/2017-0427-0844{second}.log");
        dir.file(name, rest + first);
        rest = further.concat();
    }
}

/// What is listed, as seconds, or as names that are none of a log.
#[track_caller]
fn listed(dir: &TestDir, args: &[&str]) -> String {
    let said = sipstat().current_dir(dir.path()).arg("--list").args(args).success();
    assert_eq!(said.stderr, "", "{args:?}");
    let short = |line: &str| line.replace("2017-0427-0844", "").replace(".log", "");
    said.stdout.lines().map(short).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_logs_of_a_range_and_the_one_after() {
    let dir = TestDir::new();
    logs(&dir, "a");
    logs(&dir, "b");
    for (args, expected) in [
        (&["-t", "20170427:084412-13", "a"][..], "a/10 a/11 a/12 a/13 a/14 a/15"),
        (
            &["-t", "20170427:084412-13", "-d", "a"],
            "a/10 a/11 a/12 a/13 a/14 a/15",
        ),
        (
            &["-t", "20170427:084412-13", "a/2017*"],
            "a/10 a/11 a/12 a/13 a/14 a/15",
        ),
        (&["-t", "20170427:084418", "a"], "a/15 a/16 a/17 a/18 a/19"),
        (&["-n2", "a"], "a/18 a/19"),
        (&["-n2", "-t", "20170427:084412-13", "a"], "a/13 a/14 a/15"),
        (&["-d", "a"], "a/10 a/11 a/12 a/13 a/14 a/15 a/16 a/17 a/18 a/19"),
        (&["-t", "1s", "a"], "a/15 a/16 a/17 a/18 a/19"),
        (&["a/2017-0427-084413.log"], "a/13"),
    ] {
        assert_eq!(listed(&dir, args), expected, "{args:?}");
    }
}

#[test]
fn an_archive_is_listed_once_if_it_holds_the_range() {
    let dir = TestDir::new();
    logs(&dir, "a");
    let named = |seconds: std::ops::Range<u32>| -> Vec<_> {
        let name = |second| format!("2017-0427-0844{second}.log");
        let log = |second| {
            (
                name(second),
                std::fs::read(dir.path().join("a").join(name(second))).unwrap(),
            )
        };
        seconds.map(log).collect()
    };
    dir.file("early.tgz", tar_gz(&named(10..12)));
    dir.file("middle.tgz", tar_gz(&named(12..15)));
    dir.file("late.tgz", tar_gz(&named(15..20)));
    dir.file("notes.log.gz", gzip("20170427:084415000:1:a:b:c\n"));
    // The first log of the second may finish a record.
    let args = ["-t", "20170427:084410-10", "early.tgz", "middle.tgz", "late.tgz"];
    assert_eq!(listed(&dir, &args), "early.tgz middle.tgz");
    assert_eq!(
        listed(&dir, &["middle.tgz", "early.tgz", "notes.log.gz"]),
        "notes.gz early.tgz middle.tgz"
    );
}

#[cfg(unix)]
#[test]
fn a_case_that_was_packed_gives_the_counts_of_the_folder() {
    let dir = TestDir::new();
    logs(&dir, "logs");
    for range in ["20170427:084412-13", "20170427:084415", "20170427:084410-10", "3s"] {
        let script = format!("tar czf case.tgz $({PROGRAM} --list -t {range} -d logs)");
        let status = Command::new("sh")
            .args(["-c", &script])
            .current_dir(dir.path())
            .status();
        assert!(status.unwrap().success(), "{script}");
        let counts = |input: &str| {
            let said = sipstat()
                .current_dir(dir.path())
                .args(["-iSEC", "-t", range, input])
                .exits(0);
            assert!(total(&said.stdout) > 0, "{range}");
            said.stdout
        };
        assert_eq!(counts("case.tgz"), counts("logs"), "{range}");
    }
}

#[cfg(unix)]
#[test]
fn paths_come_as_they_are() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let dir = TestDir::new();
    let path = dir.path().join(OsStr::from_bytes(b"\xff\x1b[2J"));
    std::fs::write(&path, request("BYE").log()).unwrap();
    let output = sipstat().arg("--list").arg(&path).command().output().unwrap();
    assert_eq!(output.stdout, [path.as_os_str().as_bytes(), b"\n"].concat());
}

#[test]
fn nothing_to_list() {
    let dir = TestDir::new();
    logs(&dir, "a");
    let said = sipstat()
        .current_dir(dir.path())
        .args(["--list", "-t", "2016-2016", "a"])
        .exits(2);
    insta::assert_snapshot!(said.stderr, @"sipstat_cm: no log of that time in a; widen the range, or give -d DIR");
    let said = sipstat()
        .current_dir(dir.path())
        .args(["--list", "a/2017-0427-084410.log", "none.log"])
        .exits(1);
    insta::assert_snapshot!(said.stdout + &said.stderr, @"
    a/2017-0427-084410.log
    sipstat_cm: none.log: not found; check the name
    ");
    insta::assert_snapshot!(sipstat().args(["--list", "-f", "a"]).exits(2).stderr, @"sipstat_cm: the argument '--list' cannot be used with '--follow'; see --help");
}
