//! What is deleted, and what never is.

use std::fs;
use std::os::unix::fs::symlink;

use crate::harness::{Server, gz, name, packed};

/// With a limit of 1 % and no backup to keep, each run deletes all it may.
const ALL_MAY_GO: [&str; 2] = ["--max-use=1", "--keep-min=0"];

fn delete_all(server: &Server) -> crate::harness::Ran {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_backup_ecs"))
        .env_clear()
        .args(ALL_MAY_GO)
        .arg("--src")
        .arg(server.src())
        .arg("--dst")
        .arg(server.dst())
        .output()
        .unwrap();
    crate::harness::Ran::from_output(&output, server.src().parent().unwrap())
}

#[test]
fn only_backups_of_logs_that_are_meant_go() {
    let server = Server::with_logs([100, 101, 102]);
    let others = [
        "2019-report.pdf",
        "2017-0427-080000.log.bz2",
        "2017-0431-080000.log",
        "1999-1231-235959.log",
        "report",
        ".2017-0427-080000.log",
        ".2019-report.pdf.1-1.tmp",
    ];
    for other in others {
        server.backup(other, b"not ours");
    }
    let outside = server.src().join("outside");
    fs::write(&outside, "outside").unwrap();
    fs::create_dir(server.dst().join("2017-0427-080001.log")).unwrap();
    fs::write(server.dst().join("2017-0427-080001.log/x"), "x").unwrap();
    symlink(&outside, server.dst().join("2017-0427-080002.log.gz")).unwrap();
    symlink(&outside, server.dst().join(".2017-0427-080002.log.gz.1-1.tmp")).unwrap();
    let before = server.all_in_dst();
    for second in [3, 4] {
        server.backup(&gz(second), &packed(b"a"));
    }
    server.backup(&name(3), b"a");
    server.backup(".2017-0427-080004.log.gz.77-0.tmp", b"half");
    let ran = delete_all(&server);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no room left to make"), "{}", ran.err);
    let mut after = server.all_in_dst();
    after.retain(|name| !name.starts_with(".backup_ecs."));
    assert_eq!(after, before);
    assert_eq!(fs::read(&outside).unwrap(), b"outside");
}

#[test]
fn the_newest_backup_stays_unless_it_may_go() {
    let server = Server::with_logs([100, 101, 102]);
    for second in 0..5 {
        server.backup(&gz(second), &packed(b"a"));
    }
    let run = |args: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_backup_ecs"))
            .env_clear()
            .arg("--max-use=1")
            .args(args)
            .arg("--src")
            .arg(server.src())
            .arg("--dst")
            .arg(server.dst())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        server.saved()
    };
    assert_eq!(run(&["--keep-min=3"]), [2, 3, 4]);
    assert_eq!(run(&[]), [4]);
    assert!(run(&["--keep-min=0"]).is_empty());
}

#[test]
fn nothing_is_deleted_where_there_is_nothing_to_save() {
    let server = Server::with_logs([100]);
    server.run_well(&[]);
    for second in 0..5 {
        server.backup(&gz(second), &packed(b"a"));
    }
    delete_all(&server);
    assert_eq!(server.saved(), [0, 1, 2, 3, 4, 100]);
}
