//! The report of the calls of one run: each window is written once, when all its attempts are decided or given up.

mod rows;
mod table;
mod writer;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write};
use std::rc::Rc;

use sip_calls::{CallMessages, Calls, ClosedCalls, Missed};
use sip_scan::{Origin, Sink, Stamp};
use sip_stats::{Counts, Gaps, LogLines, Summary};

use crate::form::Form;
use crate::form_writer::{FormWriter, Run};
use crate::input::Input;
use crate::words;

/// Writes the calls of one run to `W`, in one form. Beside what calls are told by it takes counts, of which only records, damage
/// and lines are of use.
///
/// What is written is flushed when the run ends, and live whenever time passes. When the run has ended, [`CallReport::close`] writes
/// what can be said only then.
#[derive(Debug)]
pub struct CallReport<W> {
    out: W,
    writer: Box<dyn FormWriter<ClosedCalls>>,
    calls: Calls,
    gaps: Gaps,
    /// Where the next part comes from: the folder of its log.
    folder: Rc<str>,
    /// Where the last part of each source came from.
    folders: HashMap<usize, Rc<str>>,
    summary: Summary,
    is_live: bool,
}

impl<W: Write> CallReport<W> {
    /// A report that writes the windows of `calls` to `out`.
    pub fn new(out: W, form: Form, calls: Calls, is_live: bool) -> CallReport<W> {
        CallReport {
            out,
            writer: writer::of(form),
            calls,
            gaps: Gaps::default(),
            folder: Rc::from(""),
            folders: HashMap::new(),
            summary: Summary::default(),
            is_live,
        }
    }

    /// Writes what a form says of the whole run, with what became of each of its `inputs`; live, of those that could not be read.
    /// This comes after the sink was finished.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn close(&mut self, inputs: &[Input]) -> io::Result<()> {
        let run = Run {
            summary: &self.summary,
            inputs,
        };
        self.writer.end(&mut self.out, &run)?;
        self.out.flush()
    }

    /// What is known of the run so far. Its messages are those of INVITE transactions; late are INVITEs that came after their window was
    /// written.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// What of the calls is not told. [`missed`](crate::missed) puts it into words.
    pub fn missed(&self) -> Missed {
        self.calls.missed()
    }

    /// How it stands when the clock of the logs shows `at`: `08:44:31: calls undecided 12; messages in all 345`.
    pub fn standing(&self, at: &Stamp) -> String {
        format!(
            "{}: calls undecided {}; messages in all {}",
            words::time_of_day(at),
            self.calls.undecided(),
            self.summary.messages
        )
    }

    /// Tells where the logs of a source have gaps. Where they go on in another folder, that may be another server's, unless the running
    /// number goes on too.
    fn follow(&mut self, lines: &LogLines, from: Origin) {
        let folder = self.folders.insert(from.source, Rc::clone(&self.folder));
        if folder.is_some_and(|folder| folder != self.folder)
            && !self.gaps.goes_on(lines, from.source)
            && let Some(last) = self.gaps.last(from.source)
        {
            self.calls.gap(from.source, &last);
        }
        for gap in self.gaps.follow(lines, from) {
            self.calls.gap(from.source, &gap);
        }
        if let Some(last) = self.gaps.last(from.source) {
            self.calls.hear(from.source, &last);
        }
    }

    fn write_closed(&mut self) -> io::Result<()> {
        while let Some(closed) = self.calls.next_closed() {
            self.writer.window(&mut self.out, &closed)?;
        }
        self.summary.late = self.calls.missed().late;
        if self.is_live { self.out.flush() } else { Ok(()) }
    }
}

impl<W: Write> Sink<(Counts, CallMessages)> for CallReport<W> {
    type Error = io::Error;

    fn begin(&mut self, at: Stamp) -> io::Result<()> {
        self.calls.begin(&at);
        Ok(())
    }

    fn log(&mut self, name: &dyn fmt::Display) {
        let name = name.to_string();
        let folder = name.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder);
        if *self.folder != *folder {
            self.folder = Rc::from(folder);
        }
    }

    fn is_done(&self) -> bool {
        self.is_live && self.calls.is_past_range()
    }

    fn absorb(&mut self, (counts, messages): (Counts, CallMessages), from: Origin) -> io::Result<()> {
        let before = self.summary.messages;
        self.summary.add(&counts);
        self.summary.messages = before.saturating_add(messages.count());
        self.follow(&counts.lines, from);
        self.calls.absorb(messages, from);
        self.write_closed()
    }

    fn settle(&mut self, before: Stamp) -> io::Result<()> {
        self.calls.settle(&before);
        self.write_closed()
    }

    fn finish(&mut self, at: Option<Stamp>) -> io::Result<()> {
        self.calls.finish(at.as_ref());
        self.write_closed()?;
        self.out.flush()
    }
}
