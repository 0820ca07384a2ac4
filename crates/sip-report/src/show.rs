//! Messages as lines, for people and for programs.

use std::borrow::Cow;
use std::io::{self, Write};
use std::net::SocketAddr;

use sip_calls::MessageLine;
use sip_filter::{MessageType, Names};
use sip_scan::{Direction, Position, TakeInOrder};

use crate::row::{Row, Value, csv_writer, is_formula};
use crate::words;

#[cfg(test)]
mod tests;

/// The form in which messages are written as lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineForm {
    /// Text for people. What does not fit on the screen, where there is one, stands on a second line, with the Call-ID whole; the rest is
    /// cut.
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
    names: Names,
    /// Whether an empty line stands between two calls, in text.
    by_call: bool,
    /// The call of the line before.
    call: Option<Option<Box<[u8]>>>,
    has_head: bool,
}

/// The keys of a row, in order.
const KEYS: [&str; 17] = [
    "v",
    "kind",
    "time",
    "dir",
    "source",
    "destination",
    "name",
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
    pub fn new(out: W, form: LineForm, by_call: bool, names: Names) -> LineWriter<W> {
        LineWriter {
            out,
            form,
            names,
            by_call,
            call: None,
            has_head: false,
        }
    }

    fn write_text(&mut self, line: MessageLine, width: Option<usize>) -> io::Result<()> {
        let text = TextLine::of(&line, &self.names).within(width);
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

    /// Writes a message that stands at a place in a log as a row. `text` makes text of what strangers wrote.
    fn write_row(
        &mut self,
        line: &MessageLine,
        (log, position): (&str, Position),
        text: fn(&[u8]) -> Cow<'_, str>,
    ) -> io::Result<()> {
        self.write_head()?;
        let time = words::iso_milliseconds(&line.stamp);
        let [source, destination] = [line.source, line.destination].map(|end| end.to_string());
        let [message_type, method] = [line.message_type, MessageType::Request(line.cseq)].map(|name| name.to_string());
        let texts = [&line.phrase, &line.call_id, &line.to_user, &line.from_user];
        let texts = texts.map(|bytes| bytes.as_deref().map(text));
        let [reason, call, to, from] = texts.each_ref().map(|text| match text {
            Some(text) => Value::Text(text),
            None => Value::Unknown,
        });
        let far = match line.direction {
            Direction::In => line.source,
            Direction::Out => line.destination,
        };
        let values = [
            Value::Number(1),
            Value::Text("message"),
            Value::Text(&time),
            Value::Text(words::dir(line.direction)),
            Value::Text(&source),
            Value::Text(&destination),
            Value::Text(self.names.of(far.ip()).unwrap_or_default()),
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
        write_values(&mut self.out, self.form, values)
    }
}

impl<W: Write> TakeInOrder<MessageLine> for LineWriter<W> {
    type Error = io::Error;

    fn take(&mut self, line: MessageLine, log: &str, position: Position) -> io::Result<()> {
        match self.form {
            LineForm::Text(width) => self.write_text(line, width),
            LineForm::JsonLines => self.write_row(&line, (log, position), String::from_utf8_lossy),
            LineForm::Csv => self.write_row(&line, (log, position), cell),
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

/// Writes the values of a row, in the order of its keys.
fn write_values(out: &mut impl Write, form: LineForm, values: [Value<'_>; KEYS.len()]) -> io::Result<()> {
    let mut fields = KEYS.map(|key| (key, Value::Unknown));
    fields
        .iter_mut()
        .zip(values)
        .for_each(|((_, field), value)| *field = value);
    let row = Row(&fields);
    if form == LineForm::JsonLines {
        return row.write_json(out);
    }
    let mut out = csv_writer(out);
    row.write_csv(&mut out)?;
    out.flush()
}

/// A line of text: `20170427:084412345 IN  10.2.2.2:5070 -> 10.1.1.1:40000  486 Busy Here  INVITE  5f@c  to 4711 from 0815`.
struct TextLine {
    /// When, from where to where, and what.
    what: String,
    method: String,
    call_id: String,
    users: String,
}

impl TextLine {
    fn of(line: &MessageLine, names: &Names) -> TextLine {
        let ends = format!("{} -> {}", end(line.source, names), end(line.destination, names));
        let shown = |bytes: &Option<Box<[u8]>>| bytes.as_deref().map_or("-".to_owned(), escaped);
        let message_type = match &line.phrase {
            Some(phrase) if line.message_type == MessageType::Other => escaped(phrase),
            Some(phrase) => format!("{} {}", line.message_type, escaped(phrase)),
            None => line.message_type.to_string(),
        };
        let (stamp, dir) = (line.stamp.as_bytes().escape_ascii(), words::dir(line.direction));
        TextLine {
            what: format!("{stamp} {dir:<3} {ends:<36} {message_type:<24}"),
            method: MessageType::Request(line.cseq).to_string(),
            call_id: shown(&line.call_id),
            users: format!("to {} from {}", shown(&line.to_user), shown(&line.from_user)),
        }
    }

    /// The text. Where that is wider than the screen, it breaks before the method; then what does not fit is cut, but for the Call-ID,
    /// which people copy.
    fn within(self, width: Option<usize>) -> String {
        let TextLine {
            what,
            method,
            call_id,
            users,
        } = self;
        let whole = format!("{what} {method:<9} {call_id}  {users}");
        let is_whole = |width: &usize| whole.chars().count() <= *width;
        let Some(width) = width.filter(|width| !is_whole(width)) else {
            return whole;
        };
        let first: String = what.trim_end().chars().take(width).collect();
        let mut second = format!("    {method:<9} {call_id}");
        let room = width.saturating_sub(second.len());
        second.extend(format!("  {users}").chars().take(room));
        format!("{first}\n{}", second.trim_end())
    }
}

/// An end, with the name that its address has, if any.
fn end(end: SocketAddr, names: &Names) -> String {
    names
        .of(end.ip())
        .map_or_else(|| end.to_string(), |name| format!("{name}:{}", end.port()))
}

/// What a stranger wrote, as a spreadsheet may have it: no formula, for which an apostrophe stands before it.
fn cell(bytes: &[u8]) -> Cow<'_, str> {
    let text = escaped(bytes);
    let text = if is_formula(bytes) { format!("'{text}") } else { text };
    text.into()
}

/// What a stranger wrote, as printable ASCII: of all else each byte is escaped, as `\x1b`, and a backslash is doubled.
pub(crate) fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' => text.push(char::from(*byte)),
            byte => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text
}
