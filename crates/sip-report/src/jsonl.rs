//! What was gathered as lines of JSON, for programs.

use std::io::{self, Write};

use sip_filter::Names;
use sip_stats::{ClosedWindow, Gap, Summary};

use crate::count_rows::VERSION;
use crate::form_writer::{FormWriter, Run};
use crate::input::{Input, Read};
use crate::row::{Row, Rows, Value};
use crate::words;

/// Writes lines of JSON.
#[derive(Debug)]
pub(crate) struct JsonLines {
    /// The names that addresses have.
    pub(crate) names: Names,
}

impl FormWriter<ClosedWindow> for JsonLines {
    fn window(&mut self, out: &mut dyn Write, closed: &ClosedWindow) -> io::Result<()> {
        let mut lines = Vec::new();
        write_window(&mut lines, closed)?;
        closed.rows(&self.names, &mut |row| row.write_json(&mut lines))?;
        out.write_all(&lines)
    }

    fn gap(&mut self, out: &mut dyn Write, gap: &Gap) -> io::Result<()> {
        let mut line = Vec::new();
        let row = Row(&[
            ("v", VERSION),
            ("kind", Value::Text("gap")),
            ("from", Value::Text(&words::iso(&gap.from))),
            ("to", Value::Text(&words::iso(&gap.to))),
        ]);
        row.write_json(&mut line)?;
        out.write_all(&line)
    }

    fn end(&mut self, out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
        write_end(out, run)
    }
}

/// Writes the lines with which each output ends: one for each input, and the summary.
pub(crate) fn write_end(out: &mut dyn Write, run: &Run<'_>) -> io::Result<()> {
    let mut lines = Vec::new();
    run.inputs.iter().try_for_each(|input| write_input(&mut lines, input))?;
    write_summary(&mut lines, run.summary)?;
    out.write_all(&lines)
}

fn write_window(lines: &mut Vec<u8>, closed: &ClosedWindow) -> io::Result<()> {
    let missing = closed.coverage.and_then(|covered| covered.missing);
    let row = Row(&[
        ("v", VERSION),
        ("kind", Value::Text("window")),
        ("window", Value::Text(&words::iso(&closed.window.start()))),
        ("seconds", Value::Number(closed.interval.seconds().into())),
        (
            "covered",
            closed
                .coverage
                .map_or(Value::Unknown, |covered| Value::Number(covered.seconds.into())),
        ),
        ("missing", missing.map_or(Value::Unknown, Value::Number)),
        ("damaged", Value::Number(closed.cells.damaged())),
        ("edge", Value::Number(closed.cells.edge())),
        ("partial", Value::Flag(closed.is_partial())),
    ]);
    row.write_json(lines)
}

fn write_input(lines: &mut Vec<u8>, input: &Input) -> io::Result<()> {
    let read = match input.read {
        Read::Whole => "whole",
        Read::InPart => "part",
        Read::Not => "no",
    };
    let row = Row(&[
        ("v", VERSION),
        ("kind", Value::Text("input")),
        ("input", Value::Text(&input.input)),
        ("read", Value::Text(read)),
        ("why", Value::Text(&input.why)),
    ]);
    row.write_json(lines)
}

fn write_summary(lines: &mut Vec<u8>, summary: &Summary) -> io::Result<()> {
    let ends = summary
        .windows
        .map(|(first, last)| [first, last].map(|window| words::iso(&window.start())));
    let [first, last] = match &ends {
        Some(ends) => ends.each_ref().map(|end| Value::Text(end)),
        None => [Value::Unknown; 2],
    };
    let row = Row(&[
        ("v", VERSION),
        ("kind", Value::Text("summary")),
        ("first", first),
        ("last", last),
        ("records", Value::Number(summary.records)),
        ("messages", Value::Number(summary.messages)),
        ("damaged", Value::Number(summary.damage.total())),
        ("undated", Value::Number(summary.undated)),
        ("late", Value::Number(summary.late)),
    ]);
    row.write_json(lines)
}
