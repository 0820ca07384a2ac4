//! Input that means harm or means nothing: nothing of it steers a terminal, and nothing of it ends the program.

use crate::harness::{Said, gzip, sipstat, testdata};
use crate::logs::{log, request, response};
use crate::tables::{cells, total};

/// Runs it on `content`; whatever that is, only lines of text come out.
#[track_caller]
fn check(content: Vec<u8>) -> Said {
    let all = ["--requests=ALL", "--responses=ALL", "-iSEC", "-"];
    let said = sipstat().args(all).stdin(content).success();
    for text in [&said.stdout, &said.stderr] {
        let bad = text.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(bad, None, "{text:?}");
    }
    cells(&said.stdout);
    said
}

#[test]
fn what_steers_a_terminal_is_not_passed_on() {
    const NASTY: &str = "\u{1b}]0;x\u{7}\u{1b}[2J\u{9b}31m\r\u{8}\u{7f}\u{202e}";
    // No bracket: that would end the name.
    const NAME: &str = "\u{1b}]0;x\u{7}\u{9b}31m\r\u{8}\u{7f}\u{202e}";
    let said = check(
        log(&[
            request(NASTY),
            request(&format!("BYE{NASTY}")),
            request("BYE").process(NAME),
            request("BYE").process(&format!("capro{NAME}(1)")).at("20170427:084413"),
            response(200, NASTY),
            response(200, &format!("BYE{NASTY}")),
            request("BYE").at(&format!("20170427:0844{NASTY}")),
        ])
        .into_bytes(),
    );
    assert!(total(&said.stdout) >= 2, "{said:?}");
    // Damage of a process with such a name.
    let mut lines = request("BYE").process(NAME).lines();
    lines.remove(0);
    let said = check(lines.concat().into_bytes());
    assert!(said.stderr.contains("1 of 1 records damaged"), "{said:?}");
}

#[test]
fn random_bytes() {
    let mut state = 1_u64;
    let mut byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_le_bytes()[6]
    };
    for length in [1, 2, 3, 17, 18, 19, 100, 1000, 10_000, 1_000_000] {
        let bytes: Vec<u8> = (0..length).map(|_| byte()).filter(|b| *b != 0x1f).collect();
        assert_eq!(sipstat().arg("-").stdin(bytes).exits(2).stdout, "");
    }
}

#[test]
fn a_log_with_one_byte_changed() {
    let mut content = log(&[
        request("INVITE").per_line(48),
        response(503, "INVITE").out().at("20170427:084413"),
    ])
    .into_bytes();
    let bad = [0x1b, b'\n', 0, 0xff, b':', b'[', b']', b'9'];
    for n in (0..content.len()).step_by(11) {
        let byte = std::mem::replace(&mut content[n], bad[n / 11 % bad.len()]);
        let said = check(content.clone());
        content[n] = byte;
        assert!(said.stderr.lines().count() <= 1, "{said:?}");
        assert!(total(&said.stdout) <= 2, "{said:?}");
    }
}

#[test]
fn sizes_that_cannot_be() {
    let line = request("BYE").log();
    let (head, rest) = line.split_once("[MST  ").unwrap();
    let (size, rest) = rest.split_once(' ').unwrap();
    for n in [
        "0",
        "4294967295",
        "4294967296",
        "18446744073709551616",
        "99999999999999999999999999",
        "-1",
        "+9",
    ] {
        let said = check(format!("{head}[MST  {n} {rest}{line}").into_bytes());
        assert!(total(&said.stdout) >= 1, "{n}: {said:?}");
        assert!(said.stderr.contains("damaged") || n == size, "{n}: {said:?}");
    }
    let far = request("BYE").at("99991231:235959999").log() + &request("BYE").at("00000101:000000000").log();
    assert_eq!(total(&check(far.clone().into_bytes()).stdout), 2);
    let odd = request("BYE").at("99999999:999999999").log() + &request("BYE").at("00000000:000000000").log();
    let said = check((far + &odd).into_bytes());
    assert_eq!(total(&said.stdout), 2);
    assert!(said.stderr.contains("unreadable time stamp"), "{said:?}");
}

#[test]
fn a_record_that_lost_its_size_is_told() {
    let line = request("BYE").per_line(400).log();
    let (head, rest) = line.split_once("[MST  ").unwrap();
    let (_, hex) = rest.split_once("  ").unwrap();
    let said = check(format!("{head}[MST  {hex}").into_bytes());
    assert!(said.stderr.contains("1 of 1 records damaged"), "{said:?}");
}

#[test]
fn lines_without_end_and_headers_without_end() {
    let mut long = request("BYE").log();
    long.truncate(100);
    long.push_str(&" 61".repeat(1 << 19));
    let said = check((long + "]\n" + &request("CANCEL").log()).into_bytes());
    assert_eq!(total(&said.stdout), 1);
    assert!(said.stderr.contains("line over 1 MiB"), "{said:?}");
    let start = request("BYE").lines().remove(0);
    let (head, hex) = start.split_once("[MST  ").unwrap();
    let hex = hex.split_once("  ").unwrap().1;
    let further = format!("{head}[MST  ++++  {}]\n", "61 ".repeat(64).trim_end());
    let content = format!("{head}[MST  9999999  {hex}{}", further.repeat(2000));
    let said = check((content + &request("CANCEL").log()).into_bytes());
    assert_eq!(total(&said.stdout), 1);
    assert!(said.stderr.contains("record over 64 KiB"), "{said:?}");
}

#[test]
fn a_record_over_its_limit_counts_and_is_told() {
    let said = check(log(&[request("BYE").body(70_000), request("CANCEL").body(60_000)]).into_bytes());
    assert_eq!(total(&said.stdout), 2);
    let told = "sipstat_cm: 1 of 2 records damaged: 1 record over 64 KiB (1 of them counted)\n";
    assert_eq!(said.stderr, told);
}

#[test]
fn other_kinds_of_files() {
    let program = std::fs::read(testdata("../.rustfmt.toml")).unwrap();
    assert_eq!(sipstat().arg("-").stdin(program).exits(2).stdout, "");
    let twice = gzip(gzip(request("BYE").log()));
    assert_eq!(total(&check(twice).stdout), 1);
    let dos = request("BYE").log().replace('\n', "\r\n");
    assert_eq!(total(&check(dos.into_bytes()).stdout), 1);
    let mark = format!("\u{feff}{}", request("BYE").log());
    check(mark.into_bytes());
}
