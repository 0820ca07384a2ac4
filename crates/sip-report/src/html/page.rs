//! What stands on a page: a tally as texts, charts and tables, in the order in which they are read.

use std::collections::BTreeMap;

use askama::Template;

use super::axis::{Axis, Tick};
use super::calendar;
use super::chart::Series;
use super::cover::Cover;
use super::links::{self, LinkRow};
use super::options::HtmlOptions;
use super::sections::{self, BarSection, CodeStrip, Numbers, TextTable};
use super::tally::{Column, Tally};
use crate::form_writer::Run;
use crate::input::{Input, Read};
use crate::link_name::cut;
use crate::words;

/// The most inputs that are named, and the most characters of a path or of the command.
const MAX_INPUTS: usize = 50;
const MAX_TEXT: usize = 2000;
const FEW_COLUMNS: usize = 12;

/// A page, as its template wants it.
#[derive(Debug, Default, Template)]
#[template(path = "report.html")]
pub(super) struct Page {
    pub(super) title: &'static str,
    /// What is said where there was nothing.
    pub(super) nothing: &'static str,
    /// From when to when; empty where there was nothing.
    span: String,
    /// How much was read.
    read: String,
    command: String,
    pub(super) facts: Vec<Fact>,
    /// What is wrong with what was read; nothing where all was well.
    warnings: Vec<String>,
    /// Inputs that could not be read, or not to their end.
    inputs: Vec<InputRow>,
    /// How long a column is, and why.
    columns: String,
    /// Whether there are so few columns that a chart need not be wide.
    is_short: bool,
    /// The chart that comes first.
    pub(super) first: Option<BarSection>,
    codes: Vec<CodeStrip>,
    /// What is to be known of codes that are not shown.
    more_codes: String,
    code_numbers: Numbers,
    ticks: Vec<Tick>,
    links: Vec<LinkRow>,
    more_links: String,
    pub(super) tables: Vec<TextTable>,
    /// The chart that comes last.
    pub(super) last: Option<BarSection>,
}

/// A number that stands alone.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) color: &'static str,
}

#[derive(Debug)]
struct InputRow {
    input: String,
    read: &'static str,
    why: String,
}

impl Page {
    pub(super) fn of(tally: &mut Tally, run: &Run<'_>, options: &HtmlOptions) -> Page {
        let axis = tally.axis();
        let columns = columns(tally, &axis);
        let (links, more_links) = links::rows(tally, &axis, options);
        let (codes, more_codes) = sections::most_frequent(&columns, &tally.types);
        let (codes, code_numbers) = sections::codes(&axis, &columns, (&codes, &tally.types));
        let mut page = Page {
            title: "SIP messages",
            nothing: "No SIP message was found.",
            facts: facts(&columns, tally),
            warnings: missing(tally, run).into_iter().chain(warnings(run)).collect(),
            first: sections::bars("Messages by class", &axis, &columns, |message_type| {
                Some(Series::by_class(message_type))
            }),
            codes,
            more_codes,
            code_numbers,
            links,
            more_links,
            last: sections::bars("Requests by type", &axis, &columns, Series::of_request),
            ..Page::of_run(run, options, (&axis, tally.interval))
        };
        if options.total {
            let sections = [&mut page.first, &mut page.last].into_iter().flatten();
            let tables = sections.map(|section| &mut section.numbers);
            tables.chain([&mut page.code_numbers]).for_each(Numbers::add_total);
        }
        page
    }

    /// What stands on a page whatever is made of the messages, in windows of so many seconds.
    pub(super) fn of_run(run: &Run<'_>, options: &HtmlOptions, (axis, interval): (&Axis, i64)) -> Page {
        Page {
            span: span(run, interval),
            read: read(run),
            command: cut(&options.command, MAX_TEXT),
            warnings: warnings(run),
            inputs: inputs(run.inputs),
            columns: columns_text(axis, interval),
            is_short: axis.columns <= FEW_COLUMNS,
            ticks: axis.ticks(),
            ..Page::default()
        }
    }
}

/// The columns of the axis. Where it is known what the logs cover, nothing was logged in those that are not held.
fn columns(tally: &mut Tally, axis: &Axis) -> Vec<Column> {
    let mut held = tally.columns_of(axis.length);
    let is_known = held.values().any(|column| column.cover.is_some());
    let columns = (0..axis.columns).map(|place| {
        held.remove(&axis.at(place)).unwrap_or_else(|| Column {
            cover: is_known.then(Cover::default),
            ..Column::default()
        })
    });
    columns.collect()
}

/// From the first line that was read to the last, `2017-04-27 08:44:12 to 2017-04-27 08:45:59`; from the first window with a SIP
/// message to the last where lines have no stamps, as in raw files. Nothing where there was no SIP message.
fn span(run: &Run<'_>, interval: i64) -> String {
    let Some((first, last)) = run.summary.windows else {
        return String::new();
    };
    let windows = [first, last].map(|window| calendar::seconds(&window.start()));
    let ends = match (run.summary.ends, windows) {
        (Some((first, last)), _) => calendar::seconds(&first).zip(calendar::seconds(&last)),
        (None, [first, last]) => first.zip(last.map(|last| last.saturating_add(interval))),
    };
    ends.map(|(first, last)| from_to(first, last)).unwrap_or_default()
}

fn from_to(from: i64, to: i64) -> String {
    let [from, to] = [from, to].map(|at| format!("{} {}", calendar::day(at), calendar::time_of_day(at)));
    format!("{from} to {to}")
}

/// `4 logs, 903 SIP records.`
fn read(run: &Run<'_>) -> String {
    let counted = |count: u64, one: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{} {one}s", grouped(count)),
    };
    let inputs = u64::try_from(run.inputs.len()).unwrap_or(u64::MAX);
    format!(
        "{}, {}.",
        counted(inputs, "log"),
        counted(run.summary.records, "SIP record")
    )
}

fn columns_text(axis: &Axis, interval: i64) -> String {
    let length = calendar::length(axis.length);
    if axis.length == interval {
        return format!("A column is {length}.");
    }
    let window = calendar::length(interval);
    format!("A column is {length}: coarser than the windows of {window}, so that there are at most 144 of them.")
}

fn facts(columns: &[Column], tally: &Tally) -> Vec<Fact> {
    let mut sums: BTreeMap<Series, u64> = BTreeMap::new();
    for (message_type, count) in columns.iter().flat_map(|column| &column.counts) {
        let sum = sums.entry(Series::by_class(*message_type)).or_default();
        *sum = sum.saturating_add(*count);
    }
    let of = |series: Series| sums.get(&series).copied().unwrap_or_default();
    let all = sums.values().fold(0_u64, |sum, count| sum.saturating_add(*count));
    let links = u64::try_from(tally.links.len()).unwrap_or(u64::MAX);
    let facts = [
        ("messages", all, ""),
        ("requests", of(Series::Requests), ""),
        ("4xx", of(Series::Class(4)), "c4"),
        ("5xx", of(Series::Class(5)), "c5"),
        ("6xx", of(Series::Class(6)), "c6"),
        ("links", links, ""),
    ];
    let facts = facts.map(|(name, count, color)| Fact {
        name,
        value: grouped(count),
        color: if count == 0 { "" } else { color },
    });
    facts.into()
}

/// `1 234 567`, with blanks at which no line is broken.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place) % 3 == 0 {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// What is missing of the time of the range, or between the first and the last line.
fn missing(tally: &Tally, run: &Run<'_>) -> Vec<String> {
    let uncovered = run.summary.uncovered;
    let seconds = match uncovered {
        0 => None,
        1 => Some("1 s is not covered by the logs".to_owned()),
        seconds => Some(format!("{} s are not covered by the logs", grouped(seconds))),
    };
    let lines = match tally.missing {
        0 => None,
        1 => Some("1 line is missing by the running number".to_owned()),
        lines => Some(format!("{} lines are missing by their running number", grouped(lines))),
    };
    let parts: Vec<String> = seconds.into_iter().chain(lines).collect();
    let gaps = tally
        .gaps
        .iter()
        .map(|(from, to)| format!("{}: nothing was logged", from_to(*from, *to)));
    let more = match tally.more_gaps {
        0 => None,
        1 => Some("1 more such gap".to_owned()),
        gaps => Some(format!("{} more such gaps", grouped(gaps))),
    };
    let parts = (!parts.is_empty()).then(|| parts.join("; "));
    parts.into_iter().chain(gaps).chain(more).collect()
}

/// What is wrong with what was read.
fn warnings(run: &Run<'_>) -> Vec<String> {
    let unread = run.inputs.iter().filter(|input| input.read != Read::Whole).count();
    let inputs = run.inputs.len();
    let plural = if inputs == 1 { "" } else { "s" };
    let unread = (unread > 0)
        .then(|| format!("{unread} of {inputs} input{plural} could not be read, or not to the end; see below"));
    words::closing(run.summary).into_iter().chain(unread).collect()
}

fn inputs(inputs: &[Input]) -> Vec<InputRow> {
    let unread = inputs.iter().filter(|input| input.read != Read::Whole);
    let rows = unread.take(MAX_INPUTS).map(|input| InputRow {
        input: cut(&input.input, MAX_TEXT),
        read: if input.read == Read::Not {
            "not read"
        } else {
            "read in part"
        },
        why: cut(&input.why, MAX_TEXT),
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_in_groups() {
        let numbers = [0, 999, 1000, 123_456, 1_234_567].map(grouped);
        assert_eq!(
            numbers.join("|").replace('\u{202f}', "_"),
            "0|999|1_000|123_456|1_234_567"
        );
    }
}
