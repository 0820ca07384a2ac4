//! `backup_ecs hold` and `release`.

use std::fs;

use crate::disk::{Small, noise};
use crate::harness::{Server, content, gz, name, read};

/// From 08:02 to 08:03.
const RANGE: &str = "20170427:0802-20170427:0803";

/// What the program said, in the order of streams.
fn said(server: &Server, args: &[&str]) -> String {
    let ran = server.run(args);
    format!("{} {}{}", ran.code, ran.out, ran.err)
}

/// The seconds of the backups that are held under a name.
fn held(server: &Server, hold: &str) -> Vec<String> {
    let entries = fs::read_dir(server.dst().join("held").join(hold)).unwrap();
    let mut names = Vec::from_iter(entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()));
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

#[test]
fn a_hold_moves_and_saves_and_a_release_brings_all_back() {
    let server = Server::with_logs([0, 60, 130, 190, 300]);
    server.run_well(&[]);
    server.log(150);
    let dry = said(&server, &["hold", RANGE, "case-4711", "--dry-run"]);
    insta::assert_snapshot!(dry.lines().take(5).collect::<Vec<_>>().join("\n"), @"
    0 move 2017-0427-080100.log.gz to held/case-4711
    move 2017-0427-080210.log.gz to held/case-4711
    move 2017-0427-080310.log.gz to held/case-4711
    move 2017-0427-080500.log.gz to held/case-4711
    copy 2017-0427-080230.log: it has no backup
    ");
    assert!(!server.dst().join("held").exists());
    insta::assert_snapshot!(said(&server, &["hold", RANGE, "case-4711"]), @"
    0 DST/held/case-4711: 4 backups moved there, 1 log saved there
    read them with sipstat_cm -d DST/held/case-4711; -d DST does not read them
    ");
    assert_eq!(held(&server, "case-4711"), [gz(60), gz(130), gz(150), gz(190), gz(300)]);
    assert_eq!(server.backups(), [gz(0), "held".to_owned()]);
    // One that comes later, and one that goes on.
    server.log(170);
    server.log_of(190, &content(190, 300));
    insta::assert_snapshot!(said(&server, &["-v"]).split(", use").next().unwrap(), @"
    0 copied 2017-0427-080250.log.gz: it has no backup, 7690 bytes, 2402 as backup
    copied 2017-0427-080310.log.gz: it went on after it was saved, 11590 bytes, 3617 as backup
    2 files, 19280 bytes, 6019 as backups, ratio 31.2 %, 0 pruned
    ");
    let status = server.run(&["status"]).out;
    let line = status.lines().find(|line| line.starts_with("held"));
    assert!(
        line.is_some_and(|line| line.starts_with("held      case-4711: 20170427:080200-20170427:080359, 6 backups, ")),
        "{status}"
    );
    for second in [170, 190] {
        let path = server.dst().join("held/case-4711").join(gz(second));
        assert_eq!(read(&path).unwrap(), fs::read(server.src().join(name(second))).unwrap());
    }
    insta::assert_snapshot!(said(&server, &["hold", "20170427:0803-20170427:0810", "other"]), @"
    0 DST/held/other: 0 backups moved there, 0 logs saved there
    backup_ecs: DST/held/other: a part of the range is held as case-4711 already, and stays there
    ");
    insta::assert_snapshot!(said(&server, &["release", "case-4711"]), @"0 DST/held/case-4711: 6 backups moved back from there");
    insta::assert_snapshot!(said(&server, &["release", "other"]), @"0 DST/held/other: 0 backups moved back from there");
    assert_eq!(server.saved(), [0, 60, 130, 150, 170, 190, 300]);
    assert!(server.is_each_whole());
    server.run_well(&[]);
}

#[test]
fn what_cannot_be_is_told() {
    let server = Server::with_logs([130]);
    server.run_well(&[]);
    server.run(&["hold", RANGE, "a"]);
    let mut lines = String::new();
    for args in [
        &["hold", "20170427", "a"][..],
        &["hold", RANGE, "a/b"],
        &["hold", RANGE, ".."],
        &["hold", RANGE, "--", "-a"],
        &["hold", RANGE, "a\u{1b}["],
        &["hold", "soon", "b"],
        &["hold", RANGE],
        &["release", "b"],
        &["release"],
    ] {
        let ran = server.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        lines.push_str(&ran.err);
    }
    insta::assert_snapshot!(lines, @r"
    backup_ecs: DST/held/a: it holds another range: 20170427:080200-20170427:080359; backup_ecs status shows which there are
    backup_ecs: invalid value 'a/b' for '<NAME>': it is to be the name of a folder, such as case-4711, without / and control characters, and not begin with -; see --help
    backup_ecs: invalid value '..' for '<NAME>': it is to be the name of a folder, such as case-4711, without / and control characters, and not begin with -; see --help
    backup_ecs: invalid value '-a' for '<NAME>': it is to be the name of a folder, such as case-4711, without / and control characters, and not begin with -; see --help
    backup_ecs: invalid value 'a\x1b[' for '<NAME>': it is to be the name of a folder, such as case-4711, without / and control characters, and not begin with -; see --help
    backup_ecs: invalid value 'soon' for '<RANGE>': `soon` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45; see --help
    backup_ecs: the following required arguments were not provided: <NAME>; see --help
    backup_ecs: DST/held/b: there is no such hold; backup_ecs status shows which there are
    backup_ecs: the following required arguments were not provided: <NAME>; see --help
    ");
    assert_eq!(held(&server, "a"), [gz(130)]);
}

#[test]
fn a_second_name_and_a_folder_that_stays_are_told() {
    let server = Server::with_logs([130]);
    server.run_well(&[]);
    server.run(&["hold", RANGE, "a"]);
    server.backup(&gz(130), b"other");
    server.backup("held/a/notes.txt", b"mine");
    insta::assert_snapshot!(said(&server, &["release", "a"]), @"
    0 DST/held/a: 1 backup moved back from there
    backup_ecs: DST/held/a/2017-0427-080210.log.gz: there is another backup of this name; it is 2017-0427-080210_2.log.gz now
    backup_ecs: DST/held/a: it stays, since there is something else in it
    ");
    assert_eq!(fs::read(server.dst().join(gz(130))).unwrap(), b"other");
    server.run_well(&[]);
}

#[test]
fn damage_in_a_hold_is_named_where_it_lies() {
    let server = Server::with_logs([0, 130, 300]);
    server.run_well(&[]);
    server.run(&["hold", RANGE, "a"]);
    fs::remove_file(server.src().join(name(130))).unwrap();
    server.backup(&format!("held/a/{}", gz(130)), b"no gzip at all, but long enough");
    for args in [
        &["--verify", "--dry-run"][..],
        &["--verify", "-v"],
        &["--verify", "--dry-run"],
    ] {
        let ran = server.run(args);
        insta::allow_duplicates! {
            insta::assert_snapshot!(ran.err, @"backup_ecs: DST/held/a/2017-0427-080210.log.gz: it is damaged: invalid gzip header; it is made anew if its log is still there");
        }
    }
    server.run_well(&["--verify"]);
}

#[test]
fn what_is_held_is_not_deleted_however_full_it_gets() {
    let server = Server::new();
    let Some(small) = Small::mount(&server, 400) else {
        return;
    };
    (0..4).for_each(|second| drop(server.log_of(second, &noise(second, 20_000))));
    assert_eq!(small.run(&["--max-use=80"]).code, 0);
    assert_eq!(
        small
            .run(&["--max-use=80", "hold", "20170427:080000-20170427:080001", "case"])
            .code,
        0
    );
    (4..20).for_each(|second| drop(server.log_of(second, &noise(second, 20_000))));
    small.run(&["--max-use=80"]);
    assert_eq!(held(&server, "case"), [gz(0), gz(1), gz(2)]);
    let saved = server.saved();
    assert!(!saved.contains(&3) && saved.contains(&19), "{saved:?}");
}

#[test]
fn a_hold_whose_file_is_damaged_lets_nothing_be_deleted_and_is_told_once_a_day() {
    let server = Server::new();
    let Some(small) = Small::mount(&server, 400) else {
        return;
    };
    (0..6).for_each(|second| drop(server.log_of(second, &noise(second, 20_000))));
    let hold = &["--max-use=60", "hold", "20170427:080000-20170427:080001", "case"];
    assert_eq!((small.run(&["--max-use=60"]).code, small.run(hold).code), (0, 0));
    server.backup("held/case/.backup_ecs.hold", b"backup_ecs hold 1\nor");
    (6..30).for_each(|second| drop(server.log_of(second, &noise(second, 20_000))));
    let first = small.run(&["--max-use=60"]);
    assert_eq!(first.code, 1);
    let line = first.err.lines().next().unwrap_or_default();
    insta::assert_snapshot!(line, @"backup_ecs: DST/held/case/.backup_ecs.hold: cannot tell which backups are held, so none is deleted; name the range anew with backup_ecs hold RANGE case, or end it with backup_ecs release case");
    assert_eq!(held(&server, "case"), [gz(0), gz(1), gz(2)]);
    assert!(server.saved().starts_with(&[3, 4, 5, 6]), "{:?}", server.saved());
    let again = small.run(&["--max-use=60"]);
    assert_eq!((again.code, again.err.as_str()), (1, ""));
    let status = small.run(&["status"]);
    assert_eq!(status.code, 1);
    assert!(
        status
            .out
            .contains("held      case: its range cannot be read, 3 backups, "),
        "{}",
        status.out
    );
    small.run(hold);
    let over = small.run(&["--max-use=60"]);
    assert!(
        over.err.contains("this is over: DST/held/case/.backup_ecs.hold: "),
        "{}",
        over.err
    );
    assert!(
        !server.saved().contains(&3) && server.saved().contains(&29),
        "{:?}",
        server.saved()
    );
    assert_eq!(held(&server, "case"), [gz(0), gz(1), gz(2)]);
}

#[test]
fn help_is_printed_whatever_else_is_missing() {
    let server = Server::new();
    for (args, usage) in [
        (
            &["hold", "--help"][..],
            "Usage: backup_ecs hold [OPTIONS] <RANGE> <NAME>",
        ),
        (&["hold", "-h"], "Usage: backup_ecs hold [OPTIONS] <RANGE> <NAME>"),
        (&["--help", "hold"], "Usage: backup_ecs hold [OPTIONS] <RANGE> <NAME>"),
        (
            &["hold", RANGE, "--help"],
            "Usage: backup_ecs hold [OPTIONS] <RANGE> <NAME>",
        ),
        (
            &["hold", RANGE, "a", "--help"],
            "Usage: backup_ecs hold [OPTIONS] <RANGE> <NAME>",
        ),
        (&["release", "--help"], "Usage: backup_ecs release [OPTIONS] <NAME>"),
        (&["status", "--help"], "Usage: backup_ecs status [OPTIONS]"),
    ] {
        let ran = server.run(args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
        assert!(
            ran.out.contains(usage) && ran.out.contains("  DSTDIR=DST\n"),
            "{}",
            ran.out
        );
    }
    for args in [
        &["hold", "soon", "a", "--help"][..],
        &["hold", "--hlep"],
        &["hold", "--", "--help"],
    ] {
        assert_eq!(server.run(args).code, 2, "{args:?}");
    }
}

#[test]
fn a_hold_of_nothing_and_one_without_an_end_are_told() {
    let server = Server::with_logs([0, 130, 300]);
    server.run_well(&[]);
    let mut told = String::new();
    for (name, range) in [
        ("past", "20170426:08-20170426:09"),
        ("gap", "20170427:0803-20170427:0804"),
        ("to-come", "20170428:0800-20170428:0900"),
        ("open", "20170427:0802"),
    ] {
        let ran = server.run(&["hold", range, name]);
        assert_eq!(ran.code, 0);
        told.push_str(&ran.err);
    }
    insta::assert_snapshot!(told, @"
    backup_ecs: DST/held/past: no log of the range is there, neither in the backups nor in the logs; look whether the range is right
    backup_ecs: DST/held/to-come: no log of the range is there yet; those that come are held
    backup_ecs: DST/held/open: a part of the range is held as gap already, and stays there
    backup_ecs: DST/held/open: a part of the range is held as to-come already, and stays there
    backup_ecs: DST/held/open: the range has no END, so all logs after its START are held; give it as START-END if that is not meant
    ");
}
