//! The report of a run, of whatever is asked for: counts, calls, or the messages themselves.

use std::fmt;
use std::io::{self, Write};

use sip_calls::{CallMessages, Calls, GatherCalls, GatherLines, MessageLine};
use sip_filter::{FindCalls, Window};
use sip_scan::{Origin, Sink, Stamp, Timed};
use sip_stats::{CountMessages, Counts, Coverage, Late, Summary, Timeline};

use crate::calls::CallReport;
use crate::check_status::CheckStatus;
use crate::form::Form;
use crate::found::Found;
use crate::input::Input;
use crate::lines::{LineOptions, Lines};
use crate::report::Report;
use crate::words;

/// What a report is of.
#[derive(Clone, Debug)]
pub enum ReportKind {
    /// Counts of messages, by window.
    Counts(Form),
    /// Calls, by window.
    Calls(Form),
    /// The messages, a line each.
    Lines(LineOptions),
    /// The calls of the messages. Nothing is written.
    Found(FindCalls),
}

/// What gathers what an [`AnyReport`] takes. Where calls or lines are wanted, the counts say what was damaged.
pub type GatherAny = (
    CountMessages,
    (Option<GatherCalls>, (Option<GatherLines>, Option<FindCalls>)),
);

/// What is gathered from one log, or from a piece of one.
type Part = (Counts, (CallMessages, (Timed<MessageLine>, Vec<u64>)));

/// A report of any kind.
#[derive(Debug)]
pub enum AnyReport<W> {
    /// Counts of messages.
    Counts(Box<Report<W>>),
    /// Calls.
    Calls(Box<CallReport<W>>),
    /// The messages, a line each.
    Lines(Box<Lines<W>>),
    /// The calls of the messages.
    Found(Box<Found>),
}

impl ReportKind {
    /// What gathers the messages that `count` counts, as far as this report needs them.
    pub fn gather(&self, count: &CountMessages) -> GatherAny {
        let filter = &count.filter;
        let (mut calls, mut lines, mut find) = (None, None, None);
        match self {
            ReportKind::Counts(_) => {}
            ReportKind::Calls(Form::Html(_)) => calls = Some(GatherCalls::new(filter.clone()).keep_call_ids()),
            ReportKind::Calls(_) => calls = Some(GatherCalls::new(filter.clone())),
            ReportKind::Lines(_) => lines = Some(GatherLines { filter: filter.clone() }),
            ReportKind::Found(found) => find = Some(found.clone()),
        }
        (count.clone(), (calls, (lines, find)))
    }

    /// The report, written to `out`: of logs that are there or, live, of those that are followed.
    pub fn report<W: Write>(&self, out: W, count: &CountMessages, is_live: bool) -> AnyReport<W> {
        let (interval, range) = (count.interval, count.filter.range);
        match self.clone() {
            ReportKind::Counts(form) => {
                let timeline = match is_live {
                    true => Timeline::live(interval, range),
                    false => Timeline::batch(interval),
                };
                let report = Report::new(out, form, timeline).with_coverage(Coverage::new(interval, range));
                AnyReport::Counts(Box::new(report))
            }
            ReportKind::Calls(form) => {
                let calls = match is_live {
                    true => Calls::live(interval, range),
                    false => Calls::new(interval, range),
                };
                AnyReport::Calls(Box::new(CallReport::new(out, form, calls, is_live)))
            }
            ReportKind::Lines(options) => AnyReport::Lines(Box::new(Lines::new(out, options))),
            ReportKind::Found(find) => AnyReport::Found(Box::new(Found::new(&find))),
        }
    }
}

/// Does the same with a report of any kind.
macro_rules! each {
    ($any:expr, $report:ident => $work:expr) => {
        match $any {
            AnyReport::Counts($report) => $work,
            AnyReport::Calls($report) => $work,
            AnyReport::Lines($report) => $work,
            AnyReport::Found($report) => $work,
        }
    };
}

impl<W: Write> AnyReport<W> {
    /// Writes what can be said only at the end, with what became of each of its `inputs`; live, of those that could not be read.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn close(&mut self, inputs: &[Input]) -> io::Result<()> {
        match self {
            AnyReport::Counts(report) => report.close(inputs),
            AnyReport::Calls(report) => report.close(inputs),
            AnyReport::Lines(_) | AnyReport::Found(_) => Ok(()),
        }
    }

    /// How a check ended. `None` before the report is closed, and where nothing is checked.
    pub fn status(&self) -> Option<CheckStatus> {
        match self {
            AnyReport::Counts(report) => report.status(),
            _ => None,
        }
    }

    /// What is known of the run so far.
    pub fn summary(&self) -> &Summary {
        each!(self, report => report.summary())
    }

    /// What came after its window was written, since this was last asked. Of calls that is told at the end; no line is too late.
    pub fn take_late(&mut self) -> Option<Late> {
        match self {
            AnyReport::Counts(report) => report.take_late(),
            _ => None,
        }
    }

    /// Live: all windows before this one are written. A window of calls is written when its calls are decided, which is no time
    /// that is known beforehand.
    pub fn settled(&self) -> Option<Window> {
        match self {
            AnyReport::Counts(report) => report.settled(),
            _ => None,
        }
    }

    /// How it stands when the clock of the logs shows `at`.
    pub fn standing(&self, at: &Stamp) -> String {
        match self {
            AnyReport::Counts(report) => report.standing(at),
            AnyReport::Calls(report) => report.standing(at),
            AnyReport::Lines(_) | AnyReport::Found(_) => format!("messages {}", self.summary().messages),
        }
    }

    /// What is not told, or not in order, since there was too much, in words.
    pub fn missed(&self) -> Option<String> {
        match self {
            AnyReport::Counts(_) | AnyReport::Found(_) => None,
            AnyReport::Calls(report) => words::missed(&report.missed()),
            AnyReport::Lines(lines) => {
                let notes = lines.notes();
                (!notes.is_empty()).then(|| notes.join("; "))
            }
        }
    }
}

impl<W: Write> Sink<Part> for AnyReport<W> {
    type Error = io::Error;

    fn begin(&mut self, at: Stamp) -> io::Result<()> {
        each!(self, report => report.begin(at))
    }

    fn caught_up(&mut self, at: Stamp) -> io::Result<()> {
        each!(self, report => report.caught_up(at))
    }

    fn is_done(&self) -> bool {
        each!(self, report => report.is_done())
    }

    fn log(&mut self, name: &dyn fmt::Display) {
        each!(self, report => report.log(name));
    }

    fn absorb(&mut self, (counts, (calls, (lines, found))): Part, from: Origin) -> io::Result<()> {
        match self {
            AnyReport::Counts(report) => report.absorb(counts, from),
            AnyReport::Calls(report) => report.absorb((counts, calls), from),
            AnyReport::Lines(report) => report.absorb((counts, lines), from),
            AnyReport::Found(report) => report.absorb((counts, found), from),
        }
    }

    fn lead_in(&mut self, (counts, _): Part, from: Origin) -> io::Result<()> {
        match self {
            AnyReport::Counts(report) => report.lead_in(counts, from),
            AnyReport::Calls(_) | AnyReport::Lines(_) | AnyReport::Found(_) => Ok(()),
        }
    }

    fn settle(&mut self, before: Stamp) -> io::Result<()> {
        each!(self, report => report.settle(before))
    }

    fn finish(&mut self, at: Option<Stamp>) -> io::Result<()> {
        each!(self, report => report.finish(at))
    }
}
