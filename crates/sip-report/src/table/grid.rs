//! What stands in a table: the counts of one window as rows and columns.

use std::collections::BTreeMap;
use std::fmt;

use sip_filter::{MessageType, Names};
use sip_stats::Cells;

use super::options::TableOptions;
use crate::link_name::{link_name, same_name};

/// The name of the row for links that have none of their own.
const OTHERS: &str = "other links";
const TOTAL: &str = "TOTAL";

/// How many messages came in and went out.
pub(crate) type Counts = [u64; 2];
type ByType = BTreeMap<MessageType, Counts>;

/// What stands above a pair of columns, IN and OUT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// Messages of this type.
    Type(MessageType),
    /// The sum of all that the row shows.
    Total,
}

/// The rows and columns of a table.
#[derive(Debug)]
pub(crate) struct Grid {
    pub(crate) columns: Vec<Column>,
    /// What each row is called, and its counts in the order of the columns.
    pub(crate) rows: Vec<(String, Vec<Counts>)>,
}

impl Grid {
    pub(crate) fn of(cells: &Cells, options: &TableOptions) -> Grid {
        let mut rows = rows(cells, &options.names);
        if let Some(most) = options.top {
            keep_top(&mut rows, most.get());
        }
        if options.total && !rows.is_empty() {
            let mut total = ByType::new();
            rows.iter().for_each(|(_, row)| add_all(&mut total, row));
            rows.push((TOTAL.to_owned(), total));
        }
        let types = rows.iter().flat_map(|(_, row)| row.keys().copied());
        let mut types: Vec<MessageType> = types.collect();
        types.sort_unstable();
        types.dedup();
        let has_total = options.total && !types.is_empty();
        let columns = types.iter().map(|message_type| Column::Type(*message_type));
        Grid {
            columns: columns.chain(has_total.then_some(Column::Total)).collect(),
            rows: rows
                .into_iter()
                .map(|(name, row)| {
                    let counts = types.iter().map(|message_type| row.get(message_type).copied());
                    let counts = counts.map(Option::unwrap_or_default);
                    (name, counts.chain(has_total.then(|| total_of(&row))).collect())
                })
                .collect(),
        }
    }
}

/// The rows in the order of the links. Links whose ends are called the same are one row, where the first of them stands.
fn rows(cells: &Cells, names: &Names) -> Vec<(String, ByType)> {
    let mut rows: Vec<(String, ByType)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (link, row) in cells.printed_rows() {
        let same = link.map_or_else(|| OTHERS.to_owned(), |link| same_name(link, names));
        let place = *places.entry(same).or_insert(rows.len());
        if place == rows.len() {
            let name = link.map_or_else(|| OTHERS.to_owned(), |link| link_name(link, names));
            rows.push((name, ByType::new()));
        }
        if let Some((_, counts)) = rows.get_mut(place) {
            for (message_type, more) in row.cells() {
                add(counts.entry(message_type).or_default(), more);
            }
        }
    }
    rows
}

/// Leaves the rows with the most messages, and one with the sum of the others. Of rows with as many messages the earlier goes first.
fn keep_top(rows: &mut Vec<(String, ByType)>, most: usize) {
    let mut others = ByType::new();
    rows.retain(|(name, row)| {
        let is_link = name != OTHERS;
        if !is_link {
            add_all(&mut others, row);
        }
        is_link
    });
    rows.sort_by_key(|(_, row)| std::cmp::Reverse(total_of(row).into_iter().fold(0, u64::saturating_add)));
    for (_, row) in rows.drain(most.min(rows.len())..) {
        add_all(&mut others, &row);
    }
    if !others.is_empty() {
        rows.push((OTHERS.to_owned(), others));
    }
}

fn total_of(row: &ByType) -> Counts {
    let mut total = Counts::default();
    row.values().for_each(|counts| add(&mut total, *counts));
    total
}

fn add_all(sum: &mut ByType, row: &ByType) {
    for (message_type, more) in row {
        add(sum.entry(*message_type).or_default(), *more);
    }
}

fn add(sum: &mut Counts, more: Counts) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum = sum.saturating_add(more);
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Column::Type(message_type) => message_type.fmt(f),
            Column::Total => f.pad(TOTAL),
        }
    }
}
