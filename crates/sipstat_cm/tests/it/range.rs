//! A range of time: exact by message, and only the logs that can hold it are opened.

use crate::harness::{TestDir, gzip, logs_in, sipstat};
use crate::logs::{log, request, response};
use crate::tables::{kind_names, kinds, total, windows};
use crate::wrap::{Named, tar, tar_gz};
use insta::assert_snapshot;

/// What no one can read: whoever opens it says so.
const GARBAGE: &[u8] = b"\x1f\x8bgarbage";

#[test]
fn both_ends_are_exact_at_their_own_precision() {
    // The range; then the last moment before, the first and the last within, the first after.
    let table = [
        (
            "20170427:084412-20170427:084412",
            [
                "20170427:084411999",
                "20170427:084412000",
                "20170427:084412999",
                "20170427:084413000",
            ],
        ),
        (
            "20170427:084412-20170427:0844",
            [
                "20170427:084411999",
                "20170427:084412000",
                "20170427:084459999",
                "20170427:084500000",
            ],
        ),
        (
            "20170427:0844-20170427:0844",
            [
                "20170427:084359999",
                "20170427:084400000",
                "20170427:084459999",
                "20170427:084500000",
            ],
        ),
        (
            "20170427:08-20170427:08",
            [
                "20170427:075959999",
                "20170427:080000000",
                "20170427:085959999",
                "20170427:090000000",
            ],
        ),
        (
            "20170427-20170427",
            [
                "20170426:235959999",
                "20170427:000000000",
                "20170427:235959999",
                "20170428:000000000",
            ],
        ),
        (
            "2017-2017",
            [
                "20161231:235959999",
                "20170101:000000000",
                "20171231:235959999",
                "20180101:000000000",
            ],
        ),
        (
            "2016-20170427:08",
            [
                "20151231:235959999",
                "20160101:000000000",
                "20170427:085959999",
                "20170427:090000000",
            ],
        ),
    ];
    for (range, times) in table {
        let methods = ["INVITE", "BYE", "CANCEL", "OPTIONS"];
        let messages = methods.iter().zip(times);
        let messages: Vec<_> = messages.map(|(method, time)| request(method).at(time)).collect();
        let content = log(&messages);
        for option in [vec!["-t", range], vec!["--time", range], vec![&format!("-t{range}")]] {
            let run = sipstat().args(["--requests=ALL", "-iDAY"]).args(option);
            let said = run.arg("-").stdin(content.as_str()).success();
            assert_eq!(kind_names(&said.stdout), ["BYE", "CANCEL"], "{range}");
        }
        // The same, each message in a log of its own.
        let dir = TestDir::new();
        for (message, time) in messages.iter().zip(times) {
            let name = format!("{}-{}-{}.log", &time[..4], &time[4..8], &time[9..15]);
            let path = dir.path().join(&name);
            let before = std::fs::read_to_string(path).unwrap_or_default();
            dir.file(name, before + &message.log());
        }
        let run = sipstat().args(["--requests=ALL", "-iDAY", "-t", range]);
        let said = run.arg("-d").arg(dir.path()).success();
        assert_eq!(kind_names(&said.stdout), ["BYE", "CANCEL"], "{range}");
    }
}

#[test]
fn without_an_end_it_runs_to_the_last() {
    let times = ["20170427:084411999", "20170427:084412000", "99991231:235959999"];
    let content = log(&times.map(|time| request("BYE").at(time)));
    let run = sipstat().args(["-t", "20170427:084412", "-iDAY", "-"]).stdin(content);
    assert_eq!(total(&run.success().stdout), 2);
}

#[test]
fn windows_outside_are_not_there() {
    let times = ["20170427:0843", "20170427:0844", "20170427:0845"];
    let content = log(&times.map(|time| request("OPTIONS").at(time)));
    let run = sipstat()
        .args(["-t", "20170427:0844-20170427:0844", "-"])
        .stdin(content);
    assert_snapshot!(run.success().stdout, @"20170427:0844");
}

#[test]
fn logs_outside_are_never_opened() {
    let dir = TestDir::new();
    for name in ["080000", "083000", "084500", "090000"] {
        dir.file(format!("2017-0427-{name}.log"), GARBAGE);
        dir.file(format!("2017-0427-{name}.log.gz"), GARBAGE);
    }
    // Begun before the range, and written to in its first second.
    let early = log(&[request("BYE").at("20170427:0843"), request("BYE").at("20170427:084400")]);
    dir.file("2017-0427-084300.log", early);
    dir.file("2017-0427-084400.log", request("CANCEL").at("20170427:084401").log());
    dir.file("2017-0427-084459.log", request("INVITE").at("20170427:084459999").log());
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", dir.path().join("2017-0427-070000.log")).unwrap();
    let range = ["-t", "20170427:0844-20170427:0844"];
    let said = sipstat().args(range).arg("-d").arg(dir.path()).success();
    let expected = ["BYE", "CANCEL", "INVITE"].map(|kind| (kind.to_owned(), 1));
    assert_eq!(kinds(&said.stdout), expected);
    assert_eq!(said.stderr, "");
    let named = sipstat().args(range).arg(dir.path().join("2017*")).success();
    assert_eq!(named, said);
    // It is there, and is told, once the range reaches it.
    let said = sipstat()
        .args(["-t", "20170427:0844-20170427:0845"])
        .arg(dir.path())
        .exits(1);
    assert_eq!(kinds(&said.stdout), expected);
    assert_snapshot!(said.stderr, @"
    sipstat_cm: [DIR]/2017-0427-084500.log: damaged gzip: it is cut off; what came before is counted
    sipstat_cm: [DIR]/2017-0427-084500.log.gz: damaged gzip: it is cut off; what came before is counted
    sipstat_cm: 2 of 5 inputs could not be read, or not to the end
    ");
}

#[test]
fn logs_beyond_the_last_are_never_opened() {
    let dir = TestDir::new();
    dir.file("2017-0427-084300.log", GARBAGE);
    dir.file("2017-0427-084400.log", request("BYE").log());
    let said = sipstat().arg("-n1").arg("-d").arg(dir.path()).success();
    assert_eq!((total(&said.stdout), said.stderr.as_str()), (1, ""));
}

#[test]
fn a_record_that_ends_beyond_the_range_is_whole() {
    let bye = request("BYE").at("20170427:084459999").lines();
    let cancel = request("CANCEL").at("20170427:084500000").log();
    for cut in 1..bye.len() {
        let dir = TestDir::new();
        dir.file("2017-0427-084400.log", bye[..cut].concat());
        dir.file("2017-0427-084500.log", bye[cut..].concat() + &cancel);
        dir.file("2017-0427-084501.log", GARBAGE);
        let run = sipstat().args(["-t", "20170427:0844-20170427:0844"]);
        let said = run.arg("-d").arg(dir.path()).success();
        assert_eq!(kinds(&said.stdout), [("BYE".to_owned(), 1)]);
        assert_eq!(said.stderr, "");
    }
}

#[test]
fn a_record_that_ends_beyond_the_range_ends_in_its_own_folder() {
    let bye = request("BYE").at("20170427:084410").lines();
    let cancel = request("CANCEL").at("20170427:084425").log();
    let dir = TestDir::new();
    dir.file("a/2017-0427-084410.log", bye[..1].concat());
    dir.file("a/2017-0427-084420.log", bye[1..].concat() + &cancel);
    dir.file("b/2017-0427-084415.log", request("INVITE").at("20170427:084416").log());
    for folders in [&["a"][..], &["a", "b"], &["b", "a"]] {
        let mut run = sipstat().args(["-t", "20170427:084410-20170427:084413"]);
        for folder in folders {
            run = run.arg("-d").arg(dir.path().join(folder));
        }
        let said = run.success();
        assert_eq!(kinds(&said.stdout), [("BYE".to_owned(), 1)], "{folders:?}");
        assert_eq!(said.stderr, "", "{folders:?}");
    }
}

#[test]
fn the_end_of_a_record_before_the_range_is_no_damage() {
    let bye = request("BYE").at("20170427:084359").lines();
    let cancel = request("CANCEL").at("20170427:084400").log();
    let dir = TestDir::new();
    dir.file("2017-0427-083000.log", bye[..1].concat());
    dir.file("2017-0427-084359.log", bye[1..].concat() + &cancel);
    for options in [&["-t", "20170427:0844"][..], &["-n1"]] {
        let said = sipstat().args(options).arg("-d").arg(dir.path()).success();
        assert_eq!(kinds(&said.stdout), [("CANCEL".to_owned(), 1)], "{options:?}");
        assert_eq!(said.stderr, "", "{options:?}");
    }
}

#[test]
fn logs_of_several_folders() {
    let dir = TestDir::new();
    // The server's own logs, their backups, and those of another server.
    dir.file(
        "own/2017-0427-084430.log",
        request("INVITE").at("20170427:084431").log(),
    );
    dir.file("own/2017-0427-084600.log", GARBAGE);
    dir.file("backup/2017-0427-084300.log", GARBAGE);
    dir.file(
        "backup/2017-0427-084310.log",
        log(&[request("BYE").at("20170427:084401")]),
    );
    dir.file(
        "backup/2017-0427-084430.log",
        request("INVITE").at("20170427:084431").log(),
    );
    let other = log(&[
        response(503, "INVITE").at("20170427:0830"),
        response(486, "INVITE").at("20170427:0844"),
    ]);
    dir.file("other/2017-0427-080000.log", other);
    dir.file("other/2017-0427-090000.log", GARBAGE);
    let mut run = sipstat().args(["-t", "20170427:0844-20170427:0845"]);
    for folder in ["own", "backup", "other"] {
        run = run.arg("-d").arg(dir.path().join(folder));
    }
    let said = run.success();
    assert_eq!(
        kinds(&said.stdout),
        ["486", "BYE", "INVITE"].map(|kind| (kind.to_owned(), 1))
    );
    assert_eq!(said.stderr, "");
}

#[test]
fn no_log_of_that_time() {
    let dir = TestDir::new();
    dir.file("2017-0427-084400.log", request("BYE").log());
    let said = sipstat().args(["-t", "2016-2016", "-d"]).arg(dir.path()).exits(2);
    assert_eq!(said.stdout, "");
    assert_snapshot!(said.stderr, @"sipstat_cm: no log of that time in [DIR]; widen the range, or give -d DIR");
    let said = sipstat()
        .args(["-t", "2016-2016"])
        .arg(dir.path().join("*.log"))
        .exits(2);
    assert_snapshot!(said.stderr, @"sipstat_cm: no log of that time in [DIR]/*.log; widen the range, or give -d DIR");
    // The log's last message may be of any later time; nothing of it says that there are none.
    let said = sipstat().args(["-t", "2018", "-d"]).arg(dir.path()).success();
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("", ""));
}

/// The logs of a folder.
fn named(folder: &std::path::Path) -> Vec<Named> {
    let logs = logs_in(folder).into_iter();
    let named = logs.map(|path| {
        (
            path.file_name().unwrap().to_str().unwrap().to_owned(),
            std::fs::read(&path).unwrap(),
        )
    });
    named.collect()
}

/// Logs of two days; the last line is of 08:45:30.
fn two_days(dir: &TestDir) {
    for time in [
        "20170426:084412",
        "20170427:002000",
        "20170427:083000",
        "20170427:084412",
        "20170427:084530",
    ] {
        let name = format!("2017-{}-{}.log", &time[4..8], &time[9..]);
        dir.file(name, request("BYE").at(time).log());
    }
}

#[test]
fn one_range_in_every_form() {
    let dir = TestDir::new();
    two_days(&dir);
    let said = |range: &str| sipstat().args(["-t", range]).arg(dir.path()).success();
    let expected = said("20170427:0830-20170427:0844");
    assert_eq!(windows(&expected.stdout), ["20170427:0830", "20170427:0844"]);
    for range in [
        "20170427:0830-0844",
        "20170427:0830-44",
        "20170427:0830..0844",
        "20170427:0830-27:0844",
        "20170427:083000-084459",
        "2017-04-27T08:30..2017-04-27T08:44",
        "2017-04-27 08:30..2017-04-27 08:44",
        "2017-04-27T08:30..08:44",
    ] {
        assert_eq!(said(range), expected, "{range}");
    }
}

#[test]
fn ranges_by_the_last_line() {
    let dir = TestDir::new();
    two_days(&dir);
    let packed = TestDir::new();
    for path in logs_in(dir.path()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        packed.file(format!("{name}.gz"), gzip(std::fs::read(&path).unwrap()));
    }
    let archive = packed.file("logs.tgz", tar_gz(&named(dir.path())));
    let tar = packed.file("logs.tar", tar(&named(packed.path())));
    let day = ["20170427:0020", "20170427:0830", "20170427:0844", "20170427:0845"];
    for (range, expected) in [
        ("30s", &day[3..]),
        ("2m", &day[2..]),
        ("15m", &day[2..]),
        ("1h", &day[1..]),
        ("today", &day[..]),
        ("1d", &day[..]),
        ("yesterday", &["20170426:0844"]),
    ] {
        for input in [dir.path(), packed.path(), &archive, &tar] {
            let said = sipstat().args(["-t", range]).arg(input).success();
            assert_eq!(windows(&said.stdout), expected, "{range} {input:?}");
        }
        let said = sipstat().args(["-t", range, "-n2", "-d"]).arg(dir.path()).success();
        let last = windows(&said.stdout).len();
        assert_eq!(last, expected.len().min(2), "{range}");
    }
    // Where no line has a time, the rest goes its usual way.
    let none = packed.file("none.log", "nothing of a log\n");
    let said = sipstat().args(["-t", "15m"]).arg(none);
    assert_eq!(said.exits(2).stdout, "");
}
