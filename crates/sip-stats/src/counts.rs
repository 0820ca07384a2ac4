//! Counts by window, link, type and direction, of one part of the input.

use std::collections::BTreeMap;

use sip_scan::{Damaged, Direction, Message};

use crate::damage::DamageTally;
use crate::filter::Filter;
use crate::kind::Kind;
use crate::link::Link;
use crate::window::{Interval, Window};

/// The counts of one link: IN and OUT by type, in order. Links are many and their types few, so it is kept small.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row(Vec<(Kind, [u64; 2])>);

impl Row {
    /// IN and OUT of `kind`.
    pub fn get(&self, kind: Kind) -> [u64; 2] {
        let cell = self.find(kind).ok().and_then(|place| self.0.get(place));
        cell.map_or([0, 0], |(_, cell)| *cell)
    }

    /// Each type that occurs, with IN and OUT.
    pub fn cells(&self) -> impl Iterator<Item = (Kind, [u64; 2])> {
        self.0.iter().copied()
    }

    /// Adds to `kind`, unless it does not occur yet and `may_grow` does not hold.
    fn add(&mut self, kind: Kind, more: [u64; 2], may_grow: bool) -> Added {
        match self.find(kind) {
            Ok(place) => {
                if let Some((_, cell)) = self.0.get_mut(place) {
                    add(cell, more);
                }
                Added::ToCell(place)
            }
            Err(_) if !may_grow => Added::Not,
            Err(place) => {
                self.0.insert(place, (kind, more));
                Added::NewCell(place)
            }
        }
    }

    /// Adds all of `other`.
    fn merge(&mut self, other: &Row) {
        let mut place = 0;
        for (kind, more) in &other.0 {
            // Mostly both have the same types.
            match self.0.get_mut(place) {
                Some((own, cell)) if own == kind => add(cell, *more),
                _ => {
                    if let Added::ToCell(at) | Added::NewCell(at) = self.add(*kind, *more, true) {
                        place = at;
                    }
                }
            }
            place = place.saturating_add(1);
        }
    }

    fn find(&self, kind: Kind) -> Result<usize, usize> {
        self.0.binary_search_by_key(&kind, |(kind, _)| *kind)
    }
}

fn add(cell: &mut [u64; 2], more: [u64; 2]) {
    for (count, more) in cell.iter_mut().zip(more) {
        *count = count.saturating_add(more);
    }
}

/// What became of an addition, and at which place of the row.
enum Added {
    ToCell(usize),
    NewCell(usize),
    Not,
}

/// The counts of one window: for each link and type, IN and OUT.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    /// The place of each link in `rows`.
    links: BTreeMap<Link, usize>,
    rows: Vec<(Link, Row)>,
    /// What came after the window had as many cells as it may.
    others: Row,
    /// Cells in `links`.
    len: usize,
}

impl Cells {
    /// The most cells of one window. No server has as many links; whoever makes them up shall not fill the memory.
    pub const MAX: usize = 30_000;

    /// Adds to a cell; gives back where it is, if it has a place of its own.
    fn add(&mut self, link: Link, kind: Kind, more: [u64; 2]) -> Option<Place> {
        let may_grow = self.len < Cells::MAX;
        let row = match self.links.get(&link) {
            Some(row) => *row,
            None if may_grow => self.new_row(link),
            None => usize::MAX,
        };
        let found = self.rows.get_mut(row);
        match found.map_or(Added::Not, |(_, row)| row.add(kind, more, may_grow)) {
            Added::ToCell(cell) => Some(Place::new(row, cell)),
            Added::NewCell(cell) => {
                self.len = self.len.saturating_add(1);
                Some(Place::new(row, cell))
            }
            Added::Not => {
                self.others.add(kind, more, true);
                None
            }
        }
    }

    fn new_row(&mut self, link: Link) -> usize {
        let row = self.rows.len();
        self.rows.push((link, Row::default()));
        self.links.insert(link, row);
        row
    }

    /// The cell of `link` and `kind`, if it is at `place`.
    fn at(&mut self, place: Place, link: &Link, kind: Kind) -> Option<&mut [u64; 2]> {
        let (_, row) = self
            .rows
            .get_mut(usize::from(place.row))
            .filter(|(own, _)| own == link)?;
        let (_, cell) = row.0.get_mut(usize::from(place.cell)).filter(|(own, _)| *own == kind)?;
        Some(cell)
    }

    /// Adds all of `other`.
    pub fn merge(&mut self, other: Cells) {
        if self.is_empty() {
            *self = other;
            return;
        }
        for (link, row) in other.rows {
            // Mostly the link is there, and has room: then it need not be looked for again for each type.
            let has_room = self.len.saturating_add(row.0.len()) <= Cells::MAX;
            let own = self.links.get(&link).filter(|_| has_room);
            match own.and_then(|own| self.rows.get_mut(*own)) {
                Some((_, own)) => {
                    let before = own.0.len();
                    own.merge(&row);
                    self.len = self.len.saturating_add(own.0.len().saturating_sub(before));
                }
                None => {
                    for (kind, more) in row.cells() {
                        self.add(link, kind, more);
                    }
                }
            }
        }
        for (kind, more) in other.others.cells() {
            self.others.add(kind, more, true);
        }
    }

    /// How many bytes of memory it takes, roughly.
    pub fn bytes(&self) -> usize {
        // As measured: an entry of a map, and, for the first link, a node with room for more.
        let links = self.links.len().saturating_mul(224);
        let cells = self.len.saturating_add(self.others.0.len()).saturating_mul(32);
        let first = if self.links.is_empty() { 160 } else { 1024 };
        links.saturating_add(cells).saturating_add(first)
    }

    /// How many messages were counted.
    pub fn messages(&self) -> u64 {
        let rows = self.rows().flat_map(|(_, row)| row.cells());
        rows.flat_map(|(_, cell)| cell).fold(0, u64::saturating_add)
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty() && self.others.0.is_empty()
    }

    /// The counts of each link, in order; `None` stands for all links that came after [`Cells::MAX`] cells.
    pub fn rows(&self) -> impl Iterator<Item = (Option<&Link>, &Row)> {
        let others = Some((None, &self.others)).filter(|(_, row)| !row.0.is_empty());
        let rows = self.links.values().filter_map(|row| self.rows.get(*row));
        rows.map(|(link, row)| (Some(link), row)).chain(others)
    }
}

/// Where a cell may be.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    row: u16,
    cell: u16,
}

impl Place {
    fn new(row: usize, cell: usize) -> Place {
        // Beyond that nothing is found, and so looked for.
        let narrow = |place| u16::try_from(place).unwrap_or(u16::MAX);
        Place {
            row: narrow(row),
            cell: narrow(cell),
        }
    }
}

/// Where the cells were that were added to lately, by a few bits of their link and type. It may be wrong: whoever goes
/// there looks whether it is the cell that is meant.
///
/// Searching for link and type takes some steps whose outcome the processor cannot foresee, several times the time of
/// all else that is done to count a message.
#[derive(Clone, Debug)]
struct Places([Place; Places::LEN]);

impl Places {
    const LEN: usize = 256;

    fn of(&mut self, link: &Link, kind: Kind) -> Option<&mut Place> {
        let bits = link.bits().wrapping_mul(31).wrapping_add(kind.bits());
        let bits = bits.wrapping_mul(0x9e37_79b9);
        let place = usize::try_from(bits >> 24).ok()?;
        self.0.get_mut(place)
    }
}

impl Default for Places {
    fn default() -> Places {
        Places([Place::default(); Places::LEN])
    }
}

/// The counts of one part of the input.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// By window; one that has messages, but none that counts, has no cells.
    pub windows: BTreeMap<Window, Cells>,
    /// Records within the range of time, damaged ones among them.
    pub records: u64,
    /// The damaged ones.
    pub damage: DamageTally,
    places: Places,
}

impl Counts {
    /// Adds one message, if it lies in the filter's range of time.
    pub fn add(&mut self, message: &Message, filter: &Filter, interval: Interval) {
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
            let link = Link::of(message);
            let mut place = self.places.of(&link, kind);
            match place.as_ref().and_then(|place| cells.at(**place, &link, kind)) {
                Some(cell) => add(cell, one),
                None => {
                    if let (Some(found), Some(place)) = (cells.add(link, kind, one), &mut place) {
                        **place = found;
                    }
                }
            }
        }
    }

    /// Adds what cannot be counted, if it does not lie outside of the filter's range of time.
    pub fn add_damaged(&mut self, damaged: &Damaged<'_>, filter: &Filter) {
        if damaged.stamp.is_none_or(|stamp| filter.is_in_range(&stamp)) {
            self.records = self.records.saturating_add(1);
            self.damage.add(damaged.damage, false);
        }
    }

    /// How many bytes of memory it takes, roughly.
    pub fn bytes(&self) -> usize {
        self.windows
            .values()
            .fold(0, |sum, cells| sum.saturating_add(cells.bytes()))
    }
}
