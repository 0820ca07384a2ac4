//! The report of one run: takes counts in the order of the logs and writes each window once, when it is over.

use std::io::{self, Write};

use sip_filter::Window;
use sip_scan::{Origin, Sink, Stamp};
use sip_stats::{Between, Cells, ClosedWindow, Counts, Coverage, Late, Summary, Timeline};

use crate::check_status::CheckStatus;
use crate::form::Form;
use crate::form_writer::{FormWriter, Run};
use crate::input::Input;
use crate::words;

#[cfg(test)]
pub(crate) mod tests;

/// Writes the windows of one run to `W`, in one form.
///
/// What is written is flushed when the run ends, and live whenever windows are over. When the run has ended, [`Report::close`] writes
/// what can be said only then.
#[derive(Debug)]
pub struct Report<W> {
    out: Out<W>,
    timeline: Timeline,
    coverage: Option<Coverage>,
    summary: Summary,
}

/// Where windows are written, and in which form.
#[derive(Debug)]
struct Out<W> {
    out: W,
    form: Box<dyn FormWriter<ClosedWindow>>,
}

impl<W: Write> Out<W> {
    /// Writes a window, and what lies before it.
    fn write(&mut self, mut closed: ClosedWindow, coverage: Option<&mut Coverage>) -> io::Result<()> {
        if let Some(coverage) = coverage {
            self.write_between(coverage.before(&closed.window))?;
            closed.coverage = coverage.of(&closed.window);
        }
        self.form.window(&mut self.out, &closed)
    }

    fn write_between(&mut self, between: Vec<Between>) -> io::Result<()> {
        between.iter().try_for_each(|between| match between {
            Between::Window(closed) => self.form.window(&mut self.out, closed),
            Between::Gap(gap) => self.form.gap(&mut self.out, gap),
        })
    }
}

impl<W: Write> Report<W> {
    /// A report that writes the windows of `timeline` to `out`.
    pub fn new(out: W, form: Form, timeline: Timeline) -> Report<W> {
        Report {
            out: Out {
                out,
                form: form.writer(),
            },
            timeline,
            coverage: None,
            summary: Summary::default(),
        }
    }

    /// The same report, which also says what the logs cover.
    pub fn with_coverage(self, coverage: Coverage) -> Report<W> {
        Report {
            coverage: Some(coverage),
            ..self
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
        self.out.form.end(&mut self.out.out, &run)?;
        self.out.out.flush()
    }

    /// How a check ended. `None` before the report is closed, and where nothing is checked.
    pub fn status(&self) -> Option<CheckStatus> {
        self.out.form.status()
    }

    /// What is known of the run so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// What came after its window was written, since this was last asked. [`late`](crate::late) puts it into words.
    pub fn take_late(&mut self) -> Option<Late> {
        self.timeline.take_late()
    }

    /// Live: all windows before this one are written. It changes when the table of a window was written, or would have been.
    pub fn settled(&self) -> Option<Window> {
        self.timeline.settled()
    }

    /// How it stands when the clock of the logs shows `at`: `20170427:0844 to 08:44:31: messages 12, links 3; in all 345`.
    pub fn standing(&self, at: &Stamp) -> String {
        let window = self.timeline.window(at);
        let held = self.timeline.held(window);
        format!(
            "{window} to {}: messages {}, links {}; in all {}",
            words::time_of_day(at),
            held.map_or(0, Cells::messages),
            held.map_or(0, |cells| cells.printed_rows().count()),
            self.summary.messages
        )
    }
}

impl<W: Write> Sink<Counts> for Report<W> {
    type Error = io::Error;

    fn begin(&mut self, at: Stamp) -> io::Result<()> {
        self.timeline.begin(at);
        if let Some(coverage) = &mut self.coverage {
            coverage.begin(at);
        }
        Ok(())
    }

    fn caught_up(&mut self, at: Stamp) -> io::Result<()> {
        self.timeline.caught_up(at);
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.timeline.is_past_range()
    }

    fn absorb(&mut self, part: Counts, from: Origin) -> io::Result<()> {
        self.summary.add(&part);
        if let Some(coverage) = &mut self.coverage {
            coverage.absorb(&part.lines, from);
        }
        let result = self
            .timeline
            .absorb(part.windows)
            .try_for_each(|closed| self.out.write(closed, self.coverage.as_mut()));
        self.summary.late = self.timeline.late_messages();
        result
    }

    fn lead_in(&mut self, part: Counts, from: Origin) -> io::Result<()> {
        if let Some(coverage) = &mut self.coverage {
            coverage.lead_in(&part.lines, from);
        }
        Ok(())
    }

    fn settle(&mut self, before: Stamp) -> io::Result<()> {
        if let Some(coverage) = self.coverage.as_mut().filter(|_| self.timeline.is_live()) {
            coverage.read_to(&before);
        }
        for closed in self.timeline.settle(before) {
            self.out.write(closed, self.coverage.as_mut())?;
        }
        if self.timeline.is_live() {
            self.out.out.flush()
        } else {
            Ok(())
        }
    }

    fn finish(&mut self, at: Option<Stamp>) -> io::Result<()> {
        if let Some((coverage, at)) = self.coverage.as_mut().zip(at) {
            coverage.read_to(&at);
        }
        for closed in self.timeline.finish(at) {
            self.out.write(closed, self.coverage.as_mut())?;
        }
        if let Some(coverage) = &mut self.coverage {
            self.out.write_between(coverage.rest())?;
            self.summary.uncovered = coverage.uncovered();
        }
        self.out.out.flush()
    }
}
