//! The report: takes counts as they come, writes each window once, in order of time.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::counts::{Cells, Counts};
use crate::damage::DamageTally;
use crate::table;
use crate::window::Window;

/// Tables on their way to `out`.
#[derive(Debug)]
pub struct Report<W> {
    out: W,
    held: BTreeMap<Window, Cells>,
    /// Cells and windows held, as [`Counts::len`] counts them.
    size: usize,
    last_written: Option<Window>,
    late: u64,
    records: u64,
    damage: DamageTally,
}

impl<W: Write> Report<W> {
    /// The most cells that are held before the oldest windows are written, though more may come for them.
    pub const MAX_HELD: usize = 100_000;

    /// A report that writes to `out`.
    pub fn new(out: W) -> Report<W> {
        Report {
            out,
            held: BTreeMap::new(),
            size: 0,
            last_written: None,
            late: 0,
            records: 0,
            damage: DamageTally::default(),
        }
    }

    /// Takes counts. Writes the oldest windows if too much would be held otherwise.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn add(&mut self, counts: Counts) -> io::Result<()> {
        self.records = self.records.saturating_add(counts.records);
        self.damage.merge(&counts.damage);
        for (window, cells) in counts.windows {
            if self.last_written.is_some_and(|last| window <= last) {
                let messages = cells.iter().flat_map(|(_, _, cell)| cell);
                self.late = messages.fold(self.late, u64::saturating_add);
                continue;
            }
            let held = self.held.entry(window).or_default();
            self.size = self.size.saturating_sub(held.len());
            held.merge(cells);
            self.size = self.size.saturating_add(held.len());
        }
        while self.size.saturating_add(self.held.len()) > Self::MAX_HELD && self.held.len() > 1 {
            self.write_first()?;
        }
        Ok(())
    }

    /// Writes the windows before `window`: nothing that is still to come adds to them.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn write_before(&mut self, window: Window) -> io::Result<()> {
        while self.held.first_key_value().is_some_and(|(first, _)| *first < window) {
            self.write_first()?;
        }
        Ok(())
    }

    /// Writes all that is held, and flushes.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn finish(&mut self) -> io::Result<()> {
        while !self.held.is_empty() {
            self.write_first()?;
        }
        self.out.flush()
    }

    /// Records taken, damaged ones among them.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// The damaged records taken.
    pub fn damage(&self) -> &DamageTally {
        &self.damage
    }

    /// Adds to the damaged records.
    pub fn damage_mut(&mut self) -> &mut DamageTally {
        &mut self.damage
    }

    /// Messages that would have counted, had their window not been written before: their log is out of order, or
    /// there was too much to hold.
    pub fn late(&self) -> u64 {
        self.late
    }

    fn write_first(&mut self) -> io::Result<()> {
        let Some((window, cells)) = self.held.pop_first() else {
            return Ok(());
        };
        self.size = self.size.saturating_sub(cells.len());
        if self.last_written.replace(window).is_some() {
            writeln!(self.out)?;
        }
        table::write(&mut self.out, &window, &cells)
    }
}
