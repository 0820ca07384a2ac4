//! Properties that hold for every input: the second reader agrees, and cuts do not matter.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sip_scan::{Scanner, Want};

use crate::items::{
    join, scan, scan_alone, scan_files, scan_lines, scan_side_by_side, scan_texts, starts_are_kept, without_order,
};
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
    fn first_and_last_lines_are_told(
        log in prop_oneof![random_log::damaged(), random_log::mixed_pieces(), random_log::damaged_raw()],
        cuts in vec(any::<Index>(), 0..40),
    ) {
        let marks = scan_lines(cut(&log, &cuts)).map(|lines| [lines.first, lines.last]);
        let marks = marks.map(|marks| marks.map(|mark| (mark.stamp.to_string(), mark.number, mark.line)));
        prop_assert_eq!(marks, reference::first_and_last(&log));
    }

    #[test]
    fn texts_are_whole(
        log in prop_oneof![random_log::damaged(), random_log::sound(), random_log::pieces()],
        block in 1..2000usize,
    ) {
        let (texts, items) = scan_texts(&log, block);
        let expected = reference::read(&log);
        prop_assert_eq!(items, expected.items);
        prop_assert_eq!(texts, expected.texts);
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
        let mut again = Scanner::new(Want::Head);
        for log in &logs {
            let new = scan_alone(&mut Scanner::new(Want::Head), log, block);
            let again = scan_alone(&mut again, log, block);
            prop_assert_eq!(&again.items, &new.items);
            prop_assert_eq!(join(vec![again]), join(vec![new]));
        }
    }

    #[test]
    fn files_side_by_side_are_read_as_one(
        log in prop_oneof![2 => random_log::damaged(), 1 => random_log::sound(), 1 => random_log::pieces()],
        cuts in vec(any::<Index>(), 0..6),
        near in any::<bool>(),
        block in 1..2000usize,
    ) {
        let files = match near {
            true => cut_near(&log, &cuts),
            false => cut(&log, &cuts),
        };
        prop_assume!(starts_are_kept(&files));
        let expected = without_order(reference::read_files(&files).items);
        let show = || files.iter().map(|file| file.escape_ascii().to_string()).collect::<Vec<_>>();
        prop_assert_eq!(&without_order(scan_side_by_side(&files, block)), &expected, "side by side: {:#?}", show());
        prop_assert_eq!(&without_order(scan_files(&files, block)), &expected, "as a stream: {:#?}", show());
    }

    /// Each of them may end within a line, and the next one begin with a line of its own.
    #[test]
    fn logs_side_by_side_are_read_as_one(
        logs in vec((prop_oneof![random_log::damaged(), random_log::pieces()], any::<Index>()), 0..7),
        block in 1..2000usize,
    ) {
        let files: Vec<&[u8]> = logs.iter().map(|(log, cut)| &log[..cut.index(log.len() + 1)]).collect();
        prop_assume!(starts_are_kept(&files));
        let expected = without_order(reference::read_files(&files).items);
        prop_assert_eq!(without_order(scan_side_by_side(&files, block)), expected);
    }
}

/// As [`cut`], but the cuts are near one another, so that most files hold a few bytes.
fn cut_near<'a>(log: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let [first, others @ ..] = cuts else {
        return vec![log];
    };
    let first = first.index(log.len() + 1);
    let ends = others.iter().map(|cut| first + cut.index(200));
    cut_at(log, ends.chain([first]).map(|end: usize| end.min(log.len())).collect())
}

/// The parts of `log`, empty ones among them.
fn cut<'a>(log: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    cut_at(log, cuts.iter().map(|cut| cut.index(log.len() + 1)).collect())
}

fn cut_at(log: &[u8], mut ends: Vec<usize>) -> Vec<&[u8]> {
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
