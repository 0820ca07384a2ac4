//! `--check`: one line and a status for Nagios, Icinga and cron.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use insta::assert_snapshot;

#[cfg(unix)]
use crate::cookbook::printed;
use crate::harness::{Run, Said, TestDir, gzip, sipstat, testdata};
use crate::logs::{Sip, log, request, response};

const BUSY: [&str; 6] = ["--requests=INVITE", "--responses=503", "-w", "10", "-c", "50"];

fn check() -> Run {
    sipstat().arg("--check")
}

/// What it says of the logs in a folder, with one line on standard output.
#[track_caller]
fn said(folder: &Path, options: &[&str], status: i32) -> Said {
    let said = check().args(options).arg("-d").arg(folder).exits(status);
    assert_eq!(said.stdout.lines().count(), 1, "{said:?}");
    said
}

/// `count` responses 503 that went out to an INVITE at `time`.
fn busy(time: &str, count: usize) -> Vec<Sip> {
    vec![response(503, "INVITE").out().at(time); count]
}

/// Messages from 08:39:50 to 08:45:30, one each ten seconds, and `count` times 503 in the midst.
fn six_minutes(count: usize) -> Vec<Sip> {
    let minutes = (39..46).flat_map(|minute| (0..6).map(move |ten| format!("20170427:08{minute}{ten}0")));
    let minutes = minutes.filter(|time| ("20170427:083950".."20170427:084540").contains(&time.as_str()));
    let quiet: Vec<Sip> = minutes.map(|time| request("OPTIONS").at(&time)).collect();
    let (before, after) = quiet.split_at(20);
    [before, &busy("20170427:084255", count), after].concat()
}

#[test]
fn the_last_five_whole_minutes_decide() {
    for (count, status, word) in [(10, 0, "OK"), (11, 1, "WARNING"), (51, 2, "CRITICAL")] {
        let dir = TestDir::new();
        dir.file("2017-0427-083950.log", log(&six_minutes(count)));
        let said = said(dir.path(), &BUSY, status);
        assert_eq!(said.stderr, "");
        let line = format!(
            "SIPSTAT {word}: 503 to INVITE OUT {count} in 5 min, most on 10.1.1.1<-5070->10.2.2.2 | \
             invite_503_in=0;10;50;0; invite_503_out={count};10;50;0;\n"
        );
        assert_eq!(said.stdout, line);
        // The same from 08:40:00 to 08:44:59 by name, from archives and pipes too.
        let range = ["-t", "20170427:0840-0844"];
        let content = log(&six_minutes(count));
        let named = check().args(BUSY).args(range).arg("-").stdin(content.as_str());
        assert_eq!(named.exits(status).stdout, line);
        let packed = TestDir::new();
        packed.file("2017-0427-083950.log.gz", gzip(content));
        assert_eq!(check().args(BUSY).arg(packed.path()).exits(status).stdout, line);
    }
}

#[test]
fn the_minute_that_is_not_over_and_what_lies_before_do_not_count() {
    let dir = TestDir::new();
    let edges = [
        busy("20170427:083959999", 1),
        busy("20170427:084000000", 20),
        busy("20170427:084459999", 300),
        busy("20170427:084500000", 4000),
    ];
    let mut messages = [six_minutes(0), edges.concat()].concat();
    messages.sort_by_key(|message| message.log().get(..18).map(str::to_owned));
    dir.file("2017-0427-083950.log", log(&messages));
    let count = |time: &str| {
        let options = ["--requests=INVITE", "--responses=503", "-c0", "-t", time];
        let line = said(dir.path(), &options, 2).stdout;
        line.split(" most").next().unwrap().to_owned()
    };
    assert_eq!(count("5m"), "SIPSTAT CRITICAL: 503 to INVITE OUT 320 in 5 min,");
    assert_eq!(count("1m"), "SIPSTAT CRITICAL: 503 to INVITE OUT 300 in 1 min,");
    assert_eq!(
        count("20170427:084459-084500"),
        "SIPSTAT CRITICAL: 503 to INVITE OUT 4300 in 2 s,"
    );
}

#[test]
fn requests_alone_names_and_the_default_lists() {
    let dir = TestDir::new();
    dir.file("2017-0427-083950.log", log(&six_minutes(3)));
    let names = dir.file("names", "10.1.1.1 cm\n10.2.2.2 sbc\n");
    let names = format!("--names={}", names.display());
    assert_snapshot!(said(dir.path(), &["--requests=OPTIONS,INVITE", "--responses=none", "-c1:", &names], 2).stdout, @"SIPSTAT CRITICAL: OPTIONS OUT 0 in 5 min; 2 more alerts | options_in=30;;1:;0; options_out=0;;1:;0; invite_in=0;;1:;0; invite_out=0;;1:;0;");
    assert_snapshot!(said(dir.path(), &["-w2", &names, "--link=sbc"], 1).stdout, @"SIPSTAT WARNING: 5 to INVITE OUT 3 in 5 min, most on cm<-5070->sbc; 1 more alert | invite_4_in=0;2;;0; invite_4_out=0;2;;0; invite_5_in=0;2;;0; invite_5_out=3;2;;0; invite_6_in=0;2;;0; invite_6_out=0;2;;0; reinvite_4_in=0;2;;0; reinvite_4_out=0;2;;0; reinvite_5_in=0;2;;0; reinvite_5_out=3;2;;0; reinvite_6_in=0;2;;0; reinvite_6_out=0;2;;0; bye_4_in=0;2;;0; bye_4_out=0;2;;0; bye_5_in=0;2;;0; bye_5_out=0;2;;0; bye_6_in=0;2;;0; bye_6_out=0;2;;0; cancel_4_in=0;2;;0; cancel_4_out=0;2;;0; cancel_5_in=0;2;;0; cancel_5_out=0;2;;0; cancel_6_in=0;2;;0; cancel_6_out=0;2;;0;");
}

#[test]
fn what_tells_nothing_is_unknown() {
    let dir = TestDir::new();
    let path = dir.file("2017-0427-083950.log", log(&six_minutes(51)));
    let age = |seconds| {
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds))
            .unwrap();
    };
    age(590);
    said(dir.path(), &BUSY, 2);
    age(3605);
    let mut text = said(dir.path(), &BUSY, 3).stdout;
    said(dir.path(), &["-c50", "-t1h"], 3);
    said(dir.path(), &[&BUSY[..], &["-t", "20170427:0840-0844"]].concat(), 2);
    // Less than half is covered.
    let short = TestDir::new();
    let late = six_minutes(51).split_off(21);
    short.file("2017-0427-084255.log", log(&late));
    text += &said(short.path(), &BUSY, 3).stdout;
    // Records in which nothing can be counted.
    let damaged = TestDir::new();
    let bytes = log(&six_minutes(51)).replace("43 53 65 71", "4g 53 65 71");
    damaged.file("2017-0427-083950.log", bytes);
    text += &said(damaged.path(), &BUSY, 3).stdout;
    // Lines of a log, but no message trace.
    let silent = TestDir::new();
    let lines = ["20170427:083950000", "20170427:084530000"];
    silent.file(
        "2017-0427-083950.log",
        lines.map(|time| format!("{time}:1:b(2):M:[IPEVT]\n")).concat(),
    );
    text += &said(silent.path(), &BUSY, 3).stdout;
    // No log, and what is not one.
    let none = TestDir::new();
    let nothing = said(none.path(), &BUSY, 3);
    text += &nothing.stdout;
    none.file("2017-0427-083950.log", "Dear all,\n");
    let other = said(none.path(), &BUSY, 3);
    text += &other.stdout;
    let missing = said(&none.path().join("missing"), &BUSY, 3);
    text += &missing.stdout;
    assert_snapshot!(text, @"
    SIPSTAT UNKNOWN: nothing was written to the newest log for 60 min | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;
    SIPSTAT UNKNOWN: the logs cover only 125 of 300 s | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;
    SIPSTAT UNKNOWN: 81 of 81 records are too damaged to count; see standard error | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;
    SIPSTAT UNKNOWN: no [MST line of SIP in these 5 min: is MST set for a signaling group? | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;
    SIPSTAT UNKNOWN: no log could be read | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;
    SIPSTAT UNKNOWN: no log could be read | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;
    SIPSTAT UNKNOWN: no log could be read | invite_503_in=U;10;50;0; invite_503_out=U;10;50;0;
    ");
    assert_snapshot!([nothing.stderr, other.stderr, missing.stderr].concat(), @"
    sipstat_cm: no ECS logs, such as 2017-0427-084412.log, in [DIR]; name files or folders, or give -d DIR
    sipstat_cm: [DIR]/2017-0427-083950.log: is text, but has no line of an ECS log, which is not read; check the name
    sipstat_cm: 1 of 1 inputs could not be read, or not to the end
    sipstat_cm: [DIR]/missing: not found; check the name
    ");
}

#[test]
fn what_the_counts_lack_stands_in_the_line() {
    let dir = TestDir::new();
    let messages = six_minutes(0);
    let numbered = |messages: &[Sip], first: usize| {
        let lines: Vec<String> = messages.iter().flat_map(Sip::lines).collect();
        let lines = lines.iter().enumerate();
        lines
            .map(|(n, line)| line.replace(":1001:", &format!(":{}:", first + n)))
            .collect::<String>()
    };
    // For more than a minute there is no line, and seven are missing.
    let before = numbered(&messages[..12], 1);
    let next = before.lines().count() + 8;
    dir.file("2017-0427-083950.log", before);
    dir.file("2017-0427-084250.log", numbered(&messages[18..], next));
    dir.file("2017-0427-084300.log", "Dear all,\n");
    let line = said(dir.path(), &BUSY, 0).stdout;
    assert_snapshot!(line.split(" |").next().unwrap(), @"SIPSTAT OK: 503 to INVITE IN 0 in 5 min; covered 231 of 300 s; 7 lines missing; 1 of 3 inputs not read to the end");
}

/// Monitors may read both outputs through one pipe, and take the first line for the line.
#[cfg(unix)]
#[test]
fn the_line_comes_before_all_else() {
    let dir = TestDir::new();
    dir.file("2017-0427-083950.log", log(&six_minutes(11)));
    dir.file("2017-0427-08|00.log", "Dear all,\n");
    let all = printed(
        "sipstat_cm --check --responses=503 -w10 2017-* 2>&1; echo $?",
        dir.path(),
    );
    let lines: Vec<&str> = all.lines().collect();
    assert!(lines[0].starts_with("SIPSTAT WARNING: 503 to INVITE OUT 11 "), "{all}");
    assert_eq!(
        lines[1..],
        [
            r"sipstat_cm: 2017-0427-08\x7c00.log: is text, but has no line of an ECS log, which is not read; check the name",
            "sipstat_cm: 1 of 2 inputs could not be read, or not to the end",
            "1",
        ]
    );
    let wrong = printed("sipstat_cm --check '--requests=A|B' 2>&1; echo $?", dir.path());
    assert!(wrong.starts_with(r"SIPSTAT UNKNOWN: invalid value 'A\x7cB'"), "{wrong}");
    assert_eq!((wrong.lines().count(), wrong.lines().last()), (2, Some("3")), "{wrong}");
}

#[test]
fn help_ends_as_the_monitoring_plugins_do() {
    for option in ["--help", "-h", "--version", "-V"] {
        let check = check().arg(option).exits(3);
        assert_eq!(sipstat().arg(option).exits(0).stdout, check.stdout);
    }
}

#[test]
fn a_range_may_begin_below_0() {
    let dir = TestDir::new();
    dir.file("2017-0427-083950.log", log(&six_minutes(4)));
    let options = [
        "--requests=INVITE",
        "--responses=503",
        "-w",
        "-5:3",
        "--critical",
        "-5:4",
    ];
    assert_snapshot!(said(dir.path(), &options, 1).stdout, @"SIPSTAT WARNING: 503 to INVITE OUT 4 in 5 min, most on 10.1.1.1<-5070->10.2.2.2 | invite_503_in=0;-5:3;-5:4;0; invite_503_out=4;-5:3;-5:4;0;");
    let said = said(dir.path(), &["-w", "--requests=BYE"], 3).stdout;
    assert!(said.contains("'--requests=BYE' for '--warning <RANGE>'"), "{said}");
    // Without ranges the numbers alone are told.
    assert_snapshot!(self::said(dir.path(), &options[..2], 0).stdout, @"SIPSTAT OK: 503 to INVITE OUT 4 in 5 min, most on 10.1.1.1<-5070->10.2.2.2 | invite_503_in=0;;;0; invite_503_out=4;;;0;");
}

#[test]
fn of_several_servers_each_must_go_on() {
    let dir = TestDir::new();
    let path = dir.file("a/2017-0427-083950.log", log(&six_minutes(0)));
    dir.file("b/2017-0427-083951.log", log(&six_minutes(1)));
    let both = || check().args(BUSY).args(["-d", "a", "-d", "b"]).current_dir(dir.path());
    let well = both().exits(0).stdout;
    assert!(
        well.starts_with("SIPSTAT OK: 503 to INVITE OUT 1 in 5 min, most on "),
        "{well}"
    );
    let file = File::options().write(true).open(&path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(700)).unwrap();
    let stopped = both().exits(3).stdout;
    assert!(
        stopped.starts_with("SIPSTAT UNKNOWN: a: nothing was written to the newest log for 11 min |"),
        "{stopped}"
    );
}

#[test]
fn wrong_usage_is_unknown_too() {
    let dir = TestDir::new();
    dir.file("2017-0427-083950.log", log(&six_minutes(0)));
    let mut text = String::new();
    for options in [
        &["-w", "20:10"][..],
        &["-w"],
        &["--frobnicate"],
        &["--requests=INVITE|FOO"],
        &["--requests=none", "--responses=none"],
        &["--show"],
        &["--pcap", "x.pcap"],
        &["--format", "csv"],
        &["-f"],
        &["-iMIN"],
        &["-t", "20170427:0840"],
        &["-"],
    ] {
        let said = check().args(options).current_dir(dir.path()).exits(3);
        assert_eq!(said.stdout.lines().count(), 1, "{said:?}");
        assert_eq!(said.stdout.matches('|').count(), 0, "{said:?}");
        text += &said.stdout;
    }
    assert_snapshot!(text, @r"
    SIPSTAT UNKNOWN: invalid value '20:10' for '--warning <RANGE>': expected a range [@]START:END, such as 10, 10:, ~:10, 10:20 or @10:20, with START not above END; see --help
    SIPSTAT UNKNOWN: a value is required for '--warning <RANGE>' but none was supplied; see --help
    SIPSTAT UNKNOWN: unexpected argument '--frobnicate' found; the nearest is --format; see --help
    SIPSTAT UNKNOWN: invalid value 'INVITE\x7cFOO' for '--requests <LIST>': `FOO` is not a request; expected ALL, none or a list, with \x7c or , between, of INVITE ReINVITE BYE CANCEL UPDATE NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS INFO PING REGISTER MESSAGE; see --help
    SIPSTAT UNKNOWN: neither requests nor responses are asked for
    SIPSTAT UNKNOWN: the argument '--check' cannot be used with '--show'; see --help
    SIPSTAT UNKNOWN: the argument '--check' cannot be used with '--pcap <FILE>'; see --help
    SIPSTAT UNKNOWN: the argument '--check' cannot be used with '--format <FORM>'; see --help
    SIPSTAT UNKNOWN: the argument '--check' cannot be used with '--follow'; see --help
    SIPSTAT UNKNOWN: the argument '--check' cannot be used with '--interval <INTERVAL>'; see --help
    SIPSTAT UNKNOWN: --check: the range has no end; give -t START-END, or a length such as 5m
    SIPSTAT UNKNOWN: standard input can be read only once, and its last line comes last: give a range as START-END, or a file
    ");
    // Without it the ranges mean nothing.
    assert_snapshot!(sipstat().args(["-w", "10", "x.log"]).exits(2).stderr, @"sipstat_cm: the following required arguments were not provided: --check; see --help");
}

/// In a folder with logs, on a machine that has none in `/var/log/ecs`.
#[cfg(unix)]
#[test]
fn the_commands_of_the_page_print_what_it_says() {
    let page = std::fs::read_to_string(testdata("../docs/deploy.md")).unwrap();
    let commands = page.lines().filter_map(|line| line.strip_prefix("    "));
    let commands = commands.filter(|line| line.contains("sipstat_cm --check --requests"));
    let dir = TestDir::new();
    dir.file("2017-0427-083950.log", log(&six_minutes(134)));
    let command = |line: &str| {
        let command = line
            .trim_start_matches("command[check_sip_503]=")
            .trim_start_matches("*/5 * * * * ");
        command.replace("/var/home/admin/", "")
    };
    let printed: Vec<String> = commands.map(|line| printed(&command(line), dir.path())).collect();
    assert_eq!(printed.len(), 3);
    assert!(page.contains(printed[0].trim_end()), "{}", printed[0]);
    let (text, _) = printed[0].split_once('|').unwrap();
    assert!(printed.iter().all(|line| line.starts_with(text)), "{printed:?}");
}
