//! Logs that were lost, or nearly.

use std::fs;

use crate::disk::with_sum;
use crate::harness::{Server, content, gz, name, packed};

#[test]
fn logs_deleted_before_they_were_saved_are_told_once() {
    let server = Server::with_logs(0..3);
    server.run_well(&[]);
    // One that no run gets to: a folder stands under the name of its backup.
    server.log(3);
    fs::create_dir_all(server.dst().join(gz(3)).join("x")).unwrap();
    assert_eq!(server.run(&[]).code, 1);
    fs::remove_dir_all(server.dst().join(gz(3))).unwrap();
    for second in 0..4 {
        fs::remove_file(server.src().join(name(second))).unwrap();
    }
    (10..13).for_each(|second| drop(server.log(second)));
    let ran = server.run(&[]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @r"
    backup_ecs: SRC: logs from 2017-04-27 08:00:03 to 2017-04-27 08:00:10 were deleted before they were saved; run it more often
    backup_ecs: this is over: DST/2017-0427-080003.log.gz: cannot give it its final name: Is a directory (os error 21)
    ");
    assert_eq!(server.saved(), [0, 1, 2, 10, 11, 12]);
    server.run_well(&[]);
}

#[test]
fn a_folder_of_another_server_is_refused() {
    let server = Server::with_logs(0..3);
    server.run_well(&[]);
    let rename_host = || {
        for state in [".backup_ecs.state.1", ".backup_ecs.state.2"] {
            let path = server.dst().join(state);
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            let lines = text.lines().map(|line| {
                if line.starts_with("host ") {
                    "host acm-other"
                } else {
                    line
                }
            });
            fs::write(path, with_sum(&(Vec::from_iter(lines).join("\n") + "\n"))).unwrap();
        }
    };
    rename_host();
    // The same logs: the server was renamed.
    server.run_well(&[]);
    for second in 0..3 {
        server.log_of(second, &content(second + 50, 100));
    }
    rename_host();
    let before = server.all_in_dst();
    for args in [&[][..], &["--dry-run"]] {
        let ran = server.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        insta::allow_duplicates! {
            insta::assert_snapshot!(ran.err, @"backup_ecs: DST: it has the backups of another server, acm-other; name another folder with --dst, or, if this one is to go on there, remove .backup_ecs.state.1 and .2 there");
        }
    }
    assert_eq!(server.all_in_dst(), before);
}

#[test]
fn a_gap_shows_without_notes_of_an_earlier_run_too() {
    let server = Server::with_logs(10..13);
    server.backup(&gz(2), &packed(b"a"));
    let ran = server.run(&[]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @"backup_ecs: SRC: logs after the one of 2017-04-27 08:00:02 to 2017-04-27 08:00:10 were deleted before they were saved; run it more often");
}

#[test]
fn where_all_that_is_gone_was_saved_nothing_is_lost() {
    let server = Server::with_logs(0..4);
    server.run_well(&[]);
    for second in 0..4 {
        fs::remove_file(server.src().join(name(second))).unwrap();
    }
    server.log(4);
    server.run(&[]);
    server.run_well(&[]);
    assert_eq!(server.saved(), [0, 1, 2, 3, 4]);
}

#[test]
fn a_thin_margin_is_told_and_is_no_failure() {
    let server = Server::new();
    let logs = |seconds: std::ops::Range<u32>| seconds.for_each(|second| drop(server.log_of(second, b"a")));
    logs(0..98);
    server.run_well(&[]);
    logs(98..700);
    let ran = server.run(&[]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.err, @"backup_ecs: SRC: the margin is thin: 601 logs are newer than the oldest that was not saved, and the server keeps 1000; run it more often");
    server.run_over(&[]);
}

#[test]
fn a_log_that_cannot_be_saved_is_told_and_the_others_are_saved() {
    let server = Server::with_logs(0..5);
    // A folder under the final name: it can be neither replaced nor deleted.
    fs::create_dir_all(server.dst().join(gz(0)).join("x")).unwrap();
    let ran = server.run(&[]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.starts_with("backup_ecs: DST/2017-0427-080000.log.gz: "),
        "{}",
        ran.err
    );
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert_eq!(server.run(&[]).code, 1);
    assert_eq!(server.saved(), [0, 1, 2, 3, 4]);
    fs::remove_dir_all(server.dst().join(gz(0))).unwrap();
    server.run_over(&[]);
    assert!(server.is_each_whole(), "it is not taken for one that was pruned");
    assert_eq!(server.saved(), [0, 1, 2, 3, 4]);
}

#[test]
fn a_log_that_vanishes_before_its_turn_is_told_and_the_others_are_saved() {
    let server = Server::with_logs(0..5);
    let large = server.log_of(1, &content(1, 200_000));
    let ran = server.run_paused_in(server.command().arg("--ratio=9"), &large, || {
        fs::remove_file(server.src().join(name(2))).unwrap();
    });
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    insta::assert_snapshot!(ran.err, @"backup_ecs: SRC: logs from 2017-04-27 08:00:02 to 2017-04-27 08:00:03 were deleted before they were saved; run it more often");
    assert_eq!(server.saved(), [0, 1, 3, 4]);
    assert!(server.is_each_whole());
    assert!(server.has_no_temps());
    server.run_well(&[]);
}

#[test]
fn a_log_that_is_emptied_while_it_is_copied_is_told_as_lost() {
    let server = Server::with_logs(0..3);
    let large = server.log_of(1, &content(1, 200_000));
    let ran = server.run_paused_in(&mut server.command(), &large, || fs::write(&large, b"").unwrap());
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @"backup_ecs: SRC: logs from 2017-04-27 08:00:01 to 2017-04-27 08:00:02 were deleted before they were saved; run it more often");
    server.run_well(&[]);
    assert!(server.is_each_whole() && server.has_no_temps());
}

#[test]
fn one_log_in_the_middle_that_cannot_be_saved_keeps_no_other_from_it() {
    let server = Server::with_logs(0..80);
    for second in [5, 40] {
        fs::create_dir_all(server.dst().join(gz(second)).join("x")).unwrap();
    }
    let ran = server.run(&["-v"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST/2017-0427-080005.log.gz: cannot give it its final name: Is a directory (os error 21), and so for 1 more; move what has this name out of the way");
    let copied: Vec<&str> = ran
        .out
        .lines()
        .filter_map(|line| line.strip_prefix("copied ")?.split(':').next())
        .collect();
    let expected: Vec<String> = (0..80).filter(|second| ![5, 40].contains(second)).map(gz).collect();
    assert_eq!(copied, expected, "each told once, oldest first");
    for second in [5, 40] {
        fs::remove_dir_all(server.dst().join(gz(second))).unwrap();
    }
    server.run_over(&[]);
    assert_eq!(server.saved(), Vec::from_iter(0..80));
    assert!(server.is_each_whole() && server.has_no_temps());
}
