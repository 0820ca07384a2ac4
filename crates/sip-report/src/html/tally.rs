//! What a page shows, gathered from windows as they are over, in memory that has a bound.

use std::collections::BTreeMap;

use sip_filter::{Link, MessageType};
use sip_stats::{ClosedWindow, Gap};

use super::axis::Axis;
use super::calendar;
use super::cover::{Absence, Cover};

/// The most columns of time that are held; more of them are made coarser. A day by the minute has fewer.
const MAX_COLUMNS: usize = 1536;
/// The lengths of columns, in seconds, each a multiple of the one before. From a day on: 1, 7, 28 and 364 days, ten times that.
pub(super) const LENGTHS: [i64; 16] = [
    1,
    2,
    10,
    20,
    60,
    120,
    600,
    1200,
    3600,
    7200,
    21_600,
    86_400,
    604_800,
    2_419_200,
    31_449_600,
    314_496_000,
];
/// The most links that are told apart, and the most counts of theirs. Beyond that they are other links.
const MAX_LINKS: usize = 50_000;
const MAX_CELLS: usize = 300_000;
/// The most gaps that are named.
const MAX_GAPS: usize = 5;

/// How many messages came in and went out.
pub(super) type Counts = [u64; 2];
/// When something was seen first and last, in seconds: the starts of windows.
pub(super) type Seen = (i64, i64);

/// The counts of a run, as a page shows them.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// The length of a window, in seconds; 0 before the first.
    pub(super) interval: i64,
    /// The length of a column, in seconds.
    pub(super) length: i64,
    /// Columns by the time at which they begin.
    pub(super) columns: BTreeMap<i64, Column>,
    /// When each type was seen first and last.
    pub(super) types: BTreeMap<MessageType, Seen>,
    pub(super) links: BTreeMap<Link, LinkTally>,
    /// Links for which there was no room.
    pub(super) others: LinkTally,
    /// How many lines are missing, as far as that is known.
    pub(super) missing: u64,
    /// The first stretches in which nothing was logged: where each begins, and where something was logged again.
    pub(super) gaps: Vec<(i64, i64)>,
    /// How many there were beside them.
    pub(super) more_gaps: u64,
    /// The first and the last second of all of them.
    gap_ends: Option<Seen>,
    cells: usize,
}

/// What was counted in a stretch of time.
#[derive(Debug, Default)]
pub(super) struct Column {
    /// How many messages of each type there were, in and out together.
    pub(super) counts: BTreeMap<MessageType, u64>,
    /// Whether there were SIP messages, wanted or not.
    pub(super) has_messages: bool,
    /// How much of it the logs cover; none where that is not known.
    pub(super) cover: Option<Cover>,
}

/// What was counted on a link.
#[derive(Clone, Debug, Default)]
pub(super) struct LinkTally {
    pub(super) counts: BTreeMap<MessageType, Counts>,
    /// When failures were seen.
    pub(super) failures: Option<Seen>,
}

impl Tally {
    /// Adds a window.
    pub(super) fn add(&mut self, closed: &ClosedWindow) {
        let Some(at) = calendar::seconds(&closed.window.start()) else {
            return;
        };
        if self.interval == 0 {
            self.interval = i64::from(closed.interval.seconds());
            self.length = self.interval;
        }
        let mut counts: BTreeMap<MessageType, u64> = BTreeMap::new();
        for (link, row) in closed.cells.printed_rows() {
            for (message_type, more) in row.cells() {
                let count = counts.entry(message_type).or_default();
                *count = more.iter().fold(*count, |sum, more| sum.saturating_add(*more));
                self.add_to_link(link, message_type, more, at);
            }
        }
        for message_type in counts.keys() {
            widen(self.types.entry(*message_type).or_insert((at, at)), (at, at));
        }
        let missing = closed.coverage.and_then(|covered| covered.missing);
        self.missing = self.missing.saturating_add(missing.unwrap_or_default());
        let column = Column {
            counts,
            has_messages: closed.cells.is_shown(),
            cover: closed.coverage.map(Cover::of),
        };
        self.columns
            .entry(calendar::floor(at, self.length))
            .or_default()
            .merge(column);
        while self.columns.len() > MAX_COLUMNS && self.make_coarser() {}
    }

    /// Adds a stretch in which nothing was logged.
    pub(super) fn add_gap(&mut self, gap: &Gap) {
        let ends = calendar::seconds(&gap.from).zip(calendar::seconds(&gap.to));
        if let Some(seen) = ends.map(|(from, to)| (from, to.saturating_sub(1))) {
            widen(self.gap_ends.get_or_insert(seen), seen);
        }
        match ends.filter(|_| self.gaps.len() < MAX_GAPS) {
            Some(ends) => self.gaps.push(ends),
            None => self.more_gaps = self.more_gaps.saturating_add(1),
        }
    }

    /// The axis from the first column with SIP messages to the last. Time before and behind them in which nothing was logged is on it,
    /// too, as long as its columns need not be longer for that.
    pub(super) fn axis(&self) -> Axis {
        let mut with_messages = self.columns.iter().filter(|(_, column)| column.has_messages);
        let Some(first) = with_messages.next().map(|(at, _)| *at) else {
            return Axis::default();
        };
        let last = with_messages.next_back().map_or(first, |(at, _)| *at);
        let of = |first, last| Axis::of(first, last, self.length);
        let narrow = of(first, last);
        let Some((begin, end)) = self.gap_ends else {
            return narrow;
        };
        let (begin, end) = (begin.min(first), end.max(last));
        let mut wider = [of(begin, end), of(begin, last), of(first, end)].into_iter();
        wider.find(|axis| axis.length == narrow.length).unwrap_or(narrow)
    }

    fn add_to_link(&mut self, link: Option<&Link>, message_type: MessageType, more: Counts, at: i64) {
        let known = link.filter(|link| self.links.len() < MAX_LINKS || self.links.contains_key(link));
        let tally = match known {
            Some(link) if self.cells < MAX_CELLS => self.links.entry(*link).or_default(),
            _ => &mut self.others,
        };
        let before = tally.counts.len();
        tally.add(message_type, more, at);
        self.cells = self.cells.saturating_add(tally.counts.len().saturating_sub(before));
    }

    /// Makes columns longer. Whether they could be.
    fn make_coarser(&mut self) -> bool {
        let Some(length) = LENGTHS.into_iter().find(|length| *length > self.length) else {
            return false;
        };
        self.columns = self.columns_of(length);
        self.length = length;
        true
    }

    /// The columns with another length, which is a multiple of theirs.
    pub(super) fn columns_of(&mut self, length: i64) -> BTreeMap<i64, Column> {
        let mut columns: BTreeMap<i64, Column> = BTreeMap::new();
        for (at, column) in std::mem::take(&mut self.columns) {
            columns.entry(calendar::floor(at, length)).or_default().merge(column);
        }
        columns
    }
}

impl Column {
    /// Why there are no counts. Nothing where there are.
    pub(super) fn absence(&self) -> Option<Absence> {
        match self.cover {
            _ if self.has_messages => None,
            Some(Cover { seconds: 0, .. }) => Some(Absence::Gap),
            _ => Some(Absence::Idle),
        }
    }

    fn merge(&mut self, other: Column) {
        for (message_type, more) in other.counts {
            let count = self.counts.entry(message_type).or_default();
            *count = count.saturating_add(more);
        }
        self.has_messages |= other.has_messages;
        self.cover = match (self.cover, other.cover) {
            (Some(cover), Some(more)) => Some(cover.and(more)),
            (cover, more) => cover.or(more),
        };
    }
}

impl LinkTally {
    fn add(&mut self, message_type: MessageType, more: Counts, at: i64) {
        self.add_counts(message_type, more);
        if is_failure(message_type) {
            self.add_failures((at, at));
        }
    }

    pub(super) fn merge(&mut self, other: &LinkTally) {
        for (message_type, more) in &other.counts {
            self.add_counts(*message_type, *more);
        }
        if let Some(seen) = other.failures {
            self.add_failures(seen);
        }
    }

    fn add_counts(&mut self, message_type: MessageType, more: Counts) {
        let counts = self.counts.entry(message_type).or_default();
        for (count, more) in counts.iter_mut().zip(more) {
            *count = count.saturating_add(more);
        }
    }

    fn add_failures(&mut self, seen: Seen) {
        widen(self.failures.get_or_insert(seen), seen);
    }
}

/// Whether a message says that a request failed.
pub(super) fn is_failure(message_type: MessageType) -> bool {
    message_type.class().is_some_and(|class| (4..=6).contains(&class))
}

fn widen(seen: &mut Seen, by: Seen) {
    *seen = (seen.0.min(by.0), seen.1.max(by.1));
}
