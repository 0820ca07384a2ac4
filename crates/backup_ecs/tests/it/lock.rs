//! One run at a time.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::harness::Server;

/// A process that holds the lock for `seconds`: the program itself, which waits for the lock that it holds.
fn hold(server: &Server, seconds: u32) -> Child {
    fs::create_dir_all(server.dst()).unwrap();
    let path = server.dst().join(".backup_ecs.lock");
    let lock = File::create(&path).unwrap();
    lock.lock().unwrap();
    // It inherits the descriptor, and with it the lock.
    let mut command = server.command();
    command
        .arg(format!("--wait={seconds}"))
        .stdin(Stdio::from(lock))
        .stderr(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn a_run_that_finds_the_lock_taken_ends_with_75() {
    let server = Server::with_logs(0..3);
    let mut holder = hold(&server, 30);
    let ran = server.run(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (75, ""));
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST: another run is at work there; wait for it with --wait SECONDS");
    assert!(server.backups().is_empty());
    // The lock dies with its holder, and not before.
    holder.kill().unwrap();
    holder.wait().unwrap();
    server.run_well(&[]);
    assert_eq!(server.saved(), [0, 1, 2]);
}

#[test]
fn a_run_that_is_at_work_for_less_than_an_hour_is_no_news_and_then_it_is_told_once_a_day() {
    let server = Server::with_logs(0..3);
    let mut holder = hold(&server, 30);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let path = server.dst().join(".backup_ecs.lock");
    fs::write(&path, format!("process 4711 since {}\n", now - 3000)).unwrap();
    let ran = server.run(&[]);
    assert_eq!((ran.code, ran.err.as_str()), (75, ""));
    assert!(
        server
            .run(&["-v"])
            .err
            .contains("another run is at work there since 20")
    );
    fs::write(&path, "process 4711 since 1493282652\n").unwrap();
    let ran = server.run(&[]);
    assert_eq!(ran.code, 75);
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST: another run is at work there since 2017-04-27 08:44:12 UTC, process 4711; wait for it with --wait SECONDS");
    let ran = server.run(&[]);
    assert_eq!((ran.code, ran.err.as_str()), (75, ""));
    holder.kill().unwrap();
    holder.wait().unwrap();
    server.run_well(&[]);
}

#[test]
fn it_waits_as_long_as_it_is_told_to() {
    let server = Server::with_logs(0..3);
    let mut holder = hold(&server, 1);
    server.run_well(&["--wait=20"]);
    assert_eq!(server.saved(), [0, 1, 2]);
    holder.wait().unwrap();
    let mut holder = hold(&server, 30);
    let begin = Instant::now();
    assert_eq!(server.run(&["--wait=1"]).code, 75);
    assert!(begin.elapsed() >= Duration::from_secs(1));
    holder.kill().unwrap();
    holder.wait().unwrap();
}

#[test]
fn only_its_owner_can_open_the_lock() {
    let server = Server::with_logs(0..3);
    server.run_well(&[]);
    let lock = fs::metadata(server.dst().join(".backup_ecs.lock")).unwrap();
    assert_eq!(lock.permissions().mode() & 0o777, 0o600);
}

#[test]
fn many_at_once_leave_each_log_whole_once() {
    let server = Server::with_logs(0..12);
    let runs: Vec<Child> = (0..8)
        .map(|_| {
            server
                .command()
                .arg("--wait=60")
                .stderr(Stdio::inherit())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    assert_eq!(server.saved(), Vec::from_iter(0..12));
    assert!(server.is_each_whole());
}
