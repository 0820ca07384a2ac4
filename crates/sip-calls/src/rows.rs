//! The windows that are not closed, each with its rows: one for each link and direction.

use std::collections::{BTreeMap, VecDeque};

use sip_filter::{Interval, Link, Window};
use sip_scan::{Direction, Stamp};
use slab::Slab;

use crate::failed::FailedCall;
use crate::tally::{CallTally, Outcome};
use crate::time::{self, Millis};

/// The most rows that are open at a time. Beyond that attempts count in a row for all other links.
const MAX_ROWS: usize = 10_000;
/// The most buckets of delays in all open rows. Beyond that a delay goes to a bucket that its row has.
const MAX_BUCKETS: usize = 200_000;

/// The most failed calls in all open windows; those that failed first make room.
const MAX_FAILED: usize = 500;

/// The number of an open row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowNumber(usize);

/// Whose row it is; without a link that of all for which there was no room.
pub(crate) type RowKey = (Option<Link>, Direction);

/// A window whose calls are all decided, or given up.
#[derive(Clone, Debug)]
pub struct ClosedCalls {
    /// The window.
    pub window: Window,
    /// How long it is.
    pub interval: Interval,
    /// Where following began within the window; `None` where it was followed from its start.
    pub from: Option<Stamp>,
    /// Where following ended within the window, or before it; `None` where it was followed to its end.
    pub to: Option<Stamp>,
    /// Its rows, by link, and for each link first those whose INVITE came in. Rows without a link are those of all links
    /// for which there was no room; they come last.
    pub rows: Vec<CallRow>,
    /// Its calls that failed, or that nobody answered, in the order in which that was decided, where their Call-IDs
    /// [are kept](crate::GatherCalls::keep_call_ids). No more than the last 500 of all windows that were open together.
    pub failed: Vec<FailedCall>,
}

/// One row of a window.
#[derive(Clone, Debug)]
pub struct CallRow {
    /// Its link.
    pub link: Option<Link>,
    /// Which way the INVITEs went.
    pub direction: Direction,
    /// What is known of them.
    pub tally: CallTally,
}

impl ClosedCalls {
    /// The same rows, but links that print the same are one. Only the logs of two servers that talk to each other have such links.
    pub fn printed_rows(&self) -> Vec<CallRow> {
        let printed = |row: &CallRow| {
            let link = row.link.map(|link| (link.low(), link.port(), link.high()));
            (link.is_none(), link, row.direction)
        };
        let mut rows = self.rows.clone();
        rows.sort_by_key(printed);
        let mut merged: Vec<CallRow> = Vec::with_capacity(rows.len());
        for row in rows {
            match merged.last_mut().filter(|last| printed(last) == printed(&row)) {
                Some(last) => last.tally.merge(&row.tally),
                None => merged.push(row),
            }
        }
        merged
    }

    /// Whether only a part of the window was followed.
    pub fn is_partial(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }
}

/// All open windows.
#[derive(Debug)]
pub(crate) struct Rows {
    interval: Interval,
    /// By the number of their window: how many of its length came before it.
    open: BTreeMap<u64, OpenWindow>,
    rows: Slab<Row>,
    /// Calls that failed, with the number of their window.
    failed: VecDeque<(u64, FailedCall)>,
    buckets: usize,
    /// All windows before this one are closed.
    first: u64,
    /// Live: where following began, and where it ended.
    pub(crate) begun: Option<Millis>,
    pub(crate) ended: Option<Millis>,
}

#[derive(Debug, Default)]
struct OpenWindow {
    rows: BTreeMap<RowKey, RowNumber>,
    undecided: u64,
}

#[derive(Debug)]
struct Row {
    window: u64,
    tally: CallTally,
}

impl Rows {
    pub(crate) fn new(interval: Interval) -> Rows {
        Rows {
            interval,
            open: BTreeMap::new(),
            rows: Slab::new(),
            failed: VecDeque::new(),
            buckets: 0,
            first: 0,
            begun: None,
            ended: None,
        }
    }

    /// When the window ends in which `time` lies.
    pub(crate) fn end_of_window(&self, time: Millis) -> Millis {
        self.end_of(self.window(time))
    }

    /// The row of a time, link and direction. None where its window is closed.
    pub(crate) fn row(&mut self, time: Millis, (link, direction): (Link, Direction)) -> Option<RowNumber> {
        let window = self.window(time);
        if window < self.first {
            return None;
        }
        let has_room = self.rows.len() < MAX_ROWS;
        let open = self.open.entry(window).or_default();
        let mut key = (Some(link), direction);
        if !has_room && !open.rows.contains_key(&key) {
            key = (None, direction);
        }
        let rows = &mut self.rows;
        let number = open.rows.entry(key).or_insert_with(|| {
            RowNumber(rows.insert(Row {
                window,
                tally: CallTally::default(),
            }))
        });
        Some(*number)
    }

    /// One more attempt, which is undecided.
    pub(crate) fn begin(&mut self, number: RowNumber) {
        if let Some(row) = self.rows.get_mut(number.0) {
            row.tally.attempts = row.tally.attempts.saturating_add(1);
            if let Some(open) = self.open.get_mut(&row.window) {
                open.undecided = open.undecided.saturating_add(1);
            }
        }
    }

    /// An attempt is decided. If it failed, and it is kept whose it is, it is a failed call.
    pub(crate) fn decide(&mut self, number: RowNumber, outcome: Outcome, failed: Option<FailedCall>) {
        if let Some(row) = self.rows.get_mut(number.0) {
            row.tally.add(outcome);
            if let Some(open) = self.open.get_mut(&row.window) {
                open.undecided = open.undecided.saturating_sub(1);
            }
            self.failed.extend(failed.map(|failed| (row.window, failed)));
            if self.failed.len() > MAX_FAILED {
                self.failed.pop_front();
            }
        }
    }

    /// A first response came, so many milliseconds after its INVITE.
    pub(crate) fn measure(&mut self, number: RowNumber, delay: Millis) {
        if let Some(row) = self.rows.get_mut(number.0) {
            let delays = &mut row.tally.delays;
            let before = delays.buckets();
            delays.add(u32::try_from(delay).unwrap_or(u32::MAX), self.buckets < MAX_BUCKETS);
            self.buckets = self.buckets.saturating_add(delays.buckets().saturating_sub(before));
        }
    }

    /// A message was sent again.
    pub(crate) fn repeat(&mut self, number: RowNumber) {
        if let Some(row) = self.rows.get_mut(number.0) {
            row.tally.retransmissions = row.tally.retransmissions.saturating_add(1);
        }
    }

    /// Closes the first open window if it ends at `time` or before, and all its attempts are decided.
    pub(crate) fn close_first(&mut self, time: Millis) -> Option<ClosedCalls> {
        let (window, open) = self.open.first_key_value()?;
        let window = *window;
        if open.undecided > 0 || self.end_of(window) > time {
            return None;
        }
        let (_, open) = self.open.pop_first()?;
        self.first = window.saturating_add(1);
        let rows = open.rows.into_iter().map(|((link, direction), number)| CallRow {
            link,
            direction,
            tally: self.take(number),
        });
        let mut rows: Vec<CallRow> = rows.collect();
        let others = rows.iter().take_while(|row| row.link.is_none()).count();
        rows.rotate_left(others);
        let all = std::mem::take(&mut self.failed).into_iter();
        let (failed, others): (VecDeque<_>, VecDeque<_>) = all.partition(|(of, _)| *of == window);
        self.failed = others;
        let (start, end) = (self.start_of(window), self.end_of(window));
        Some(ClosedCalls {
            window: Window::of(&time::stamp(start)?, self.interval),
            interval: self.interval,
            from: self.begun.filter(|at| (start..end).contains(at)).and_then(time::stamp),
            to: self.ended.filter(|at| *at < end).and_then(time::stamp),
            rows,
            failed: failed.into_iter().map(|(_, failed)| failed).collect(),
        })
    }

    /// How many attempts are undecided.
    pub(crate) fn undecided(&self) -> u64 {
        self.open.values().map(|open| open.undecided).sum()
    }

    /// When the last open window ends.
    pub(crate) fn end(&self) -> Option<Millis> {
        Some(self.end_of(*self.open.last_key_value()?.0))
    }

    fn take(&mut self, number: RowNumber) -> CallTally {
        let tally = self.rows.try_remove(number.0).map(|row| row.tally).unwrap_or_default();
        self.buckets = self.buckets.saturating_sub(tally.delays.buckets());
        tally
    }

    fn length(&self) -> Millis {
        Millis::from(self.interval.seconds()).saturating_mul(1000)
    }

    fn window(&self, time: Millis) -> u64 {
        time / self.length().max(1)
    }

    fn start_of(&self, window: u64) -> Millis {
        window.saturating_mul(self.length())
    }

    fn end_of(&self, window: u64) -> Millis {
        self.start_of(window.saturating_add(1))
    }
}
