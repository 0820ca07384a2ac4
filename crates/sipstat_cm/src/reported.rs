//! What people are told of what is made, whatever it is.

use std::io::Write;

use sip_filter::Window;
use sip_report::{CallReport, Lines, Report};
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

    /// What is not told, or not in order, since there was too much, in words.
    fn missed(&self) -> Option<String>;
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

    fn missed(&self) -> Option<String> {
        None
    }
}

impl<W: Write> Reported for CallReport<W> {
    fn summary(&self) -> &Summary {
        CallReport::summary(self)
    }

    /// What came late is told at the end.
    fn take_late(&mut self) -> Option<Late> {
        None
    }

    /// A window is written when its calls are decided, which is no time that is known beforehand.
    fn settled(&self) -> Option<Window> {
        None
    }

    fn standing(&self, at: &Stamp) -> String {
        CallReport::standing(self, at)
    }

    fn missed(&self) -> Option<String> {
        sip_report::missed(&CallReport::missed(self))
    }
}

/// Lines are written as they come: nothing is too late, and no window ends.
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

    fn missed(&self) -> Option<String> {
        let notes = Lines::notes(self);
        (!notes.is_empty()).then(|| notes.join("; "))
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

    fn missed(&self) -> Option<String> {
        self.0.missed()
    }
}
