//! The counts of one window: for each link, type and method, how many messages came in and went out.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::iter;

use sip_filter::{Link, MessageType};

use crate::cell_key::CellKey;

#[cfg(test)]
mod tests;

/// The counts of one link: for each key, how many messages came in and went out.
///
/// The list is kept in the order of the keys. Links are many and their types few, so that a list is small and fast.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row(Vec<(CellKey, [u64; 2])>);

impl Row {
    /// How many messages of the type came in, and how many went out.
    pub fn get(&self, message_type: MessageType) -> [u64; 2] {
        let cell = self.cells().find(|(own, _)| *own == message_type);
        cell.map_or([0, 0], |(_, cell)| cell)
    }

    /// Each type that occurs, in order, with how many messages came in and went out.
    pub fn cells(&self) -> impl Iterator<Item = (MessageType, [u64; 2])> {
        self.0.chunk_by(|(a, _), (b, _)| a.has_type_of(b)).filter_map(|cells| {
            let (key, _) = cells.first()?;
            let mut sum = [0, 0];
            cells.iter().for_each(|(_, cell)| add(&mut sum, *cell));
            Some((key.message_type(), sum))
        })
    }

    /// Each key that occurs, in order, with how many messages came in and went out.
    pub fn counts(&self) -> impl Iterator<Item = (CellKey, [u64; 2])> {
        self.0.iter().copied()
    }

    /// Adds to the cell of a key and returns the index of the cell. A cell that is missing is only made if the row
    /// `may_grow`.
    fn add(&mut self, key: CellKey, more: [u64; 2], may_grow: bool) -> Option<usize> {
        let found = self.find(key);
        match found {
            Ok(index) => self.0.get_mut(index).map(|(_, cell)| add(cell, more)),
            Err(index) => may_grow.then(|| self.0.insert(index, (key, more))),
        }?;
        Some(found.unwrap_or_else(|index| index))
    }

    /// Adds all of `other`.
    fn merge(&mut self, other: &Row) {
        let mut next = 0;
        for (key, more) in &other.0 {
            // Mostly both rows have the same keys, so that the cell stands right after the one before.
            match self.0.get_mut(next) {
                Some((own, cell)) if own == key => add(cell, *more),
                _ => next = self.add(*key, *more, true).unwrap_or(next),
            }
            next = next.saturating_add(1);
        }
    }

    fn find(&self, key: CellKey) -> Result<usize, usize> {
        self.0.binary_search_by_key(&key, |(key, _)| *key)
    }
}

pub(crate) fn add(cell: &mut [u64; 2], more: [u64; 2]) {
    for (count, more) in cell.iter_mut().zip(more) {
        *count = count.saturating_add(more);
    }
}

/// The counts of one window, by link.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    /// The index of each link in `rows`.
    links: BTreeMap<Link, usize>,
    rows: Vec<(Link, Row)>,
    /// Counts for which there was no room in `rows`.
    others: Row,
    /// How many cells are in `rows`.
    len: usize,
    /// How many records of the window are damaged.
    damaged: u64,
    /// How many records of the window are cut where reading begins or ends.
    edge: u64,
    is_shown: bool,
}

/// Where a cell is: the index of the row in its window, and of the cell in its row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CellIndex {
    row: u16,
    cell: u16,
}

impl Cells {
    /// The most cells of one window. No server has as many links; whoever makes up addresses must not fill the memory.
    pub const MAX: usize = 30_000;

    /// Of a window that is shown though nothing came in it.
    pub(crate) fn shown() -> Cells {
        Cells {
            is_shown: true,
            ..Cells::default()
        }
    }

    /// A message came in the window, wanted or not.
    pub(crate) fn show(&mut self) {
        self.is_shown = true;
    }

    /// Whether the window has a table of its own: there were SIP messages in it, wanted or not, or it went by in a live run.
    pub fn is_shown(&self) -> bool {
        self.is_shown
    }

    /// A record of the window is damaged.
    pub(crate) fn note_damage(&mut self) {
        self.damaged = self.damaged.saturating_add(1);
    }

    /// How many records of the window are damaged, those among them whose message counts.
    pub fn damaged(&self) -> u64 {
        self.damaged
    }

    /// A record of the window is cut where reading begins or ends.
    pub(crate) fn note_edge(&mut self) {
        self.edge = self.edge.saturating_add(1);
    }

    /// How many records of the window are cut where reading begins or ends.
    pub fn edge(&self) -> u64 {
        self.edge
    }

    /// Adds to a cell and returns where it is. Where the window has [`Cells::MAX`] cells, a cell that is missing is not made:
    /// then the messages count among those of other links.
    pub(crate) fn add(&mut self, link: Link, key: CellKey, more: [u64; 2]) -> Option<CellIndex> {
        let may_grow = self.len < Cells::MAX;
        let row = match self.links.get(&link) {
            Some(row) => Some(*row),
            None => may_grow.then(|| self.new_row(link)),
        };
        let found = row.and_then(|row| Some((row, self.rows.get_mut(row)?)));
        let added = found.and_then(|(index, (_, row))| {
            let before = row.0.len();
            let cell = row.add(key, more, may_grow)?;
            self.len = self.len.saturating_add(row.0.len().saturating_sub(before));
            Some((index, cell))
        });
        if added.is_none() {
            self.others.add(key, more, true);
        }
        let (row, cell) = added?;
        Some(CellIndex {
            row: row.try_into().ok()?,
            cell: cell.try_into().ok()?,
        })
    }

    fn new_row(&mut self, link: Link) -> usize {
        let row = self.rows.len();
        self.rows.push((link, Row::default()));
        self.links.insert(link, row);
        row
    }

    /// The cell of a link and key, if it is at `index`.
    pub(crate) fn at(&mut self, index: CellIndex, link: &Link, key: CellKey) -> Option<&mut [u64; 2]> {
        let row = self.rows.get_mut(usize::from(index.row));
        let (_, row) = row.filter(|(own, _)| own == link)?;
        let cell = row.0.get_mut(usize::from(index.cell));
        let (_, cell) = cell.filter(|(own, _)| *own == key)?;
        Some(cell)
    }

    /// Adds all of `other`.
    pub fn merge(&mut self, other: Cells) {
        self.damaged = self.damaged.saturating_add(other.damaged);
        self.edge = self.edge.saturating_add(other.edge);
        self.is_shown |= other.is_shown;
        if self.links.is_empty() {
            *self = Cells {
                damaged: self.damaged,
                edge: self.edge,
                is_shown: self.is_shown,
                ..other
            };
            return;
        }
        for (link, row) in other.rows {
            // Mostly the link is there and there is room: then the link need not be found again for each key.
            let has_room = self.len.saturating_add(row.0.len()) <= Cells::MAX;
            let own = self.links.get(&link).filter(|_| has_room);
            match own.and_then(|own| self.rows.get_mut(*own)) {
                Some((_, own)) => {
                    let before = own.0.len();
                    own.merge(&row);
                    self.len = self.len.saturating_add(own.0.len().saturating_sub(before));
                }
                None => {
                    for (key, more) in row.counts() {
                        self.add(link, key, more);
                    }
                }
            }
        }
        self.others.merge(&other.others);
    }

    /// How many bytes of memory this takes, roughly.
    pub fn bytes(&self) -> usize {
        // As measured: for each link an entry of the map, and with the first link a node that has room for more.
        let links = self.links.len().saturating_mul(224);
        let cells = self.len.saturating_add(self.others.0.len()).saturating_mul(32);
        let first = if self.links.is_empty() { 160 } else { 1024 };
        links.saturating_add(cells).saturating_add(first)
    }

    /// How many messages were counted.
    pub fn messages(&self) -> u64 {
        let rows = self.rows.iter().map(|(_, row)| row).chain([&self.others]);
        let cells = rows.flat_map(Row::counts);
        cells.flat_map(|(_, cell)| cell).fold(0, u64::saturating_add)
    }

    /// The counts of each link, in order. `None` stands for all links for which there was no room.
    pub fn rows(&self) -> impl Iterator<Item = (Option<&Link>, &Row)> {
        let others = Some((None, &self.others)).filter(|(_, row)| !row.0.is_empty());
        let rows = self.links.values().filter_map(|row| self.rows.get(*row));
        rows.map(|(link, row)| (Some(link), row)).chain(others)
    }

    /// The same, but links that print the same are one row. Only the logs of two servers that talk to each other have such links.
    pub fn printed_rows(&self) -> impl Iterator<Item = (Option<&Link>, Cow<'_, Row>)> {
        let mut rows = self.rows().peekable();
        iter::from_fn(move || {
            let (link, row) = rows.next()?;
            let mut sum = Cow::Borrowed(row);
            let prints_same = |next: &Link| link.is_some_and(|link| link.prints_as(next));
            while let Some((_, more)) = rows.next_if(|(next, _)| next.is_some_and(prints_same)) {
                sum.to_mut().merge(more);
            }
            Some((link, sum))
        })
    }
}
