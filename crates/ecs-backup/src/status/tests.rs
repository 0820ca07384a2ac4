//! What is shown of small folders.

use std::fs;

use nix::sys::stat::utimes;
use nix::sys::time::{TimeVal, TimeValLike};
use tempfile::TempDir;

use super::{DAY, Outlook, outlook, status};
use crate::testing::{self, NOW};

fn options(root: &TempDir) -> crate::options::Options {
    testing::options(root.path())
}

/// Makes a backup of a log that was written so many seconds ago.
fn backup(root: &TempDir, name: &str, ago: i64) {
    let path = root.path().join("dst").join(name);
    fs::write(&path, [0; 4096]).unwrap();
    // Not `File::set_times`, which kernels before 2.6.22 do not know.
    let time = TimeVal::seconds(NOW - ago);
    utimes(&path, &time, &time).unwrap();
}

#[test]
fn reach_number_size_and_rate_are_those_of_the_backups() {
    let root = TempDir::new().unwrap();
    assert!(status(&options(&root)).is_err());
    fs::create_dir(root.path().join("dst")).unwrap();
    let empty = status(&options(&root)).unwrap();
    assert_eq!((empty.reach, empty.n_backups, empty.bytes), (None, 0, 0));
    assert_eq!(
        (empty.outlook, empty.history.unwrap()),
        (Outlook::Never, Default::default())
    );
    backup(&root, "2017-0427-094411.log", 0);
    backup(&root, "2017-0427-094412.log", 6 * 3600 - 1);
    let young = status(&options(&root)).unwrap();
    assert_eq!((young.bytes_a_day, young.outlook), (None, Outlook::NotKnown));
    fs::remove_file(root.path().join("dst/2017-0427-094411.log")).unwrap();
    fs::remove_file(root.path().join("dst/2017-0427-094412.log")).unwrap();

    backup(&root, "2017-0427-084412.log", 6 * 3600);
    backup(&root, "2017-0427-084412.log.gz", 1);
    backup(&root, "2017-0427-094412_2.log", 0);
    // Of a clock that was ahead: nobody knows when it came.
    backup(&root, "2038-0101-000000.log", -5);
    backup(&root, "2019-report.pdf", 0);
    let now = status(&options(&root)).unwrap();
    let (first, last) = now.reach.unwrap();
    assert_eq!(
        (first.to_string(), last.to_string()),
        ("2017-0427-084412.log".to_owned(), "2038-0101-000000.log".to_owned())
    );
    assert_eq!((now.n_backups, now.bytes), (3, 4 * 4096));
    // Three in six hours.
    assert_eq!(now.bytes_a_day, Some(12 * 4096));
    assert!(matches!(now.outlook, Outlook::In(_)), "{:?}", now.outlook);

    backup(&root, "2017-0401-000000.log", DAY);
    let later = status(&options(&root)).unwrap();
    assert_eq!(later.bytes_a_day, Some(3 * 4096));
}

#[test]
fn the_oldest_goes_when_what_is_left_is_used() {
    for (left, bytes_a_day, may_go, expected) in [
        (1000, Some(500), true, Outlook::In(172_800)),
        (1000, Some(500), false, Outlook::Never),
        (1000, Some(0), true, Outlook::Never),
        (1000, None, true, Outlook::NotKnown),
        (1000, None, false, Outlook::Never),
        (0, Some(500), true, Outlook::Next),
        (0, Some(0), true, Outlook::Next),
        (0, None, true, Outlook::Next),
        (u64::MAX, Some(1), true, Outlook::In(u64::MAX)),
    ] {
        assert_eq!(outlook(left, bytes_a_day, may_go), expected);
    }
}
