//! Messages as lines, for people and for programs.

use std::io::{self, Write};

use sip_calls::MessageLine;
use sip_filter::MessageType;
use sip_scan::{Position, TakeInOrder};

use crate::row::{Row, Value, csv_writer, is_formula};
use crate::words;

#[cfg(test)]
mod tests;

/// The form in which messages are written as lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineForm {
    /// Text for people. A line has no more characters than fit on the screen, where there is one.
    Text(Option<usize>),
    /// CSV for spreadsheets.
    Csv,
    /// Lines of JSON for programs.
    JsonLines,
}

/// Writes one line for each message.
#[derive(Debug)]
pub struct LineWriter<W> {
    out: W,
    form: LineForm,
    /// Whether an empty line stands between two calls, in text.
    by_call: bool,
    /// The call of the line before.
    call: Option<Option<Box<[u8]>>>,
    has_head: bool,
}

/// The keys of a row, in order.
const KEYS: [&str; 16] = [
    "v",
    "kind",
    "time",
    "dir",
    "source",
    "destination",
    "type",
    "reason",
    "method",
    "call",
    "to",
    "from",
    "tls",
    "log",
    "line",
    "offset",
];

impl<W: Write> LineWriter<W> {
    /// Writes to `out`. Where lines come `by_call`, an empty line of text stands between two calls.
    pub fn new(out: W, form: LineForm, by_call: bool) -> LineWriter<W> {
        LineWriter {
            out,
            form,
            by_call,
            call: None,
            has_head: false,
        }
    }

    fn write_text(&mut self, line: MessageLine, width: Option<usize>) -> io::Result<()> {
        let mut text = text(&line);
        // It is ASCII, so each byte is one character on the screen.
        text.truncate(width.unwrap_or(usize::MAX));
        if self.by_call {
            if self.call.as_ref().is_some_and(|call| *call != line.call_id) {
                self.out.write_all(b"\n")?;
            }
            self.call = Some(line.call_id);
        }
        writeln!(self.out, "{text}")
    }

    /// Writes the head of CSV, if it was not written yet.
    fn write_head(&mut self) -> io::Result<()> {
        if self.form == LineForm::Csv && !std::mem::replace(&mut self.has_head, true) {
            let mut out = csv_writer(&mut self.out);
            out.write_record(KEYS)?;
            out.flush()?;
        }
        Ok(())
    }

    fn write_row(&mut self, row: &Row<'_>) -> io::Result<()> {
        if self.form == LineForm::JsonLines {
            return row.write_json(&mut self.out);
        }
        self.write_head()?;
        let mut out = csv_writer(&mut self.out);
        row.write_csv(&mut out)?;
        out.flush()
    }
}

impl<W: Write> TakeInOrder<MessageLine> for LineWriter<W> {
    type Error = io::Error;

    fn take(&mut self, line: MessageLine, log: &str, position: Position) -> io::Result<()> {
        match self.form {
            LineForm::Text(width) => self.write_text(line, width),
            LineForm::JsonLines => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                as_row(&line, (log, position), &text, &mut |row| self.write_row(row))
            }
            LineForm::Csv => as_row(&line, (log, position), &cell, &mut |row| self.write_row(row)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.write_head()?;
        self.out.flush()
    }
}

/// `20170427:084412345 IN  10.2.2.2:5070 -> 10.1.1.1:40000  486 Busy Here  INVITE  5f@c  to 4711 from 0815`.
fn text(line: &MessageLine) -> String {
    let ends = format!("{} -> {}", line.source, line.destination);
    let shown = |bytes: &Option<Box<[u8]>>| bytes.as_deref().map_or("-".to_owned(), escaped);
    let message_type = match &line.phrase {
        Some(phrase) if line.message_type == MessageType::Other => escaped(phrase),
        Some(phrase) => format!("{} {}", line.message_type, escaped(phrase)),
        None => line.message_type.to_string(),
    };
    format!(
        "{} {:<3} {ends:<36} {message_type:<24} {:<9} {}  to {} from {}",
        line.stamp.as_bytes().escape_ascii(),
        words::dir(line.direction),
        MessageType::Request(line.cseq).to_string(),
        shown(&line.call_id),
        shown(&line.to_user),
        shown(&line.from_user)
    )
}

/// Hands over the line as a row, of a message that stands at a place in a log. `text` makes text of what strangers wrote.
fn as_row(
    line: &MessageLine,
    (log, position): (&str, Position),
    text: &dyn Fn(&[u8]) -> String,
    take: &mut impl FnMut(&Row<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let time = words::iso_milliseconds(&line.stamp);
    let [source, destination] = [line.source, line.destination].map(|end| end.to_string());
    let [message_type, method] = [line.message_type, MessageType::Request(line.cseq)].map(|name| name.to_string());
    let texts = [&line.phrase, &line.call_id, &line.to_user, &line.from_user];
    let texts = texts.map(|bytes| bytes.as_deref().map(text));
    let [reason, call, to, from] = texts.each_ref().map(|text| match text {
        Some(text) => Value::Text(text),
        None => Value::Unknown,
    });
    let values = [
        Value::Number(1),
        Value::Text("message"),
        Value::Text(&time),
        Value::Text(words::dir(line.direction)),
        Value::Text(&source),
        Value::Text(&destination),
        Value::Text(&message_type),
        reason,
        Value::Text(&method),
        call,
        to,
        from,
        Value::Flag(line.is_tls),
        Value::Text(log),
        Value::Number(position.line),
        Value::Number(position.offset),
    ];
    let mut fields = KEYS.map(|key| (key, Value::Unknown));
    fields
        .iter_mut()
        .zip(values)
        .for_each(|((_, field), value)| *field = value);
    take(&Row(&fields))
}

/// What a stranger wrote, as a spreadsheet may have it: no formula, for which an apostrophe stands before it.
fn cell(bytes: &[u8]) -> String {
    let text = escaped(bytes);
    if is_formula(bytes) { format!("'{text}") } else { text }
}

/// What a stranger wrote, as printable ASCII: of all else each byte is escaped, as `\x1b`.
pub(crate) fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b' '..=b'~' => text.push(char::from(*byte)),
            byte => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text
}
