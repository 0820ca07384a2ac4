//! The table of the calls of one window.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use sip_calls::{CallRow, ClosedCalls};
use sip_filter::{Link, Names};
use sip_scan::Direction;

use crate::call_columns::{COLUMNS, Column};
use crate::link_name::{link_name, same_name};
use crate::table::{Paint, TableOptions};
use crate::words;

/// The least width of the links, with the blank before them.
const LINK_WIDTH: usize = 39;
/// The name of the rows for links that have none of their own.
const OTHERS: &str = "other links";
const TOTAL: &str = "TOTAL";

/// A row with its name.
type Named = (String, CallRow);

/// A column with its width, and a blank before it.
type Wide = (&'static Column, usize);

/// Writes the table of a window under its title; on a screen, in blocks of columns that are no wider than it.
pub(super) fn write(out: &mut dyn Write, closed: &ClosedCalls, options: &TableOptions) -> io::Result<()> {
    let rows = named(closed, options);
    let title = format!("{}{}", closed.window, words::partial_of(closed.from, closed.to));
    let names = rows.iter().map(|(name, _)| name.len().saturating_add(1));
    let links = names.chain([title.len()]).fold(LINK_WIDTH, usize::max);
    let columns: Vec<Wide> = COLUMNS
        .iter()
        .filter(|column| column.is_always || rows.iter().any(|(_, row)| !column.is_zero(&row.tally)))
        .map(|column| {
            let cells = rows.iter().map(|(_, row)| column.text(&row.tally).len());
            (column, cells.fold(column.head.len(), usize::max).saturating_add(1))
        })
        .collect();
    let paint = Paint { color: options.color };
    let room = options.screen.map_or(usize::MAX, |ask| ask().width.saturating_sub(1));
    for block in blocks(&columns, room.saturating_sub(links).saturating_sub(4)) {
        write!(
            out,
            "{}{:2$} dir",
            paint.title(&title),
            "",
            links.saturating_sub(title.len())
        )?;
        for (column, width) in block {
            write!(out, "{}", paint.of_class(column.class(), column.head, *width))?;
        }
        writeln!(out)?;
        for (name, row) in &rows {
            let width = links.saturating_sub(1);
            write!(out, " {name:<width$} {:>3}", words::dir(row.direction))?;
            for (column, width) in block {
                let cell = column.text(&row.tally);
                write!(out, "{}", paint.of_class(column.class(), &cell, *width))?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// Columns that stand side by side in so many characters.
fn blocks(columns: &[Wide], room: usize) -> Vec<&[Wide]> {
    let (mut blocks, mut rest) = (Vec::new(), columns);
    while !rest.is_empty() {
        let mut width = 0_usize;
        let fits = |(_, more): &&Wide| {
            width = width.saturating_add(*more);
            width <= room
        };
        let count = rest.iter().take_while(fits).count().max(1);
        let (block, others) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        blocks.push(block);
        rest = others;
    }
    blocks
}

/// The rows as the options ask for them.
fn named(closed: &ClosedCalls, options: &TableOptions) -> Vec<Named> {
    let name = |link: &Option<Link>| link.map_or_else(|| OTHERS.to_owned(), |link| link_name(&link, &options.names));
    let rows = closed.printed_rows().into_iter();
    let mut rows: Vec<Named> = one_for_each_name(rows, &options.names, name);
    if let Some(most) = options.top {
        rows = keep_top(rows, most.get());
    }
    if options.total && !rows.is_empty() {
        let total = sums(TOTAL, &rows);
        rows.extend(total);
    }
    rows
}

/// The rows with what their links are called. Links whose ends are called the same are one, where the first of them stands.
fn one_for_each_name(
    rows: impl Iterator<Item = CallRow>,
    names: &Names,
    name: impl Fn(&Option<Link>) -> String,
) -> Vec<Named> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut links: Vec<[Option<Named>; 2]> = Vec::new();
    for row in rows {
        let same = row.link.map_or_else(String::new, |link| same_name(&link, names));
        let place = *places.entry(same).or_insert(links.len());
        if place == links.len() {
            links.push([None, None]);
        }
        let [came_in, went_out] = links
            .get_mut(place)
            .map_or([None, None], |link| link.each_mut().map(Some));
        let own = match row.direction {
            Direction::In => came_in,
            Direction::Out => went_out,
        };
        match own {
            Some(Some((_, same))) => same.tally.merge(&row.tally),
            Some(own) => *own = Some((name(&row.link), row)),
            None => {}
        }
    }
    links.into_iter().flatten().flatten().collect()
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
