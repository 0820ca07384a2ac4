//! What is said, and to whom.

use std::fs::File;
use std::process::Stdio;

use crate::harness::{Ran, Server};

#[test]
fn verbose_has_a_line_for_each_file_and_one_at_the_end() {
    let server = Server::with_logs(0..3);
    let ran = server.run(&["-v", "--no-gzip"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let (lines, last) = ran.out.trim_end().rsplit_once('\n').unwrap();
    let size = crate::harness::content(0, 200).len();
    assert!(last.starts_with("3 files, "), "{last}");
    assert!(last.contains(" as backups, ratio 100.0 %, 0 pruned, use "), "{last}");
    assert_eq!(lines.lines().count(), 3);
    let first = format!("copied 2017-0427-080000.log: it has no backup, {size} bytes, {size} as backup");
    assert_eq!(lines.lines().next(), Some(first.as_str()));
}

#[test]
fn the_logs_are_saved_though_nobody_reads_about_it() {
    let server = Server::with_logs(0..3);
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let output = server.command().arg("-v").stdout(Stdio::from(full())).output().unwrap();
    let ran = Ran::from_output(&output, server.src().parent().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(server.saved(), [0, 1, 2]);
    let output = server
        .command()
        .arg("--dry-run")
        .stdout(Stdio::from(full()))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .starts_with("backup_ecs: standard output: cannot write: ")
    );
}
