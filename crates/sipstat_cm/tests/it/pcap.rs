//! Packets beside the counts, or in their place: what Wireshark opens.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

use crate::harness::{TestDir, gzip, sipstat, testdata};
use crate::jobs::{Random, traffic};
use crate::logs::{log, request, response};
use crate::reader::{File, Opened, read};
use crate::tables::{kinds, total};
use crate::wrap::{tar, tar_gz, zip};

const ALL: [&str; 2] = ["--requests=ALL", "--responses=ALL"];

/// How often each method and each code comes in the packets of a file.
fn kinds_of(file: &File) -> BTreeMap<String, u64> {
    let mut kinds = BTreeMap::new();
    for packet in &file.packets {
        let text = String::from_utf8_lossy(&packet.opened.text);
        let mut words = text.split(' ');
        let first = words.next().unwrap();
        let kind = if first == "SIP/2.0" {
            words.next().unwrap()
        } else {
            first
        };
        *kinds.entry(kind.to_owned()).or_default() += 1;
    }
    kinds
}

/// How often each method and each code was counted. An INVITE in a dialog has the method of one outside.
fn counted(stdout: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for (kind, count) in kinds(stdout) {
        let kind = if kind == "ReINVITE" { "INVITE".to_owned() } else { kind };
        *counts.entry(kind).or_default() += count;
    }
    counts
}

/// Whether a program is there. That it is not is said, since a test says less then.
#[expect(clippy::print_stderr, reason = "what is not tested is said")]
fn is_installed(program: &str) -> bool {
    let is_there = Command::new(program).arg("--version").output().is_ok();
    if !is_there {
        eprintln!("{program} is not installed, so what it says of the packets is not tested");
    }
    is_there
}

/// What a program says of a file of packets.
fn said_by(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{program} {args:?}: {output:?}");
    text
}

/// What `tshark -z sip,stat` counts, in the same form.
fn counted_by_tshark(path: &Path) -> BTreeMap<String, u64> {
    // Some ports are those of other protocols.
    let args = [
        "-d",
        "udp.port==1-65535,sip",
        "-q",
        "-z",
        "sip,stat",
        "-r",
        path.to_str().unwrap(),
    ];
    let text = said_by("tshark", &args);
    let rows = text.lines().filter_map(|line| {
        let (what, count) = line.split_once(" :")?;
        let words: Vec<&str> = what.split_whitespace().collect();
        let kind = match words[..] {
            ["SIP", code, ..] => code,
            [method] => method,
            _ => return None,
        };
        let count = count.trim().strip_suffix(" Packets")?;
        Some((kind.to_owned(), count.parse().unwrap()))
    });
    rows.collect()
}

/// The packets of the logs in a folder say what is counted in them, to a reader of the tests' own and to tshark; capinfos has
/// nothing to say against them.
#[track_caller]
fn check(folder: &Path) {
    let dir = TestDir::new();
    for (name, is_pcapng) in [("all.pcapng", true), ("all.pcap", false), ("noending", true)] {
        let path = dir.path().join(name);
        let said = sipstat()
            .args(ALL)
            .arg("-iDAY")
            .arg("--pcap")
            .arg(&path)
            .arg(folder)
            .success();
        let file = read(&fs::read(&path).unwrap());
        assert_eq!(file.is_pcapng, is_pcapng);
        assert_eq!(kinds_of(&file), counted(&said.stdout), "{name}");
        assert!(file.packets.is_sorted_by_key(|packet| packet.time), "{name}");
        if is_installed("tshark") {
            assert_eq!(counted_by_tshark(&path), counted(&said.stdout), "{name}");
        }
        if is_installed("capinfos") {
            let text = said_by("capinfos", &["-T", "-r", "-c", "-o", path.to_str().unwrap()]);
            assert!(text.contains(&format!("\t{}\tTrue", file.packets.len())), "{text}");
        }
    }
}

#[test]
fn tshark_counts_what_is_counted() {
    check(&testdata("readme"));
    check(&testdata("seed-hour"));
}

#[test]
fn no_packet_is_malformed() {
    if !is_installed("tshark") {
        return;
    }
    let dir = TestDir::new();
    let path = dir.path().join("all.pcapng");
    sipstat().arg("--pcap").arg(&path).arg(testdata("seed-hour")).success();
    let malformed = "_ws.malformed || ip.checksum.status == \"Bad\" || udp.checksum.status == \"Bad\"";
    let checks = [
        "-o",
        "ip.check_checksum:TRUE",
        "-o",
        "udp.check_checksum:TRUE",
        "-d",
        "udp.port==1-65535,sip",
    ];
    let path = path.to_str().unwrap();
    assert_eq!(
        said_by("tshark", &[&checks[..], &["-r", path, "-Y", malformed]].concat()),
        ""
    );
}

/// sngrep shows dialogs that begin with a request.
#[test]
fn sngrep_keeps_all_messages_of_whole_dialogs() {
    if !is_installed("sngrep") || !is_installed("tshark") {
        return;
    }
    let dir = TestDir::new();
    let messages = [
        request("INVITE").at("20170427:084412000"),
        response(100, "INVITE").out().at("20170427:084412010"),
        response(503, "INVITE").out().at("20170427:084412020"),
        request("ACK").at("20170427:084412030"),
    ];
    let (path, kept) = (dir.path().join("a.pcap"), dir.path().join("kept.pcap"));
    let content = log(&messages).into_bytes();
    sipstat().arg("--pcap").arg(&path).arg("-").stdin(content).success();
    let paths = [&path, &kept].map(|path| path.to_str().unwrap());
    said_by("sngrep", &["-N", "-q", "-I", paths[0], "-O", paths[1]]);
    let text = said_by(
        "tshark",
        &[
            "-d",
            "udp.port==1-65535,sip",
            "-r",
            paths[1],
            "-T",
            "fields",
            "-e",
            "sip.Method",
            "-e",
            "sip.Status-Code",
        ],
    );
    assert_eq!(text, "INVITE\t\n\t100\n\t503\nACK\t\n");
}

/// What is the same however logs are packed: the comment names the log.
fn packets(file: &[u8]) -> Vec<(u64, Option<u32>, Opened)> {
    let packets = read(file).packets;
    packets
        .into_iter()
        .map(|packet| (packet.time, packet.flags, packet.opened))
        .collect()
}

#[test]
fn the_same_packets_for_any_number_of_jobs_and_in_every_form() {
    let dir = TestDir::new();
    let content = traffic(&mut Random(7), 40).concat();
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
    let mut files = Vec::new();
    let path = dir.path().join("p.pcapng");
    let run = |input: &Path, jobs: &str| {
        sipstat()
            .args(["--damaged", "--force", jobs, "--pcap"])
            .arg(&path)
            .arg(input)
            .success();
        fs::read(&path).unwrap()
    };
    for jobs in ["-j1", "-j2", "-j3", "-j8"] {
        files.push(run(&dir.path().join("logs"), jobs));
    }
    assert!(files.iter().all(|file| *file == files[0]), "to the byte");
    assert!(packets(&files[0]).len() > 200);
    logs.reverse();
    for (name, archive) in [
        ("tar", tar(&logs)),
        ("tgz", tar_gz(&logs)),
        ("zip", zip(&logs)),
        ("zipgz", gzip(zip(&logs))),
    ] {
        let archive = dir.file(name, archive);
        for jobs in ["-j1", "-j2"] {
            assert!(packets(&run(&archive, jobs)) == packets(&files[0]), "{name} {jobs}");
        }
    }
    let archive = tar_gz(&logs);
    sipstat()
        .args(["--damaged", "--force", "--pcap"])
        .arg(&path)
        .arg("-")
        .stdin(archive)
        .success();
    assert!(
        packets(&fs::read(&path).unwrap()) == packets(&files[0]),
        "tgz in a pipe"
    );
}

#[test]
fn a_file_that_is_there_is_not_replaced_unless_it_may_be() {
    let dir = TestDir::new();
    let content = request("BYE").log();
    let path = dir.file("case.pcap", "mine");
    let run = || sipstat().arg("--pcap").arg(&path).arg("-").stdin(content.as_str());
    let said = run().exits(2);
    insta::assert_snapshot!(said.stderr, @"sipstat_cm: [DIR]/case.pcap: is there already; give another name, or --force to replace it");
    assert_eq!(
        (fs::read(&path).unwrap().as_slice(), said.stdout.as_str()),
        (&b"mine"[..], "")
    );
    run().arg("--force").success();
    assert_eq!(read(&fs::read(&path).unwrap()).packets.len(), 1);
    let names: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["case.pcap"], "nothing else is left");
}

#[test]
fn a_log_is_never_replaced() {
    let dir = TestDir::new();
    let content = request("BYE").log();
    let path = dir.file("2017-0427-084412.log", &content);
    let run = || sipstat().args(["--force", "--pcap"]).arg(&path);
    let link = dir.path().join("case.pcap");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let said = sipstat()
        .args(["--force", "--pcap"])
        .args([link.as_path(), dir.path()])
        .exits(2);
    insta::assert_snapshot!(said.stderr, @"sipstat_cm: [DIR]/case.pcap: is an input, or has the name of a log; not replaced; give another name");
    assert_eq!(fs::read_to_string(&path).unwrap(), content);
    fs::remove_file(&link).unwrap();
    for said in [
        run().arg(dir.path()).exits(2),
        run().arg("-").stdin(content.as_str()).exits(2),
    ] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(said.stderr, @"sipstat_cm: [DIR]/2017-0427-084412.log: is an input, or has the name of a log; not replaced; give another name");
        }
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), content);
}

#[cfg(unix)]
#[test]
fn what_stands_behind_a_link_is_replaced_and_what_is_no_file_is_not() {
    let dir = TestDir::new();
    let content = request("BYE").log();
    let real = dir.file("real/case.pcapng", "old");
    let link = dir.path().join("link");
    std::os::unix::fs::symlink(&real, &link).unwrap();
    sipstat()
        .args(["--force", "--pcap"])
        .arg(&link)
        .arg("-")
        .stdin(content.as_str())
        .success();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(read(&fs::read(&real).unwrap()).packets.len(), 1);
    let fifo = dir.path().join("fifo");
    crate::harness::fifo(&fifo);
    for (path, args) in [
        (fifo.as_path(), &["--force"][..]),
        (&dir.folder("folder"), &["--force"]),
        (&dir.path().join("none/a"), &[]),
    ] {
        let said = sipstat()
            .args(args)
            .arg("--pcap")
            .arg(path)
            .arg("-")
            .stdin(content.as_str())
            .exits(2);
        assert_eq!((said.stdout.as_str(), said.stderr.lines().count()), ("", 1), "{said:?}");
    }
}

#[test]
fn there_is_no_file_where_nothing_can_be_read() {
    let dir = TestDir::new();
    let path = dir.path().join("case.pcapng");
    sipstat()
        .arg("--pcap")
        .arg(&path)
        .arg(dir.path().join("none.log"))
        .exits(2);
    sipstat()
        .arg("--pcap")
        .arg(&path)
        .arg("-")
        .stdin("no log at all\n")
        .exits(2);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    // A log without a message that is wanted makes a file without a packet, and that is told.
    let said = sipstat()
        .args(["--requests=PING", "--pcap"])
        .arg(&path)
        .arg("-")
        .stdin(request("BYE").log())
        .success();
    insta::assert_snapshot!(said.stderr, @"sipstat_cm: [DIR]/case.pcapng: no message to write; the file has no packet");
    assert!(read(&fs::read(&path).unwrap()).packets.is_empty());
}

#[test]
fn on_standard_output_are_packets_alone_also_where_logs_are_followed() {
    let content = log(&[request("BYE"), response(200, "BYE").at("20170427:084413")]);
    let ways = [&["--pcap", "-", "-"][..], &["-f", "--pcap", "-", "-"]];
    let comments = ways.map(|args| {
        let mut child = sipstat().args(args).command().spawn().unwrap();
        child.stdin.take().unwrap().write_all(content.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{args:?}");
        let file = read(&output.stdout);
        assert_eq!((file.is_pcapng, file.packets.len()), (true, 2), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        file.packets[1].comment.clone()
    });
    assert_eq!(comments, ["TLS, standard input, line 4"; 2]);
}

#[test]
fn what_is_asked_for_in_vain() {
    let lines = [
        &["-f", "--pcap", "case.pcapng"][..],
        &["--pcap", "case.pcapng"],
        &["--force", "-"],
        &["--damaged", "-"],
    ]
    .map(|args| sipstat().args(args).exits(2).stderr);
    insta::assert_snapshot!(lines.concat());
}

#[test]
fn damaged_records_are_left_out_and_told_or_marked() {
    let cut = request("BYE").log().replace("0d 0a 0d 0a]", "]");
    let content = cut + &request("BYE").at("20170427:084413").log();
    let dir = TestDir::new();
    let path = dir.path().join("case.pcapng");
    let run = || sipstat().arg("--pcap").arg(&path).arg("-").stdin(content.as_str());
    let said = run().success();
    insta::assert_snapshot!(said.stderr);
    assert_eq!(read(&fs::read(&path).unwrap()).packets.len(), 1);
    run().args(["--damaged", "--force"]).success();
    let packets = read(&fs::read(&path).unwrap()).packets;
    insta::assert_snapshot!(packets[0].comment, @"TLS, standard input, line 1; damaged: shorter than its SIZE");
    assert!(packets[0].opened.text.ends_with(b"Content-Length: 0"));
}

#[test]
fn where_nobody_reads_the_tables_there_is_no_file_and_that_is_told() {
    let dir = TestDir::new();
    let path = dir.path().join("case.pcapng");
    let content: String = (0..3000)
        .map(|n| {
            request("BYE")
                .at(&format!("20170427:08{:02}{:02}{:03}", n / 1000, n / 17 % 60, n % 1000))
                .log()
        })
        .collect();
    let file = dir.file("in/a", content);
    let mut child = sipstat()
        .args(["-iSEC", "--pcap"])
        .arg(&path)
        .arg(file)
        .command()
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let status = child.wait().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(
        said.contains("case.pcapng: not made, as nobody reads standard output"),
        "{said}"
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_run_that_is_ended_leaves_nothing() {
    use rustix::process::{Pid, Signal, kill_process};
    let dir = TestDir::new();
    let path = dir.path().join("case.pcapng");
    let mut child = sipstat().arg("--pcap").arg(&path).arg("-").command().spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(request("BYE").log().as_bytes()).unwrap();
    // The file is begun before anything is read, and signals are awaited then.
    while fs::read_dir(dir.path()).unwrap().count() == 0 {
        std::thread::yield_now();
    }
    let status = Path::new("/proc").join(child.id().to_string()).join("status");
    let catches_term = || {
        let status = fs::read_to_string(&status).unwrap_or_default();
        let mask = status
            .lines()
            .find_map(|line| line.strip_prefix("SigCgt:"))
            .unwrap_or("0");
        u64::from_str_radix(mask.trim(), 16).unwrap() >> 14 & 1 == 1
    };
    while !catches_term() {
        std::thread::yield_now();
    }
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("case.pcapng: not made, as the program was ended"),
        "{said}"
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

/// The logs of a tar in a gzip lie in it in any order, and hold more messages than memory does.
#[test]
fn an_archive_in_a_file_gives_packets_in_the_order_of_time_however_much_it_holds() {
    const LOGS: usize = 30;
    let dir = TestDir::new();
    let logs: Vec<(String, Vec<u8>)> = (0..LOGS)
        .map(|n| {
            let messages = (0..60).map(|second| {
                let time = format!("20170427:08{n:02}{second:02}");
                request("MESSAGE").body(22_000).per_line(4096).at(&time)
            });
            let content = log(&messages.collect::<Vec<_>>());
            (format!("2017-0427-08{n:02}00.log"), content.into_bytes())
        })
        .collect();
    // 7 and 30 have no divisor in common, so each log comes once.
    let shuffled: Vec<(String, Vec<u8>)> = (0..LOGS).map(|n| logs[n * 7 % LOGS].clone()).collect();
    let archive = dir.file("logs.tgz", tar_gz(&shuffled));
    let path = dir.path().join("case.pcapng");
    let said = sipstat().args(["-iHOUR", "--pcap"]).args([&path, &archive]).success();
    assert_eq!((said.stderr.as_str(), total(&said.stdout)), ("", 1800));
    let file = read(&fs::read(&path).unwrap());
    assert_eq!(file.packets.len(), 1800);
    assert!(file.packets.is_sorted_by_key(|packet| packet.time));
    // From a pipe they are in order as far as memory reaches, and it is told that they are not beyond.
    let said = sipstat()
        .args(["-iHOUR", "--force", "--pcap"])
        .arg(&path)
        .arg("-")
        .stdin(fs::read(&archive).unwrap())
        .success();
    assert!(said.stderr.contains("not in the order of time"), "{}", said.stderr);
    let shown = sipstat().arg("--show").arg(&archive).success();
    assert_eq!((shown.stderr.as_str(), shown.stdout.lines().count()), ("", 1800));
    assert!(shown.stdout.lines().is_sorted());
}
