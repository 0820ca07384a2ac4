//! What the page of calls shows, gathered from windows as they are over, in memory that has a bound.

use std::collections::{BTreeMap, VecDeque};

use sip_calls::{CallTally, ClosedCalls, FailedCall};
use sip_filter::Names;
use sip_scan::Direction;

use crate::html::axis::Axis;
use crate::html::calendar;
use crate::html::tally::LENGTHS;
use crate::link_name::short_link_name;

/// The most columns of time that are held; more of them are made coarser.
const MAX_COLUMNS: usize = 432;
/// The most links that are told apart, each for both directions.
const MAX_LINKS: usize = 2000;
/// The most buckets of delays. Beyond that percentiles are not exact.
const MAX_BUCKETS: usize = 500_000;
/// The most calls that failed, the last ones.
const MAX_FAILED: usize = 500;

/// The name of links for which there was no room.
pub(super) const OTHERS: &str = "other links";

/// The calls of a run by time and by link.
#[derive(Debug, Default)]
pub(super) struct CallsByTime {
    /// The length of a window, in seconds; 0 before the first.
    pub(super) interval: i64,
    /// The length of a column, in seconds.
    length: i64,
    columns: BTreeMap<i64, CallTally>,
    /// By the name of the link and which way the INVITEs went.
    pub(super) links: BTreeMap<(String, Direction), CallTally>,
    pub(super) failed: VecDeque<FailedCall>,
    buckets: usize,
}

impl CallsByTime {
    /// Adds a window.
    pub(super) fn add(&mut self, closed: &ClosedCalls, names: &Names) {
        let Some(at) = calendar::seconds(&closed.window.start()) else {
            return;
        };
        if self.interval == 0 {
            self.interval = closed.interval.seconds().into();
            self.length = self.interval;
        }
        for row in &closed.rows {
            let name = row.link.as_ref().map(|link| short_link_name(link, names));
            let mut key = (name.unwrap_or_else(|| OTHERS.to_owned()), row.direction);
            if self.links.len() >= MAX_LINKS && !self.links.contains_key(&key) {
                key.0 = OTHERS.to_owned();
            }
            let column = self.columns.entry(calendar::floor(at, self.length)).or_default();
            for tally in [column, self.links.entry(key).or_default()] {
                let before = tally.delays.buckets();
                tally.merge_within(&row.tally, self.buckets < MAX_BUCKETS);
                self.buckets = self
                    .buckets
                    .saturating_add(tally.delays.buckets().saturating_sub(before));
            }
        }
        self.failed.extend(closed.failed.iter().cloned());
        self.failed.drain(..self.failed.len().saturating_sub(MAX_FAILED));
        while self.columns.len() > MAX_COLUMNS
            && let Some(length) = LENGTHS.into_iter().find(|length| *length > self.length)
        {
            self.make_coarser(length);
        }
    }

    fn make_coarser(&mut self, length: i64) {
        for (at, column) in std::mem::take(&mut self.columns) {
            self.columns
                .entry(calendar::floor(at, length))
                .or_default()
                .merge(&column);
        }
        self.length = length;
    }

    /// The axis, and its columns; none where there was no call.
    pub(super) fn columns(&mut self) -> (Axis, Vec<Option<CallTally>>) {
        let ends = self.columns.keys().next().zip(self.columns.keys().next_back());
        let axis = ends.map_or_else(Axis::default, |(first, last)| Axis::of(*first, *last, self.length));
        self.make_coarser(axis.length);
        let columns = (0..axis.columns).map(|column| self.columns.remove(&axis.at(column)));
        (axis, columns.collect())
    }
}
