//! Reads the logs that are there, whatever is made of them.

use std::io::{self, Write};

use ecs_log::{Inputs, Request, Role};
use ecs_trace::{Readers, StreamedLogs, batch};
use sip_report::{Input, Read};
use sip_scan::{Gather, Sink};
use sip_stats::Summary;

use crate::args::Config;
use crate::inputs;
use crate::messages::{self, NOTHING};
use crate::pcap::{Packets, Pcap};
use crate::progress::Progress;
use crate::reported::Reported;
use crate::screen::Line;

/// What is to be read, and made of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    pub(crate) config: &'a Config,
    pub(crate) pcap: &'a Pcap<'a>,
    pub(crate) line: &'a Line,
}

/// How much of it could be read.
#[derive(Debug)]
struct Reading {
    /// What became of the inputs.
    became: Vec<Input>,
    /// How many inputs there were, and how many of them could not be read, or not to their end.
    asked: usize,
    unread: usize,
    /// Whether anything could be read.
    is_any_read: bool,
    /// How many logs were read whole and are not empty.
    sound: usize,
}

impl Job<'_> {
    /// Reads it into `sink`, and says what people must know of it; the exit status. What is made beside packets comes first in
    /// `sink`.
    pub(crate) fn run<G, R>(
        self,
        gather: G,
        mut sink: (R, Option<Packets<'_>>),
        stderr: &mut impl Write,
    ) -> io::Result<u8>
    where
        G: Gather,
        R: Reported + Sink<G::Part, Error = io::Error>,
    {
        let gather = (gather, self.pcap.gather(&self.config.gather.filter));
        let reading = match self.read(&gather, &mut sink, stderr) {
            Err(error) => return self.pcap.give_up(error, stderr),
            Ok(None) => return Ok(NOTHING),
            Ok(Some(reading)) => reading,
        };
        let closed = sink.close(&reading.became);
        let status = reading.close(sink.summary(), &self.config.request, stderr);
        if let Err(error) = closed {
            return self.pcap.give_up(error, stderr);
        }
        messages::say_all(stderr, &sink.notes());
        if status == NOTHING {
            return Ok(NOTHING);
        }
        let told = sink.1.map(|packets| packets.told());
        Ok(self.pcap.close(told, stderr).unwrap_or(status))
    }

    /// Reads it into `sink`. None if there was nothing to read.
    fn read<G, S>(&self, gather: &G, sink: &mut S, stderr: &mut impl Write) -> io::Result<Option<Reading>>
    where
        G: Gather,
        S: Sink<G::Part, Error = io::Error>,
    {
        let request = &self.config.request;
        let readers = Readers {
            gather,
            jobs: self.config.jobs,
            observer: &Progress::new(self.line),
        };
        let mut inputs = Inputs::new(request);
        // Of the last logs only, nobody knows yet which they are.
        let early = request.last.is_none().then_some(&mut *sink);
        let streamed = StreamedLogs::read(&readers, &mut inputs, early);
        self.line.clear();
        let streamed = streamed?;
        let selection = inputs.select();
        let logs = &selection.logs;
        let mut problems = messages::say_of_choice(stderr, &selection, streamed.lost(logs), streamed.unjoined());
        let counted = logs.iter().filter(|chosen| chosen.role == Role::Counted).count();
        if counted == 0 {
            messages::say_nothing(stderr, &problems, request);
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
        Ok(Some(Reading {
            became,
            asked,
            unread: problems.len(),
            is_any_read: fates.iter().filter(|(_, fate)| !fate.is_read()).count() < counted,
            sound: counted.saturating_sub(fates.len()),
        }))
    }
}

impl Reading {
    /// Says how it ended; the exit status.
    fn close(self, summary: &Summary, request: &Request, stderr: &mut impl Write) -> u8 {
        if request.range.is_none() {
            messages::say_if_no_record(stderr, summary, self.sound);
        }
        let status = messages::close(stderr, summary, self.unread, self.asked);
        if self.is_any_read { status } else { NOTHING }
    }
}
