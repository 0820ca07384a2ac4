//! What inputs there can be, and that none is skipped silently.

use std::fs;
use std::thread;

use insta::assert_snapshot;

#[cfg(unix)]
use crate::harness::fifo;
use crate::harness::{TestDir, gzip, sipstat, testdata};
use crate::logs::{log, request};
use crate::tables::{kind_names, kinds, total};

const NAME: &str = "2017-0427-084412.log";

#[test]
fn a_record_in_two_files_counts_once() {
    let bye = request("BYE").lines();
    let dir = TestDir::new();
    let first = dir.file(NAME, bye[..1].concat());
    let second = dir.file("2017-0427-084413.log", bye[1..].concat());
    for inputs in [[&first, &second], [&second, &first]] {
        let said = sipstat().args(inputs).success();
        assert_eq!(total(&said.stdout), 1);
        assert_eq!(said.stderr, "");
    }
    assert_snapshot!(sipstat().arg(first).success().stderr, @"sipstat_cm: 1 of 1 records damaged: 1 shorter than its SIZE");
    assert_snapshot!(sipstat().arg(second).success().stderr, @"sipstat_cm: 1 of 1 records damaged: 1 run of further lines without a first");
}

#[test]
fn the_folder_of_a_hold_is_read_as_any_other() {
    let dir = TestDir::new();
    dir.file("held/case/.backup_ecs.hold", "backup_ecs hold 1\norder 1\n");
    dir.file(format!("held/case/{NAME}.gz"), gzip(log(&[request("BYE")])));
    dir.file("2017-0427-084413.log.gz", gzip(log(&[request("CANCEL")])));
    let held = dir.path().join("held/case");
    let said = sipstat().args(["-t", "20170427:0844"]).arg("-d").arg(held).success();
    assert_eq!((total(&said.stdout), said.stderr.as_str()), (1, ""));
}

#[test]
fn a_record_cut_anywhere_counts_once() {
    let content = log(&[request("BYE").per_line(16), request("CANCEL").at("20170427:084413")]);
    for cut in (0..=content.len()).step_by(13) {
        let dir = TestDir::new();
        let (start, end) = content.split_at(cut);
        dir.file(NAME, start);
        dir.file("2017-0427-084413.log.gz", gzip(end));
        let said = sipstat().arg(dir.path()).success();
        assert_eq!(
            kinds(&said.stdout),
            ["BYE", "CANCEL"].map(|kind| (kind.to_owned(), 1)),
            "{cut}"
        );
        assert_eq!(said.stderr, "", "{cut}");
    }
}

#[test]
fn a_log_and_its_compressed_copy_count_once() {
    let dir = TestDir::new();
    let content = log(&[request("BYE"), request("CANCEL")]);
    let plain = dir.file(NAME, &content);
    let packed = dir.file(format!("backup/{NAME}.gz"), gzip(&content));
    dir.file(format!("{NAME}.gz"), gzip(&content));
    assert_eq!(total(&sipstat().arg(dir.path()).success().stdout), 2);
    assert_eq!(total(&sipstat().args([&plain, &packed]).success().stdout), 2);
    assert_eq!(total(&sipstat().args([&packed, &plain]).success().stdout), 2);
}

#[test]
fn a_copy_made_while_its_log_was_written_takes_nothing_from_the_count() {
    let dir = TestDir::new();
    let content = log(&[request("BYE"), request("CANCEL"), request("INVITE")]);
    let packed = gzip(&content);
    let early = dir.file(format!("early/{NAME}"), content.split_at(content.len() / 2).0);
    let cut = dir.file(format!("cut/{NAME}.gz"), &packed[..packed.len() - 9]);
    let whole = dir.file(format!("whole/{NAME}.gz"), &packed);
    for order in [[&early, &cut, &whole], [&whole, &early, &cut], [&cut, &whole, &early]] {
        let said = sipstat().args(order).success();
        assert_eq!(total(&said.stdout), 3);
        assert_eq!(said.stderr, "");
    }
}

#[test]
fn a_file_named_twice_counts_once() {
    let dir = TestDir::new();
    let log = dir.file(NAME, request("BYE").log());
    let other = dir.file("trace.txt", request("CANCEL").log());
    let run = sipstat()
        .args([&log, &other, &log, &other])
        .arg(dir.path())
        .arg(dir.path().join("*"));
    let said = run.arg(dir.path().join(".").join("trace.txt")).success();
    assert_eq!(kinds(&said.stdout), ["BYE", "CANCEL"].map(|kind| (kind.to_owned(), 1)));
    assert_eq!(said.stderr, "");
}

#[test]
fn logs_of_one_name_of_two_servers_both_count() {
    let dir = TestDir::new();
    dir.file(format!("a/{NAME}"), request("BYE").log());
    dir.file(
        format!("b/{NAME}"),
        request("BYE").ends("10.2.2.3:1>10.1.1.1:5061").log(),
    );
    let said = sipstat().arg(dir.path().join("a")).arg(dir.path().join("b")).success();
    assert_eq!(total(&said.stdout), 2);
    let last = sipstat()
        .arg("-n1")
        .arg("-d")
        .arg(dir.path().join("a"))
        .arg("-d")
        .arg(dir.path().join("b"));
    assert_eq!(total(&last.success().stdout), 1);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_told() {
    use std::os::unix::fs::symlink;
    let dir = TestDir::new();
    let path = dir.path().join(NAME);
    symlink("nowhere", &path).unwrap();
    let said = sipstat().arg(dir.path()).exits(2);
    assert_eq!(said.stdout, "");
    assert_snapshot!(said.stderr, @"
    sipstat_cm: [DIR]/2017-0427-084412.log: is a link to a file that is not there; check the name
    sipstat_cm: 1 of 1 inputs could not be read, or not to the end
    ");

    dir.file("2017-0427-084413.log", request("BYE").log());
    let said = sipstat().arg("-n9").arg("-d").arg(dir.path()).exits(1);
    assert_eq!(total(&said.stdout), 1);
    assert_snapshot!(said.stderr, @"
    sipstat_cm: [DIR]/2017-0427-084412.log: is a link to a file that is not there; check the name
    sipstat_cm: 1 of 2 inputs could not be read, or not to the end
    ");
    // Named, it is a mistake of whoever named it.
    let said = sipstat()
        .arg(path)
        .arg(dir.path().join("2017-0427-084413.log"))
        .exits(1);
    assert_eq!(total(&said.stdout), 1);
    assert_snapshot!(said.stderr, @"
    sipstat_cm: [DIR]/2017-0427-084412.log: not found; check the name
    sipstat_cm: 1 of 2 inputs could not be read, or not to the end
    ");
}

#[test]
fn what_is_not_there_is_told_and_the_rest_reported() {
    let dir = TestDir::new();
    let log = dir.file(NAME, request("BYE").log());
    let gone = dir.path().join("2017-0427-084413.log");
    let said = sipstat().arg(&gone).arg(&log).arg(dir.path().join("19*")).exits(1);
    assert_eq!(total(&said.stdout), 1);
    assert_snapshot!(said.stderr, @"
    sipstat_cm: [DIR]/2017-0427-084413.log: not found; check the name
    sipstat_cm: [DIR]/19*: no file matches the pattern
    sipstat_cm: 2 of 3 inputs could not be read, or not to the end
    ");

    let said = sipstat().arg(&gone).exits(2);
    assert_eq!(said.stdout, "");
    assert_snapshot!(said.stderr, @"sipstat_cm: [DIR]/2017-0427-084413.log: not found; check the name");
    assert_snapshot!(sipstat().arg(dir.path().join("19*")).exits(2).stderr, @"sipstat_cm: [DIR]/19*: no file matches the pattern");
    assert_snapshot!(sipstat().arg(dir.path().join("20[")).exits(2).stderr, @"sipstat_cm: [DIR]/20[: malformed pattern: unclosed character class; missing ']'");
    assert_snapshot!(sipstat().arg("-n1").arg("-d").arg(dir.path().join("none")).exits(2).stderr, @"sipstat_cm: [DIR]/none: not found; check the name");
    assert_snapshot!(sipstat().arg("-n1").arg("-d").arg(&log).exits(2).stderr, @"sipstat_cm: [DIR]/2017-0427-084412.log: is not a folder");
    assert_snapshot!(sipstat().arg("").exits(2).stderr, @"sipstat_cm: : not found; check the name");
}

#[test]
fn what_cannot_be_opened_is_told() {
    let dir = TestDir::new();
    let log = dir.file(NAME, request("BYE").log());
    let said = sipstat().arg(&log).arg(log.join("below")).exits(1);
    assert_eq!(total(&said.stdout), 1);
    assert_snapshot!(said.stderr, @"
    sipstat_cm: [DIR]/2017-0427-084412.log/below: cannot open: Not a directory (os error 20)
    sipstat_cm: 1 of 2 inputs could not be read, or not to the end
    ");
}

/// Root may read everything, so only other users can see this.
#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let dir = TestDir::new();
    let log = dir.file(NAME, request("BYE").log());
    dir.file("2017-0427-084413.log", request("CANCEL").log());
    fs::set_permissions(&log, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(&log).is_ok() {
        assert_eq!(total(&sipstat().arg(dir.path()).success().stdout), 2);
        return;
    }
    let said = sipstat().arg(dir.path()).exits(1);
    assert_eq!(total(&said.stdout), 1);
    let line = said.stderr.lines().next().unwrap();
    let expected = format!("sipstat_cm: [DIR]/{NAME}: permission denied; run it as a user of group susers");
    assert_eq!(line, expected);
}

#[test]
fn folders_without_logs() {
    let dir = TestDir::new();
    assert_snapshot!(sipstat().arg(dir.path()).exits(2).stderr, @"sipstat_cm: no ECS logs, such as 2017-0427-084412.log, in [DIR]; name files or folders, or give -d DIR");
    // Names that are near, and folders that have the right one.
    dir.file("trace.txt", request("BYE").log());
    dir.file("2017-0427-0844.log", request("BYE").log());
    dir.file("2017-0427-084412.log.bz2", request("BYE").log());
    dir.folder("2017-0427-084412.log");
    let said = sipstat().arg(dir.path()).exits(2);
    assert_eq!(said.stdout, "");
    let told = "sipstat_cm: [DIR]: 2017-0427-084412.log.bz2 is not read, as its name is not that of an ECS log; rename or unpack it, or name the file itself";
    assert_eq!(said.stderr.trim_end(), told);
    let run = sipstat()
        .arg("-n1")
        .arg("-d")
        .arg(dir.path())
        .arg("-d")
        .arg(dir.folder("other"));
    assert_eq!(run.exits(2).stderr.trim_end(), told);
}

#[test]
fn a_folder_that_has_the_name_of_a_log_is_a_folder() {
    let dir = TestDir::new();
    let folder = dir.folder(NAME);
    dir.file(format!("{NAME}/2017-0427-084413.log"), request("BYE").log());
    assert_eq!(total(&sipstat().arg(folder).success().stdout), 1);
}

#[test]
fn a_file_may_have_any_name() {
    let dir = TestDir::new();
    for name in ["trace.txt", "a b", "*", "20[", "köln", "x\u{1b}[2J", "--", "-n"] {
        dir.file(name, request("BYE").log());
        let said = sipstat().args(["--", name]).current_dir(dir.path()).success();
        assert_eq!(total(&said.stdout), 1, "{name}");
        assert_eq!(said.stderr, "", "{name}");
    }
}

#[test]
fn an_empty_file_is_read() {
    let dir = TestDir::new();
    for (name, content) in [(NAME, Vec::new()), ("2017-0427-084413.log.gz", gzip(""))] {
        let said = sipstat().arg(dir.file(name, content)).success();
        assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("", ""), "{name}");
    }
}

#[test]
fn of_a_gzip_that_is_cut_short_the_good_part_counts() {
    let said = sipstat()
        .args(["--responses=ALL", "-iHOUR"])
        .arg(testdata("gzip/cut-short"))
        .exits(1);
    assert_eq!(kinds(&said.stdout), [("200".to_owned(), 1), ("BYE".to_owned(), 2)]);

    let dir = TestDir::new();
    let packed = gzip(request("BYE").log());
    dir.file(format!("{NAME}.gz"), &packed[..packed.len() - 4]);
    dir.file("2017-0427-084413.log.gz", [&packed[..], b"garbage"].concat());
    dir.file("2017-0427-084414.log.gz", &packed[..1]);
    dir.file("2017-0427-084415.log.gz", &packed[..2]);
    dir.file("2017-0427-084416.log.gz", [&packed[..10], &[0xff; 20]].concat());
    dir.file("2017-0427-084417.log.gz", [&packed[..], &[0; 512]].concat());
    let said = sipstat().arg(dir.path()).exits(1);
    assert_eq!(kinds(&said.stdout), [("BYE".to_owned(), 3)]);
    assert_snapshot!(said.stderr, @"
    sipstat_cm: [DIR]/2017-0427-084412.log.gz: damaged gzip: it is cut off; what came before is counted
    sipstat_cm: [DIR]/2017-0427-084413.log.gz: damaged gzip: something else follows its end; what came before is counted
    sipstat_cm: [DIR]/2017-0427-084414.log.gz: has no line of an ECS log, which is not read; check the name
    sipstat_cm: [DIR]/2017-0427-084415.log.gz: damaged gzip: it is cut off; what came before is counted
    sipstat_cm: [DIR]/2017-0427-084416.log.gz: damaged gzip: corrupt deflate stream; what came before is counted
    sipstat_cm: 5 of 6 inputs could not be read, or not to the end
    ");
}

#[test]
fn content_says_whether_it_is_compressed() {
    let dir = TestDir::new();
    dir.file(NAME, gzip(request("BYE").log()));
    dir.file("2017-0427-084413.log.gz", request("CANCEL").log());
    let said = sipstat().arg(dir.path()).success();
    assert_eq!(kind_names(&said.stdout), ["BYE", "CANCEL"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_can_be_a_file() {
    let dir = TestDir::new();
    for name in ["pipe", NAME] {
        let path = dir.path().join(name);
        fifo(&path);
        let writer = thread::spawn({
            let path = path.clone();
            move || fs::write(path, request("BYE").log()).unwrap()
        });
        let said = sipstat().arg(&path).success();
        writer.join().unwrap();
        assert_eq!((total(&said.stdout), said.stderr.as_str()), (1, ""), "{name}");
    }
}

/// To open one could take for ever.
#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_is_no_log() {
    let dir = TestDir::new();
    fifo(&dir.path().join(NAME));
    dir.file("2017-0427-084413.log", request("BYE").log());
    let said = sipstat().arg(dir.path()).success();
    assert_eq!((total(&said.stdout), said.stderr.as_str()), (1, ""));
}

#[test]
fn standard_input_beside_files() {
    let dir = TestDir::new();
    let path = dir.file(NAME, request("BYE").log());
    let said = sipstat()
        .arg(path)
        .args(["-", "-"])
        .stdin(request("CANCEL").log())
        .success();
    assert_eq!(kinds(&said.stdout), ["BYE", "CANCEL"].map(|kind| (kind.to_owned(), 1)));
}

/// Seconds of an hour, each with a message: more than is held of one log beside others.
fn an_hour() -> String {
    let time = |n| format!("20170427:08{:02}{:02}", n / 60, n % 60);
    (0..3600).map(|n| request("BYE").at(&time(n)).log()).collect()
}

/// What was read from it cannot be read again.
#[test]
fn standard_input_of_any_size() {
    for content in [an_hour().into_bytes(), gzip(an_hour())] {
        for options in [&["-iSEC"][..], &["-iSEC", "-j1"], &["-iDAY"]] {
            let said = sipstat().args(options).arg("-").stdin(content.as_slice()).success();
            assert_eq!((total(&said.stdout), said.stderr.as_str()), (3600, ""), "{options:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_of_any_size() {
    let dir = TestDir::new();
    let path = dir.path().join("pipe");
    fifo(&path);
    // Whoever opens it again finds nothing. If nobody does, the thread ends with the tests.
    thread::spawn({
        let path = path.clone();
        move || {
            let _ = fs::write(&path, an_hour());
            fs::write(&path, "")
        }
    });
    let said = sipstat().arg("-iSEC").arg(&path).success();
    assert_eq!((total(&said.stdout), said.stderr.as_str()), (3600, ""));
}

#[cfg(target_os = "linux")]
#[test]
fn standard_input_that_cannot_be_read() {
    use std::process::Stdio;
    let mut command = sipstat().arg("-").command();
    let folder = fs::File::open(TestDir::new().path()).unwrap();
    let output = command.stdin(Stdio::from(folder)).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"
    sipstat_cm: standard input: is a folder
    sipstat_cm: 1 of 1 inputs could not be read, or not to the end
    ");
}

/// Closed, as some schedulers leave it.
#[cfg(target_os = "linux")]
#[test]
fn standard_input_that_is_closed() {
    let shell = |script: &str| {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", script, crate::harness::PROGRAM]).output()
    };
    if !shell(":").is_ok_and(|output| output.status.success()) {
        let mut stderr = std::io::stderr();
        std::io::Write::write_all(
            &mut stderr,
            b"skipped: a test that takes a shell, which does not run here\n",
        )
        .unwrap();
        return;
    }
    let output = shell("exec \"$0\" - <&-").unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!((output.stdout, output.stderr), (Vec::new(), Vec::new()));
}

#[test]
fn a_log_out_of_order_is_told() {
    let dir = TestDir::new();
    for day in [24, 26, 28] {
        let bye = request("BYE").at(&format!("201704{day}:0800"));
        dir.file(format!("2017-04{day}-080000.log"), bye.log());
    }
    let late = log(&[
        request("CANCEL").at("20170424:0800"),
        request("BYE").at("20170429:0800"),
    ]);
    dir.file("2017-0429-080000.log", late);
    let said = sipstat().arg(dir.path()).exits(1);
    assert_eq!(kinds(&said.stdout), [("BYE".to_owned(), 4)]);
    assert_snapshot!(said.stderr, @"sipstat_cm: 1 message not counted, having come after the table of their time was printed; use a longer interval");
}

/// A record as long as several logs, as a server has them that begins one each second.
#[test]
fn a_record_in_three_files_is_whole() {
    let bye = request("BYE").per_line(16).lines();
    let dir = TestDir::new();
    dir.file("2017-0427-084412.log", bye[..2].concat());
    dir.file("2017-0427-084413.log", bye[2..4].concat());
    dir.file("2017-0427-084414.log", bye[4..].concat());
    let said = sipstat().arg(dir.path()).success();
    assert_eq!(kinds(&said.stdout), [("BYE".to_owned(), 1)]);
    assert_eq!(said.stderr, "");
}

/// A record that goes on in the next log of its own server does so, wherever another server's logs end.
#[test]
fn the_last_log_of_another_server_changes_nothing() {
    let bye = request("BYE").lines();
    let dir = TestDir::new();
    dir.file("a/2017-0427-084412.log", bye[..1].concat());
    dir.file("a/2017-0427-084414.log", bye[1..].concat());
    dir.file("b/2017-0427-084413.log", request("CANCEL").at("20170427:084413").log());
    let said = sipstat().arg(dir.path().join("a")).arg(dir.path().join("b")).success();
    assert_eq!(kinds(&said.stdout), ["BYE", "CANCEL"].map(|kind| (kind.to_owned(), 1)));
    assert_eq!(said.stderr, "");
}

/// What begins in a log of the context does not count, and what begins in the others is joined with it.
#[test]
fn context_joins_records_that_lie_over_the_ends_of_logs() {
    let dir = TestDir::new();
    let mut rest = String::new();
    for (second, method) in (10..).zip(["INVITE", "BYE", "CANCEL", "OPTIONS"]) {
        let lines = request(method).at(&format!("20170427:0844{second}")).lines();
        let (first, further) = lines.split_first().unwrap();
        dir.file(format!("2017-0427-0844{second}.log"), rest + first);
        rest = further.concat();
    }
    dir.file("2017-0427-084414.log", rest);
    let log = |second: u32| format!("2017-0427-0844{second}.log");
    let counted = |context: &[u32], inputs: &[u32]| {
        let context = context.iter().map(|&second| format!("--context={}", log(second)));
        let inputs = inputs.iter().map(|&second| log(second));
        let run = sipstat()
            .current_dir(dir.path())
            .arg("--requests=ALL")
            .args(context.chain(inputs));
        let said = run.success();
        (kind_names(&said.stdout).join(" "), said.stderr)
    };
    let all = "BYE CANCEL INVITE OPTIONS".to_owned();
    assert_eq!(counted(&[], &[10, 11, 12, 13, 14]), (all, String::new()));
    assert_eq!(
        counted(&[10, 13, 14], &[11, 12]),
        ("BYE CANCEL".to_owned(), String::new())
    );
    assert_eq!(
        counted(&[14, 12, 13], &[10, 11]),
        ("BYE INVITE".to_owned(), String::new())
    );
    assert_eq!(
        counted(&[10, 11], &[12, 13, 14]),
        ("CANCEL OPTIONS".to_owned(), String::new())
    );
    assert_snapshot!(sipstat().args(["--context", "notes.txt", "x"]).exits(2).stderr, @"sipstat_cm: invalid value 'notes.txt' for '--context <FILE>': expected an ECS log, such as 2017-0427-084412.log: its name tells what it goes on with; see --help");
    assert_snapshot!(sipstat().args(["--context", &log(10), "-f"]).exits(2).stderr, @"sipstat_cm: the argument '--context <FILE>' cannot be used with '--follow'; see --help");
    let run = sipstat()
        .current_dir(dir.path())
        .args(["--context", &log(10), "--context", &log(20), &log(11)]);
    assert_snapshot!(run.exits(1).stderr, @"
    sipstat_cm: 2017-0427-084420.log: not found; check the name
    sipstat_cm: 1 of 1 records damaged: 1 shorter than its SIZE; 1 of 2 inputs could not be read, or not to the end
    ");
}
