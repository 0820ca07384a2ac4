//! The table of the calls of one window.

use std::cmp::Reverse;
use std::io::{self, Write};

use sip_calls::{CallRow, CallTally, ClosedCalls, Ratio};
use sip_filter::Link;
use sip_scan::Direction;

use super::rows::dir;
use crate::link_name::link_name;
use crate::table::TableOptions;
use crate::words;

/// The least width of the links, with the blank before them.
const LINK_WIDTH: usize = 39;
/// The name of the rows for links that have none of their own.
const OTHERS: &str = "other links";
const TOTAL: &str = "TOTAL";

/// A column: what stands above it, and what it shows of a row.
struct Column {
    head: &'static str,
    cell: fn(&CallTally) -> Cell,
    /// Whether it is there also where all its cells are 0.
    is_always: bool,
}

enum Cell {
    Count(u64),
    Ratio(Option<Ratio>),
    Delay(Option<u32>),
}

/// A row with its name.
type Named = (String, CallRow);

const COLUMNS: [Column; 19] = [
    always("attempts", |tally| Cell::Count(tally.attempts)),
    always("answered", |tally| Cell::Count(tally.answered)),
    if_any("3xx", |tally| Cell::Count(failed(tally, 0))),
    if_any("4xx", |tally| Cell::Count(failed(tally, 1))),
    if_any("5xx", |tally| Cell::Count(failed(tally, 2))),
    if_any("6xx", |tally| Cell::Count(failed(tally, 3))),
    if_any("cancelled", |tally| Cell::Count(tally.cancelled)),
    if_any("unanswered", |tally| Cell::Count(tally.unanswered)),
    if_any("open", |tally| Cell::Count(tally.open)),
    if_any("unknown", |tally| Cell::Count(tally.unknown)),
    always("ASR", |tally| Cell::Ratio(tally.asr())),
    always("NER", |tally| Cell::Ratio(tally.ner())),
    always("SER", |tally| Cell::Ratio(tally.ser())),
    always("SEER", |tally| Cell::Ratio(tally.seer())),
    always("ISA", |tally| Cell::Ratio(tally.isa())),
    always("SRD50%", |tally| Cell::Delay(tally.delays.percentile(50))),
    always("SRD95%", |tally| Cell::Delay(tally.delays.percentile(95))),
    always("SRDmax", |tally| Cell::Delay(tally.delays.longest())),
    if_any("retrans", |tally| Cell::Count(tally.retransmissions)),
];

const fn always(head: &'static str, cell: fn(&CallTally) -> Cell) -> Column {
    let is_always = true;
    Column { head, cell, is_always }
}

const fn if_any(head: &'static str, cell: fn(&CallTally) -> Cell) -> Column {
    let is_always = false;
    Column { head, cell, is_always }
}

fn failed(tally: &CallTally, class: usize) -> u64 {
    tally.failed.get(class).copied().unwrap_or_default()
}

impl Cell {
    fn is_zero(&self) -> bool {
        matches!(self, Cell::Count(0))
    }

    fn text(&self) -> String {
        match self {
            Cell::Count(count) => count.to_string(),
            Cell::Ratio(Some(ratio)) => format!("{}.{}", ratio.per_mille() / 10, ratio.per_mille() % 10),
            Cell::Delay(Some(millis)) => millis.to_string(),
            Cell::Ratio(None) | Cell::Delay(None) => "-".to_owned(),
        }
    }
}

/// Writes the table of a window under its title.
pub(super) fn write(out: &mut dyn Write, closed: &ClosedCalls, options: &TableOptions) -> io::Result<()> {
    let rows = named(closed, options);
    let title = format!("{}{}", closed.window, words::partial_of(closed.from, closed.to));
    let names = rows.iter().map(|(name, _)| name.len().saturating_add(1));
    let links = names.chain([title.len()]).fold(LINK_WIDTH, usize::max);
    let columns: Vec<(&Column, usize)> = COLUMNS
        .iter()
        .filter(|column| column.is_always || rows.iter().any(|(_, row)| !(column.cell)(&row.tally).is_zero()))
        .map(|column| {
            let cells = rows.iter().map(|(_, row)| (column.cell)(&row.tally).text().len());
            (column, cells.fold(column.head.len(), usize::max).saturating_add(1))
        })
        .collect();
    write!(out, "{title:links$} {:>3}", "dir")?;
    columns
        .iter()
        .try_for_each(|(column, width)| write!(out, "{:>width$}", column.head))?;
    writeln!(out)?;
    for (name, row) in &rows {
        write!(out, " {name:<0$} {1:>3}", links.saturating_sub(1), dir(row.direction))?;
        for (column, width) in &columns {
            write!(out, "{:>width$}", (column.cell)(&row.tally).text())?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The rows as the options ask for them.
fn named(closed: &ClosedCalls, options: &TableOptions) -> Vec<Named> {
    let name = |link: &Option<Link>| link.map_or_else(|| OTHERS.to_owned(), |link| link_name(&link, &options.names));
    let rows = closed.printed_rows().into_iter();
    let mut rows: Vec<Named> = rows.map(|row| (name(&row.link), row)).collect();
    if let Some(most) = options.top {
        rows = keep_top(rows, most.get());
    }
    if options.total && !rows.is_empty() {
        let total = sums(TOTAL, &rows);
        rows.extend(total);
    }
    rows
}

/// Leaves the rows of the links with the most attempts, most first, and the sums of the others.
fn keep_top(rows: Vec<Named>, most: usize) -> Vec<Named> {
    let (others, rows): (Vec<Named>, Vec<Named>) = rows.into_iter().partition(|(name, _)| name == OTHERS);
    let mut links: Vec<Vec<Named>> = Vec::new();
    for row in rows {
        match links
            .last_mut()
            .filter(|link| link.first().is_some_and(|first| first.0 == row.0))
        {
            Some(link) => link.push(row),
            None => links.push(vec![row]),
        }
    }
    let attempts = |link: &Vec<Named>| link.iter().map(|(_, row)| row.tally.attempts).sum::<u64>();
    links.sort_by_key(|link| Reverse(attempts(link)));
    let rest = links.split_off(most.min(links.len()));
    let others: Vec<Named> = rest.into_iter().flatten().chain(others).collect();
    links.into_iter().flatten().chain(sums(OTHERS, &others)).collect()
}

/// The sums of rows, one for each direction that there is.
fn sums(name: &str, rows: &[Named]) -> Vec<Named> {
    let sum = |direction: Direction| {
        let mut rows = rows.iter().filter(|(_, row)| row.direction == direction);
        let mut tally = rows.next()?.1.tally.clone();
        rows.for_each(|(_, row)| tally.merge(&row.tally));
        let link = None;
        Some((name.to_owned(), CallRow { link, direction, tally }))
    };
    [Direction::In, Direction::Out].into_iter().filter_map(sum).collect()
}
