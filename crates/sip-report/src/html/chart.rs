//! Charts as shapes: where the bars and cells stand, in numbers that a template writes down.

use std::fmt;

use sip_filter::MessageType;

use super::axis::Axis;
use super::cover::Absence;

/// How many units a column of a chart is wide.
pub(super) const COLUMN: usize = 10;
/// How many units a chart of bars is high.
const HEIGHT: u64 = 1000;
/// The least height of a bar that is there.
const LEAST: u64 = 6;
/// The name of the colour of time in which nothing was logged.
const GAP: &str = "gap";
/// The most types of requests with a colour of their own.
const MAX_COLORS: usize = 6;

/// How many messages of each group there were in a column, or why there were none.
pub(super) type Sums = Result<Vec<u64>, Absence>;

/// A group of types that has one colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Series {
    /// Requests of all types.
    Requests,
    /// Responses of a class.
    Class(u16),
    /// A type alone.
    Type(MessageType),
    /// A group with a name and a colour of its own.
    Named { name: &'static str, color: &'static str },
    /// What has no name.
    Other,
}

/// Which name of a colour a group has, and what it is called.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) color: String,
    pub(super) name: String,
}

/// Bars, one for each column of time, each of parts that lie upon one another.
#[derive(Debug)]
pub(super) struct Bars {
    pub(super) width: usize,
    pub(super) bars: Vec<Bar>,
    pub(super) lines: Vec<Line>,
    /// Stretches in which there was nothing.
    pub(super) gaps: Vec<Gap>,
    pub(super) keys: Vec<Key>,
}

#[derive(Debug)]
pub(super) struct Bar {
    pub(super) title: String,
    pub(super) x: usize,
    pub(super) parts: Vec<Part>,
}

#[derive(Debug)]
pub(super) struct Part {
    pub(super) color: String,
    pub(super) y: u64,
    pub(super) height: u64,
}

/// A line that shows how high a number is.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) place: String,
    pub(super) label: String,
}

#[derive(Debug)]
pub(super) struct Gap {
    pub(super) title: String,
    pub(super) color: &'static str,
    pub(super) x: usize,
    pub(super) width: usize,
}

/// A strip of cells for one code.
#[derive(Debug)]
pub(super) struct Strip {
    pub(super) width: usize,
    pub(super) color: String,
    pub(super) cells: Vec<Cell>,
    /// Stretches in which nothing was logged.
    pub(super) gaps: Vec<Gap>,
}

#[derive(Debug)]
pub(super) struct Cell {
    pub(super) title: String,
    pub(super) x: usize,
    /// How strong its colour is, from 1 to 5.
    pub(super) level: u32,
}

impl Series {
    /// The group of a type in the chart of all messages.
    pub(super) fn by_class(message_type: MessageType) -> Series {
        match message_type {
            MessageType::Other => Series::Other,
            other => other.class().map_or(Series::Requests, Series::Class),
        }
    }

    /// The group of a type in the chart of requests. A response has none, nor has what may be one.
    pub(super) fn of_request(message_type: MessageType) -> Option<Series> {
        let is_request = Series::by_class(message_type) == Series::Requests;
        is_request.then_some(Series::Type(message_type))
    }

    /// The name of its colour; `place` is that among types that have each their own.
    fn color(self, place: usize) -> String {
        match self {
            Series::Requests => "rq".to_owned(),
            Series::Class(class) => format!("c{class}"),
            Series::Named { color, .. } => color.to_owned(),
            Series::Type(_) if place < MAX_COLORS => format!("t{place}"),
            Series::Type(_) | Series::Other => "ot".to_owned(),
        }
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Series::Requests => f.write_str("requests"),
            Series::Class(class) => write!(f, "{class}xx"),
            Series::Type(message_type) => message_type.fmt(f),
            Series::Named { name, .. } => f.write_str(name),
            Series::Other => f.write_str("other"),
        }
    }
}

/// Bars of these groups, with the sums of each column.
pub(super) fn bars(axis: &Axis, series: &[Series], sums: &[Sums]) -> Bars {
    let highest = sums.iter().flatten().map(|sums| total(sums)).max().unwrap_or_default();
    let top = round_up(highest);
    let bars = sums.iter().enumerate().filter_map(|(column, sums)| {
        let sums = sums.as_ref().ok()?;
        let (mut title, mut parts, mut y) = (axis.label(column), Vec::new(), HEIGHT);
        for (place, (series, count)) in series
            .iter()
            .zip(sums)
            .enumerate()
            .filter(|(_, (_, count))| **count > 0)
        {
            let comma = if parts.is_empty() { ": " } else { ", " };
            title.push_str(&format!("{comma}{series} {count}"));
            let height = scale(*count, top).max(LEAST);
            y = y.saturating_sub(height);
            let color = series.color(place);
            parts.push(Part { color, y, height });
        }
        let x = column.saturating_mul(COLUMN);
        (!parts.is_empty()).then_some(Bar { title, x, parts })
    });
    Bars {
        width: axis.columns.saturating_mul(COLUMN),
        bars: bars.collect(),
        lines: lines(top),
        gaps: gaps(axis, sums),
        keys: keys(series),
    }
}

fn keys(series: &[Series]) -> Vec<Key> {
    let keys = series.iter().enumerate().map(|(place, series)| Key {
        color: series.color(place),
        name: series.to_string(),
    });
    keys.collect()
}

/// Stretches of columns in which there was nothing, and why.
fn gaps(axis: &Axis, sums: &[Sums]) -> Vec<Gap> {
    let columns: Vec<(usize, Option<Absence>)> = sums
        .iter()
        .map(|sums| sums.as_ref().err().copied())
        .enumerate()
        .collect();
    let alike = columns.chunk_by(|(_, before), (_, why)| before == why);
    let gaps = alike.filter_map(|columns| {
        let ((first, why), (last, _)) = columns.first().zip(columns.last())?;
        let why = (*why)?;
        Some(Gap {
            title: format!("{}: {why}", axis.span(*first, *last)),
            color: if why == Absence::Gap { GAP } else { "idle" },
            x: first.saturating_mul(COLUMN),
            width: columns.len().saturating_mul(COLUMN),
        })
    });
    gaps.collect()
}

/// The strip of one type, the counts of which stand at `place` in `sums`. `most` is the number that has the strongest colour.
pub(super) fn strip(axis: &Axis, series: Series, sums: &[Sums], (place, most): (usize, u64)) -> Strip {
    let counts = sums
        .iter()
        .map(|sums| sums.as_ref().ok().and_then(|sums| sums.get(place).copied()));
    let counts = counts
        .enumerate()
        .filter_map(|(column, count)| Some((column, count.filter(|count| *count > 0)?)));
    let cells = counts.map(|(column, count)| Cell {
        title: format!("{}: {count}", axis.label(column)),
        x: column.saturating_mul(COLUMN),
        level: level(count, most),
    });
    let gaps = gaps(axis, sums).into_iter();
    Strip {
        width: axis.columns.saturating_mul(COLUMN),
        color: series.color(0),
        cells: cells.collect(),
        gaps: gaps.filter(|gap| gap.color == GAP).collect(),
    }
}

/// From 1 to 5, each step the same multiple of the one before: few failures are seen beside many.
fn level(count: u64, most: u64) -> u32 {
    let most = most.max(1).ilog2().saturating_add(1);
    let step = count.max(1).ilog2().saturating_mul(5) / most;
    step.saturating_add(1).min(5)
}

/// Lines at a half and at the top.
fn lines(top: u64) -> Vec<Line> {
    let line = |place: &str, value: u64| Line {
        place: place.to_owned(),
        label: value.to_string(),
    };
    if top < 2 {
        return vec![line("0%", top)];
    }
    vec![line("0%", top), line("50%", top / 2)]
}

/// The least number of 1, 12, 16, 2, 4, 6 or 8 and zeros that is not less: the half of it is a number too, unless it is 1.
fn round_up(number: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        let found = [10, 12, 16, 20, 40, 60, 80]
            .into_iter()
            .map(|tenths| unit.saturating_mul(tenths) / 10)
            .find(|round| *round >= number);
        match (found, unit.checked_mul(10)) {
            (Some(round), _) => return round,
            (None, Some(more)) => unit = more,
            (None, None) => return number,
        }
    }
}

/// How high a number stands below `top`, in units.
pub(super) fn scale(count: u64, top: u64) -> u64 {
    let units = u128::from(count).saturating_mul(HEIGHT.into()) / u128::from(top.max(1));
    u64::try_from(units).unwrap_or(HEIGHT).min(HEIGHT)
}

fn total(counts: &[u64]) -> u64 {
    counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_of_a_chart_is_round_and_not_far_above() {
        let tops = [0, 1, 2, 3, 5, 7, 9, 10, 11, 13, 17, 61, 100, 101, 1030, 1601, 99_999].map(round_up);
        assert_eq!(
            tops,
            [1, 1, 2, 4, 6, 8, 10, 10, 12, 16, 20, 80, 100, 120, 1200, 2000, 100_000]
        );
        assert!(tops.iter().skip(2).all(|top| top % 2 == 0));
        assert_eq!(round_up(u64::MAX), u64::MAX);
    }
}
