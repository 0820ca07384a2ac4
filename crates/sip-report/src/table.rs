//! The table of one window, as people know it from `sipstatCM.py`.

mod grid;
mod layout;
mod options;
mod paint;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use sip_stats::ClosedWindow;

pub use self::options::{Screen, TableOptions};

use self::grid::Grid;
use self::layout::{Layout, Title};
use self::paint::Paint;
use crate::words;

/// Writes the table of a window under its title, after an empty line unless it `is_first`. Where nothing was counted the
/// title stands alone.
pub(crate) fn write(
    out: &mut impl Write,
    closed: &ClosedWindow,
    is_first: bool,
    options: &TableOptions,
) -> io::Result<()> {
    if !is_first {
        writeln!(out)?;
    }
    let (window, partial) = (closed.window.to_string(), words::partial(closed));
    let title = Title {
        window: &window,
        partial: &partial,
    };
    let grid = Grid::of(&closed.cells, options);
    let paint = Paint { color: options.color };
    let layout = if options.is_plain() {
        Layout::plain(&grid, title, paint)
    } else {
        Layout::fitted(&grid, title, options.screen.map(|ask| ask()), paint)
    };
    layout.write(out)
}
