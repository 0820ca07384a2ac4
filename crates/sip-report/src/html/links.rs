//! The links of a page, those with the most failures first.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::num::NonZero;

use sip_filter::MessageType;

use super::axis::Axis;
use super::chart::{self, Series};
use super::options::HtmlOptions;
use super::tally::{LinkTally, Tally, is_failure};
use crate::link_name::{same_name, short_link_name};

/// The most links where nobody asks for another number, and the most that a page has room for.
pub(super) const MANY_LINKS: usize = 100;
pub(super) const MOST_LINKS: usize = 2000;
/// The name of rows and columns of sums.
pub(super) const TOTAL: &str = "TOTAL";

/// A link.
#[derive(Debug)]
pub(super) struct LinkRow {
    pub(super) name: String,
    /// How wide the bars of 4xx, 5xx and 6xx are, of a thousand units, and where they begin.
    pub(super) bars: Vec<LinkBar>,
    pub(super) failures: u64,
    /// The failures that came in and went out, then 4xx, 5xx and 6xx.
    pub(super) numbers: [u64; 5],
    pub(super) requests: u64,
    /// The code of most failures; empty where there was none.
    pub(super) top_code: String,
    pub(super) first: String,
    pub(super) last: String,
}

#[derive(Debug)]
pub(super) struct LinkBar {
    pub(super) color: String,
    pub(super) x: u64,
    pub(super) width: u64,
}

/// The rows, and what is to be known of links that have none.
pub(super) fn rows(tally: &Tally, axis: &Axis, options: &HtmlOptions) -> (Vec<LinkRow>, String) {
    let mut by_name: BTreeMap<String, (String, LinkTally)> = BTreeMap::new();
    for (link, counts) in &tally.links {
        let (_, same) = by_name
            .entry(same_name(link, &options.names))
            .or_insert_with(|| (short_link_name(link, &options.names), LinkTally::default()));
        same.merge(counts);
    }
    let mut links: Vec<(String, LinkTally)> = by_name.into_values().collect();
    links.sort_by_cached_key(|(_, tally)| Reverse((failures(tally), total(tally, |_| true))));
    let most = options.top.map_or(MANY_LINKS, NonZero::get).min(MOST_LINKS);
    let (left_out, mut others) = (links.len().saturating_sub(most), tally.others.clone());
    for (_, more) in links.drain(most.min(links.len())..) {
        others.merge(&more);
    }
    if !others.counts.is_empty() {
        links.push(("other links".to_owned(), others));
    }
    let all = options.total.then(|| {
        let mut all = LinkTally::default();
        links.iter().for_each(|(_, tally)| all.merge(tally));
        all
    });
    let highest = links.iter().map(|(_, tally)| failures(tally)).max().unwrap_or_default();
    let all = all.filter(|all| !all.counts.is_empty());
    let rows = links
        .into_iter()
        .chain(all.map(|all| (TOTAL.to_owned(), all)))
        .map(|(name, tally)| row(name, &tally, axis, highest))
        .collect();
    let more = match left_out {
        0 => String::new(),
        1 => "One more link stands as `other links`.".to_owned(),
        left_out => format!("The other {left_out} links are summed as `other links`."),
    };
    (rows, more)
}

fn row(name: String, tally: &LinkTally, axis: &Axis, highest: u64) -> LinkRow {
    let classes = [4, 5, 6].map(|class| total(tally, |message_type| message_type.class() == Some(class)));
    let [client, server, global] = classes;
    let mut x = 0_u64;
    let mut bars = Vec::new();
    for (class, count) in (4..).zip(classes).filter(|(_, count)| *count > 0) {
        let width = chart::scale(count, highest).max(4);
        bars.push(LinkBar {
            color: format!("c{class}"),
            x,
            width,
        });
        x = x.saturating_add(width);
    }
    let of_failures = || {
        tally
            .counts
            .iter()
            .filter(|(message_type, _)| is_failure(**message_type))
    };
    let [inward, outward] = of_failures().fold([0_u64; 2], |[a, b], (_, [c, d])| {
        [a.saturating_add(*c), b.saturating_add(*d)]
    });
    let top = of_failures()
        .max_by_key(|(message_type, [inward, outward])| (inward.saturating_add(*outward), Reverse(**message_type)));
    let [first, last] = tally.failures.map_or_else(Default::default, |(first, last)| {
        [first, last].map(|at| axis.label_of(at))
    });
    LinkRow {
        name,
        bars,
        failures: failures(tally),
        numbers: [inward, outward, client, server, global],
        requests: total(tally, |message_type| Series::by_class(message_type) == Series::Requests),
        top_code: top
            .map(|(message_type, _)| message_type.to_string())
            .unwrap_or_default(),
        first,
        last,
    }
}

fn failures(tally: &LinkTally) -> u64 {
    total(tally, is_failure)
}

fn total(tally: &LinkTally, is_wanted: impl Fn(MessageType) -> bool) -> u64 {
    let counts = tally
        .counts
        .iter()
        .filter(|(message_type, _)| is_wanted(**message_type));
    counts
        .flat_map(|(_, counts)| counts)
        .fold(0, |sum, count| sum.saturating_add(*count))
}
