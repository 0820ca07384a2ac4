//! Where everything stands in a table: the widths of its columns, and what of it fits side by side.

use std::io::{self, Write};
use std::ops::Range;

use super::grid::{Column, Counts, Grid};
use super::options::Screen;
use super::paint::Paint;

/// The least width of the links, with the blank before them.
const LINK_WIDTH: usize = 39;
/// How far the heads of columns stand to the right of the columns over which they are centred: so they are in the middle of the
/// digits, and not of the blanks before the digits.
const HEAD_SHIFT: usize = 2;
/// The least width of a number.
const NUMBER_WIDTH: usize = 5;

/// What stands above the links.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Title<'a> {
    /// The window.
    pub(crate) window: &'a str,
    /// Which part of the window was counted, with a blank before it; empty where all of it was.
    pub(crate) partial: &'a str,
}

/// A table with its widths.
#[derive(Debug)]
pub(crate) struct Layout<'a> {
    grid: &'a Grid,
    /// The first line above the links.
    title: String,
    /// The second one.
    note: &'a str,
    /// The width of the links, with the blank before them.
    links: usize,
    /// The widths of IN and OUT of each column.
    columns: Vec<[usize; 2]>,
    screen: Option<Screen>,
    paint: Paint,
}

impl<'a> Layout<'a> {
    /// The table as wide as its content, the title on one line.
    fn plain(grid: &'a Grid, title: Title<'a>, paint: Paint) -> Layout<'a> {
        Layout {
            grid,
            title: format!("{}{}", title.window, title.partial),
            note: "",
            links: 0,
            columns: widths(grid),
            screen: None,
            paint,
        }
        .with_links(LINK_WIDTH, usize::MAX)
    }

    /// The table with its title. What part of a window was counted moves no column, and nothing is wider than the screen, if there
    /// is one.
    pub(crate) fn fitted(grid: &'a Grid, title: Title<'a>, screen: Option<Screen>, paint: Paint) -> Layout<'a> {
        let mut layout = Layout::plain(grid, title, paint);
        layout.screen = screen;
        let is_table = !grid.columns.is_empty();
        if is_table && title_width(&layout.title) > LINK_WIDTH {
            layout.title = title.window.to_owned();
            layout.note = title.partial;
            layout = layout.with_links(LINK_WIDTH, usize::MAX);
        }
        match screen {
            // The heads of the last column may reach one character beyond it.
            Some(screen) if layout.width() >= screen.width => {
                let two_columns = layout
                    .columns
                    .iter()
                    .flatten()
                    .max()
                    .map_or(0, |most| most.saturating_mul(4));
                let room = screen.width.saturating_sub(1).saturating_sub(two_columns);
                layout.with_links(0, room.max(screen.width / 2))
            }
            _ => layout,
        }
    }

    /// Makes the links as wide as they need, and `least`. A name that needs more than `most` gets a line of its own.
    fn with_links(self, least: usize, most: usize) -> Layout<'a> {
        let names = self
            .grid
            .rows
            .iter()
            .map(|(name, _)| name.chars().count().saturating_add(1));
        let above = [title_width(&self.title), self.note.len()];
        let links = names
            .filter(|width| *width <= most)
            .chain(above)
            .fold(least, usize::max);
        Layout { links, ..self }
    }

    fn width(&self) -> usize {
        let columns = self.columns.iter().flatten().copied();
        columns.fold(self.links, usize::saturating_add)
    }

    /// Which columns stand side by side.
    fn blocks(&self) -> Vec<Range<usize>> {
        let most = self.screen.map_or(usize::MAX, |screen| screen.width.saturating_sub(1));
        let (mut blocks, mut begin, mut width) = (Vec::new(), 0, self.links);
        for (index, [inward, outward]) in self.columns.iter().enumerate() {
            let more = inward.saturating_add(*outward);
            if index > begin && width.saturating_add(more) > most {
                blocks.push(begin..index);
                (begin, width) = (index, self.links);
            }
            width = width.saturating_add(more);
        }
        blocks.push(begin..self.columns.len());
        blocks
    }

    /// How many rows stand below one head, so that both fill the screen.
    fn rows_below_a_head(&self) -> usize {
        let height = self.screen.map_or(usize::MAX, |screen| screen.height);
        height.saturating_sub(2).max(2)
    }

    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for block in self.blocks() {
            if self.grid.rows.is_empty() {
                self.write_head(out, block.clone())?;
            }
            for rows in self.grid.rows.chunks(self.rows_below_a_head()) {
                self.write_head(out, block.clone())?;
                for (name, counts) in rows {
                    self.write_name(out, name)?;
                    self.write_counts(out, counts, block.clone())?;
                }
            }
        }
        Ok(())
    }

    /// The columns of a block with their widths.
    fn columns(&self, block: Range<usize>) -> impl Iterator<Item = (Column, [usize; 2])> {
        let columns = self.grid.columns.iter().copied().zip(self.columns.iter().copied());
        columns.skip(block.start).take(block.len())
    }

    fn write_head(&self, out: &mut impl Write, block: Range<usize>) -> io::Result<()> {
        write!(out, "{}", self.paint.title(&self.title))?;
        let links = self.links.saturating_add(HEAD_SHIFT);
        let mut blanks = links.saturating_sub(self.title.len());
        let mut sides = format!("{:1$}", self.note, self.links);
        for (column, [inward, outward]) in self.columns(block) {
            let width = inward.saturating_add(outward);
            let head = format!("{column:^width$}");
            let name = head.trim();
            let before = head.len().saturating_sub(head.trim_start().len());
            write!(
                out,
                "{}{}",
                " ".repeat(blanks.saturating_add(before)),
                self.paint.head(column, name)
            )?;
            blanks = head.len().saturating_sub(before).saturating_sub(name.len());
            sides.push_str(&format!("{:>inward$}{:>outward$}", "IN", "OUT"));
        }
        writeln!(out)?;
        if self.columns.is_empty() {
            return Ok(());
        }
        writeln!(out, "{sides}")
    }

    /// The name of a row. A name that is too wide for the screen has a line of its own.
    fn write_name(&self, out: &mut impl Write, name: &str) -> io::Result<()> {
        let width = self.links.saturating_sub(1);
        if name.chars().count() <= width {
            return write!(out, " {name:<width$}");
        }
        writeln!(out, " {name}")?;
        write!(out, "{:1$}", "", self.links)
    }

    fn write_counts(&self, out: &mut impl Write, counts: &[Counts], block: Range<usize>) -> io::Result<()> {
        let counts = counts.iter().skip(block.start);
        for ((column, [inward, outward]), [came_in, went_out]) in self.columns(block).zip(counts) {
            let [came_in, went_out] =
                [(came_in, inward), (went_out, outward)].map(|(count, width)| self.paint.count(column, *count, width));
            write!(out, "{came_in}{went_out}")?;
        }
        writeln!(out)
    }
}

/// How wide the links must be so that the title stands before the heads of the columns.
fn title_width(title: &str) -> usize {
    title.len().saturating_add(1).saturating_sub(HEAD_SHIFT)
}

/// The widths of IN and OUT of each column: a blank stands before each number, however long it is.
fn widths(grid: &Grid) -> Vec<[usize; 2]> {
    let width = |count: u64| count.to_string().len().saturating_add(1).max(NUMBER_WIDTH);
    let columns = 0..grid.columns.len();
    let greatest = columns.map(|index| {
        let counts = grid.rows.iter().filter_map(|(_, row)| row.get(index));
        counts.fold([0, 0], |[a, b], [c, d]| [a.max(*c), b.max(*d)])
    });
    greatest.map(|most| most.map(width)).collect()
}
