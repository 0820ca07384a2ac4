//! From when to when each log can hold messages. Names, stamps and modification times each tell a part of that; where they
//! disagree, the clock was set.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use super::numbered::{self, Numbered};
use super::span::Span;
use crate::ends::Ends;
use crate::found::Found;
use crate::name::LogName;

/// Local time differs from UTC by a multiple of this, and by no more than 14 hours.
const ZONE_STEP: i64 = 15 * 60;
const MOST_OF_ZONE: i64 = 14 * 3600;

/// How many seconds may lie between the last write to a log and the begin of the next.
const PAUSE: i64 = 2;

/// The span of each log; `None` for what has no name, and may hold anything. `all` is in the order of names. The first lines
/// of each log are looked at, and the last ones of those that are plain files.
pub(super) fn spans(all: &[Found]) -> Vec<Option<Span>> {
    let mut numbers = Vec::with_capacity(all.len());
    let mut spans: Vec<Option<Span>> = followed_at(all)
        .into_iter()
        .zip(all)
        .map(|(next, found)| {
            let mut span = Span::of_names(found.log.name()?, next);
            let ends = Ends::of(found);
            let (first, last) = (ends.times().next(), ends.times().last());
            if let (Some(first), Some(last)) = (first, last)
                && last.saturating_add(Duration::SECOND) < first
            {
                span.was_set_back();
            }
            ends.times().for_each(|time| span.include(time));
            numbers.push(ends.first_number);
            Some(span)
        })
        .collect();
    let mut written: HashMap<&Path, Vec<Written>> = HashMap::new();
    let mut numbered: HashMap<&Path, Vec<Numbered>> = HashMap::new();
    for (place, (found, number)) in all.iter().zip(numbers).enumerate() {
        let (Some(folder), Some(name)) = (found.log.folder(), found.log.name()) else {
            continue;
        };
        if let Some(of_found) = Written::of(found, place) {
            written.entry(folder).or_default().push(of_found);
        }
        if let Some(number) = number {
            numbered
                .entry(folder)
                .or_default()
                .push(Numbered { number, name, place });
        }
    }
    written.into_values().for_each(|logs| widen(&mut spans, logs));
    numbered
        .into_values()
        .for_each(|logs| numbered::widen(&mut spans, logs));
    spans
}

/// For each log, the next later name in its folder.
///
/// Another folder may hold the logs of another server, whose names do not tell when this log ended.
fn followed_at(all: &[Found]) -> Vec<Option<LogName>> {
    let mut latest: HashMap<Option<&Path>, (LogName, Option<LogName>)> = HashMap::new();
    let mut following: Vec<Option<LogName>> = all
        .iter()
        .rev()
        .map(|found| {
            let name = found.log.name()?;
            let folder = found.log.folder();
            let (seen, after) = latest.entry(folder).or_insert((name, None));
            if *seen != name {
                (*seen, *after) = (name, Some(*seen));
            }
            *after
        })
        .collect();
    following.reverse();
    following
}

/// When a file was last written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Written {
    /// In UTC.
    at: PrimitiveDateTime,
    name: LogName,
    /// Its place among all that was found.
    place: usize,
}

impl Written {
    fn of(found: &Found, place: usize) -> Option<Written> {
        let name = found.log.name()?;
        if !found.is_regular || found.log.is_in_archive() {
            return None;
        }
        let modified = fs::metadata(found.log.path()?).ok()?.modified().ok()?;
        let since = modified.duration_since(UNIX_EPOCH).ok()?;
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::try_from(since.as_nanos()).ok()?).ok()?;
        let at = PrimitiveDateTime::new(at.date(), at.time());
        Some(Written { at, name, place })
    }

    /// The offset of local time from UTC if the server wrote `next` right after this: then `next` was begun when this was
    /// last written. `None` if the files cannot have the times at which the server wrote them.
    fn zone_before(self, next: Written) -> Option<i64> {
        let offset = (next.name.begun() - self.at).whole_seconds();
        let zone = offset.saturating_add(ZONE_STEP / 2).div_euclid(ZONE_STEP) * ZONE_STEP;
        let is_true = offset.abs_diff(zone) <= PAUSE.unsigned_abs() && zone.abs() <= MOST_OF_ZONE;
        is_true.then_some(zone)
    }
}

/// Widens the spans of the logs of one folder where modification times tell that they go on for longer than names say.
fn widen(spans: &mut [Option<Span>], mut logs: Vec<Written>) {
    logs.sort_unstable();
    let mut zone_before = None;
    for (log, next) in logs.iter().zip(logs.iter().skip(1)) {
        let zone = log.zone_before(*next);
        if let (Some(zone), Some(Some(span))) = (zone, spans.get_mut(log.place)) {
            span.ends_before(next.name);
            let was_set = zone_before.is_some_and(|before| before > zone);
            if was_set || next.name < log.name {
                span.was_set_back();
            }
        }
        zone_before = zone.or(zone_before);
    }
}
