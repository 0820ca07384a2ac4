//! What a user who may not do everything is told. Where root runs the tests, `nobody` runs the program.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::harness::{Ran, Server, gz, name, notice, runs_here};

const NOBODY: u32 = 65_534;

/// The program where everybody may run it, as a user who is not root.
fn run(server: &Server) -> Ran {
    run_with(server, &[])
}

fn run_with(server: &Server, args: &[&str]) -> Ran {
    let root = server.src().parent().unwrap().to_owned();
    let copy = root.join("backup_ecs");
    // Not `fs::copy`: a program that another test starts meanwhile would have the copy open for writing for a moment, and a file
    // that is open for writing cannot be run.
    let copied = Command::new("cp")
        .arg(env!("CARGO_BIN_EXE_backup_ecs"))
        .arg(&copy)
        .status();
    assert!(copied.unwrap().success());
    let mut command = Command::new(copy);
    command
        .env_clear()
        .arg("--max-use=100")
        .arg("--src")
        .arg(server.src())
        .arg("--dst")
        .arg(server.dst())
        .args(args);
    if rustix::process::geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    Ran::of(&mut command, &root)
}

/// Makes the folder of backups, of the user who runs the program.
fn with_dst(server: &Server) {
    fs::create_dir_all(server.dst()).unwrap();
    if rustix::process::geteuid().is_root() {
        chown(server.dst(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_log_that_may_not_be_read_is_told_and_the_others_are_saved() {
    let server = Server::with_logs(0..4);
    with_dst(&server);
    set(&server.src().join(name(1)), 0o000);
    let ran = run(&server);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @"backup_ecs: SRC/2017-0427-080001.log: cannot open: Permission denied (os error 13); run it as root or as a user of group susers");
    assert_eq!(server.saved(), [0, 2, 3]);
    set(&server.src().join(name(1)), 0o644);
    let ran = run(&server);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            0,
            "backup_ecs: this is over: SRC/2017-0427-080001.log: cannot open: Permission denied (os error 13)\n"
        )
    );
    assert!(server.is_each_whole());
    assert_eq!(server.saved(), [0, 1, 2, 3]);
}

#[test]
fn each_folder_that_is_closed_says_what_to_do() {
    let server = Server::with_logs(0..3);
    let mut lines = Vec::new();
    with_dst(&server);
    set(&server.src(), 0o000);
    lines.push(run(&server).err);
    set(&server.src(), 0o755);
    // The lock of another user.
    set(&server.backup(".backup_ecs.lock", b""), 0o000);
    lines.push(run(&server).err);
    fs::remove_file(server.dst().join(".backup_ecs.lock")).unwrap();
    set(&server.dst(), 0o555);
    lines.push(run(&server).err);
    insta::assert_snapshot!(lines.concat(), @r"
    backup_ecs: SRC: cannot open: Permission denied (os error 13); run it as root or as a user of group susers
    backup_ecs: DST/.backup_ecs.lock: cannot lock: Permission denied (os error 13); run it as the user whose backups these are, or name another folder with --dst
    backup_ecs: DST/.backup_ecs.lock: cannot lock: Permission denied (os error 13); run it as the user whose backups these are, or name another folder with --dst
    ");
    assert!(server.backups().is_empty());
}

/// An access control list (`include/uapi/linux/posix_acl_xattr.h`): owner, user 1, group, the most that is given, others.
fn list(rights: [u8; 5]) -> Vec<u8> {
    let entries = [(1, u32::MAX), (2, 1), (4, u32::MAX), (0x10, u32::MAX), (0x20, u32::MAX)];
    let entries = entries.into_iter().zip(rights);
    let bytes = entries.flat_map(|((tag, id), rights)| [[tag, 0, rights, 0], id.to_le_bytes()].concat());
    [2_u32.to_le_bytes().to_vec(), bytes.collect()].concat()
}

#[test]
fn an_access_control_list_gives_nobody_more_in_the_backups() {
    let server = Server::with_logs(0..2);
    let set_list = |path: &Path, name: &str, rights| {
        rustix::fs::setxattr(path, name, &list(rights), rustix::fs::XattrFlags::empty())
    };
    // In the log user 1 may read, and the group may not. In the folder of backups user 1 may read all that is new.
    let log = server.src().join(name(0));
    if set_list(&log, "system.posix_acl_access", [6, 4, 0, 4, 0]).is_err() {
        return notice("skipped: a test of access control lists, which this file system has not");
    }
    assert_eq!(fs::metadata(&log).unwrap().mode() & 0o777, 0o640);
    set(&server.src().join(name(1)), 0o640);
    fs::create_dir(server.dst()).unwrap();
    set_list(&server.dst(), "system.posix_acl_default", [7, 4, 5, 7, 5]).unwrap();
    server.run_well(&[]);
    for (second, expected) in [(0, 0o600), (1, 0o640)] {
        let backup = server.dst().join(gz(second));
        assert_eq!(fs::metadata(&backup).unwrap().mode() & 0o777, expected, "{second}");
        let found = rustix::fs::getxattr(&backup, "system.posix_acl_access", &mut [0; 100]);
        assert!(found.is_err(), "{second}");
    }
}

#[test]
fn the_group_may_enter_the_folder_that_it_may_enter_for_the_logs() {
    if !rustix::process::geteuid().is_root() {
        return notice("skipped: a test that gives a folder another group, which only root may");
    }
    let server = Server::with_logs(0..2);
    chown(server.src(), None, Some(NOBODY)).unwrap();
    set(&server.src(), 0o770);
    // Cron may run it so.
    let mut command = Command::new("sh");
    if runs_here("sh", &["-c", ":"]) {
        command.env_clear().args([
            "-c",
            "umask 077 && exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_backup_ecs"),
            "--src",
        ]);
        let status = command.arg(server.src()).arg("--dst").arg(server.dst()).status();
        assert!(status.unwrap().success());
        let folder = fs::metadata(server.dst()).unwrap();
        assert_eq!((folder.gid(), folder.mode() & 0o777), (NOBODY, 0o750));
    }
}

#[test]
fn a_dry_run_promises_no_more_than_a_run_can_do() {
    let server = Server::with_logs(0..3);
    let dry = || run_with(&server, &["--dry-run"]);
    // The folder above that of the backups is not the user's.
    let ran = dry();
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST: cannot make the folder: Permission denied (os error 13); run it as the user whose backups these are, or name another folder with --dst");
    with_dst(&server);
    set(&server.src().join(name(1)), 0o000);
    let ran = dry();
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err.lines().next().unwrap(), @"backup_ecs: SRC/2017-0427-080001.log: cannot open: Permission denied (os error 13); run it as root or as a user of group susers");
    let lines = Vec::from_iter(ran.out.lines().map(|line| line.split(';').next().unwrap()));
    insta::assert_snapshot!(lines.join("\n"), @"
    copy 2017-0427-080000.log: it has no backup
    cannot copy 2017-0427-080001.log: it cannot be opened
    copy 2017-0427-080002.log: it has no backup
    2 of 3 logs to copy as gzip -4
    ");
    set(&server.dst(), 0o555);
    let ran = dry();
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST: cannot write: Permission denied (os error 13); run it as the user whose backups these are, or name another folder with --dst");
}
