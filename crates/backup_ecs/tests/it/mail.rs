//! What comes by mail, run after run.

use std::fs::{self, File};
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::disk::with_sum;
use crate::harness::{Ran, Server, gz, name};

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_secs().try_into().unwrap()
}

/// One whose log of second 1 cannot be saved: a folder stands under the name of its backup.
fn server() -> Server {
    let server = Server::with_logs(0..3);
    block(&server, 1);
    server
}

fn block(server: &Server, second: u32) {
    fs::create_dir_all(server.dst().join(gz(second)).join("x")).unwrap();
}

fn unblock(server: &Server, second: u32) {
    fs::remove_dir_all(server.dst().join(gz(second))).unwrap();
}

/// Sets when all was told, in the state.
fn was_told(server: &Server, when: i64) {
    for state in [".backup_ecs.state.1", ".backup_ecs.state.2"] {
        let path = server.dst().join(state);
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        let lines = text.lines().map(|line| match line.strip_prefix("told ") {
            Some(told) => format!("told {when}\t{}\n", told.split_once('\t').unwrap().1),
            None => format!("{line}\n"),
        });
        fs::write(path, with_sum(&String::from_iter(lines))).unwrap();
    }
}

const BLOCKED: &str = "backup_ecs: DST/2017-0427-080001.log.gz: cannot give it its final name: Is a directory (os \
                       error 21); move what has this name out of the way\n";
const OVER: &str = "backup_ecs: this is over: DST/2017-0427-080001.log.gz: cannot give it its final name: Is a directory \
                    (os error 21)\n";

/// The status and what is said.
fn said(ran: &Ran) -> (i32, &str) {
    (ran.code, ran.err.as_str())
}

#[test]
fn a_fault_is_told_when_it_begins_once_a_day_and_when_it_ends_and_the_status_speaks_each_time() {
    let server = server();
    assert_eq!(said(&server.run(&[])), (1, BLOCKED));
    for _ in 0..2 {
        assert_eq!(said(&server.run(&[])), (1, ""));
    }
    for when in [now() - 25 * 3600, now() + 3600] {
        was_told(&server, when);
        assert_eq!(said(&server.run(&[])), (1, BLOCKED));
        assert_eq!(said(&server.run(&[])), (1, ""));
    }
    // A run for other logs does not look at this one.
    assert_eq!(said(&server.run(&["--files=*2.log"])), (0, ""));
    unblock(&server, 1);
    assert_eq!(said(&server.run(&[])), (0, OVER));
    server.run_well(&[]);
    block(&server, 9);
    server.log(9);
    assert!(
        server
            .run(&[])
            .err
            .contains("080009.log.gz: cannot give it its final name")
    );
}

#[test]
fn with_v_and_with_dry_run_and_on_a_terminal_all_is_told() {
    let server = server();
    server.run(&[]);
    for _ in 0..2 {
        assert_eq!(said(&server.run(&["-v"])), (1, BLOCKED));
    }
    // A terminal: what is told there is news to the mail.
    unblock(&server, 1);
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let path = ptsname(&terminal, Vec::new()).unwrap();
    let end = File::options().write(true).open(path.to_str().unwrap()).unwrap();
    let status = server.command().stderr(Stdio::from(end)).status().unwrap();
    assert!(status.success());
    let mut told = [0; 400];
    let length = rustix::io::read(&terminal, &mut told).unwrap();
    assert!(String::from_utf8_lossy(&told[..length]).starts_with("backup_ecs: this is over: "));
    let after = Server::with_logs([]);
    for _ in 0..2 {
        let ran = after.run(&["--dry-run"]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("there is no ECS log there"), "{}", ran.err);
    }
}

#[test]
fn what_a_terminal_was_told_still_comes_by_mail() {
    let server = server();
    server.run(&[]);
    let states = || [1, 2].map(|n| fs::read(server.dst().join(format!(".backup_ecs.state.{n}"))).unwrap());
    let before = states();
    assert!(
        before
            .iter()
            .any(|state| String::from_utf8_lossy(state).contains("\ntold "))
    );
    server.run(&["--dry-run"]);
    assert!(states() == before);
}

#[test]
fn ten_files_with_one_fault_are_one_line() {
    let server = Server::with_logs(0..12);
    (1..11).for_each(|second| block(&server, second));
    let ran = server.run(&[]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST/2017-0427-080001.log.gz: cannot give it its final name: Is a directory (os error 21), and so for 9 more; move what has this name out of the way");
    assert_eq!(server.saved().len(), 12);
}

#[test]
fn a_run_that_cannot_look_is_told_once_a_day_and_ends_nothing() {
    let server = server();
    assert_eq!(said(&server.run(&[])), (1, BLOCKED));
    let (here, away) = (server.src(), server.src().with_extension("away"));
    fs::rename(&here, &away).unwrap();
    let missing = "backup_ecs: SRC: cannot open: No such file or directory (os error 2); name the folder of the logs with \
                   --src\n";
    for said in [missing, "", ""] {
        let ran = server.run(&[]);
        assert_eq!((ran.code, ran.err.as_str()), (1, said));
    }
    was_told(&server, now() + 3600);
    assert_eq!(said(&server.run(&[])), (1, missing));
    fs::rename(&away, &here).unwrap();
    unblock(&server, 1);
    let ran = server.run(&[]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.err, @r"
    backup_ecs: this is over: DST/2017-0427-080001.log.gz: cannot give it its final name: Is a directory (os error 21)
    backup_ecs: this is over: SRC: cannot open: No such file or directory (os error 2)
    ");
}

#[test]
fn no_logs_are_told_once_a_day_and_when_there_are_some() {
    let server = Server::with_logs([]);
    let none = "backup_ecs: SRC: there is no ECS log there whose name matches 20*; see --src and --files\n";
    assert_eq!(said(&server.run(&[])), (1, none));
    assert_eq!(said(&server.run(&[])), (1, ""));
    server.log(1);
    let over = "backup_ecs: this is over: SRC: there is no ECS log there whose name matches 20*\n";
    assert_eq!(said(&server.run(&[])), (0, over));
    server.run_well(&[]);
}

#[test]
fn a_run_that_begins_a_folder_says_so_with_its_file_system() {
    let server = Server::with_logs(0..3);
    let begins = server.run(&[]).begins.unwrap();
    assert!(
        begins.starts_with("backup_ecs: DST: there are no backups yet, they begin here, on ") && begins.ends_with(')'),
        "{begins}"
    );
    assert_eq!(server.run(&[]).begins, None);
    // The mount is missing: below it lies an empty folder.
    fs::rename(server.dst(), server.dst().with_extension("disk")).unwrap();
    assert!(server.run(&["--dry-run"]).begins.is_some());
    assert!(!server.dst().exists());
    // Backups of the time before there was a state are no beginning.
    let server = Server::with_logs(0..3);
    fs::create_dir(server.dst()).unwrap();
    fs::copy(server.src().join(name(0)), server.dst().join(name(0))).unwrap();
    assert_eq!(server.run(&[]).begins, None);
}
