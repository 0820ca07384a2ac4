//! Lines, call by call.

use std::collections::HashMap;
use std::mem::{size_of, take};

use sip_scan::{Position, TakeInOrder};

use crate::message_line::MessageLine;

/// Holds lines, and gives them on call by call: the calls in the order of their first lines, the lines of each in the order
/// in which they came. Lines without a Call-ID are one call. Where this is not asked for, it gives each line on at once.
#[derive(Debug)]
pub struct ByCall<O> {
    out: O,
    most_bytes: Option<usize>,
    bytes: usize,
    calls: Vec<Vec<Line>>,
    /// Where in `calls` a call is, by its Call-ID.
    places: HashMap<Option<Box<[u8]>>, usize>,
    is_split: bool,
}

#[derive(Debug)]
struct Line {
    line: MessageLine,
    log: Box<str>,
    position: Position,
}

impl<O: TakeInOrder<MessageLine>> ByCall<O> {
    /// Gives lines on to `out`. No more than `most_bytes` of them are held, roughly; none if lines need not come by call.
    pub fn new(most_bytes: Option<usize>, out: O) -> ByCall<O> {
        ByCall {
            out,
            most_bytes,
            bytes: 0,
            calls: Vec::new(),
            places: HashMap::new(),
            is_split: false,
        }
    }

    /// Whether there was too much to hold, so that the lines of a call may stand in several places.
    pub fn is_split(&self) -> bool {
        self.is_split
    }

    fn give(&mut self) -> Result<(), O::Error> {
        self.bytes = 0;
        self.places.clear();
        for Line { line, log, position } in take(&mut self.calls).into_iter().flatten() {
            self.out.take(line, &log, position)?;
        }
        Ok(())
    }
}

impl<O: TakeInOrder<MessageLine>> TakeInOrder<MessageLine> for ByCall<O> {
    type Error = O::Error;

    fn take(&mut self, line: MessageLine, log: &str, position: Position) -> Result<(), O::Error> {
        let Some(most_bytes) = self.most_bytes else {
            return self.out.take(line, log, position);
        };
        let ids = line.call_id.as_ref().map_or(0, |call_id| call_id.len());
        let bytes = [size_of::<Line>(), line.bytes(), ids, log.len()];
        self.bytes = bytes.into_iter().fold(self.bytes, usize::saturating_add);
        let next = self.calls.len();
        let place = *self.places.entry(line.call_id.clone()).or_insert(next);
        let log = Box::from(log);
        let line = Line { line, log, position };
        match self.calls.get_mut(place) {
            Some(call) => call.push(line),
            None => self.calls.push(vec![line]),
        }
        if self.bytes > most_bytes {
            self.is_split = true;
            return self.give();
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), O::Error> {
        match self.most_bytes {
            Some(_) => Ok(()),
            None => self.out.flush(),
        }
    }

    fn finish(&mut self) -> Result<(), O::Error> {
        self.give()?;
        self.out.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use sip_scan::{Gather, Item, Message, Timed};

    use super::*;
    use crate::GatherLines;
    use crate::testing::bye;

    #[derive(Debug, Default)]
    struct Seen(Vec<String>);

    impl TakeInOrder<MessageLine> for Seen {
        type Error = Infallible;

        fn take(&mut self, line: MessageLine, log: &str, position: Position) -> Result<(), Infallible> {
            let call = line.call_id.map_or("none".into(), |id| id.escape_ascii().to_string());
            self.0.push(format!("{call} {log}:{}", position.line));
            Ok(())
        }

        fn flush(&mut self) -> Result<(), Infallible> {
            self.0.push("flush".to_owned());
            Ok(())
        }

        fn finish(&mut self) -> Result<(), Infallible> {
            self.0.push("end".to_owned());
            Ok(())
        }
    }

    fn line(call: &str) -> MessageLine {
        let text = match call {
            "" => "BYE a SIP/2.0\r\nTo: a\r\nFrom: a\r\n\r\n".to_owned(),
            call => format!("BYE a SIP/2.0\r\nCall-ID: {call}\r\n\r\n"),
        };
        let message = Message {
            text: Some(text.as_bytes()),
            ..bye("20170427:084412")
        };
        let mut part = Timed::default();
        GatherLines::default().take(&mut part, &Item::Message(message));
        part.into_things().next().unwrap()
    }

    fn given(most_bytes: Option<usize>, calls: &[&str]) -> (Vec<String>, bool) {
        let mut by_call = ByCall::new(most_bytes, Seen::default());
        for (number, call) in (1..).zip(calls) {
            let position = Position {
                line: number,
                ..Position::default()
            };
            by_call.take(line(call), "l", position).unwrap();
            by_call.flush().unwrap();
        }
        by_call.finish().unwrap();
        let is_split = by_call.is_split();
        (by_call.out.0, is_split)
    }

    #[test]
    fn calls_come_in_the_order_of_their_first_lines() {
        let (lines, is_split) = given(Some(1 << 20), &["a", "b", "", "a", "", "c", "b"]);
        assert_eq!(
            lines,
            [
                "a l:1", "a l:4", "b l:2", "b l:7", "none l:3", "none l:5", "c l:6", "end"
            ]
        );
        assert!(!is_split);
        let (lines, is_split) = given(None, &["a", "b", "a"]);
        assert_eq!(lines, ["a l:1", "flush", "b l:2", "flush", "a l:3", "flush", "end"]);
        assert!(!is_split);
    }

    #[test]
    fn what_is_too_much_to_hold_comes_in_pieces() {
        let bytes = size_of::<Line>() + line("a").bytes() + 2;
        assert_eq!(
            given(Some(3 * bytes), &["a", "b", "a"]),
            (["a l:1", "a l:3", "b l:2", "end"].map(str::to_owned).into(), false)
        );
        let (lines, is_split) = given(Some(2 * bytes), &["a", "b", "a", "b", "a"]);
        assert_eq!(lines, ["a l:1", "a l:3", "b l:2", "b l:4", "a l:5", "end"]);
        assert!(is_split);
    }
}
