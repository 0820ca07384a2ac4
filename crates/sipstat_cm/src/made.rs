//! What is made of the messages: counts, or calls.

use std::io::{self, Write};

use sip_calls::{CallMessages, Calls, GatherCalls};
use sip_filter::Window;
use sip_report::{CallReport, Form, Input, Report};
use sip_scan::{Origin, Sink, Stamp};
use sip_stats::{CountMessages, Counts, Late, Summary, Timeline};

use crate::args::Config;
use crate::reported::Reported;

/// What gathers what is needed for either. Where calls are wanted, the counts say what was damaged.
pub(crate) type Gathers = (CountMessages, Option<GatherCalls>);

/// Takes what was gathered.
#[derive(Debug)]
pub(crate) enum Made<W> {
    /// Counts of messages.
    Counts(Box<Report<W>>),
    /// Calls.
    Calls(Box<CallReport<W>>),
}

/// What gathers what `config` asks for.
pub(crate) fn gathers(config: &Config) -> Gathers {
    (config.gather.clone(), config.calls.clone())
}

impl<W: Write> Made<W> {
    /// What `config` asks for, of logs that are there or, live, of those that are followed, written to `out`.
    pub(crate) fn new(config: &Config, out: W, is_live: bool) -> Made<W> {
        let form: Form = config.form.clone();
        let (interval, range) = (config.gather.interval, config.gather.filter.range);
        if config.calls.is_some() {
            let report = CallReport::new(out, form, Calls::new(interval, range), is_live);
            return Made::Calls(Box::new(report));
        }
        let timeline = match is_live {
            true => Timeline::live(interval, range),
            false => Timeline::batch(interval),
        };
        Made::Counts(Box::new(Report::new(out, form, timeline)))
    }

    fn reported(&self) -> &dyn Reported {
        match self {
            Made::Counts(report) => &**report,
            Made::Calls(report) => &**report,
        }
    }

    /// Writes what can be said only at the end, with what became of each input.
    pub(crate) fn close(&mut self, inputs: &[Input]) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.close(inputs),
            Made::Calls(report) => report.close(inputs),
        }
    }
}

impl<W: Write> Sink<(Counts, CallMessages)> for Made<W> {
    type Error = io::Error;

    fn begin(&mut self, at: Stamp) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.begin(at),
            Made::Calls(report) => report.begin(at),
        }
    }

    fn caught_up(&mut self, at: Stamp) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.caught_up(at),
            Made::Calls(report) => report.caught_up(at),
        }
    }

    fn is_done(&self) -> bool {
        match self {
            Made::Counts(report) => report.is_done(),
            Made::Calls(report) => report.is_done(),
        }
    }

    fn absorb(&mut self, part: (Counts, CallMessages), from: Origin) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.absorb(part.0, from),
            Made::Calls(report) => report.absorb(part, from),
        }
    }

    fn settle(&mut self, before: Stamp) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.settle(before),
            Made::Calls(report) => report.settle(before),
        }
    }

    fn finish(&mut self, at: Option<Stamp>) -> io::Result<()> {
        match self {
            Made::Counts(report) => report.finish(at),
            Made::Calls(report) => report.finish(at),
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
