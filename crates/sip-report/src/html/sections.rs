//! The charts by time, each with its table.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use sip_filter::MessageType;

use super::axis::Axis;
use super::chart::{self, Bars, Series, Strip, Sums};
use super::cover::Cover;
use super::cover_strip::{self, CoverCell};
use super::links::TOTAL;
use super::tally::{Column, Seen};

/// The most codes with a strip of their own.
const MAX_CODES: usize = 20;

/// A chart of bars and its table.
#[derive(Debug)]
pub(super) struct BarSection {
    pub(super) title: &'static str,
    pub(super) bars: Bars,
    /// What the logs cover; empty where it is not known.
    pub(super) cover: Vec<CoverCell>,
    pub(super) numbers: Numbers,
}

/// When a code was seen.
#[derive(Debug)]
pub(super) struct CodeStrip {
    pub(super) name: String,
    pub(super) strip: Strip,
    pub(super) total: u64,
    pub(super) first: String,
    pub(super) last: String,
}

/// A table of numbers by time.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<NumberRow>,
}

#[derive(Debug)]
pub(super) struct NumberRow {
    pub(super) time: String,
    /// What of the time is to be known.
    pub(super) note: String,
    pub(super) numbers: Vec<u64>,
}

impl Numbers {
    /// Adds a column and a row of sums.
    pub(super) fn add_total(&mut self) {
        let sum = |sum: u64, more: &u64| sum.saturating_add(*more);
        let mut all = vec![0; self.heads.len().saturating_add(1)];
        for row in self.rows.iter_mut().filter(|row| !row.numbers.is_empty()) {
            row.numbers.push(row.numbers.iter().fold(0, sum));
            all.iter_mut()
                .zip(&row.numbers)
                .for_each(|(all, more)| *all = sum(*all, more));
        }
        self.heads.push(TOTAL.to_owned());
        self.rows.push(NumberRow {
            time: TOTAL.to_owned(),
            note: String::new(),
            numbers: all,
        });
    }
}

/// A table of texts.
#[derive(Debug)]
pub(super) struct TextTable {
    pub(super) title: &'static str,
    pub(super) note: String,
    pub(super) heads: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

/// Bars of all messages that `group` has a group for; `None` if there are none.
pub(super) fn bars(
    title: &'static str,
    axis: &Axis,
    columns: &[Column],
    group: impl Fn(MessageType) -> Option<Series>,
) -> Option<BarSection> {
    let types = columns.iter().flat_map(|column| column.counts.keys());
    let mut series: Vec<Series> = types.filter_map(|message_type| group(*message_type)).collect();
    series.sort_unstable();
    series.dedup();
    let sums = sums(columns, &series, &group);
    (!series.is_empty()).then(|| BarSection {
        title,
        bars: chart::bars(axis, &series, &sums),
        cover: cover_strip::cells(axis, columns),
        numbers: numbers(axis, columns, &series, &sums),
    })
}

/// The most frequent codes, and what is to be known of the others.
pub(super) fn most_frequent(columns: &[Column], seen: &BTreeMap<MessageType, Seen>) -> (Vec<MessageType>, String) {
    let codes = seen
        .keys()
        .copied()
        .filter(|message_type| message_type.class().is_some());
    let mut codes: Vec<MessageType> = codes.collect();
    codes.sort_by_cached_key(|code| Reverse(total(columns, code)));
    let others = codes.split_off(codes.len().min(MAX_CODES));
    codes.sort_unstable();
    let responses = others
        .iter()
        .fold(0_u64, |sum, code| sum.saturating_add(total(columns, code)));
    let more = match (others.len(), responses) {
        (0, _) => String::new(),
        (1, 1) => "1 other code is not shown, with 1 response.".to_owned(),
        (1, _) => format!("1 other code is not shown, with {responses} responses."),
        (others, _) => format!("{others} other codes are not shown, with {responses} responses."),
    };
    (codes, more)
}

/// How many responses bear a code.
fn total(columns: &[Column], code: &MessageType) -> u64 {
    let counts = columns.iter().filter_map(|column| column.counts.get(code));
    counts.fold(0, |sum, more| sum.saturating_add(*more))
}

/// A strip for each of these codes, and the table of all.
pub(super) fn codes(
    axis: &Axis,
    columns: &[Column],
    (codes, seen): (&[MessageType], &BTreeMap<MessageType, Seen>),
) -> (Vec<CodeStrip>, Numbers) {
    let series: Vec<Series> = codes.iter().map(|code| Series::Type(*code)).collect();
    let sums = sums(columns, &series, &|message_type| Some(Series::Type(message_type)));
    let mut most: BTreeMap<Series, u64> = BTreeMap::new();
    for (code, count) in sums.iter().flatten().flat_map(|sums| codes.iter().zip(sums)) {
        let most = most.entry(Series::by_class(*code)).or_default();
        *most = (*most).max(*count);
    }
    let strips = codes.iter().enumerate().map(|(place, code)| {
        let class = Series::by_class(*code);
        let (first, last) = seen.get(code).copied().unwrap_or_default();
        CodeStrip {
            name: code.to_string(),
            strip: chart::strip(
                axis,
                class,
                &sums,
                (place, most.get(&class).copied().unwrap_or_default()),
            ),
            total: total(columns, code),
            first: axis.label_of(first),
            last: axis.label_of(last),
        }
    });
    (strips.collect(), numbers(axis, columns, &series, &sums))
}

/// How many messages of each group there were in each column.
fn sums(columns: &[Column], series: &[Series], group: &impl Fn(MessageType) -> Option<Series>) -> Vec<Sums> {
    let sums = columns.iter().map(|column| {
        let mut sums = vec![0_u64; series.len()];
        if let Some(why) = column.absence() {
            return Err(why);
        }
        for (message_type, count) in &column.counts {
            let place = group(*message_type).and_then(|group| series.binary_search(&group).ok());
            if let Some(sum) = place.and_then(|place| sums.get_mut(place)) {
                *sum = sum.saturating_add(*count);
            }
        }
        Ok(sums)
    });
    sums.collect()
}

fn numbers(axis: &Axis, columns: &[Column], series: &[Series], sums: &[Sums]) -> Numbers {
    let rows = columns
        .iter()
        .zip(sums)
        .enumerate()
        .map(|(place, (column, sums))| NumberRow {
            time: axis.label(place),
            note: note(axis, column),
            numbers: sums.clone().unwrap_or_default(),
        });
    Numbers {
        heads: series.iter().map(ToString::to_string).collect(),
        rows: rows.collect(),
    }
}

/// `no SIP message, covered 52 of 60 s, 310 lines missing`.
fn note(axis: &Axis, column: &Column) -> String {
    let is_logged = |cover: &Cover| cover.seconds > 0;
    let covered = column.cover.filter(is_logged).and_then(|cover| cover.note(axis.length));
    let notes = column.absence().map(|why| why.to_string()).into_iter().chain(covered);
    notes.collect::<Vec<_>>().join(", ")
}
