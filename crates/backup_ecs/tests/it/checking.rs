//! Backups that are not whole.

use std::fs;

use crate::harness::{Server, content, gz, name, packed, read};

#[test]
fn a_backup_that_is_cut_short_is_made_anew() {
    let server = Server::with_logs(0..5);
    let whole = |second| packed(&content(second, 200));
    server.backup(&gz(0), &whole(0));
    server.backup(&gz(1), &whole(1)[..100]);
    server.backup(&gz(2), b"");
    server.backup(&name(3), &content(3, 200)[..50]);
    server.run_well(&[]);
    assert!(server.is_each_whole());
    assert_eq!(server.saved(), [0, 1, 2, 3, 4]);
    assert_eq!(server.backups()[3], gz(3), "the plain one that was cut is gone");
}

#[test]
fn a_backup_of_a_log_that_went_on_is_made_anew() {
    let server = Server::with_logs(0..3);
    server.backup(&gz(1), &packed(&content(1, 100)));
    server.backup(&gz(0), &packed(&content(0, 200)));
    server.run_well(&[]);
    assert!(server.is_each_whole());
}

#[test]
fn a_log_that_was_saved_while_it_was_written_is_made_anew_however_old_its_name() {
    // The clock was set back: the log being written has a name before those of forty others.
    let server = Server::with_logs(100..141);
    server.log_of(0, b"the beginning\n");
    server.run_well(&[]);
    let log = server.src().join(name(0));
    fs::write(&log, "the beginning\nand the end\n").unwrap();
    server.run_well(&[]);
    assert_eq!(
        read(&server.dst().join(gz(0))).unwrap(),
        b"the beginning\nand the end\n"
    );
    server.run_well(&["--verify"]);
}

#[test]
fn cut_at_every_byte_it_is_made_anew() {
    let server = Server::with_logs(0..2);
    server.log_of(0, b"a few\nlines\n");
    let whole = packed(b"a few\nlines\n");
    for length in 0..whole.len() {
        server.backup(&gz(0), &whole[..length]);
        server.run_well(&[]);
        assert!(server.is_each_whole(), "{length}");
    }
}

#[test]
fn zero_bytes_behind_a_backup_are_no_damage() {
    let server = Server::with_logs(0..3);
    server.run_well(&[]);
    for second in [0, 1] {
        let path = server.dst().join(gz(second));
        let padded = [fs::read(&path).unwrap(), vec![0; 512]].concat();
        fs::write(path, padded).unwrap();
    }
    // The log of one of them is gone.
    fs::remove_file(server.src().join(name(0))).unwrap();
    let before = fs::read(server.dst().join(gz(1))).unwrap();
    server.run_well(&["--verify"]);
    assert!(
        fs::read(server.dst().join(gz(1))).unwrap() == before,
        "it is not made anew"
    );
}

#[test]
fn verify_reads_all_and_names_the_damaged() {
    let server = Server::with_logs([50, 51]);
    for second in 0..50 {
        server.backup(&gz(second), &packed(&content(second, 20)));
    }
    server.run(&[]);
    let ran = server.run(&["--verify"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    let mut bytes = packed(&content(7, 20));
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    server.backup(&gz(7), &bytes);
    server.backup(&gz(8), &packed(&content(8, 20))[..30]);
    server.backup(&gz(9), b"no gzip at all, but long enough");
    server.run_well(&[]);
    server.backup(&gz(10), &packed(&content(10, 20))[..30]);
    for code in [1, 0] {
        let ran = server.run(&["--verify", "--dry-run"]);
        assert_eq!(ran.code, code);
        insta::allow_duplicates! {
            insta::assert_snapshot!(ran.err, @r"
            backup_ecs: DST/2017-0427-080007.log.gz: it is damaged: corrupt gzip stream does not have a matching checksum; it is made anew if its log is still there
            backup_ecs: DST/2017-0427-080008.log.gz: it is cut short; it is made anew if its log is still there
            backup_ecs: DST/2017-0427-080009.log.gz: it is damaged: invalid gzip header; it is made anew if its log is still there
            backup_ecs: DST/2017-0427-080010.log.gz: it is cut short; it is made anew if its log is still there
            ");
        }
        if code == 1 {
            // The mail tells it once, since nothing can be done about it.
            let ran = server.run(&["--verify"]);
            assert_eq!(ran.code, 1);
            insta::assert_snapshot!(ran.err, @r"
            backup_ecs: DST/2017-0427-080007.log.gz: it is damaged: corrupt gzip stream does not have a matching checksum; it is made anew if its log is still there
            backup_ecs: DST/2017-0427-080008.log.gz: it is cut short, and so for 1 more; it is made anew if its log is still there
            backup_ecs: DST/2017-0427-080009.log.gz: it is damaged: invalid gzip header; it is made anew if its log is still there
            ");
            server.run_well(&["--verify"]);
        }
    }
    // What is damaged since then is news.
    server.backup(&gz(11), b"");
    let ran = server.run(&["--verify"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST/2017-0427-080011.log.gz: it is cut short; it is made anew if its log is still there");
}

#[test]
fn verify_makes_an_old_one_anew_where_its_log_is_still_there() {
    let server = Server::with_logs(0..60);
    server.run_well(&[]);
    let path = server.dst().join(gz(2));
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(server.run(&["--verify"]).code, 1);
    assert!(server.is_each_whole());
    assert_eq!(server.run(&["--verify"]).code, 0);
}

#[test]
fn every_bit_that_matters_is_seen_by_verify() {
    let server = Server::with_logs([5]);
    let whole = packed(b"a few\nlines\n");
    // The header has time, flags and system, of which the content does not depend.
    let mut n_unseen = 0;
    for bit in 10 * 8..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let path = server.backup(&gz(0), &bytes);
        let ran = server.run(&["--verify", "--dry-run"]);
        if !ran.err.contains("080000.log.gz: it is ") {
            assert_eq!(read(&path).unwrap(), b"a few\nlines\n", "bit {bit}");
            n_unseen += 1;
        }
    }
    // Those that fill up the last byte before the sum.
    assert!(n_unseen < 8, "{n_unseen}");
}

#[test]
fn a_packed_log_that_is_no_gzip_is_told_once_by_verify() {
    let server = Server::with_logs([0]);
    fs::write(server.src().join(gz(1)), "no gzip at all, but long enough").unwrap();
    server.run_well(&[]);
    let ran = server.run(&["--verify"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.err, @"backup_ecs: DST/2017-0427-080001.log.gz: it is damaged: invalid gzip header; its log is so too");
    server.run_well(&["--verify"]);
}

#[test]
fn a_log_whose_backup_is_damaged_and_unknown_is_saved_beside_it_and_that_is_said() {
    let server = Server::with_logs([0]);
    let mut backup = packed(&content(0, 200));
    let end = backup.len();
    backup[end - 6] ^= 1;
    server.backup(&gz(0), &backup);
    let ran = server.run(&[]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.err, @"backup_ecs: SRC/2017-0427-080000.log: the backup of this name is damaged or cannot be read; it stays, and the log is saved as 2017-0427-080000_2.log.gz");
    assert_eq!(fs::read(server.dst().join(gz(0))).unwrap(), backup);
}
