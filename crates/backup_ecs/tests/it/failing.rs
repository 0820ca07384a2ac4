//! Writes that fail, by a limit for the size of files, or by strace where it is there.

use std::process::Command;

use crate::disk::noise;
use crate::harness::{Ran, Server, gz, name, packed, runs_here};

/// Logs of 300 bytes, but for one of 100 kB.
fn server() -> Server {
    let server = Server::new();
    for second in 0..4 {
        server.log_of(second, &noise(second, if second == 1 { 100_000 } else { 300 }));
    }
    server
}

/// Runs it under the limits that commands of the shell set; `None` where no shell runs.
fn run_with_limit(server: &Server, limits: &str, form: &str) -> Option<Ran> {
    if !runs_here("sh", &["-c", ":"]) {
        return None;
    }
    let script = format!("{limits} && exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command
        .env_clear()
        .args([
            "-c",
            &script,
            env!("CARGO_BIN_EXE_backup_ecs"),
            "--max-use=100",
            form,
            "--src",
        ])
        .arg(server.src())
        .arg("--dst")
        .arg(server.dst());
    Some(Ran::of(&mut command, server.src().parent().unwrap()))
}

#[test]
fn a_write_that_fails_leaves_no_temporary_file_and_the_others_are_saved() {
    for form in ["--gzip", "--no-gzip"] {
        let server = server();
        // No `trap '' XFSZ`: the signal would kill, were it not caught.
        let Some(ran) = run_with_limit(&server, "ulimit -f 40", form) else {
            return;
        };
        assert_eq!((ran.code, ran.out.as_str()), (1, ""));
        assert!(
            ran.err.starts_with("backup_ecs: DST/2017-0427-080001.log")
                && ran.err.ends_with(
                    ": cannot write: File too large (os error 27); raise the limit for the size of files, which \
                     ulimit -f shows\n"
                ),
            "{}",
            ran.err
        );
        assert_eq!(ran.err.lines().count(), 1);
        assert_eq!(server.saved(), [0, 2, 3]);
        assert!(server.has_no_temps() && server.is_each_whole());
        server.run_over(&[form]);
        assert_eq!(server.saved(), [0, 1, 2, 3]);
        assert!(server.is_each_whole());
    }
}

#[test]
fn few_descriptors_are_enough() {
    let server = Server::with_logs(0..80);
    let Some(ran) = run_with_limit(&server, "ulimit -n 12", "--gzip") else {
        return;
    };
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(server.saved(), Vec::from_iter(0..80));
    assert!(server.is_each_whole());
}

/// Runs it with writes that find the disk full; `None` where there is no strace.
fn run_full(server: &Server, when: &str) -> Option<Ran> {
    let inject = format!("inject=write:error=ENOSPC:when={when}");
    let mut command = Command::new("strace");
    command
        .args(["-qq", "-o", "/dev/null", "-e", "trace=write", "-e", &inject])
        .args([env!("CARGO_BIN_EXE_backup_ecs"), "--max-use=100", "--no-gzip", "--src"])
        .arg(server.src())
        .arg("--dst")
        .arg(server.dst());
    for variable in ["FILES", "GZIP", "RATIO"] {
        command.env_remove(variable);
    }
    if !runs_here("strace", &["-V"]) {
        return None;
    }
    Some(Ran::of(&mut command, server.src().parent().unwrap()))
}

fn with_backups() -> Server {
    let server = Server::with_logs([9, 10, 11]);
    for second in 0..3 {
        server.backup(&gz(second), &packed(b"a"));
    }
    server.backup(&name(9), &crate::harness::content(9, 200));
    server
}

#[test]
fn a_disk_that_is_full_for_a_moment_costs_no_backup() {
    let server = with_backups();
    let Some(ran) = run_full(&server, "1") else { return };
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(server.saved(), [0, 1, 2, 9, 10, 11]);
    assert!(server.has_no_temps());
}

#[test]
fn a_disk_that_stays_full_costs_the_oldest_backup_and_no_more() {
    let server = with_backups();
    let Some(ran) = run_full(&server, "1+") else { return };
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(server.saved(), [1, 2, 9]);
    assert!(server.has_no_temps());
    server.run_over(&[]);
    assert_eq!(server.saved(), [1, 2, 9, 10, 11]);
}
