//! What the logs cover, as a strip below a chart.

use super::axis::Axis;
use super::chart::COLUMN;
use super::tally::Column;

/// Columns side by side that are covered alike.
#[derive(Debug)]
pub(super) struct CoverCell {
    pub(super) title: String,
    pub(super) color: &'static str,
    pub(super) x: usize,
    pub(super) width: usize,
}

/// The strip of these columns: one cell for columns side by side that are whole, or in which nothing was logged; one for each that is
/// covered in part. It has no cells where nothing is known.
pub(super) fn cells(axis: &Axis, columns: &[Column]) -> Vec<CoverCell> {
    let columns: Vec<(usize, Option<String>, &'static str)> = columns
        .iter()
        .enumerate()
        .filter_map(|(place, column)| {
            let cover = column.cover?;
            Some(match cover.note(axis.length) {
                None => (place, None, "whole"),
                Some(_) if cover.seconds == 0 => (place, None, "lost"),
                Some(note) => (place, Some(note), "part"),
            })
        })
        .collect();
    let alike = columns.chunk_by(|(_, _, before), (_, note, color)| note.is_none() && before == color);
    let cells = alike.filter_map(|cells| {
        let ((first, note, color), (last, ..)) = cells.first().zip(cells.last())?;
        let what = match *color {
            "whole" => "all is covered",
            "lost" => "nothing was logged",
            _ => note.as_deref().unwrap_or_default(),
        };
        Some(CoverCell {
            title: format!("{}: {what}", axis.span(*first, *last)),
            color,
            x: first.saturating_mul(COLUMN),
            width: last.saturating_sub(*first).saturating_add(1).saturating_mul(COLUMN),
        })
    });
    cells.collect()
}
