//! Properties that hold for every input: the second reader agrees, and cuts do not matter.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::items::{scan, scan_each, scan_files, scan_in_any_order, scan_side_by_side, starts_are_kept, without_order};
use crate::{random_log, reference};

proptest! {
    // What fails becomes a test of its own instead of a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sound_logs_read_alike(log in random_log::sound()) {
        prop_assert_eq!(scan([&*log]), reference::read(&log).items);
    }

    #[test]
    fn damaged_logs_read_alike(log in random_log::damaged()) {
        prop_assert_eq!(scan([&*log]), reference::read(&log).items);
    }

    #[test]
    fn damaged_raw_files_read_alike(raw in random_log::damaged_raw()) {
        prop_assert_eq!(scan([&*raw]), reference::read(&raw).items);
    }

    #[test]
    fn pieces_of_lines_read_alike(log in random_log::mixed_pieces()) {
        prop_assert_eq!(scan([&*log]), reference::read(&log).items);
    }

    #[test]
    fn any_bytes_read_alike(log in random_log::bytes()) {
        prop_assert_eq!(scan([&*log]), reference::read(&log).items);
    }

    #[test]
    fn blocks_do_not_matter(
        log in prop_oneof![random_log::damaged(), random_log::mixed_pieces(), random_log::bytes()],
        cuts in vec(any::<Index>(), 0..40),
    ) {
        prop_assert_eq!(scan(cut(&log, &cuts)), scan([&*log]));
    }

    #[test]
    fn files_are_read_as_one(
        log in prop_oneof![random_log::damaged(), random_log::pieces()],
        cuts in vec(any::<Index>(), 0..6),
        block in 1..2000usize,
    ) {
        let files = cut(&log, &cuts);
        prop_assert_eq!(scan_files(&files, block), reference::read_files(&files).items);
    }

    /// Each of them may end within a line, and the next one begin with a line of its own.
    #[test]
    fn logs_are_read_as_one(
        logs in vec((random_log::damaged(), any::<Index>()), 0..4),
        block in 1..2000usize,
    ) {
        let files: Vec<&[u8]> = logs.iter().map(|(log, cut)| &log[..cut.index(log.len() + 1)]).collect();
        prop_assert_eq!(scan_files(&files, block), reference::read_files(&files).items);
    }

    #[test]
    fn a_scanner_that_is_used_again_reads_like_a_new_one(
        logs in vec(prop_oneof![random_log::damaged(), random_log::pieces(), random_log::damaged_raw()], 1..5),
        block in 1..2000usize,
    ) {
        let logs: Vec<&[u8]> = logs.iter().map(|log| &**log).collect();
        prop_assert_eq!(scan_each(&logs, block, false), scan_each(&logs, block, true));
    }

    #[test]
    fn two_files_side_by_side_are_read_as_one(
        log in prop_oneof![2 => random_log::damaged(), 1 => random_log::sound(), 1 => random_log::pieces()],
        at in any::<Index>(),
        empty in 0..2usize,
        block in 1..2000usize,
    ) {
        let (one, two) = log.split_at(at.index(log.len() + 1));
        let mut files = vec![one, two];
        files.splice(1..1, vec![&b""[..]; empty]);
        let expected = without_order(reference::read_files(&files).items);
        prop_assert_eq!(&without_order(scan_side_by_side(&files, block)), &expected);
        if starts_are_kept(&files, block) {
            prop_assert_eq!(&without_order(scan_in_any_order(&files, block)), &expected);
        }
    }

    #[test]
    fn files_side_by_side_are_read_as_one(
        log in prop_oneof![2 => random_log::damaged(), 1 => random_log::sound(), 1 => random_log::pieces()],
        cuts in vec(any::<Index>(), 0..6),
        block in 1..2000usize,
    ) {
        // No record, and no line, goes on beyond the next file that is not empty.
        let mut cuts = cuts;
        while reference::read_files(&cut(&log, &cuts)).borders_crossed > 1 {
            cuts.pop();
        }
        let files = cut(&log, &cuts);
        let expected = without_order(reference::read_files(&files).items);
        prop_assert_eq!(&without_order(scan_side_by_side(&files, block)), &expected);
        if starts_are_kept(&files, block) {
            prop_assert_eq!(&without_order(scan_in_any_order(&files, block)), &expected);
        }
    }
}

/// The parts of `log`, empty ones among them.
fn cut<'a>(log: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(log.len() + 1)).collect();
    ends.push(log.len());
    ends.sort_unstable();
    let mut begin = 0;
    ends.into_iter()
        .map(|end| {
            let part = &log[begin..end];
            begin = end;
            part
        })
        .collect()
}
