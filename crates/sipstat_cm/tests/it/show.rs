//! The messages themselves, a line each.

use std::io::Write;

use crate::harness::{TestDir, gzip, sipstat};
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
