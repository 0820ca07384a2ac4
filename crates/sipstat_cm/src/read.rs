//! Reads the logs that are there, whatever is made of them.

use std::io::{self, BufWriter, Write};
use std::num::NonZero;

use ecs_log::{Inputs, Request};
use ecs_trace::{Outcome, Readers, StreamedLogs, batch};
use sip_pcap::GatherPackets;
use sip_report::{AnyReport, GatherAny};

use crate::inputs;
use crate::messages::{self, NOTHING};
use crate::pcap::Packets;
use crate::progress::Progress;
use crate::screen::Line;

/// What gathers what is asked for.
pub(crate) type Gatherers = (GatherAny, Option<GatherPackets>);

/// What takes what was gathered: the report, and packets beside.
pub(crate) type Sinks<'w> = (AnyReport<BufWriter<Box<dyn Write + 'w>>>, Option<Packets<'w>>);

/// What is to be read, and what gathers.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    pub(crate) request: &'a Request,
    pub(crate) gather: &'a Gatherers,
    pub(crate) jobs: NonZero<usize>,
    pub(crate) line: &'a Line,
}

impl Job<'_> {
    /// Reads the logs into `sinks`, and says what people must know of them; the exit status.
    pub(crate) fn read(&self, sinks: &mut Sinks<'_>, stderr: &mut impl Write) -> io::Result<u8> {
        let progress = Progress::new(self.line);
        let readers = self.readers(&progress);
        let mut inputs = Inputs::new(self.request);
        // Of the last logs only, nobody knows yet which they are.
        let early = self.request.last.is_none().then_some(&mut *sinks);
        let streamed = StreamedLogs::read(&readers, &mut inputs, early);
        self.line.clear();
        let streamed = streamed?;
        let selection = inputs.select();
        let logs = &selection.logs;
        let mut problems = messages::say_of_choice(stderr, &selection, streamed.unheld(logs));
        if selection.counted() == 0 {
            return Ok(messages::say_nothing(stderr, &problems, self.request));
        }
        let asked = selection.counted().saturating_add(problems.len());
        let fates = batch(&readers, logs, streamed, sinks);
        self.line.clear();
        let fates = fates?;
        problems.extend(messages::of_fates(&fates));
        messages::say_all(stderr, &problems);
        let closed = sinks.0.close(&inputs::of_all(&selection, &fates));
        let outcome = Outcome::of(logs, &fates);
        let sound = if self.request.range.is_none() { outcome.sound } else { 0 };
        messages::say_if_no_record(stderr, sinks.0.summary(), sound);
        let status = messages::close(stderr, &sinks.0, problems.len(), asked);
        closed?;
        Ok(if outcome.read == 0 { NOTHING } else { status })
    }

    /// How the logs are read.
    pub(crate) fn readers<'r>(&'r self, observer: &'r Progress) -> Readers<'r, Gatherers, Progress> {
        Readers {
            gather: self.gather,
            jobs: self.jobs,
            observer,
        }
    }
}
