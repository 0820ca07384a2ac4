//! The table of one window, as people know it from `sipstatCM.py`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::counts::Cells;
use crate::kind::Kind;
use crate::window::Window;

/// Least width of the links, the blank before them included.
const LINK_WIDTH: usize = 39;
/// How far heads stand to the right of the columns that they are centred over, so that they are in the middle of the
/// digits rather than of the blanks before them.
const HEAD_SHIFT: usize = 2;
/// Least width of a number.
const NUMBER_WIDTH: usize = 5;

/// One row: its name, and IN and OUT by type.
type Row = (String, BTreeMap<Kind, [u64; 2]>);

/// Writes the table of `window`: the window alone where nothing was counted.
pub(crate) fn write(out: &mut impl Write, window: &Window, cells: &Cells) -> io::Result<()> {
    let rows = rows(cells);
    let kinds: BTreeSet<Kind> = cells.iter().map(|(_, kind, _)| kind).collect();
    let widest = |kind: &Kind, side: usize| {
        let counts = rows.iter().filter_map(|(_, row)| row.get(kind)?.get(side));
        let digits = counts.map(|count| count.to_string().len()).max().unwrap_or(0);
        // A blank stands before each number, however long.
        digits.saturating_add(1).max(NUMBER_WIDTH)
    };
    let columns: Vec<(Kind, usize, usize)> = kinds
        .iter()
        .map(|kind| (*kind, widest(kind, 0), widest(kind, 1)))
        .collect();
    let names = rows.iter().map(|(name, _)| name.len().saturating_add(1));
    let link_width = names.max().unwrap_or(0).max(LINK_WIDTH);

    let mut head = format!("{window:0$}", link_width.saturating_add(HEAD_SHIFT));
    let mut sides = " ".repeat(link_width);
    for (kind, inward, outward) in &columns {
        let width = inward.saturating_add(*outward);
        head.push_str(&format!("{:^width$}", kind.to_string()));
        sides.push_str(&format!("{:>inward$}{:>outward$}", "IN", "OUT"));
    }
    writeln!(out, "{}", head.trim_end())?;
    if columns.is_empty() {
        return Ok(());
    }
    writeln!(out, "{sides}")?;
    for (name, row) in &rows {
        write!(out, " {name:<0$}", link_width.saturating_sub(1))?;
        for (kind, inward, outward) in &columns {
            let [came, went] = row.get(kind).copied().unwrap_or_default();
            write!(out, "{came:>inward$}{went:>outward$}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn rows(cells: &Cells) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut last = None;
    for (link, kind, cell) in cells.iter() {
        if last.replace(link) != Some(link) {
            let name = link.map_or_else(|| "other links".to_owned(), |link| link.to_string());
            rows.push((name, BTreeMap::new()));
        }
        if let Some((_, row)) = rows.last_mut() {
            row.insert(kind, cell);
        }
    }
    rows
}
