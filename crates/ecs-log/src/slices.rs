//! Stretches of time, one after the other, so that archives that can be read only once are read several times in the order of time.

use std::collections::BTreeMap;
use std::io;

use time::{Duration, PrimitiveDateTime};

use crate::find::{Inputs, Request};
use crate::name::LogName;
use crate::range::TimeRange;

/// Stretches of time that follow one another and make up all time. Logs in archives that can be read only once, and were begun in one of
/// them, have no more than `most` bytes together, unless they were begun in the same second.
///
/// There is only one stretch where the logs of these archives lie in them in the order of time, or have no more bytes in all, and where an
/// input is a pipe, which cannot be read again.
pub fn slices(request: &Request, most: u64) -> Vec<TimeRange> {
    let mut inputs = Inputs::new(request);
    let (mut sizes, mut is_sorted, mut last) = (BTreeMap::new(), true, None);
    if inputs.pipe().is_none() {
        while let Some(mut archive) = inputs.next_archive() {
            while let Some(mut log) = archive.next_log() {
                let name = log.log().name();
                // What cannot be read is told by who reads it.
                let bytes = io::copy(&mut log, &mut io::sink()).unwrap_or_default();
                let size: &mut u64 = sizes.entry(name).or_default();
                *size = size.saturating_add(bytes);
                is_sorted = is_sorted && last <= Some(name);
                last = Some(name);
            }
            inputs.add(archive);
        }
    }
    if is_sorted {
        sizes.clear();
    }
    of_sizes(sizes, most)
}

fn of_sizes(sizes: BTreeMap<Option<LogName>, u64>, most: u64) -> Vec<TimeRange> {
    let (mut begins, mut sum) = (Vec::new(), 0_u64);
    for (name, size) in sizes {
        sum = sum.saturating_add(size);
        if let Some(begun) = name.map(LogName::begun)
            && sum > most
            && begins.last() != Some(&begun)
        {
            begins.push(begun);
            sum = size;
        }
    }
    let all = TimeRange::all();
    let first = [all.first()].into_iter().chain(begins.iter().copied());
    let before = |begin: &PrimitiveDateTime| begin.saturating_sub(Duration::MILLISECOND);
    let last = begins.iter().map(before).chain([all.last()]);
    first
        .zip(last)
        .map(|(first, last)| TimeRange::of(first, last))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stretches, each by its first and last stamp from the hour on, for logs begun at these times of 27 April 2017.
    fn told(sizes: &[(&str, u64)], most: u64) -> Vec<String> {
        let name = |time: &str| match time {
            "" => None,
            time => Some(LogName::of_bytes(format!("2017-0427-{time}.log").as_bytes()).unwrap()),
        };
        let sizes = sizes.iter().map(|(time, size)| (name(time), *size)).collect();
        let stamp = |stamp: [u8; 18]| String::from_utf8(stamp.into()).unwrap().replace("20170427:", "");
        let told = of_sizes(sizes, most).into_iter();
        told.map(|range| format!("{} {}", stamp(range.first_stamp()), stamp(range.last_stamp())))
            .collect()
    }

    #[test]
    fn stretches_make_up_all_time() {
        let (first, last) = ("00000101:000000000", "99991231:235959999");
        let all = format!("{first} {last}");
        assert_eq!(told(&[], 10), [all.as_str()]);
        assert_eq!(told(&[("080000", 6), ("080001", 4)], 10), [all.as_str()]);
        assert_eq!(
            told(&[("080000", 6), ("080001", 5), ("080002", 5), ("080003", 1)], 10),
            [
                format!("{first} 080000999").as_str(),
                "080001000 080002999",
                &format!("080003000 {last}")
            ]
        );
        // Logs without a name come whenever they come, and two of one second are not told apart.
        assert_eq!(
            told(&[("", 99), ("080000", 1)], 10),
            [format!("{first} 075959999").as_str(), &format!("080000000 {last}")]
        );
        assert_eq!(
            told(&[("080000", 20), ("080005", 20), ("080005_2", 20), ("080006", 1)], 10),
            [
                format!("{first} 075959999").as_str(),
                "080000000 080004999",
                "080005000 080005999",
                &format!("080006000 {last}")
            ]
        );
    }
}
