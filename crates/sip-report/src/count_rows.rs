//! The counts of one window as rows: one for each link, direction, method and type of which there was a message.

use std::io;

use sip_filter::{MessageType, Names, Side};
use sip_scan::Direction;
use sip_stats::{CellKey, ClosedWindow};

use crate::ends::Ends;
use crate::row::{Row, Rows, Value};
use crate::words;

#[cfg(test)]
mod tests;

/// The version of the schema. It rises where a key changes its meaning.
pub(crate) const VERSION: Value<'static> = Value::Number(1);

/// The keys of a row, in order.
const KEYS: [&str; 14] = [
    "v", "kind", "window", "seconds", "near", "far", "name", "port", "serves", "dir", "method", "type", "n", "partial",
];

/// By link, type and method, IN before OUT.
impl Rows for ClosedWindow {
    const KEYS: &'static [&'static str] = &KEYS;

    fn rows(&self, names: &Names, take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>) -> io::Result<()> {
        let window = words::iso(&self.window.start());
        for (link, row) in self.cells.rows() {
            let common = Common {
                closed: self,
                window: &window,
                ends: Ends::of(link, names),
            };
            for (key, [came_in, went_out]) in row.counts() {
                common.write(key, Direction::In, came_in, take)?;
                common.write(key, Direction::Out, went_out, take)?;
            }
        }
        Ok(())
    }
}

/// What the rows of one link have in common.
struct Common<'a> {
    closed: &'a ClosedWindow,
    window: &'a str,
    ends: Ends<'a>,
}

impl Common<'_> {
    fn write(
        &self,
        key: CellKey,
        direction: Direction,
        count: u64,
        take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        if count == 0 {
            return Ok(());
        }
        let serves = match key.serving(direction) {
            Side::Near => "near",
            Side::Far => "far",
        };
        let dir = match direction {
            Direction::In => "IN",
            Direction::Out => "OUT",
        };
        let method = MessageType::Request(key.method()).to_string();
        let message_type = key.message_type().to_string();
        let values = [
            VERSION,
            Value::Text("count"),
            Value::Text(self.window),
            Value::Number(self.closed.interval.seconds().into()),
            Value::Text(&self.ends.near),
            Value::Text(&self.ends.far),
            Value::Text(self.ends.name),
            Value::Number(self.ends.port),
            Value::Text(serves),
            Value::Text(dir),
            Value::Text(&method),
            Value::Text(&message_type),
            Value::Number(count),
            Value::Flag(self.closed.is_partial()),
        ];
        let mut fields = KEYS.map(|key| (key, Value::Unknown));
        fields
            .iter_mut()
            .zip(values)
            .for_each(|((_, field), value)| *field = value);
        take(&Row(&fields))
    }
}
