//! Logs and backups that are the same, go on, are cut, or differ.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Along, Relation};
use crate::folder::Folder;
use crate::names::LogFile;

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// The relation, whatever the sizes of the blocks in which the log is read.
fn relation(log: &[u8], backup: &[u8], is_packed: bool, is_log_packed: bool) -> Relation {
    let root = tempfile::tempdir().unwrap();
    let name = ecs_log::LogName::parse("2017-0427-084412.log".as_ref()).unwrap();
    let file = LogFile {
        name,
        packed: is_packed,
    };
    fs::write(root.path().join(file.to_string()), backup).unwrap();
    let folder = Folder::open(root.path()).unwrap();
    let relations = [1, 7, 200_000].map(|n| {
        let mut along = Along::open(&folder, file, is_log_packed).unwrap().unwrap();
        log.chunks(n).for_each(|part| along.take(part));
        along.finish().unwrap()
    });
    assert!(
        relations.iter().all(|relation| *relation == relations[0]),
        "{relations:?}"
    );
    relations[0]
}

#[test]
fn each_relation_is_known() {
    let log: Vec<u8> = (0..70_000_u32).flat_map(|n| n.wrapping_mul(n).to_le_bytes()).collect();
    let mut other = log.clone();
    other[150_000] ^= 1;
    let more = [&log[..], b"more"].concat();
    let whole = packed(&log);
    let mut wrong_sum = whole.clone();
    let place = wrong_sum.len() - 8;
    wrong_sum[place] ^= 1;
    // Packed without compression: a byte of the text, in the first of several blocks.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(&log).unwrap();
    let mut decodes_otherwise = encoder.finish().unwrap();
    decodes_otherwise[1000] ^= 1;
    for (what, log, backup, expected) in [
        ("the same", &log, &log, Relation::Same),
        ("the log is longer", &more, &log, Relation::LogGoesOn),
        ("the log is shorter", &log, &more, Relation::BackupGoesOn),
        ("one bit", &other, &log, Relation::Differs),
        ("an empty log", &Vec::new(), &log, Relation::BackupGoesOn),
        ("an empty backup", &log, &Vec::new(), Relation::LogGoesOn),
    ] {
        assert_eq!(relation(log, backup, false, false), expected, "{what}, plain");
        assert_eq!(relation(log, &packed(backup), true, false), expected, "{what}, packed");
        assert_eq!(relation(log, backup, true, true), expected, "{what}, both packed");
        assert_eq!(
            relation(log, backup, false, true),
            Relation::Differs,
            "{what}, only the log packed"
        );
    }
    for (what, log, backup, expected) in [
        (
            "cut in the middle",
            &log,
            &whole[..whole.len() / 2],
            Relation::BackupIsCut,
        ),
        (
            "only its checksum is cut",
            &log,
            &whole[..whole.len() - 1],
            Relation::BackupIsCut,
        ),
        (
            "cut, of another log",
            &other,
            &whole[..whole.len() - 1],
            Relation::Differs,
        ),
        (
            "cut, and the log is shorter",
            &log[..9].to_vec(),
            &whole[..whole.len() - 1],
            Relation::BackupGoesOn,
        ),
        ("cut to nothing", &log, &[][..], Relation::BackupIsCut),
        ("a wrong checksum", &log, &wrong_sum, Relation::BackupIsWrong),
        (
            "a wrong checksum, and the log goes on",
            &more,
            &wrong_sum,
            Relation::BackupIsWrong,
        ),
        (
            "data that decodes to other text",
            &log,
            &decodes_otherwise,
            Relation::BackupIsWrong,
        ),
        ("no gzip at all", &log, b"not gzip at all", Relation::BackupIsWrong),
        (
            "zero bytes behind it",
            &log,
            &[&whole[..], &[0; 99]].concat(),
            Relation::Same,
        ),
    ] {
        assert_eq!(relation(log, backup, true, false), expected, "{what}");
    }
}

#[test]
fn only_what_the_log_holds_may_be_replaced() {
    use Relation::{BackupGoesOn, BackupIsCut, BackupIsWrong, Differs, LogGoesOn, Same, Unknown};
    assert!(
        [Same, LogGoesOn, BackupIsCut]
            .iter()
            .all(|relation| relation.holds_all())
    );
    assert!(
        ![BackupGoesOn, BackupIsWrong, Differs, Unknown]
            .iter()
            .any(|relation| relation.holds_all())
    );
}

#[test]
fn what_is_not_there_or_no_file_is_none() {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::open(root.path()).unwrap();
    let name = ecs_log::LogName::parse("2017-0427-084412.log".as_ref()).unwrap();
    let file = LogFile { name, packed: false };
    assert!(Along::open(&folder, file, false).unwrap().is_none());
    fs::create_dir(root.path().join(file.to_string())).unwrap();
    assert!(Along::open(&folder, file, false).unwrap().is_none());
}
