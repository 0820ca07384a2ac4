//! What is copied, and what is left.

use std::fs;
use std::os::unix::fs::symlink;

use crate::harness::{Server, content, gz, name, packed, read};

#[test]
fn all_are_copied_as_they_stand_and_a_second_run_copies_nothing() {
    let server = Server::with_logs(0..5);
    server.run_well(&[]);
    assert_eq!(server.saved(), [0, 1, 2, 3, 4]);
    assert!(server.is_each_whole());
    let before = fs::metadata(server.dst().join(gz(2))).unwrap().modified().unwrap();
    server.run_well(&[]);
    assert_eq!(
        fs::metadata(server.dst().join(gz(2))).unwrap().modified().unwrap(),
        before
    );
    // The newest goes on, and then there is another.
    server.log_of(4, &content(4, 300));
    server.log(5);
    server.run_well(&[]);
    assert_eq!(server.saved(), [0, 1, 2, 3, 4, 5]);
    assert!(server.is_each_whole());
}

#[test]
fn a_backup_of_either_form_will_do() {
    let server = Server::with_logs(0..2);
    server.backup(&name(0), &fs::read(server.src().join(name(0))).unwrap());
    server.run_well(&[]);
    assert_eq!(server.backups(), [name(0), gz(1)]);
    server.log(2);
    server.run_well(&["--no-gzip"]);
    assert_eq!(server.backups(), [name(0), gz(1), name(2)]);
    assert!(server.is_each_whole());
}

#[test]
fn what_is_older_than_the_oldest_backup_is_saved_where_there_is_room() {
    let server = Server::with_logs(0..8);
    server.backup(
        &gz(3),
        &crate::harness::packed(&fs::read(server.src().join(name(3))).unwrap()),
    );
    let ran = server.run(&["-v"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(server.saved(), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert!(ran.out.find(&gz(4)) < ran.out.find(&gz(5)), "oldest first: {}", ran.out);
}

#[test]
fn only_logs_that_are_meant_are_copied() {
    let server = Server::with_logs([0, 1, 60, 61]);
    for other in [
        "2019-report.pdf",
        "2017-0427-084412.log.bak",
        "2017-0431-084412.log",
        "20",
    ] {
        fs::write(server.src().join(other), "x").unwrap();
    }
    fs::create_dir(server.src().join("2017-0427-070000.log")).unwrap();
    symlink("/etc/passwd", server.src().join("2017-0427-070001.log")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        server.src().join("2017-0427-070002.log"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    server.run_well(&["--files", "2017-0427-0800*"]);
    assert_eq!(server.saved(), [0, 1]);
    server.run_well(&[]);
    assert_eq!(server.saved(), [0, 1, 60, 61]);
}

#[test]
fn a_log_that_is_packed_already_stays_as_it_is() {
    let server = Server::with_logs([1]);
    let bytes = crate::harness::packed(b"a\n");
    fs::write(server.src().join(gz(0)), &bytes).unwrap();
    server.run_well(&[]);
    assert_eq!(fs::read(server.dst().join(gz(0))).unwrap(), bytes);
    assert_eq!(server.backups(), [gz(0), gz(1)]);
    server.run_well(&[]);
}

#[test]
fn a_folder_without_a_log_or_a_pattern_that_no_log_matches_is_told() {
    let server = Server::new();
    fs::write(server.src().join("2017-0427-080000.log.1"), "x").unwrap();
    for args in [&[][..], &["--files", "2018*"], &["--dry-run"]] {
        let ran = server.run(args);
        assert_eq!(ran.code, 1);
        let pattern = if args.len() == 2 { "2018*" } else { "20*" };
        let expected =
            format!("backup_ecs: SRC: there is no ECS log there whose name matches {pattern}; see --src and --files\n");
        assert_eq!(ran.err, expected);
    }
}

#[test]
fn names_that_match_and_are_no_logs_are_named_where_that_is_asked_for() {
    let server = Server::with_logs([0]);
    for other in ["2017-0427-080010_2.log", "2016-1231-235960.log", "2017-0427.m"] {
        fs::write(server.src().join(other), "x").unwrap();
    }
    fs::create_dir(server.src().join("2017-0427-080020.log")).unwrap();
    fs::create_dir(server.src().join("2017-old")).unwrap();
    symlink(name(0), server.src().join("2017-0427-080030.log")).unwrap();
    server.run_well(&[]);
    for arg in ["-v", "--dry-run"] {
        let out = server.run(&[arg]).out;
        let first: Vec<&str> = out.lines().take(6).collect();
        insta::allow_duplicates! {
            insta::assert_snapshot!(first.join("\n"), @r"
            pass over 2016-1231-235960.log: its name is not that of a log
            pass over 2017-0427-080010_2.log: its name is not that of a log
            pass over 2017-0427-080020.log: it is not a regular file
            pass over 2017-0427-080030.log: it is not a regular file
            pass over 2017-0427.m: its name is not that of a log
            pass over 2017-old: it is not a regular file
            ");
        }
    }
}

#[test]
fn a_dry_run_prints_the_plan_and_changes_nothing() {
    let server = Server::with_logs(0..5);
    let ran = server.run(&["--dry-run"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(!server.dst().exists());
    server.backup(
        &gz(1),
        &crate::harness::packed(&fs::read(server.src().join(name(1))).unwrap()),
    );
    server.backup(&gz(2), b"cut");
    server.backup(".2017-0427-080002.log.gz.4711-0.tmp", b"half");
    let before = server.all_in_dst();
    let ran = server.run(&["--dry-run"]);
    let lines: Vec<&str> = ran
        .out
        .lines()
        .filter(|line| !line.contains(" logs to copy "))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    remove .2017-0427-080002.log.gz.4711-0.tmp: a killed run left it
    copy 2017-0427-080000.log if there is room: its backup is gone
    leave 2017-0427-080001.log: it has a backup
    copy 2017-0427-080002.log: its backup is damaged
    copy 2017-0427-080003.log: it has no backup
    copy 2017-0427-080004.log: it has no backup
    ");
    assert_eq!(server.all_in_dst(), before);
    let done = server.run(&["-v"]);
    let copied = done.out.lines().filter(|line| line.starts_with("copied ")).count();
    assert_eq!(copied, 4, "what was planned is done: {}", done.out);
}

#[test]
fn a_packed_log_beside_a_plain_one_of_its_name_is_told_as_not_saved() {
    let server = Server::with_logs([0, 1]);
    let twin = server.src().join(gz(0));
    fs::write(&twin, packed(b"another log")).unwrap();
    let expected = "backup_ecs: SRC/2017-0427-080000.log.gz: it is not saved, since 2017-0427-080000.log lies beside it and is; move one of them to another folder, or delete it if both are the same\n";
    for (args, told) in [(&["--dry-run"][..], expected), (&[], expected), (&[], "")] {
        let ran = server.run(args);
        assert_eq!((ran.code, ran.err.as_str()), (1, told), "{args:?}");
    }
    server.run_well(&["--files=2017-0427-080001*"]);
    fs::remove_file(server.src().join(name(0))).unwrap();
    // Now it is a log as any other, and gets a name of its own.
    let ran = server.run(&[]);
    assert!(
        ran.err.contains("it is saved as 2017-0427-080000_2.log.gz"),
        "{}",
        ran.err
    );
    assert_eq!(
        read(&server.dst().join("2017-0427-080000_2.log.gz")).unwrap(),
        b"another log"
    );
    server.run_well(&[]);
}
