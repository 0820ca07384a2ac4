//! Writes that fail, by a limit for the size of files, or by strace where it is there.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::disk::{Small, noise};
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
    // Nothing could be written to standard error either, so nothing was told that could be over.
    server.run_well(&[]);
    assert_eq!(server.saved(), [1, 2, 9, 10, 11]);
}

/// Runs it with a call that fails each time that it is made for a path; `None` where there is no strace.
fn run_failing(server: &Server, call: &str, error: &str, path: &Path) -> Option<Ran> {
    if !runs_here("strace", &["-V"]) {
        return None;
    }
    let mut command = Command::new("strace");
    command
        .env_clear()
        .args(["-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-P"])
        .arg(path)
        .args(["-e", &format!("inject={call}:error={error}")])
        .args([env!("CARGO_BIN_EXE_backup_ecs"), "--max-use=100", "--src"])
        .arg(server.src())
        .arg("--dst")
        .arg(server.dst());
    Some(Ran::of(&mut command, server.src().parent().unwrap()))
}

#[test]
fn a_file_system_that_cannot_flush_folders_is_told_and_the_logs_are_saved() {
    for error in ["EINVAL", "EOPNOTSUPP"] {
        let server = Server::with_logs(0..40);
        fs::create_dir(server.dst()).unwrap();
        let Some(ran) = run_failing(&server, "fsync", error, &server.dst()) else {
            return;
        };
        assert_eq!((ran.code, ran.err.lines().count()), (1, 1), "{}", ran.err);
        assert!(
            ran.err.starts_with("backup_ecs: DST: cannot flush to disk: ")
                && ran.err.ends_with(
                    "; its file system cannot promise that names survive a power cut: name another folder with --dst\n"
                ),
            "{}",
            ran.err
        );
        assert_eq!(server.saved(), Vec::from_iter(0..40));
        // They are not copied once more, and it is told once a day.
        server.log(50);
        let again = run_failing(&server, "fsync", error, &server.dst()).unwrap();
        assert_eq!((again.code, again.err.as_str()), (1, ""));
        let ran = server.run(&["-v"]);
        assert!(ran.code == 0 && ran.out.starts_with("0 files, "), "{}", ran.out);
    }
}

#[test]
fn a_folder_whose_flush_failed_is_not_believed_and_its_logs_are_copied_anew() {
    let server = Server::with_logs(0..3);
    fs::create_dir(server.dst()).unwrap();
    let Some(ran) = run_failing(&server, "fsync", "EIO", &server.dst()) else {
        return;
    };
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("DST: cannot flush to disk: Input/output error"),
        "{}",
        ran.err
    );
    let ran = server.run(&["-v"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("3 files, "), "{}", ran.out);
}

/// An error is reported once. So a later flush that succeeds does not mean that all is on disk.
#[test]
fn one_flush_that_fails_is_told_whichever_it_is() {
    if !runs_here("strace", &["-V"]) {
        return;
    }
    for path in ["", ".backup_ecs.state.1", ".backup_ecs.state.2"] {
        let mut n_told = 0;
        loop {
            let server = Server::with_logs(0..3);
            fs::create_dir(server.dst()).unwrap();
            let error = format!("EIO:when={}", n_told + 1);
            let path = server.dst().join(path);
            let path = Path::new(path.to_str().unwrap().trim_end_matches('/'));
            let ran = run_failing(&server, "fsync", &error, path).unwrap();
            if ran.code == 0 {
                break assert_eq!(ran.err, "");
            }
            assert_eq!((ran.code, ran.err.lines().count()), (1, 1), "{}", ran.err);
            assert!(ran.err.contains("Input/output error (os error 5)"), "{}", ran.err);
            n_told += 1;
        }
        assert!(n_told > 0, "{path}");
    }
}

#[test]
fn a_file_system_without_locks_is_told_with_what_to_do() {
    let server = Server::with_logs(0..3);
    server.run_well(&[]);
    let lock = server.dst().join(".backup_ecs.lock");
    let Some(ran) = run_failing(&server, "flock", "ENOLCK", &lock) else {
        return;
    };
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST/.backup_ecs.lock: cannot lock: No locks available (os error 37); its file system gives no locks: start lockd, or name another folder with --dst");
}

/// Else what is held would be saved where it may be deleted, and twice.
#[test]
fn a_hold_that_is_not_seen_for_a_moment_is_looked_for_once_more() {
    for path in ["held", ".backup_ecs.hold"] {
        let server = Server::with_logs([0, 1, 2]);
        server.run_well(&[]);
        server.run(&["hold", "20170427:080001-20170427:080005", "a"]);
        server.log(4);
        let Some(ran) = run_failing(&server, "openat", "ENOENT:when=1", Path::new(path)) else {
            return;
        };
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{path}");
        assert!(server.saved().is_empty(), "{path}: {:?}", server.backups());
        assert!(server.dst().join("held/a").join(gz(4)).exists(), "{path}");
    }
}

#[test]
fn a_backup_that_cannot_be_looked_at_is_told_and_the_next_one_goes() {
    let server = Server::new();
    let Some(small) = Small::mount(&server, 400) else {
        return;
    };
    (0..12).for_each(|second| drop(server.log_of(second, &noise(second, 20_000))));
    assert_eq!(small.run(&["--max-use=100"]).code, 0);
    (12..24).for_each(|second| drop(server.log_of(second, &noise(second, 20_000))));
    let Some(ran) = run_failing(&server, "newfstatat", "EACCES", Path::new(&gz(0))) else {
        return;
    };
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.starts_with(&format!(
            "backup_ecs: DST/{}: cannot look at it: Permission denied",
            gz(0)
        )),
        "{}",
        ran.err
    );
    let saved = server.saved();
    assert!(
        saved.contains(&0) && !saved.contains(&1) && saved.contains(&23),
        "{saved:?}"
    );
}
