//! Calls: how they ended, from logs in any form.

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use crate::harness::{TestDir, gzip, sipstat, testdata};
use crate::logs::{Sip, request, response};
use crate::wrap::{tar, tar_gz, zip};

const SIPP: &str = "sipp/2026-1126-145502.log";

/// The rows of the kind `calls`.
fn rows(stdout: &str) -> Vec<Value> {
    let rows = stdout.lines().map(|line| serde_json::from_str(line).unwrap());
    rows.filter(|row: &Value| row["kind"] == "calls").collect()
}

/// What sipp played, against its own statistics of its two sides, which stand in `testdata/README.md`.
#[test]
fn what_sipp_played_is_what_sipp_says() {
    let said = sipstat()
        .args(["--calls", "--format=jsonl", "-iHOUR"])
        .arg(testdata(SIPP))
        .success();
    let rows = rows(&said.stdout);
    let sum = |port: u64, key: &str| -> u64 {
        let rows = rows.iter().filter(|row| row["port"] == port && row["dir"] == "OUT");
        rows.map(|row| row[key].as_u64().unwrap()).sum()
    };
    // OutgoingCall, SuccessfulCall, FailedUnexpectedMessage (486), FailedMaxUDPRetrans, and INVITE_Retrans.
    let statistics = [
        (5070, [14 + 2, 14 + 2, 0, 0, 3 + 1]),
        (5072, [3, 0, 3, 0, 0]),
        (5074, [2, 0, 0, 2, 10]),
    ];
    for (port, statistics) in statistics {
        let keys = ["attempts", "answered", "failed_4xx", "unanswered", "retransmissions"];
        assert_eq!(keys.map(|key| sum(port, key)), statistics, "{port}");
    }
    assert_eq!(rows.len(), 3);
}

#[test]
fn a_table_for_each_window() {
    let said = sipstat().arg("--calls").arg(testdata(SIPP)).success();
    assert_snapshot!(said.stdout);
    assert_eq!(said.stderr, "");
    let said = sipstat()
        .args(["--calls", "-iHOUR", "--top=1", "--total"])
        .arg(testdata(SIPP))
        .success();
    assert_snapshot!(said.stdout);
}

#[test]
fn only_what_begins_in_the_range() {
    let run = |args: &[&str]| {
        sipstat()
            .args(["--calls", "-iSEC"])
            .args(args)
            .arg(testdata("sipp"))
            .success()
    };
    let whole = run(&[]).stdout;
    let mut seconds = whole.split("\n\n");
    let second = seconds.find(|table| table.starts_with("20261126:145507 ")).unwrap();
    // Two of its calls are decided half a minute later.
    assert!(second.contains("unanswered"), "{second}");
    assert_eq!(
        run(&["-t20261126:145507-20261126:145507"]).stdout,
        format!("{second}\n")
    );
}

#[test]
fn only_those_of_a_link_or_with_a_call_id() {
    let run = |option: &str| {
        sipstat()
            .args(["--calls", "--format=jsonl", option])
            .arg(testdata(SIPP))
            .success()
    };
    let ports = |stdout: &str| {
        rows(stdout)
            .iter()
            .map(|row| row["port"].as_u64().unwrap())
            .collect::<Vec<u64>>()
    };
    assert_eq!(ports(&run("--link=10.2.2.2:5072").stdout), [5072]);
    let of_one = rows(&run("--call=1-32422@127.0.0.1").stdout);
    let counts = ["port", "attempts", "answered"].map(|key| of_one[0][key].as_u64().unwrap());
    assert_eq!((of_one.len(), counts), (1, [5070, 1, 1]));
}

#[test]
fn a_page_names_the_calls_that_failed() {
    let said = sipstat()
        .args(["--calls", "--format=html"])
        .arg(testdata(SIPP))
        .success();
    let failed = said.stdout.split_once("The last calls that failed").unwrap().1;
    // Three that were busy, and two that nobody answered.
    for (outcome, count) in [("<td>486</td>", 3), ("<td>no response</td>", 2)] {
        assert_eq!(failed.matches(outcome).count(), count, "{outcome}");
    }
    assert_eq!(failed.matches("@127.0.0.1</td>").count(), 5);
    sipstat()
        .args(["--calls", "--format=html", "-f"])
        .arg(testdata(SIPP))
        .exits(2);
}

#[test]
fn what_is_refused() {
    let mut text = String::new();
    for option in ["--requests=ALL", "--responses=5"] {
        text += &sipstat().args(["--calls", option]).arg(testdata(SIPP)).exits(2).stderr;
    }
    assert_snapshot!(text);
}

/// The log in pieces that end anywhere, as logs do, named by the time of their first whole line.
fn pieces() -> Vec<(String, Vec<u8>)> {
    let log = fs::read(testdata(SIPP)).unwrap();
    let mut pieces: Vec<(String, Vec<u8>)> = Vec::new();
    for piece in log.chunks(7001) {
        let begin = piece.iter().position(|b| *b == b'\n').unwrap() + 1;
        let stamp = str::from_utf8(&piece[begin..begin + 15]).unwrap();
        let name = format!("{}-{}-{}.log", &stamp[..4], &stamp[4..8], &stamp[9..15]);
        match pieces.last_mut() {
            Some((last, content)) if *last == name => content.extend(piece),
            _ => pieces.push((name, piece.to_vec())),
        }
    }
    pieces
}

#[test]
fn any_number_of_jobs_archives_and_pipes_give_the_same() {
    let whole = sipstat()
        .args(["--calls", "-iTENSEC"])
        .arg(testdata(SIPP))
        .success()
        .stdout;
    let (dir, pieces) = (TestDir::new(), pieces());
    assert!(pieces.len() > 5);
    for (name, content) in &pieces {
        dir.file(format!("logs/{name}"), content);
    }
    let shuffled: Vec<(String, Vec<u8>)> = pieces.iter().rev().cloned().collect();
    let run = |args: &[&str]| sipstat().args(["--calls", "-iTENSEC"]).args(args);
    for jobs in ["-j1", "-j2", "-j5"] {
        let said = run(&[jobs]).arg(dir.path().join("logs")).success();
        assert_eq!(
            (said.stdout.as_str(), said.stderr.as_str()),
            (whole.as_str(), ""),
            "{jobs}"
        );
    }
    for (name, content) in [
        ("a.tar", tar(&shuffled)),
        ("a.tgz", tar_gz(&shuffled)),
        ("a.zip", zip(&shuffled)),
    ] {
        let said = run(&[]).arg(dir.file(name, &content)).success();
        assert_eq!(said.stdout, whole, "{name}");
        let said = run(&["-"]).stdin(content).success();
        assert_eq!(said.stdout, whole, "{name} through a pipe");
    }
    let log = fs::read(testdata(SIPP)).unwrap();
    for (log, what) in [(gzip(&log), "compressed"), (log, "plain")] {
        assert_eq!(run(&["-"]).stdin(log.clone()).success().stdout, whole, "{what}");
        assert_eq!(run(&["-f", "-"]).stdin(log).success().stdout, whole, "{what}, followed");
    }
}

#[test]
fn packets_beside_calls_are_those_of_all_messages() {
    let dir = TestDir::new();
    let file = dir.path().join("calls.pcap");
    let alone = sipstat().args(["--calls"]).arg(testdata(SIPP)).success();
    let said = sipstat()
        .args(["--calls", "--pcap"])
        .arg(&file)
        .arg(testdata(SIPP))
        .success();
    assert_eq!(said.stdout, alone.stdout);
    let packets = fs::metadata(&file).unwrap().len();
    // 125 messages, each with 16 bytes of its own and 28 of IP and UDP.
    assert!(packets > 125 * 44, "{packets}");
}

/// More calls than are followed at once, each on a link of its own in the second in which it begins.
#[cfg(target_os = "linux")]
#[test]
fn calls_that_are_never_decided_take_bounded_memory() {
    let run = sipstat().args(["--calls", "-iSEC", "-"]);
    let said = crate::memory::check_bound(run, 0, 64 << 20, |stdin| {
        for number in 0..201_000u32 {
            let message = format!("INVITE sip:a SIP/2.0\r\nCall-ID: {number}\r\nCSeq: 1 INVITE\r\n\r\n");
            let [_, b, c, d] = number.to_be_bytes();
            let ends = [0x8a, 4, 10, b, c, d, 0x13, 0xc5, 4, 10, 1, 1, 1, 0x13, 0xc5, 0, 2];
            let record = [&ends, message.as_bytes()].concat();
            let hex: Vec<String> = record.iter().map(|b| format!("{b:02x}")).collect();
            let second = number / 10_000;
            let (size, hex) = (record.len(), hex.join(" "));
            writeln!(
                stdin,
                "20170427:0844{second:02}000:1:capro(4711):MED:[MST  {size}  {hex}]"
            )?;
        }
        Ok(())
    });
    assert_eq!(
        said,
        "sipstat_cm: 1000 calls counted as open before their time: more than 200,000 were followed at once\n"
    );
}

/// A log in which a call begins, and one in which nothing of it stands, from which on its running number goes on at `number`.
fn two_logs(number: u32) -> TestDir {
    let dir = TestDir::new();
    let log = |first: u32, messages: &[Sip]| -> String {
        let lines = messages.iter().flat_map(Sip::lines);
        let numbered = lines.zip(first..).map(|(line, number)| {
            let (stamp, rest) = (&line[..18], line[19..].split_once(':').unwrap().1);
            format!("{stamp}:{number}:{rest}")
        });
        numbered.collect()
    };
    let invite = request("INVITE").at("20170427:084412").call("one");
    let ringing = [request("INVITE").call("two"), response(180, "INVITE").out().call("two")];
    let first = log(1, &[&[invite][..], &ringing].concat());
    let number = u32::try_from(first.lines().count()).unwrap() + number;
    dir.file("2017-0427-084412.log", first);
    let options = |time: &str| request("OPTIONS").at(time);
    dir.file(
        "2017-0427-084712.log",
        log(number, &[options("20170427:084712"), options("20170427:085012")]),
    );
    dir
}

/// Whether a log between two is missing is told by the running number.
#[test]
fn what_may_be_decided_in_a_log_that_is_missing_is_unknown() {
    for (number, unanswered, open, unknown) in [(1, 1, 1, 0), (2, 0, 0, 2)] {
        let dir = two_logs(number);
        let run = |jobs: &str| {
            sipstat()
                .args(["--calls", "--format=jsonl", jobs])
                .arg(dir.path())
                .success()
        };
        let said = run("-j1");
        let [row] = &rows(&said.stdout)[..] else {
            panic!("one row: {}", said.stdout);
        };
        let counts = ["attempts", "unanswered", "open", "unknown"].map(|key| row[key].as_u64().unwrap());
        assert_eq!(counts, [2, unanswered, open, unknown], "{number}");
        assert_eq!(row["isa"].is_null(), unknown == 2);
        assert_eq!(said, run("-j3"));
    }
}

/// The clock of calls is moved by lines of any kind, not only by SIP.
#[test]
fn lines_of_others_decide_as_well() {
    let invite = request("INVITE").at("20170427:084412").log();
    let others =
        ["084430", "084445"].map(|time| format!("20170427:{time}000:9:tmgr(12):MED:[IPEVT IPT_REG board=0]\n"));
    let log = invite + &others.concat();
    let name = "2017-0427-084412.log";
    let dir = TestDir::new();
    dir.file(name, &log);
    dir.file("case.tgz", tar_gz(&[(name.to_owned(), log.clone().into_bytes())]));
    let run = |args: &[&str], stdin: &str| {
        let run = sipstat().args(["--calls", "--format=jsonl"]).args(args);
        let said = run.current_dir(dir.path()).stdin(stdin).success();
        let [row] = &rows(&said.stdout)[..] else {
            panic!("one row: {}", said.stdout);
        };
        ["attempts", "unanswered"].map(|key| row[key].as_u64().unwrap())
    };
    for args in [&["-j1", name][..], &["-j3", name], &["case.tgz"], &["-f", "case.tgz"]] {
        assert_eq!(run(args, ""), [1, 1], "{args:?}");
    }
    for args in [&["-"][..], &["-f", "-"]] {
        assert_eq!(run(args, &log), [1, 1], "{args:?}");
    }
}

/// The end of one server's logs is not heard in those of another, though these begin right after it. A server's own go on by number.
#[test]
fn two_folders_are_two_servers_unless_numbers_say_otherwise() {
    let line = |time: &str, number: u32| format!("20170427:{time}000:{number}:tmgr(12):MED:[IPEVT IPT_REG board=0]\n");
    let invite = request("INVITE").at("20170427:084440").lines();
    for (number, counts) in [(9003, [1, 0]), (9004, [0, 1]), (17, [0, 1])] {
        let dir = TestDir::new();
        let numbered = invite.iter().zip(9000..).map(|(line, number)| {
            let (stamp, rest) = (&line[..18], line[19..].split_once(':').unwrap().1);
            format!("{stamp}:{number}:{rest}")
        });
        let first = numbered.collect::<String>();
        assert_eq!(first.lines().count(), 3);
        dir.folder("one");
        dir.folder("two");
        dir.file("one/2017-0427-084430.log", first);
        let second = line("084500", number) + &line("084600", number + 1);
        dir.file("two/2017-0427-084500.log", second);
        for jobs in ["-j1", "-j3"] {
            let run = sipstat().args(["--calls", "--format=jsonl", jobs, "one", "two"]);
            let said = run.current_dir(dir.path()).success();
            let row = &rows(&said.stdout)[0];
            let found = ["unanswered", "unknown"].map(|key| row[key].as_u64().unwrap());
            assert_eq!(found, counts, "{number} {jobs}");
        }
    }
}
