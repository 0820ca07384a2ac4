//! What takes messages log by log, and writes them as lines in the order of time.

use std::fmt;
use std::io::{self, Write};

use sip_calls::{ByCall, MessageLine};
use sip_filter::Names;
use sip_scan::{InOrder, Order, Origin, Sink, Stamp, Timed};
use sip_stats::{Counts, Summary};

use crate::show::{LineForm, LineWriter};

/// Writes messages as lines to `W`. It also takes the counts of the same logs, for what people are told of the run.
#[derive(Debug)]
pub struct Lines<W> {
    lines: InOrder<MessageLine, ByCall<LineWriter<W>>>,
    summary: Summary,
    /// How many messages are shown.
    shown: usize,
}

/// In which form and order lines are written.
#[derive(Clone, Debug)]
pub struct LineOptions {
    /// The form.
    pub form: LineForm,
    /// The names that addresses have.
    pub names: Names,
    /// Whether the lines of each call stand together.
    pub by_call: bool,
    /// How lines are put in order; beside that, as many bytes again are held of lines that come by call.
    pub order: Order,
}

impl<W: Write> Lines<W> {
    /// Writes to `out`.
    pub fn new(out: W, options: LineOptions) -> Lines<W> {
        let LineOptions {
            form,
            names,
            by_call,
            order,
        } = options;
        let writer = LineWriter::new(out, form, by_call, names);
        let by_call = ByCall::new(by_call.then_some(order.most_bytes), writer);
        Lines {
            lines: InOrder::new(order, by_call),
            summary: Summary::default(),
            shown: 0,
        }
    }

    /// What is known of the run so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// What people should know of the lines: that there is none, or of their order.
    pub fn notes(&self) -> Vec<String> {
        let behind = match self.lines.behind() {
            0 => None,
            1 => Some("1 message does".to_owned()),
            count => Some(format!("{count} messages do")),
        };
        let behind = behind.map(|messages| {
            format!("{messages} not stand in the order of time: there was too much to hold, or a clock was set back")
        });
        let is_split = self.lines.out().is_split();
        let split = is_split.then(|| "there was too much to hold: a call may stand in more than one place".to_owned());
        let records = self.summary.records;
        let is_none = self.shown == 0 && records > 0;
        let none = is_none.then(|| format!("no message matches, of {records}"));
        none.into_iter().chain(behind).chain(split).collect()
    }
}

impl<W: Write> Sink<(Counts, Timed<MessageLine>)> for Lines<W> {
    type Error = io::Error;

    fn is_done(&self) -> bool {
        self.lines.is_done()
    }

    fn log(&mut self, name: &dyn fmt::Display) {
        self.lines.log(name);
    }

    fn absorb(&mut self, (counts, lines): (Counts, Timed<MessageLine>), from: Origin) -> io::Result<()> {
        self.summary.add(&counts);
        self.shown = self.shown.saturating_add(lines.count());
        self.lines.absorb(lines, from)
    }

    fn settle(&mut self, before: Stamp) -> io::Result<()> {
        self.lines.settle(before)
    }

    fn finish(&mut self, at: Option<Stamp>) -> io::Result<()> {
        self.lines.finish(at)
    }
}
