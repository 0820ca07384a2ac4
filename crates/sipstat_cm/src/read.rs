//! Reads the logs that are there, whatever is made of them.

use std::io::{self, Write};
use std::num::NonZero;

use ecs_log::{Inputs, Request, Role};
use ecs_trace::{Readers, StreamedLogs, batch};
use sip_report::{Input, Read};
use sip_scan::{Gather, Sink};
use sip_stats::Summary;

use crate::inputs;
use crate::messages::{self, NOTHING};
use crate::progress::Progress;
use crate::screen::Line;

/// What is to be read, and what gathers.
#[derive(Debug)]
pub(crate) struct Job<'a, G> {
    pub(crate) request: &'a Request,
    pub(crate) gather: &'a G,
    pub(crate) jobs: NonZero<usize>,
    pub(crate) line: &'a Line,
}

/// How much of it could be read.
#[derive(Debug)]
pub(crate) struct Reading {
    /// What became of the inputs.
    pub(crate) became: Vec<Input>,
    /// How many inputs there were, and how many of them could not be read, or not to their end.
    asked: usize,
    unread: usize,
    /// Whether anything could be read.
    is_any_read: bool,
    /// How many logs were read whole and are not empty.
    sound: usize,
}

impl<G: Gather> Job<'_, G> {
    /// Reads it into `sink`, and says what people must know of it. None if there was nothing to read.
    pub(crate) fn read<S>(&self, sink: &mut S, stderr: &mut impl Write) -> io::Result<Option<Reading>>
    where
        S: Sink<G::Part, Error = io::Error>,
    {
        let readers = Readers {
            gather: self.gather,
            jobs: self.jobs,
            observer: &Progress::new(self.line),
        };
        let mut inputs = Inputs::new(self.request);
        // Of the last logs only, nobody knows yet which they are.
        let early = self.request.last.is_none().then_some(&mut *sink);
        let streamed = StreamedLogs::read(&readers, &mut inputs, early);
        self.line.clear();
        let streamed = streamed?;
        let selection = inputs.select();
        let logs = &selection.logs;
        let mut problems = messages::say_of_choice(stderr, &selection, streamed.lost(logs), streamed.unjoined());
        let counted = logs.iter().filter(|chosen| chosen.role == Role::Counted).count();
        if counted == 0 {
            messages::say_nothing(stderr, &problems, self.request);
            return Ok(None);
        }
        let asked = counted.saturating_add(problems.len());
        let fates = batch(&readers, logs, streamed, sink);
        self.line.clear();
        let fates = fates?;
        let not_read = selection.problems.iter();
        let not_read = not_read.map(|error| inputs::of_error(error, Read::Not));
        let became = not_read.chain(inputs::of_logs(logs, &fates)).collect();
        problems.extend(messages::of_fates(&fates));
        messages::say_all(stderr, &problems);
        let is_counted = |place: usize| logs.get(place).is_some_and(|chosen| chosen.role == Role::Counted);
        let not_read = fates.iter();
        let not_read = not_read.filter(|(place, fate)| is_counted(*place) && !fate.is_read());
        Ok(Some(Reading {
            became,
            asked,
            unread: problems.len(),
            is_any_read: not_read.count() < counted,
            sound: counted.saturating_sub(fates.len()),
        }))
    }
}

impl Reading {
    /// Says how it ended; the exit status.
    pub(crate) fn close(self, summary: &Summary, request: &Request, stderr: &mut impl Write) -> u8 {
        if request.range.is_none() {
            messages::say_if_no_record(stderr, summary, self.sound);
        }
        let status = messages::close(stderr, summary, self.unread, self.asked);
        if self.is_any_read { status } else { NOTHING }
    }
}
