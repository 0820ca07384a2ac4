//! What is made of the messages: counts, calls, or lines.

use std::fmt;
use std::io::{self, Write};

use sip_calls::{CallMessages, Calls, GatherCalls, GatherLines, MessageLine};
use sip_filter::Window;
use sip_report::{CallReport, CheckStatus, Form, Input, Lines, Report};
use sip_scan::{Origin, Sink, Stamp, Timed};
use sip_stats::{CountMessages, Counts, Coverage, Late, Summary, Timeline};

use crate::args::Config;
use crate::reported::Reported;

/// What gathers what is needed for each. Where calls or lines are wanted, the counts say what was damaged.
pub(crate) type Gathers = (CountMessages, (Option<GatherCalls>, Option<GatherLines>));

/// What is gathered from one log, or from a piece of one.
type Part = (Counts, (CallMessages, Timed<MessageLine>));

/// Takes what was gathered.
#[derive(Debug)]
pub(crate) enum Made<W> {
    /// Counts of messages.
    Counts(Box<Report<W>>),
    /// Calls.
    Calls(Box<CallReport<W>>),
    /// The messages, a line each.
    Lines(Box<Lines<W>>),
}

/// What gathers what `config` asks for.
pub(crate) fn gathers(config: &Config) -> Gathers {
    let filter = &config.gather.filter;
    let lines = config.lines.map(|_| GatherLines { filter: filter.clone() });
    (config.gather.clone(), (config.calls.clone(), lines))
}

impl<W: Write> Made<W> {
    /// What `config` asks for, of logs that are there or, live, of those that are followed, written to `out`.
    pub(crate) fn new(config: &Config, out: W, is_live: bool) -> Made<W> {
        let form: Form = config.form.clone();
        let (interval, range) = (config.gather.interval, config.gather.filter.range);
        if let Some(options) = config.lines {
            return Made::Lines(Box::new(Lines::new(out, options)));
        }
        if config.calls.is_some() {
            let report = CallReport::new(out, form, Calls::new(interval, range), is_live);
            return Made::Calls(Box::new(report));
        }
        let report = if is_live {
            Report::new(out, form, Timeline::live(interval, range))
        } else {
            Report::new(out, form, Timeline::batch(interval)).with_coverage(Coverage::new(interval, range))
        };
        Made::Counts(Box::new(report))
    }

    fn reported(&self) -> &dyn Reported {
        match self {
            Made::Counts(report) => &**report,
            Made::Calls(report) => &**report,
            Made::Lines(lines) => &**lines,
        }
    }

    /// How a check ended. `None` before it is closed, and where nothing is checked.
    pub(crate) fn status(&self) -> Option<u8> {
        match self {
            Made::Counts(report) => report.status().map(CheckStatus::code),
            Made::Calls(_) | Made::Lines(_) => None,
        }
    }

    /// Writes what can be said only at the end, with what became of each input.
    pub(crate) fn close(&mut self, inputs: &[Input]) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.close(inputs),
            Made::Calls(report) => report.close(inputs),
            Made::Lines(_) => Ok(()),
        }
    }
}

impl<W: Write> Sink<Part> for Made<W> {
    type Error = io::Error;

    fn begin(&mut self, at: Stamp) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.begin(at),
            Made::Calls(report) => report.begin(at),
            Made::Lines(lines) => lines.begin(at),
        }
    }

    fn caught_up(&mut self, at: Stamp) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.caught_up(at),
            Made::Calls(report) => report.caught_up(at),
            Made::Lines(lines) => lines.caught_up(at),
        }
    }

    fn is_done(&self) -> bool {
        match self {
            Made::Counts(report) => report.is_done(),
            Made::Calls(report) => report.is_done(),
            Made::Lines(lines) => lines.is_done(),
        }
    }

    fn log(&mut self, name: &dyn fmt::Display) {
        if let Made::Lines(lines) = self {
            lines.log(name);
        }
    }

    fn absorb(&mut self, (counts, (calls, lines)): Part, from: Origin) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.absorb(counts, from),
            Made::Calls(report) => report.absorb((counts, calls), from),
            Made::Lines(report) => report.absorb((counts, lines), from),
        }
    }

    fn lead_in(&mut self, (counts, _): Part, from: Origin) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.lead_in(counts, from),
            Made::Calls(_) | Made::Lines(_) => Ok(()),
        }
    }

    fn settle(&mut self, before: Stamp) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.settle(before),
            Made::Calls(report) => report.settle(before),
            Made::Lines(lines) => lines.settle(before),
        }
    }

    fn finish(&mut self, at: Option<Stamp>) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.finish(at),
            Made::Calls(report) => report.finish(at),
            Made::Lines(lines) => lines.finish(at),
        }
    }
}

impl<W: Write> Reported for Made<W> {
    fn summary(&self) -> &Summary {
        self.reported().summary()
    }

    fn take_late(&mut self) -> Option<Late> {
        match self {
            Made::Counts(report) => report.take_late(),
            Made::Calls(report) => report.take_late(),
            Made::Lines(lines) => lines.take_late(),
        }
    }

    fn settled(&self) -> Option<Window> {
        self.reported().settled()
    }

    fn standing(&self, at: &Stamp) -> String {
        self.reported().standing(at)
    }

    fn missed(&self) -> Option<String> {
        self.reported().missed()
    }
}
