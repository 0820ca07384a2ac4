//! The time that lines bear.

use sip_scan::Stamp;
use time::PrimitiveDateTime;

use super::clock::{AGREEING, LEAP};

/// How much of the end of a block is searched for lines that tell the time, and how many of them are looked at.
const SEARCHED: usize = 64 << 10;
const LAST_LINES: usize = 16;

/// The latest time that the last lines in `block` bear, and how many of them agree on it; a time on which enough agree
/// is preferred to a later one.
pub(super) fn last_time(block: &[u8]) -> Option<(PrimitiveDateTime, usize)> {
    let begin = block.len().saturating_sub(SEARCHED);
    let lines = block.get(begin..).unwrap_or_default().rsplit(|byte| *byte == b'\n');
    let times: Vec<PrimitiveDateTime> = lines.filter_map(time_of_line).take(LAST_LINES).collect();
    let agree = |time: PrimitiveDateTime| {
        let agrees = |other: &&PrimitiveDateTime| (time - **other).unsigned_abs() <= LEAP;
        times.iter().filter(agrees).count().min(AGREEING)
    };
    let with_number = times.iter().map(|time| (*time, agree(*time)));
    with_number.max_by_key(|(time, lines)| (*lines, *time))
}

fn time_of_line(line: &[u8]) -> Option<PrimitiveDateTime> {
    let (stamp, rest) = line.split_first_chunk::<{ Stamp::LEN }>()?;
    rest.strip_prefix(b":")?;
    ecs_log::time_of_stamp(stamp)
}
