//! What people are told of an input that gives no counts: nothing is passed over in silence.

use insta::assert_snapshot;

use crate::harness::{TestDir, gzip, sipstat};
use crate::logs::request;
use crate::tables::total;
#[cfg(target_os = "linux")]
use crate::terminal::{Stream, on_a_terminal};

const OTHER: &str = "20170427:084412345:1:b(2):M:[IPEVT IPT_DISC board=PROCR]\n";

#[test]
fn what_is_not_a_log_is_named_with_what_it_seems_to_be() {
    let log = request("BYE").log();
    let prefixed = |log: &str| -> String {
        let lines = log.lines();
        lines.map(|line| format!("2017-0427-084412.log:{line}\n")).collect()
    };
    let inputs: [(&str, Vec<u8>); 5] = [
        (
            "grep.txt",
            prefixed("20170427:084412345:1:a(1):MED:[IPEVT x]\n").into_bytes(),
        ),
        ("decoded", b"08:44:12 OUT\nBYE sip:b@x SIP/2.0\n".to_vec()),
        ("2017-0427-084410.log", b"Dear all,\n".to_vec()),
        ("2017-0427-084411.log.gz", gzip([0, 1, 2, 3].repeat(500_000))),
        ("x.xz", b"\xfd7zXZ\0\0\x04".to_vec()),
    ];
    let dir = TestDir::new();
    let paths: Vec<_> = inputs.iter().map(|(name, content)| dir.file(name, content)).collect();
    let none = sipstat().args(&paths).exits(2);
    assert_eq!(none.stdout, "");
    assert_snapshot!(none.stderr, @"
    sipstat_cm: [DIR]/grep.txt: has something before the time in each line, as `grep -H` writes it, which is not read; take that away, as `grep -h` does
    sipstat_cm: [DIR]/decoded: holds decoded SIP messages, which is not read; name the ECS logs that they come from
    sipstat_cm: [DIR]/x.xz: is compressed by xz, which is not read; unpack it with `xz -d`, and name what was unpacked
    sipstat_cm: [DIR]/2017-0427-084410.log: is text, but has no line of an ECS log, which is not read; check the name
    sipstat_cm: [DIR]/2017-0427-084411.log.gz: has no line of an ECS log, which is not read; check the name
    sipstat_cm: 1 of 1 records damaged: 1 line over 1 MiB; 5 of 5 inputs could not be read, or not to the end
    ");
    // A dump is read all the same: its time tells where its line begins.
    let dumps = sipstat().arg(dir.file("dumps.txt", prefixed(&log))).exits(0);
    assert_eq!((total(&dumps.stdout), dumps.stderr.as_str()), (1, ""));
    // Of others that were read the counts stand.
    let some = sipstat()
        .arg(&paths[0])
        .arg(dir.file("2017-0427-084412.log", log))
        .exits(1);
    assert_eq!(total(&some.stdout), 1);
    assert_snapshot!(some.stderr, @"
    sipstat_cm: [DIR]/grep.txt: has something before the time in each line, as `grep -H` writes it, which is not read; take that away, as `grep -h` does
    sipstat_cm: 1 of 2 inputs could not be read, or not to the end
    ");
    assert_snapshot!(sipstat().arg("-").stdin("no log\n").exits(2).stderr, @"
    sipstat_cm: standard input: is text, but has no line of an ECS log, which is not read; check the name
    sipstat_cm: 1 of 1 inputs could not be read, or not to the end
    ");
}

#[test]
fn an_empty_log_and_the_rest_of_a_line_are_logs() {
    let dir = TestDir::new();
    let log = request("BYE").log();
    let (begin, end) = log.split_at(log.len() - 9);
    dir.file("2017-0427-084411.log", "");
    dir.file("2017-0427-084412.log", begin);
    dir.file("2017-0427-084413.log", end);
    let said = sipstat().arg(dir.path()).success();
    assert_eq!((total(&said.stdout), said.stderr.as_str()), (1, ""));
}

#[test]
fn logs_without_sip_say_so_once() {
    let dir = TestDir::new();
    let logs = ["2017-0427-084412.log", "2017-0427-084413.log"].map(|name| dir.file(name, OTHER));
    assert_snapshot!(sipstat().arg(dir.path()).success().stderr, @"sipstat_cm: 2 logs, no SIP record: is MST set for a signaling group?");
    assert_snapshot!(sipstat().arg(&logs[0]).success().stderr, @"sipstat_cm: 1 log, no SIP record: is MST set for a signaling group?");
    let of_range = sipstat().args(["-t", "20170427:0844"]).arg(&logs[0]).success();
    assert_eq!(of_range.stderr, "");
    // What nobody asked for is a record all the same.
    let log = request("BYE").log();
    let said = sipstat().arg("--requests=INVITE").arg(dir.file("log", log)).success();
    assert_eq!(said.stderr, "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_closing_line_on_a_terminal_always() {
    let dir = TestDir::new();
    let two = request("BYE").log() + &request("BYE").at("20170427:084600").log();
    dir.file("2017-0427-084412.log", two);
    dir.file("2017-0427-084700.log", "");
    let said = on_a_terminal(sipstat().arg(dir.path()).command(), Stream::Err, 80);
    assert_snapshot!(said.trim_end(), @"sipstat_cm: 2 logs, 20170427:0844 to 20170427:0846, 2 messages");
    dir.file("2017-0427-084700.log", "no log\n");
    let said = on_a_terminal(sipstat().arg(dir.path()).command(), Stream::Err, 80);
    let last = said.trim_end().lines().last().unwrap();
    let told = "2 logs, 20170427:0844 to 20170427:0846, 2 messages; 1 of 2 inputs could not be read, or not to the end";
    assert_eq!(last, format!("sipstat_cm: {told}"));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let dir = TestDir::new();
    let log = dir.file("2017-0427-084412.log", request("BYE").log());
    for run in [
        sipstat().arg(&log),
        sipstat().args(["-f", "-"]),
        sipstat().arg("--help"),
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut child = run.command().stdout(full).spawn().unwrap();
        let log = request("BYE").log();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), log.as_bytes()).unwrap_or_default();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.starts_with("sipstat_cm: standard output: cannot write: "),
            "{told}"
        );
    }
}
