//! What is deleted, and what never is.

use std::fs;
use std::os::unix::fs::symlink;

use crate::disk::Small;
use crate::harness::{Server, gz, name, packed};

/// With a limit of 1 % and no backup to keep, each run deletes as much as it adds.
const ALL_MAY_GO: [&str; 2] = ["--max-use=1", "--keep-min=0"];

#[test]
fn only_backups_of_logs_that_are_meant_go() {
    let server = Server::with_logs([100, 101, 102]);
    let Some(small) = Small::mount(&server, 1000) else {
        return;
    };
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
    let ran = small.run(&ALL_MAY_GO);
    assert!(ran.err.contains("were deleted before they were saved"), "{}", ran.err);
    let mut after = server.all_in_dst();
    assert!([3, 4].iter().all(|second| !after.contains(&gz(*second))), "{after:?}");
    after.retain(|name| !name.starts_with(".backup_ecs.") && !name.starts_with("2017-0427-0801"));
    assert_eq!(after, before);
    assert_eq!(fs::read(&outside).unwrap(), b"outside");
}

#[test]
fn nothing_is_deleted_where_there_is_nothing_to_save() {
    let server = Server::with_logs([100]);
    let Some(small) = Small::mount(&server, 1000) else {
        return;
    };
    server.run_well(&[]);
    for second in 0..5 {
        server.backup(&gz(second), &packed(b"a"));
    }
    small.run(&ALL_MAY_GO);
    assert_eq!(server.saved(), [0, 1, 2, 3, 4, 100]);
}
