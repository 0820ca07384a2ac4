//! What a copy is like.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::Command;

use rustix::process::Signal;

use crate::harness::{Ran, Server, content, gz, most_held, name, read};

#[test]
fn time_and_mode_are_those_of_the_log() {
    for args in [&["--gzip"][..], &["--no-gzip"]] {
        for mode in [0o600, 0o640, 0o644, 0o400] {
            let server = Server::with_logs(0..2);
            let log = server.src().join(name(0));
            fs::set_permissions(&log, Permissions::from_mode(mode)).unwrap();
            server.run_well(args);
            let path = server.dst().join(&server.backups()[0]);
            let (copy, log) = (fs::metadata(path).unwrap(), fs::metadata(log).unwrap());
            assert_eq!(copy.mode(), log.mode());
            assert_eq!((copy.mtime(), copy.mtime_nsec()), (log.mtime(), log.mtime_nsec()));
            assert_eq!((copy.uid(), copy.gid()), (log.uid(), log.gid()));
        }
    }
}

#[test]
fn a_gzip_has_the_name_and_the_time_of_the_log_in_its_header() {
    let server = Server::with_logs(0..2);
    server.run_well(&[]);
    let bytes = fs::read(server.dst().join(gz(0))).unwrap();
    let decoder = flate2::read::GzDecoder::new(bytes.as_slice());
    let header = decoder.header().unwrap();
    assert_eq!(header.filename(), Some(name(0).as_bytes()));
    assert_eq!(header.mtime(), 1_493_282_652);
}

#[test]
fn each_level_gives_a_whole_copy() {
    for level in 0..=9 {
        let server = Server::with_logs(0..2);
        server.log_of(0, &content(0, 5000));
        server.run_well(&["--ratio", &level.to_string()]);
        assert!(server.is_each_whole(), "{level}");
    }
}

#[test]
fn empty_and_large_logs_come_back_as_they_were() {
    for args in [&["--gzip"][..], &["--no-gzip"]] {
        let server = Server::with_logs(0..2);
        server.log_of(0, b"");
        server.log_of(1, &content(1, 60_000));
        server.run_well(args);
        assert_eq!(server.saved(), [0, 1]);
        assert!(server.is_each_whole());
        server.run_well(args);
    }
}

#[test]
fn a_folder_for_backups_is_made_with_those_above_it() {
    let server = Server::with_logs(0..2);
    fs::set_permissions(server.src(), Permissions::from_mode(0o770)).unwrap();
    let folder = server.dst().join("a/b");
    let mut command = server.command();
    let ran = Ran::of(command.arg("--dst").arg(&folder), &server.src());
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            2,
            "backup_ecs: the argument '--dst <DIR>' cannot be used multiple times; see --help\n"
        )
    );
    let status = Command::new(env!("CARGO_BIN_EXE_backup_ecs"))
        .env_clear()
        .env("SRCDIR", server.src())
        .env("DSTDIR", &folder)
        .env("MAXUSE", "100")
        .status();
    assert!(status.unwrap().success());
    assert!(folder.join(gz(0)).exists());
    assert_eq!(
        fs::metadata(&folder).unwrap().mode() & 0o777,
        0o750,
        "nobody else may write"
    );
}

#[test]
fn nothing_is_written_through_a_link() {
    let server = Server::with_logs(0..2);
    let secret = server.src().join("secret");
    fs::write(&secret, "secret").unwrap();
    fs::create_dir_all(server.dst()).unwrap();
    symlink(&secret, server.dst().join(gz(0))).unwrap();
    server.run_well(&[]);
    assert_eq!(fs::read(&secret).unwrap(), b"secret");
    assert!(server.is_each_whole());
    fs::remove_file(server.dst().join(".backup_ecs.lock")).unwrap();
    symlink(&secret, server.dst().join(".backup_ecs.lock")).unwrap();
    let ran = server.run(&[]);
    assert_eq!(ran.code, 1);
    // The words of musl.
    let said = ran
        .err
        .replace("Symbolic link loop", "Too many levels of symbolic links");
    insta::assert_snapshot!(said, @"backup_ecs: DST/.backup_ecs.lock: cannot lock: Too many levels of symbolic links (os error 40); move what has this name out of the way");
}

#[test]
fn a_log_that_grows_while_it_is_read_is_saved_as_it_was_and_then_as_it_is() {
    for args in [["--ratio=9"], ["--no-gzip"]] {
        let server = Server::with_logs(0..2);
        let path = server.log_of(0, &content(0, 200_000));
        let ran = server.run_paused_in(server.command().args(args), &path, || {
            let mut log = File::options().append(true).open(&path).unwrap();
            log.write_all(b"one more line\n").unwrap();
        });
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
        assert_eq!(server.saved(), [0, 1]);
        let saved = read(&server.dst().join(&server.backups()[0])).unwrap();
        assert!(saved == content(0, 200_000), "{} bytes", saved.len());
        assert!(server.has_no_temps());
        server.run_well(&args);
        assert!(server.is_each_whole());
    }
}

#[test]
fn a_run_that_is_asked_to_end_leaves_no_temporary_file_and_says_by_which_signal() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let server = Server::with_logs(0..2);
        let path = server.log_of(0, &content(0, 200_000));
        let ran = server.run_signalled_in(server.command().arg("--ratio=9"), &path, signal);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (code, "", ""));
        assert!(server.has_no_temps() && server.backups().is_empty());
        server.run_well(&[]);
        assert!(server.is_each_whole());
        assert_eq!(server.saved(), [0, 1]);
    }
}

#[test]
fn a_log_that_is_deleted_while_it_is_read_is_saved() {
    let server = Server::with_logs(0..2);
    let text = content(0, 200_000);
    let path = server.log_of(0, &text);
    let ran = server.run_paused_in(server.command().arg("--ratio=9"), &path, || {
        fs::remove_file(&path).unwrap();
    });
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(read(&server.dst().join(gz(0))).unwrap() == text);
}

#[test]
fn memory_stays_within_sixteen_mebibytes_whatever_is_copied() {
    let server = Server::with_logs(0..2);
    server.log_of(0, &content(0, 400_000));
    let mut child = server.command().spawn().unwrap();
    let most = most_held(&child);
    assert!(child.wait().unwrap().success());
    assert!(most <= 16 << 20, "{} KiB", most >> 10);
    assert!(server.is_each_whole());
}
