//! The calls of one window as rows: one for each link and direction.

use std::io;

use sip_calls::{CallRow, ClosedCalls, Ratio};
use sip_filter::Names;

use crate::count_rows::VERSION;
use crate::ends::Ends;
use crate::row::{Row, Rows, Value};
use crate::words;

/// The keys of a row, in order.
const KEYS: [&str; 29] = [
    "v",
    "kind",
    "window",
    "seconds",
    "near",
    "far",
    "name",
    "port",
    "dir",
    "attempts",
    "answered",
    "failed_3xx",
    "failed_4xx",
    "failed_5xx",
    "failed_6xx",
    "cancelled",
    "unanswered",
    "open",
    "unknown",
    "asr",
    "ner",
    "ser",
    "seer",
    "isa",
    "srd_median",
    "srd_95",
    "srd_longest",
    "retransmissions",
    "partial",
];

/// By link, those whose INVITEs came in first.
impl Rows for ClosedCalls {
    const KEYS: &'static [&'static str] = &KEYS;

    fn rows(&self, names: &Names, take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>) -> io::Result<()> {
        self.rows.iter().try_for_each(|row| write(self, names, row, take))
    }
}

fn write(
    closed: &ClosedCalls,
    names: &Names,
    CallRow { link, direction, tally }: &CallRow,
    take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let window = words::iso(&closed.window.start());
    let ends = Ends::of(link.as_ref(), names);
    let [f3, f4, f5, f6] = tally.failed;
    let delay = |delay: Option<u32>| delay.map_or(Value::Unknown, |millis| Value::Number(millis.into()));
    let values = [
        VERSION,
        Value::Text("calls"),
        Value::Text(&window),
        Value::Number(closed.interval.seconds().into()),
        Value::Text(&ends.near),
        Value::Text(&ends.far),
        Value::Text(ends.name),
        Value::Number(ends.port),
        Value::Text(words::dir(*direction)),
        Value::Number(tally.attempts),
        Value::Number(tally.answered),
        Value::Number(f3),
        Value::Number(f4),
        Value::Number(f5),
        Value::Number(f6),
        Value::Number(tally.cancelled),
        Value::Number(tally.unanswered),
        Value::Number(tally.open),
        Value::Number(tally.unknown),
        percent(tally.asr()),
        percent(tally.ner()),
        percent(tally.ser()),
        percent(tally.seer()),
        percent(tally.isa()),
        delay(tally.delays.percentile(50)),
        delay(tally.delays.percentile(95)),
        delay(tally.delays.longest()),
        Value::Number(tally.retransmissions),
        Value::Flag(closed.is_partial()),
    ];
    let fields: Vec<(&'static str, Value<'_>)> = KEYS.into_iter().zip(values).collect();
    take(&Row(&fields))
}

fn percent(ratio: Option<Ratio>) -> Value<'static> {
    ratio.map_or(Value::Unknown, |ratio| Value::Tenths(ratio.per_mille()))
}
