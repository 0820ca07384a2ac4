//! The page of calls: outcomes and delays by time and by link, and the last calls that failed.

mod tally;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use askama::Template;
use sip_calls::{CallTally, ClosedCalls, FailedCall};
use sip_scan::Direction;

use self::tally::{CallsByTime, OTHERS};
use super::axis::Axis;
use super::calendar;
use super::chart::{self, Series, Sums};
use super::cover::Absence;
use super::links::{MANY_LINKS, MOST_LINKS, TOTAL};
use super::options::HtmlOptions;
use super::page::{Fact, Page, grouped};
use super::sections::{BarSection, NumberRow, Numbers, TextTable};
use crate::call_columns::COLUMNS;
use crate::form_writer::{FormWriter, Run};
use crate::link_name::short_link_name;
use crate::show::escaped;
use crate::words;

/// An outcome: its name, its colour, and how many attempts had it.
type Outcome = (&'static str, &'static str, fn(&CallTally) -> u64);

const OUTCOMES: [Outcome; 9] = [
    ("answered", "c2", |tally| tally.answered),
    ("3xx", "c3", |tally| class(tally, 0)),
    ("4xx", "c4", |tally| class(tally, 1)),
    ("5xx", "c5", |tally| class(tally, 2)),
    ("6xx", "c6", |tally| class(tally, 3)),
    ("cancelled", "c1", |tally| tally.cancelled),
    ("unanswered", "t4", |tally| tally.unanswered),
    ("open", "ot", |tally| tally.open),
    ("unknown", "rq", |tally| tally.unknown),
];

fn class(tally: &CallTally, class: usize) -> u64 {
    tally.failed.get(class).copied().unwrap_or_default()
}

/// Attempts that failed, or that nobody answered.
fn failures(tally: &CallTally) -> u64 {
    tally
        .failed
        .iter()
        .fold(tally.unanswered, |sum, more| sum.saturating_add(*more))
}

/// The name of a link and which way the INVITEs went, and what is known of them.
type Row = ((String, Direction), CallTally);

/// The sums of rows, one for each direction that there is.
fn sums(name: &str, rows: &[Row]) -> Vec<Row> {
    let mut sums: BTreeMap<Direction, CallTally> = BTreeMap::new();
    for ((_, direction), tally) in rows {
        sums.entry(*direction).or_default().merge(tally);
    }
    let sums = sums.into_iter();
    sums.map(|(direction, tally)| ((name.to_owned(), direction), tally))
        .collect()
}

/// Gathers windows, and writes the page when the run is over.
#[derive(Debug)]
pub(crate) struct CallsHtml {
    options: HtmlOptions,
    calls: CallsByTime,
}

impl CallsHtml {
    pub(crate) fn new(options: HtmlOptions) -> CallsHtml {
        let calls = CallsByTime::default();
        CallsHtml { options, calls }
    }

    fn page(&mut self, run: &Run<'_>) -> Page {
        let (axis, columns) = self.calls.columns();
        let sums = |of: &dyn Fn(&CallTally) -> Vec<u64>| -> Vec<Sums> {
            let sums = columns
                .iter()
                .map(|column| column.as_ref().map(of).ok_or(Absence::NoCall));
            sums.collect()
        };
        let outcomes = sums(&|tally| OUTCOMES.map(|(.., count)| count(tally)).into());
        let delays = sums(&|tally| {
            let delays = &tally.delays;
            let all = [delays.percentile(95), delays.percentile(50), delays.longest()];
            all.map(|delay| delay.unwrap_or_default().into()).into()
        });
        let mut all = CallTally::default();
        columns.iter().flatten().for_each(|tally| all.merge(tally));
        let outcome_series = OUTCOMES.map(|(name, color, _)| Series::Named { name, color });
        let slowest = [Series::Named {
            name: "95 %",
            color: "t0",
        }];
        let mut page = Page::of_run(run, &self.options, (&axis, self.calls.interval));
        page.title = "SIP calls";
        page.nothing = "No call was found.";
        page.facts = facts(&all);
        page.first = section("Calls by outcome", &axis, (&outcome_series, &outcomes), &[]);
        let delay = "Delay to the first response, in milliseconds";
        page.last = section(delay, &axis, (&slowest, &delays), &["median", "longest"]);
        if let Some(first) = page.first.as_mut().filter(|_| self.options.total) {
            first.numbers.add_total();
        }
        if page.first.is_some() {
            page.tables = vec![self.links(), self.failed(&axis)];
        }
        page
    }

    fn links(&mut self) -> TextTable {
        let mut links: Vec<Row> = std::mem::take(&mut self.calls.links).into_iter().collect();
        let mut totals = Vec::new();
        if self.options.total {
            totals = sums(TOTAL, &links);
        }
        links.sort_by_key(|((name, _), tally)| (name == OTHERS, Reverse((failures(tally), tally.attempts))));
        let most = self
            .options
            .top
            .map_or(MANY_LINKS, |top| top.get())
            .min(MOST_LINKS)
            .min(links.len());
        let rest = links.split_off(most);
        let left_out = rest.iter().filter(|((name, _), _)| name != OTHERS).count();
        let are_all = left_out == rest.len();
        let others = sums(OTHERS, &rest);
        let rows = links
            .into_iter()
            .chain(others)
            .chain(totals)
            .map(|((name, direction), tally)| {
                let cells = COLUMNS.iter().map(|column| column.text(&tally));
                [name, words::dir(direction).to_owned()]
                    .into_iter()
                    .chain(cells)
                    .collect()
            });
        TextTable {
            title: "Links by failures",
            note: match left_out {
                0 => String::new(),
                _ if are_all => format!("The other {left_out} rows are summed in the last ones."),
                _ => format!("More than {left_out} other rows are summed in the last ones."),
            },
            heads: ["link", "dir"]
                .into_iter()
                .chain(COLUMNS.iter().map(|column| column.head))
                .collect(),
            rows: rows.collect(),
        }
    }

    fn failed(&self, axis: &Axis) -> TextTable {
        let row = |failed: &FailedCall| {
            let code = failed
                .code
                .map_or_else(|| "no response".to_owned(), |code| code.to_string());
            let at = calendar::seconds(&failed.invited).map_or_else(String::new, |at| axis.label_of(at));
            let link = short_link_name(&failed.link, &self.options.names);
            vec![
                at,
                link,
                words::dir(failed.direction).to_owned(),
                code,
                escaped(&failed.call_id),
            ]
        };
        TextTable {
            title: "The last calls that failed",
            note: "By the time of the INVITE. No more than the last 500 are shown.".to_owned(),
            heads: vec!["time", "link", "dir", "outcome", "Call-ID"],
            rows: self.calls.failed.iter().map(row).collect(),
        }
    }
}

impl FormWriter<ClosedCalls> for CallsHtml {
    fn window(&mut self, _: &mut dyn Write, closed: &ClosedCalls) -> io::Result<()> {
        self.calls.add(closed, &self.options.names);
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
        let text = self.page(run).render().map_err(io::Error::other)?;
        writeln!(out, "{text}")
    }
}

fn facts(all: &CallTally) -> Vec<Fact> {
    let failed = failures(all).saturating_sub(all.unanswered);
    let counts = [
        ("attempts", all.attempts, ""),
        ("answered", all.answered, ""),
        ("cancelled", all.cancelled, ""),
        ("failed", failed, "c5"),
        ("unanswered", all.unanswered, "c5"),
        ("open or unknown", all.open.saturating_add(all.unknown), ""),
    ];
    let facts = counts.map(|(name, count, color)| Fact {
        name,
        value: grouped(count),
        color: if count == 0 { "" } else { color },
    });
    facts.into()
}

/// Bars of the first numbers of each column, one for each series, and the table of all, of which the `others` are named so.
fn section(
    title: &'static str,
    axis: &Axis,
    (series, sums): (&[Series], &[Sums]),
    others: &[&'static str],
) -> Option<BarSection> {
    let rows = sums.iter().enumerate().map(|(place, sums)| NumberRow {
        time: axis.label(place),
        note: sums.as_ref().err().map_or_else(String::new, ToString::to_string),
        numbers: sums.clone().unwrap_or_default(),
    });
    let names = series.iter().map(ToString::to_string);
    (!sums.is_empty()).then(|| BarSection {
        title,
        bars: chart::bars(axis, series, sums),
        cover: Vec::new(),
        numbers: Numbers {
            heads: names.chain(others.iter().map(|name| (*name).to_owned())).collect(),
            rows: rows.collect(),
        },
    })
}
