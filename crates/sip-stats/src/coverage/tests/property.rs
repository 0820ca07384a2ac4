//! Against a list of seconds.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

proptest! {
    // What fails becomes a test of its own instead of a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Each window that is covered at all is told once, with as many seconds as a list of seconds has; between them are gaps.
    #[test]
    fn stretches_add_up_to_seconds(
        stretches in vec((0..1200_i64, 0..90_i64), 1..20),
        records in vec(0..20_i64, 0..10),
        interval in prop_oneof![Just(Interval::Sec), Just(Interval::TenSec), Just(Interval::Min)],
    ) {
        let midnight = seconds(&stamp("20170427:")).unwrap();
        let of = |second: i64| stamp_of(midnight + second).unwrap();
        let mut coverage = Coverage::new(interval, None);
        coverage.absorb(&log(&[("000000", 0, 1), ("000000", 0, 2)]), at(0, 0));
        let mut plain = BTreeSet::from([0]);
        for (first, length) in &stretches {
            coverage.cover(&of(*first), &of(first + length));
            plain.extend(*first..=first + length);
        }
        let length = i64::from(interval.seconds());
        let windows: BTreeSet<i64> = plain.iter().map(|second| second - second % length).collect();
        let with_records: BTreeSet<i64> = records.iter().map(|n| n * 60).filter(|start| windows.contains(start)).collect();
        let (mut found, mut gaps) = (Vec::new(), Vec::new());
        let mut note = |between: Vec<Between>, found: &mut Vec<(i64, u32)>| for between in between {
            match between {
                Between::Window(closed) => {
                    found.push((seconds(&closed.window.start()).unwrap() - midnight, closed.coverage.unwrap().seconds));
                }
                Between::Gap(gap) => gaps.push([gap.from, gap.to].map(|stamp| seconds(&stamp).unwrap() - midnight)),
            }
        };
        for start in with_records {
            let window = Window::of(&of(start), interval);
            note(coverage.before(&window), &mut found);
            found.push((start, coverage.of(&window).unwrap().seconds));
        }
        note(coverage.rest(), &mut found);
        let expected: Vec<(i64, u32)> = windows
            .iter()
            .map(|start| (*start, plain.range(start..&(start + length)).count().try_into().unwrap()))
            .collect();
        prop_assert_eq!(found, expected);
        let neighbours = plain.iter().zip(plain.iter().skip(1));
        let expected: Vec<[i64; 2]> = neighbours
            .filter(|(before, after)| **after - **after % length > **before - **before % length + length)
            .map(|(before, after)| [before + 1, *after])
            .collect();
        prop_assert_eq!(gaps, expected);
    }
}
