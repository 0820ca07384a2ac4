//! The time that lines bear.

use sip_scan::Stamp;
use time::PrimitiveDateTime;

use super::clock::{AGREEING, LEAP, Seen};

/// How much of the end of a block is searched for lines that tell the time, and how many times are looked at.
const SEARCHED: usize = 64 << 10;
const LAST_TIMES: usize = 16;

/// The latest time that the last lines in `block` bear; a time on which enough others agree is preferred to a later one.
pub(super) fn last_time(block: &[u8]) -> Option<Seen> {
    let begin = block.len().saturating_sub(SEARCHED);
    let lines = block.get(begin..).unwrap_or_default().rsplit(|byte| *byte == b'\n');
    let mut stamps: Vec<&[u8; Stamp::LEN]> = lines.filter_map(stamp_of_line).collect();
    // All lines of a record bear the same.
    stamps.dedup();
    let mut times: Vec<PrimitiveDateTime> = stamps
        .into_iter()
        .filter_map(ecs_log::time_of_stamp)
        .take(LAST_TIMES)
        .collect();
    times.sort_unstable();
    times.dedup();
    let agreeing = |time: PrimitiveDateTime| {
        let agrees = |other: &PrimitiveDateTime| (time - *other).unsigned_abs() <= LEAP;
        times.iter().copied().filter(agrees).collect::<Vec<_>>()
    };
    let seen = times.iter().map(|time| Seen {
        time: *time,
        witnesses: agreeing(*time),
    });
    seen.max_by_key(|seen| (seen.witnesses.len().min(AGREEING), seen.time))
}

fn stamp_of_line(line: &[u8]) -> Option<&[u8; Stamp::LEN]> {
    let (stamp, rest) = line.split_first_chunk::<{ Stamp::LEN }>()?;
    rest.starts_with(b":").then_some(stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_record_are_one_witness() {
        let lines = |times: &[&str]| -> String {
            let line = |time: &&str| format!("20170427:{time:0<9}:1:a(1):M:[x]\n");
            times.iter().map(line).collect()
        };
        let (four, record) = (["084410", "084411", "084412", "084413"], ["200000"; 18]);
        for (times, time, witnesses) in [
            (&four[..], "084413", 4),
            (&four[..1], "084410", 1),
            (&record, "200000", 1),
            (&[&four[..], &record].concat(), "084413", 4),
            (&[&record[..], &four].concat(), "084413", 4),
            (&["084410", "200000"], "200000", 1),
            (&["996199", "084410"], "084410", 1),
        ] {
            let seen = last_time(lines(times).as_bytes()).unwrap();
            let stamp = ecs_log::stamp_of_time(seen.time);
            let stamp = stamp[9..15].escape_ascii().to_string();
            assert_eq!((stamp.as_str(), seen.witnesses.len()), (time, witnesses), "{times:?}");
        }
        assert_eq!(last_time(b"no line\n"), None);
    }
}
