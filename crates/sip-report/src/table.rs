//! The table of one window, as people know it from `sipstatCM.py`.

mod grid;
mod layout;
mod options;
mod paint;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::mem;

use sip_stats::{ClosedWindow, Gap};

pub use self::options::{Screen, TableOptions};

use self::grid::Grid;
use self::layout::{Layout, Title};
pub(crate) use self::paint::Paint;
use crate::form_writer::{FormWriter, Run};
use crate::words;

/// Writes one table after the other, with an empty line between them.
#[derive(Debug)]
pub(crate) struct Table {
    options: TableOptions,
    is_first: bool,
}

impl Table {
    pub(crate) fn new(options: TableOptions) -> Table {
        Table {
            options,
            is_first: true,
        }
    }

    /// Writes the empty line between two tables.
    fn write_separator(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if mem::take(&mut self.is_first) {
            Ok(())
        } else {
            writeln!(out)
        }
    }
}

impl FormWriter<ClosedWindow> for Table {
    fn window(&mut self, out: &mut dyn Write, closed: &ClosedWindow) -> io::Result<()> {
        if !closed.cells.is_shown() {
            return Ok(());
        }
        self.write_separator(out)?;
        write(out, closed, &self.options)?;
        match words::covered(closed).filter(|_| self.options.tells_coverage()) {
            Some(covered) => writeln!(out, " {covered}"),
            None => Ok(()),
        }
    }

    fn gap(&mut self, out: &mut dyn Write, gap: &Gap) -> io::Result<()> {
        if !self.options.tells_coverage() {
            return Ok(());
        }
        self.write_separator(out)?;
        writeln!(out, "{}", words::gap(gap))
    }

    fn end(&mut self, _: &mut dyn Write, _: &Run<'_>) -> io::Result<()> {
        Ok(())
    }
}

/// Writes the table of a window under its title. Where nothing was counted the title stands alone.
fn write(mut out: &mut dyn Write, closed: &ClosedWindow, options: &TableOptions) -> io::Result<()> {
    let (window, partial) = (closed.window.to_string(), words::partial(closed));
    let title = Title {
        window: &window,
        partial: &partial,
    };
    let grid = Grid::of(&closed.cells, options);
    let paint = Paint { color: options.color };
    let screen = options.screen.map(|ask| ask());
    Layout::fitted(&grid, title, screen, paint).write(&mut out)
}
