//! The messages themselves, a line each.

use std::io::Write;

use crate::harness::{TestDir, gzip, sipstat, testdata};
use crate::jobs::{Random, traffic};
use crate::logs::{log, request, response};
use crate::tables::total;
use crate::wrap::{tar, tar_gz, zip};

/// A call that fails, out of order in its log.
fn messages() -> String {
    log(&[
        response(503, "INVITE").out().at("20170427:084412020"),
        request("INVITE").at("20170427:084412000"),
        request("ACK").at("20170427:084412030"),
        request("OPTIONS")
            .ends("10.3.3.3:5060>10.1.1.1:5070")
            .at("20170427:084413"),
    ])
}

#[test]
fn each_message_is_a_line_in_the_order_of_time() {
    let said = sipstat().args(["--show", "-"]).stdin(messages()).success();
    assert_eq!(said.stderr, "");
    insta::assert_snapshot!(said.stdout);
    let said = sipstat()
        .args(["--show", "--responses=5", "--requests=INVITE", "-"])
        .stdin(messages())
        .success();
    assert_eq!(said.stdout.lines().count(), 2, "{}", said.stdout);
}

#[test]
fn rows_name_log_line_and_offset() {
    let dir = TestDir::new();
    let content = messages();
    dir.file("2017-0427-084412.log", &content);
    for form in ["jsonl", "csv"] {
        let said = sipstat()
            .args(["--show", "--format", form, "."])
            .current_dir(dir.path())
            .success();
        insta::assert_snapshot!(form, said.stdout);
    }
    let said = sipstat()
        .args(["--show", "--format=jsonl", "."])
        .current_dir(dir.path())
        .success();
    for row in said.stdout.lines() {
        let number = |key: &str| {
            let (_, rest) = row.split_once(&format!("\"{key}\":")).unwrap();
            rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap()]
                .parse::<usize>()
                .unwrap()
        };
        let (line, offset) = (number("line"), number("offset"));
        let before = &content[..offset];
        assert_eq!(before.lines().count() + 1, line, "{row}");
        assert!(before.is_empty() || before.ends_with('\n'), "{row}");
        assert!(
            content[offset..].contains("[MST  ") && !content[offset..].starts_with("++++"),
            "{row}"
        );
    }
}

#[test]
fn the_same_lines_for_any_number_of_jobs_and_in_every_form() {
    let dir = TestDir::new();
    let content = traffic(&mut Random(9), 40).concat();
    let content = content.as_bytes();
    let mut logs = Vec::new();
    let mut begin = 0;
    for n in 0..30 {
        let end = if n == 29 {
            content.len()
        } else {
            content.len() * (n + 1) / 30
        };
        let name = format!("2017-0427-0800{n:02}.log");
        dir.file(format!("logs/{name}"), &content[begin..end]);
        logs.push((name, content[begin..end].to_vec()));
        begin = end;
    }
    logs.reverse();
    let all = ["--requests=ALL", "--responses=ALL"];
    let expected = sipstat().args(["--show", "-j1"]).arg(dir.path().join("logs")).success();
    let counts = sipstat().args(all).arg(dir.path().join("logs")).success();
    let lines = expected.stdout.lines().count() as u64;
    assert_eq!(lines, total(&counts.stdout));
    assert_eq!(expected.stderr, counts.stderr);
    assert!(expected.stdout.lines().is_sorted_by_key(|line| &line[..18]));
    let mut inputs = vec![dir.path().join("logs")];
    for (name, archive) in [("tar", tar(&logs)), ("tgz", tar_gz(&logs)), ("zipgz", gzip(zip(&logs)))] {
        inputs.push(dir.file(name, archive));
    }
    for input in &inputs {
        for jobs in ["-j1", "-j2", "-j5"] {
            let said = sipstat().args(["--show", jobs]).arg(input).success();
            assert!(said == expected, "{} {jobs}", input.display());
        }
    }
    let said = sipstat().args(["--show", "-"]).stdin(tar_gz(&logs)).success();
    assert!(said == expected, "in a pipe");
}

#[test]
fn messages_are_shown_as_they_come() {
    let mut child = sipstat().args(["--show", "-f", "-"]).command().spawn().unwrap();
    child.stdin.take().unwrap().write_all(messages().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let expected = sipstat().args(["--show", "-"]).stdin(messages()).success();
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected.stdout);
}

#[test]
fn lines_and_packets_in_one_pass() {
    let dir = TestDir::new();
    let path = dir.path().join("case.pcapng");
    let alone = sipstat().args(["--show", "-"]).stdin(messages()).success();
    let said = sipstat()
        .args(["--show", "--pcap"])
        .arg(&path)
        .arg("-")
        .stdin(messages())
        .success();
    assert_eq!(said, alone);
    let file = crate::reader::read(&std::fs::read(&path).unwrap());
    assert_eq!(file.packets.len(), alone.stdout.lines().count());
}

#[test]
fn nothing_of_a_message_steers_a_terminal() {
    const NASTY: &str = "\u{1b}]0;x\u{7}\u{1b}[2J\u{9b}31m\u{8}\u{7f}\u{202e}";
    let content = log(&[
        request(&format!("BYE{NASTY}")),
        response(200, "BYE"),
        request("BYE").process(NASTY),
    ]);
    let content = content.replace("57 68 61 74 65 76 65 72", "1b 5b 32 4a 9b 07 7f 0c");
    for form in ["table", "csv", "jsonl"] {
        let said = sipstat()
            .args(["--show", "--format", form, "-"])
            .stdin(content.as_str())
            .success();
        for text in [&said.stdout, &said.stderr] {
            let bad = text.chars().find(|c| c.is_control() && *c != '\n');
            assert_eq!(bad, None, "{form}: {text:?}");
        }
    }
}

#[test]
fn what_cannot_be_shown() {
    let lines = [&["--show", "--format=html", "-"][..], &["--show", "--calls", "-"]];
    let lines = lines.map(|args| sipstat().args(args).exits(2).stderr);
    insta::assert_snapshot!(lines.concat(), @"
    sipstat_cm: --show: a page has no lines; give --format table, csv or jsonl
    sipstat_cm: the argument '--show' cannot be used with '--calls'; see --help
    ");
}

/// Three calls that lie within one another, over three logs; one fails with 503 in the second minute.
fn three_calls() -> TestDir {
    let dir = TestDir::new();
    let other = "10.3.3.3:5060>10.1.1.1:5070";
    let logs = [
        (
            "2017-0427-084412.log",
            log(&[
                request("INVITE").call("early").at("20170427:084412"),
                request("INVITE").call("failed").ends(other).at("20170427:084413"),
                request("INVITE").call("good").at("20170427:084414"),
                request("OPTIONS").call("ping").at("20170427:084415"),
            ]),
        ),
        (
            "2017-0427-084700.log",
            log(&[
                response(200, "INVITE").call("good").at("20170427:084701"),
                response(503, "INVITE").call("failed").at("20170427:084712999"),
                response(503, "INVITE").call("early").at("20170427:084713"),
            ]),
        ),
        (
            "2017-0427-084900.log",
            log(&[
                request("ACK").call("failed").at("20170427:085013"),
                request("ACK").call("failed").at("20170427:085014"),
                request("OPTIONS").call("ping").at("20170427:085015"),
            ]),
        ),
    ];
    for (name, content) in logs {
        dir.file(format!("logs/{name}"), content);
    }
    dir
}

#[test]
fn whole_calls_are_all_messages_of_the_calls_that_match_call_by_call() {
    let dir = three_calls();
    let logs = dir.path().join("logs");
    let run = |args: &[&str]| {
        sipstat()
            .args(["--show", "--whole-calls"])
            .args(args)
            .arg(&logs)
            .success()
    };
    let all = run(&["--requests=none", "--responses=5"]);
    insta::assert_snapshot!(all.stdout);
    assert_eq!(all.stderr, "");
    // What is looked for lies in the range, the rest of its call up to three minutes around it.
    let around = run(&["--requests=none", "--responses=5", "-t20170427:084712-20170427:084712"]);
    insta::assert_snapshot!(around.stdout);
    // The last log holds none of it, but the call goes on in the logs before.
    let by_link = run(&["--requests=INVITE", "--responses=none", "--link=10.3.3.3"]);
    assert_eq!(by_link.stdout.lines().count(), 4, "{}", by_link.stdout);
    for jobs in ["-j1", "-j3"] {
        assert_eq!(
            run(&["--responses=5", jobs]),
            all,
            "requests are not looked for beside responses"
        );
    }
    assert_eq!(run(&["--requests=ALL", "--responses=5"]), run(&[]));
    let archive = dir.path().join("logs.tgz");
    let tar = std::process::Command::new("tar")
        .arg("czf")
        .arg(&archive)
        .arg("-C")
        .arg(&logs)
        .arg(".")
        .status();
    if tar.is_ok_and(|status| status.success()) {
        let said = sipstat()
            .args(["--show", "--whole-calls", "--requests=none", "--responses=5"])
            .arg(&archive)
            .success();
        assert_eq!(said, all, "in an archive that is read from start to end");
    }
}

#[test]
fn whole_calls_as_packets() {
    let dir = three_calls();
    let path = dir.path().join("case.pcapng");
    let said = sipstat()
        .args(["--whole-calls", "--requests=none", "--responses=503", "-iDAY", "--pcap"])
        .args([&path, &dir.path().join("logs")])
        .success();
    let file = crate::reader::read(&std::fs::read(&path).unwrap());
    assert_eq!(
        (file.packets.len() as u64, total(&said.stdout)),
        (6, 6),
        "the table shows the same messages"
    );
    assert!(file.packets.is_sorted_by_key(|packet| packet.time));
}

#[test]
fn the_lines_of_some_calls_come_call_by_call() {
    let dir = three_calls();
    let run = |args: &[&str]| {
        let said = sipstat()
            .arg("--show")
            .args(args)
            .arg(dir.path().join("logs"))
            .success();
        let words = said
            .stdout
            .lines()
            .map(|line| line.split_whitespace().rev().nth(4).unwrap_or_default().to_owned());
        words.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(run(&["--call=good", "--call=early"]), "early early  good good");
    assert_eq!(run(&["--requests=INVITE", "--responses=none"]), "early failed good");
}

#[test]
fn whole_calls_where_nothing_matches_and_where_nothing_is_there() {
    let dir = three_calls();
    let run = |args: &[&str]| {
        let said = sipstat().args(["--show", "--whole-calls"]).args(args);
        said.current_dir(dir.path())
    };
    assert_eq!(run(&["--requests=none", "--responses=6", "logs"]).success().stdout, "");
    let text = run(&["-t2016-2016", "logs"]).exits(2).stderr + &run(&["nothing"]).exits(2).stderr;
    insta::assert_snapshot!(text, @"
    sipstat_cm: no log of that time in logs; widen the range, or give -d DIR
    sipstat_cm: nothing: not found; check the name
    ");
}

#[test]
fn where_whole_calls_cannot_be_had() {
    let lines = [
        &["--whole-calls", "logs"][..],
        &["--show", "--whole-calls"],
        &["--show", "--whole-calls", "-f", "logs"],
        &["--show", "--whole-calls", "-"],
        &["--calls", "--whole-calls", "logs"],
        &["--list", "--whole-calls", "logs"],
    ];
    let dir = three_calls();
    let lines = lines.map(|args| sipstat().args(args).current_dir(dir.path()).exits(2).stderr);
    insta::assert_snapshot!(lines.concat(), @"
    sipstat_cm: --whole-calls is for messages: give --show or --pcap FILE
    sipstat_cm: --whole-calls reads twice: name files or folders, or give -n or -t, without -f
    sipstat_cm: --whole-calls reads twice: name files or folders, or give -n or -t, without -f
    sipstat_cm: standard input can be read only once, and --whole-calls reads twice: name a file
    sipstat_cm: the argument '--calls' cannot be used with '--whole-calls'; see --help
    sipstat_cm: the argument '--list' cannot be used with '--whole-calls'; see --help
    ");
}

/// What would have no effect is refused.
#[test]
fn options_without_effect() {
    for args in [
        &["--show", "--total"][..],
        &["--show", "--top=1"],
        &["--show", "-iSEC"],
        &["--show", "--classes"],
        &["--calls", "--classes"],
        &["--list", "--show"],
        &["--list", "--calls"],
        &["--list", "--pcap=x.pcapng"],
    ] {
        let said = sipstat().args(args).arg(testdata("readme")).exits(2);
        assert_eq!((said.stdout.as_str(), said.stderr.lines().count()), ("", 1), "{args:?}");
        assert!(said.stderr.contains("cannot be used with"), "{}", said.stderr);
    }
}

#[test]
fn that_no_message_matches_is_said() {
    let said = sipstat()
        .args(["--show", "--call=nobody"])
        .arg(testdata("readme"))
        .success();
    assert_eq!(said.stdout, "");
    assert!(said.stderr.contains("no message matches, of "), "{}", said.stderr);
}
