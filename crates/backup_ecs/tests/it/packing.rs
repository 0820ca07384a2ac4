//! Logs that the server packs.

use std::fs;

use crate::harness::{Server, content, gz, name, packed};

impl Server {
    /// Packs a log as the server would, and not as this program does.
    fn pack(&self, second: u32) {
        let plain = self.src().join(name(second));
        fs::write(self.src().join(gz(second)), packed(&fs::read(&plain).unwrap())).unwrap();
        fs::remove_file(plain).unwrap();
    }
}

#[test]
fn a_log_that_is_packed_after_it_was_saved_is_not_saved_again() {
    for (args, is_packed) in [(&["--no-gzip"][..], false), (&[], true)] {
        let server = Server::with_logs(0..2);
        server.run_well(args);
        let before = server.backups();
        (0..2).for_each(|second| server.pack(second));
        for args in [args, args, &["--verify"]] {
            server.run_well(args);
            assert_eq!(server.backups(), before, "packed: {is_packed}, {args:?}");
        }
    }
}

#[test]
fn a_log_that_went_on_and_is_packed_takes_the_place_of_its_backup() {
    for args in [&["--no-gzip"][..], &[]] {
        let server = Server::with_logs(0..1);
        server.run_well(args);
        server.log_of(0, &content(0, 300));
        server.pack(0);
        server.run_well(args);
        assert_eq!(server.backups(), [gz(0)]);
        assert_eq!(
            crate::harness::read(&server.dst().join(gz(0))).unwrap(),
            content(0, 300)
        );
        server.run_well(args);
    }
}

#[test]
fn another_log_of_the_name_that_is_packed_is_saved_beside() {
    let server = Server::with_logs(0..1);
    server.run_well(&[]);
    server.log_of(0, &content(1, 200));
    server.pack(0);
    assert_eq!(server.run(&[]).code, 0);
    server.run_well(&[]);
    assert_eq!(server.backups(), [gz(0), "2017-0427-080000_2.log.gz".to_owned()]);
}

#[test]
fn a_log_that_is_packed_before_it_is_saved_is_saved_and_is_not_lost() {
    let server = Server::with_logs(0..3);
    // A folder under the final name: the log cannot be saved.
    fs::create_dir_all(server.dst().join(gz(1)).join("x")).unwrap();
    assert_eq!(server.run(&[]).code, 1);
    fs::remove_dir_all(server.dst().join(gz(1))).unwrap();
    server.pack(1);
    server.run_over(&[]);
    assert_eq!(server.saved(), [0, 1, 2]);
    server.run_well(&[]);
}

#[test]
fn a_log_that_is_packed_before_its_turn_is_saved_and_is_not_lost() {
    let server = Server::with_logs(0..3);
    let large = server.log_of(0, &content(0, 200_000));
    let ran = server.run_paused_in(&mut server.command(), &large, || server.pack(1));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(server.saved(), [0, 1, 2]);
    server.run_well(&[]);
}
