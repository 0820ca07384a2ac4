//! Counts of one part of the logs, and what gathers them.

use std::collections::BTreeMap;

use sip_filter::{Filter, Interval, Link, Window};
use sip_scan::{Damaged, Direction, Gather, Item, Message, Stamp, Want};

use crate::cell_key::CellKey;
use crate::cells::{CellIndex, Cells, add};
use crate::damage::DamageTally;
use crate::log_lines::LogLines;

#[cfg(test)]
mod tests;

/// Counts the messages that a filter wants, in windows of one length.
#[derive(Clone, Debug, Default)]
pub struct CountMessages {
    /// Which messages count.
    pub filter: Filter,
    /// How long the windows are.
    pub interval: Interval,
    /// Whether responses count under the class of their code.
    pub by_class: bool,
}

impl Gather for CountMessages {
    type Part = Counts;

    fn want(&self) -> Want {
        self.filter.want()
    }

    fn take(&self, part: &mut Counts, item: &Item<'_>) {
        match item {
            Item::Message(message) => {
                part.lines.see_record(message);
                self.count(part, message);
            }
            Item::Damaged(damaged) => self.note_damage(part, damaged),
            Item::Edge(cut) => self.note_edge(part, cut),
            Item::Lines(lines) => {
                part.lines.see_lines(*lines);
                self.note_ends(part, [lines.first.stamp, lines.last.stamp]);
            }
        }
    }

    fn held(part: &Counts) -> usize {
        part.bytes()
    }
}

impl CountMessages {
    fn count(&self, counts: &mut Counts, message: &Message) {
        if !self.filter.is_in_range(&message.stamp) {
            return;
        }
        counts.records = counts.records.saturating_add(1);
        let window = Window::of(&message.stamp, self.interval);
        let cells = counts.windows.entry(window).or_default();
        cells.show();
        if let Some(damage) = message.damage {
            counts.damage.add(damage, true);
            cells.note_damage();
        }
        if let Some(message_type) = self.filter.type_of(message) {
            let message_type = if self.by_class {
                message_type.by_class()
            } else {
                message_type
            };
            let one = match message.direction {
                Direction::In => [1, 0],
                Direction::Out => [0, 1],
            };
            let (link, key) = (Link::of(message), CellKey::of(message, message_type));
            let mut cached = counts.cache.entry(&link, &key);
            match cached.as_ref().and_then(|index| cells.at(**index, &link, key)) {
                Some(cell) => add(cell, one),
                None => {
                    if let (Some(found), Some(cached)) = (cells.add(link, key, one), &mut cached) {
                        **cached = found;
                    }
                }
            }
        }
    }

    /// Notes when the first and the last line of some were logged, as far as that lies in the range.
    fn note_ends(&self, counts: &mut Counts, ends: [Stamp; 2]) {
        let [mut first, mut last] = ends;
        if let Some(range) = &self.filter.range {
            (first, last) = (first.max(range.first), last.min(range.last));
        }
        if first <= last {
            counts.ends = wider(counts.ends, Some((first, last)));
        }
    }

    /// Notes a record that cannot be counted. A record whose time cannot be read may lie in the range, so it is noted.
    fn note_damage(&self, counts: &mut Counts, damaged: &Damaged<'_>) {
        if damaged.stamp.is_none_or(|stamp| self.filter.is_in_range(&stamp)) {
            counts.records = counts.records.saturating_add(1);
            counts.damage.add(damaged.damage, false);
            match damaged.stamp {
                Some(stamp) => {
                    let window = Window::of(&stamp, self.interval);
                    counts.windows.entry(window).or_default().note_damage();
                }
                None => counts.undated = counts.undated.saturating_add(1),
            }
        }
    }

    /// Notes a record that is cut where reading begins or ends.
    fn note_edge(&self, counts: &mut Counts, cut: &Damaged<'_>) {
        if cut.stamp.is_none_or(|stamp| self.filter.is_in_range(&stamp)) {
            counts.edge = counts.edge.saturating_add(1);
            if let Some(stamp) = cut.stamp {
                let window = Window::of(&stamp, self.interval);
                counts.windows.entry(window).or_default().note_edge();
            }
        }
    }
}

/// The counts of one log, or of a piece of one.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// The counts of each window in which there were records. A window whose messages are all unwanted has no cells.
    pub windows: BTreeMap<Window, Cells>,
    /// How many records there were within the range of time, damaged ones among them.
    pub records: u64,
    /// The damaged records.
    pub damage: DamageTally,
    /// How many of these have no timestamp that can be read.
    pub undated: u64,
    /// How many records are cut where reading begins or ends. They are no part of `records`.
    pub edge: u64,
    /// Which lines there were, wanted or not.
    pub lines: LogLines,
    /// The stamps of the first and the last line within the range of time.
    pub ends: Option<(Stamp, Stamp)>,
    cache: CellCache,
}

/// From the earlier begin to the later end of both.
pub(crate) fn wider<T: Ord>(one: Option<(T, T)>, other: Option<(T, T)>) -> Option<(T, T)> {
    match (one, other) {
        (Some((first, last)), Some((other_first, other_last))) => Some((first.min(other_first), last.max(other_last))),
        (one, other) => one.or(other),
    }
}

impl Counts {
    /// How many bytes of memory this takes, roughly.
    pub fn bytes(&self) -> usize {
        let bytes = self.windows.values().map(Cells::bytes);
        bytes.fold(self.lines.bytes(), usize::saturating_add)
    }
}

/// Where the cells are to which messages were added lately, by a few bits of their link and key. Other cells may have the
/// same bits, and another window other indexes: whoever uses an index checks the cell that is there.
///
/// To search for link and key takes some steps whose outcome the processor cannot foresee. These take several times as long
/// as all else that is done to count a message.
#[derive(Clone, Debug)]
struct CellCache([CellIndex; CellCache::LEN]);

impl CellCache {
    const LEN: usize = 256;

    fn entry(&mut self, link: &Link, key: &CellKey) -> Option<&mut CellIndex> {
        let bits = link.bits().wrapping_mul(31).wrapping_add(key.bits());
        let bits = bits.wrapping_mul(0x9e37_79b9);
        let index = usize::try_from(bits >> 24).ok()?;
        self.0.get_mut(index)
    }
}

impl Default for CellCache {
    fn default() -> CellCache {
        CellCache([CellIndex::default(); CellCache::LEN])
    }
}
