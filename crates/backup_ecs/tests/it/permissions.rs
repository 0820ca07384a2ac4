//! What a user who may not do everything is told. Where root runs the tests, `nobody` runs the program.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::harness::{Ran, Server, name};

const NOBODY: u32 = 65_534;

/// The program where everybody may run it, as a user who is not root.
fn run(server: &Server) -> Ran {
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
        .arg(server.dst());
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
