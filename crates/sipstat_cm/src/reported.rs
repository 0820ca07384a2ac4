//! What people are told of what is made, whatever it is.

use std::io::{self, Write};

use sip_filter::Window;
use sip_report::{Input, Lines, Report};
use sip_scan::Stamp;
use sip_stats::{Late, Summary};

/// What people can be told of a sink while it takes what is followed.
pub(crate) trait Reported {
    /// What is known of the run so far.
    fn summary(&self) -> &Summary;

    /// What came too late since this was last asked.
    fn take_late(&mut self) -> Option<Late>;

    /// All windows before this one are written.
    fn settled(&self) -> Option<Window>;

    /// How it stands when the clock of the logs shows `at`.
    fn standing(&self, at: &Stamp) -> String;

    /// Writes what stands at the end: what became of the inputs.
    fn close(&mut self, inputs: &[Input]) -> io::Result<()>;

    /// What else people should know, a line each.
    fn notes(&self) -> Vec<String>;
}

impl<W: Write> Reported for Report<W> {
    fn summary(&self) -> &Summary {
        Report::summary(self)
    }

    fn take_late(&mut self) -> Option<Late> {
        Report::take_late(self)
    }

    fn settled(&self) -> Option<Window> {
        Report::settled(self)
    }

    fn standing(&self, at: &Stamp) -> String {
        Report::standing(self, at)
    }

    fn close(&mut self, inputs: &[Input]) -> io::Result<()> {
        Report::close(self, inputs)
    }

    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Lines are written at once: nothing comes too late, and no window ends.
impl<W: Write> Reported for Lines<W> {
    fn summary(&self) -> &Summary {
        Lines::summary(self)
    }

    fn take_late(&mut self) -> Option<Late> {
        None
    }

    fn settled(&self) -> Option<Window> {
        None
    }

    fn standing(&self, _at: &Stamp) -> String {
        format!("messages {}", self.summary().messages)
    }

    fn close(&mut self, _inputs: &[Input]) -> io::Result<()> {
        Ok(())
    }

    fn notes(&self) -> Vec<String> {
        Lines::notes(self)
    }
}

/// The first of two is the one that people are told of.
impl<R: Reported, S> Reported for (R, S) {
    fn summary(&self) -> &Summary {
        self.0.summary()
    }

    fn take_late(&mut self) -> Option<Late> {
        self.0.take_late()
    }

    fn settled(&self) -> Option<Window> {
        self.0.settled()
    }

    fn standing(&self, at: &Stamp) -> String {
        self.0.standing(at)
    }

    fn close(&mut self, inputs: &[Input]) -> io::Result<()> {
        self.0.close(inputs)
    }

    fn notes(&self) -> Vec<String> {
        self.0.notes()
    }
}
