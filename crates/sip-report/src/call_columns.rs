//! What is shown of calls, number by number.

use sip_calls::{CallTally, Ratio};

/// A column: what stands above it, and what it shows of a row.
pub(crate) struct Column {
    pub(crate) head: &'static str,
    cell: fn(&CallTally) -> Cell,
    /// Whether it is there also where all its cells are 0.
    pub(crate) is_always: bool,
}

enum Cell {
    Count(u64),
    Ratio(Option<Ratio>),
    Delay(Option<u32>),
}

pub(crate) const COLUMNS: [Column; 19] = [
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

impl Column {
    /// Whether it shows a count of 0 of a row.
    pub(crate) fn is_zero(&self, tally: &CallTally) -> bool {
        matches!((self.cell)(tally), Cell::Count(0))
    }

    /// The class of the responses whose calls it shows. That nobody answered is as bad as 6xx.
    pub(crate) fn class(&self) -> Option<u16> {
        match self.head {
            "4xx" => Some(4),
            "5xx" => Some(5),
            "6xx" | "unanswered" => Some(6),
            _ => None,
        }
    }

    /// What it shows of a row.
    pub(crate) fn text(&self, tally: &CallTally) -> String {
        (self.cell)(tally).text()
    }
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Cell::Count(count) => count.to_string(),
            Cell::Ratio(Some(ratio)) => format!("{}.{}", ratio.per_mille() / 10, ratio.per_mille() % 10),
            Cell::Delay(Some(millis)) => millis.to_string(),
            Cell::Ratio(None) | Cell::Delay(None) => "-".to_owned(),
        }
    }
}
