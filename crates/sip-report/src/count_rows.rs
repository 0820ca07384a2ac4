//! The counts of one window as rows: one for each link, direction, method and type of which there was a message.

use std::io;

use sip_filter::{MessageType, Side};
use sip_scan::Direction;
use sip_stats::{CellKey, ClosedWindow};

use crate::row::{Row, Value};
use crate::words;

/// The version of the schema. It rises where a key changes its meaning.
pub(crate) const VERSION: Value<'static> = Value::Number(1);

/// Hands over each row of a window, by link, type and method, IN before OUT.
pub(crate) fn of_window(closed: &ClosedWindow, take: &mut impl FnMut(&Row<'_>) -> io::Result<()>) -> io::Result<()> {
    let window = words::iso(&closed.window.start());
    for (link, row) in closed.cells.rows() {
        let [near, far] = match link {
            Some(link) => [link.near().to_string(), link.far().to_string()],
            None => Default::default(),
        };
        let common = Common {
            closed,
            window: &window,
            near: &near,
            far: &far,
            port: link.map_or(0, |link| link.port().into()),
        };
        for (key, [came_in, went_out]) in row.counts() {
            common.write(key, Direction::In, came_in, take)?;
            common.write(key, Direction::Out, went_out, take)?;
        }
    }
    Ok(())
}

/// What the rows of one link have in common.
struct Common<'a> {
    closed: &'a ClosedWindow,
    window: &'a str,
    near: &'a str,
    far: &'a str,
    port: u64,
}

impl Common<'_> {
    fn write(
        &self,
        key: CellKey,
        direction: Direction,
        count: u64,
        take: &mut impl FnMut(&Row<'_>) -> io::Result<()>,
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
        take(&Row(&[
            ("v", VERSION),
            ("kind", Value::Text("count")),
            ("window", Value::Text(self.window)),
            ("seconds", Value::Number(self.closed.interval.seconds().into())),
            ("near", Value::Text(self.near)),
            ("far", Value::Text(self.far)),
            ("name", Value::Text("")),
            ("port", Value::Number(self.port)),
            ("serves", Value::Text(serves)),
            ("dir", Value::Text(dir)),
            ("method", Value::Text(&MessageType::Request(key.method).to_string())),
            ("type", Value::Text(&key.message_type.to_string())),
            ("n", Value::Number(count)),
            ("partial", Value::Flag(self.closed.is_partial())),
        ]))
    }
}
