//! Counts by window, link, type and direction, of one part of the input.

use std::collections::BTreeMap;

use sip_scan::{Damaged, Direction, Message};

use crate::damage::DamageTally;
use crate::filter::Filter;
use crate::kind::Kind;
use crate::link::Link;
use crate::window::{Interval, Window};

/// The counts of one window: for each link and type, IN and OUT.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    links: BTreeMap<(Link, Kind), [u64; 2]>,
    /// What came after the window had as many cells as it may.
    others: BTreeMap<Kind, [u64; 2]>,
}

impl Cells {
    /// The most cells of one window. No server has as many links; whoever makes them up shall not fill the memory.
    pub const MAX: usize = 50_000;

    fn add(&mut self, link: Link, kind: Kind, more: [u64; 2]) {
        let full = self.links.len() >= Cells::MAX;
        let cell = match self.links.get_mut(&(link, kind)) {
            Some(cell) => cell,
            None if full => self.others.entry(kind).or_default(),
            None => self.links.entry((link, kind)).or_default(),
        };
        add(cell, more);
    }

    /// Adds all of `other`.
    pub fn merge(&mut self, other: Cells) {
        for ((link, kind), more) in other.links {
            self.add(link, kind, more);
        }
        for (kind, more) in other.others {
            add(self.others.entry(kind).or_default(), more);
        }
    }

    /// How many cells there are, a measure of memory.
    pub fn len(&self) -> usize {
        self.links.len().saturating_add(self.others.len())
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty() && self.others.is_empty()
    }

    /// Each cell, by link, then type; `None` stands for all links that came after [`Cells::MAX`] cells.
    pub fn iter(&self) -> impl Iterator<Item = (Option<Link>, Kind, [u64; 2])> + '_ {
        let links = self
            .links
            .iter()
            .map(|((link, kind), cell)| (Some(*link), *kind, *cell));
        links.chain(self.others.iter().map(|(kind, cell)| (None, *kind, *cell)))
    }
}

fn add(cell: &mut [u64; 2], more: [u64; 2]) {
    for (count, more) in cell.iter_mut().zip(more) {
        *count = count.saturating_add(more);
    }
}

/// The counts of one part of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By window; one that has messages, but none that counts, has no cells.
    pub windows: BTreeMap<Window, Cells>,
    /// Records within the range of time, damaged ones among them.
    pub records: u64,
    /// The damaged ones.
    pub damage: DamageTally,
}

impl Counts {
    /// Adds one message, if it lies in the filter's range of time.
    pub fn add(&mut self, message: &Message<'_>, filter: &Filter, interval: Interval) {
        if !filter.is_in_range(&message.stamp) {
            return;
        }
        self.records = self.records.saturating_add(1);
        if let Some(damage) = message.damage {
            self.damage.add(damage, true);
        }
        let cells = self.windows.entry(Window::of(&message.stamp, interval)).or_default();
        if let Some(kind) = filter.kind_of(message) {
            let one = match message.direction {
                Direction::In => [1, 0],
                Direction::Out => [0, 1],
            };
            cells.add(Link::of(message), kind, one);
        }
    }

    /// Adds what cannot be counted, if it does not lie outside of the filter's range of time.
    pub fn add_damaged(&mut self, damaged: &Damaged<'_>, filter: &Filter) {
        if damaged.stamp.is_none_or(|stamp| filter.is_in_range(&stamp)) {
            self.records = self.records.saturating_add(1);
            self.damage.add(damaged.damage, false);
        }
    }

    /// How many windows and cells are held, a measure of memory.
    pub fn len(&self) -> usize {
        self.windows
            .values()
            .fold(self.windows.len(), |sum, cells| sum.saturating_add(cells.len()))
    }

    /// Whether no window has messages.
    pub fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }
}
