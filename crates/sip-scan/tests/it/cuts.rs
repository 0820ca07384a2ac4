//! The logs of the test data, cut at every byte.

use std::fs;
use std::iter;
use std::path::{Path, PathBuf};

use crate::items::scan;

/// Bytes between two cuts of a longer log: about a line.
const STEP: usize = 251;

/// The items of the log wherever it is cut, and of its single bytes. A longer log has other cuts, too, far from the one
/// in question.
#[track_caller]
fn check(log: &[u8]) {
    let whole = scan([log]);
    assert_eq!(scan(log.chunks(1)), whole);
    if log.len() < 2000 {
        for at in 0..=log.len() {
            let (before, after) = log.split_at(at);
            assert!(scan([before, after]) == whole, "cut at byte {at}");
        }
    } else {
        for at in 0..STEP {
            let (before, after) = log.split_at(at);
            let blocks = iter::once(before).chain(after.chunks(STEP));
            assert!(scan(blocks) == whole, "cut at each {STEP}th byte from {at}");
        }
    }
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}

#[test]
fn each_rule() {
    let mut count = 0;
    for folder in fs::read_dir(testdata().join("rules")).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|end| end == "log" || end == "M") {
                println!("{}", path.display());
                check(&fs::read(path).unwrap());
                count += 1;
            }
        }
    }
    assert!(count >= 35, "{count} logs");
}

#[test]
fn a_part_of_the_readme() {
    let log = fs::read(testdata().join("readme/2017-0427-084428.log")).unwrap();
    let part = &log[1000..5_000];
    assert!(scan([part]).len() > 1);
    check(part);
}
