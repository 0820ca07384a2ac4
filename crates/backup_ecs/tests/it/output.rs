//! What is said, and to whom.

use std::fs::{self, File};
use std::process::{Command, Stdio};

use crate::harness::{Ran, Server, gz, name};

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

impl Server {
    /// Runs it where no line can be written, and gives the status.
    fn run_unheard(&self, args: &[&str]) -> Option<i32> {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut command = self.command();
        command.args(args).stderr(Stdio::from(full)).status().unwrap().code()
    }
}

impl Server {
    /// Runs it with standard error closed, and gives the status.
    fn run_closed(&self, args: &[&str]) -> Option<i32> {
        let command = self.command();
        let mut shell = Command::new("/bin/sh");
        shell.env_clear().args(["-c", r#"exec "$0" "$@" 2>&-"#]);
        shell.arg(command.get_program()).args(command.get_args()).args(args);
        shell.status().unwrap().code()
    }
}

#[test]
fn what_could_not_be_written_is_told_by_the_next_run() {
    let server = Server::with_logs(0..3);
    server.run_well(&[]);
    // One that lasts.
    server.log(3);
    fs::create_dir_all(server.dst().join(gz(3)).join("x")).unwrap();
    assert_eq!(server.run_unheard(&[]), Some(1));
    let ran = server.run(&[]);
    assert!(
        ran.err.contains("080003.log.gz: cannot give it its final name"),
        "{}",
        ran.err
    );
    assert_eq!(
        (server.run(&[]).code, server.run(&[]).err.as_str()),
        (1, ""),
        "it is told once a day"
    );
    // One that is lost, one that is emptied, a damaged backup, and the end of what lasted.
    fs::remove_dir_all(server.dst().join(gz(3))).unwrap();
    fs::remove_file(server.src().join(name(3))).unwrap();
    server.log(4);
    server.log_of(1, b"");
    fs::remove_file(server.src().join(name(0))).unwrap();
    fs::write(server.dst().join(gz(0)), b"damaged").unwrap();
    assert_eq!(server.run_unheard(&["--verify"]), Some(1));
    assert_eq!(server.run_closed(&["--verify"]), Some(1));
    // With a log that is saved it shows that what lasted is over.
    server.log(5);
    let ran = server.run(&["--verify"]);
    assert_eq!(ran.code, 1);
    for told in [
        "080000.log.gz: it is cut short",
        "logs from 2017-04-27 08:00:03 to 2017-04-27 08:00:04 were deleted",
        "080001.log: ",
        "this is over: ",
    ] {
        assert_eq!(ran.err.matches(told).count(), 1, "{told}: {}", ran.err);
    }
    server.run_well(&["--verify"]);
}
