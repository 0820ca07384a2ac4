//! Following logs as they are written: each window is printed when its time is over, and what people must know is told.

#[cfg(test)]
mod tests;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::time::Duration;

use ecs_log::Error;
use ecs_trace::{End, Ended, Event, Followed, Live, Readers, Standing, Watcher};
use sip_filter::Window;
use sip_report::{Input, Read};

use crate::args::Config;
use crate::inputs;
use crate::machine::{self, ThisMachine};
use crate::made::{self, Made};
use crate::messages::{self, NOTHING};
use crate::pcap::Pcap;
use crate::progress::Progress;
use crate::reported::Reported;
use crate::screen::{Line, Output};
use crate::status::Status;

/// How often it is told what came late, though no window ends.
const TELL_EVERY: Duration = Duration::from_secs(60);

/// Of how many inputs that could not be read the report says so at its end; standard error names them all.
const MOST_FAILED: usize = 1000;

/// Follows what `config` asks for, until it ends or somebody ends it; the exit status.
pub(crate) fn follow(config: Config, stdout: &mut impl Write, stderr: &mut impl Write) -> io::Result<u8> {
    machine::lower_priority();
    let machine = ThisMachine::new();
    let (request, jobs) = (&config.request, config.jobs);
    if let Some(line) = request.folders.iter().find_map(|folder| messages::of_folder(folder)) {
        return Ok(messages::say(stderr, NOTHING, &line));
    }
    let pcap = match Pcap::begin(config.pcap.as_ref()) {
        Ok(pcap) => pcap,
        Err(error) => return Ok(messages::say(stderr, NOTHING, &error.to_string())),
    };
    let line = Line::new();
    let (out, packets) = pcap.outputs(Output::new(stdout, &line))?;
    let mut sink = (Made::new(&config, BufWriter::new(out), true), packets);
    let gather = (made::gathers(&config), pcap.gather(&config.gather.filter));
    let readers = Readers {
        gather: &gather,
        jobs,
        observer: &Progress::new(&line),
    };
    let followed = Followed::find(&readers, request, &mut sink);
    line.clear();
    let followed = followed?;
    // What came late so far is told at the end only, as in a batch.
    Reported::take_late(&mut sink);
    let mut problems = messages::say_of_choice(stderr, &followed.choice, followed.lost, followed.unjoined);
    problems.extend(messages::of_fates(&followed.fates));
    messages::say_all(stderr, &problems);
    let is_missing = |error: &Error| error.io_kind() == Some(ErrorKind::NotFound) && !error.is_vanished();
    let is_any_missing = followed.choice.problems.iter().any(is_missing);
    if is_any_missing || (followed.sources.is_empty() && followed.archived == 0) {
        return Ok(NOTHING);
    }
    let mut teller = Teller::new(&line, stderr);
    let choice = followed.choice.problems.iter();
    teller
        .became
        .extend(choice.map(|error| inputs::of_error(error, Read::Not)));
    let fates = followed.fates.iter().filter_map(|(_, fate)| fate.error());
    teller
        .became
        .extend(fates.map(|error| inputs::of_error(error, Read::InPart)));
    let live = Live {
        gather: &gather,
        sources: followed.sources,
        machine,
        watcher: &mut teller,
    };
    let ended = live.run(&mut sink);
    line.clear();
    let mut ended = ended?;
    ended.logs = ended.logs.saturating_add(followed.archived);
    ended.problems = ended.problems.saturating_add(problems.len());
    if ended.end != End::NoReader {
        sink.0.close(&teller.became)?;
    }
    let status = teller.close(ended, &mut sink);
    Ok(pcap
        .close(sink.1.map(|packets| packets.told()), stderr)
        .unwrap_or(status))
}

/// Tells people what they must know.
#[derive(Debug)]
struct Teller<'a, E> {
    line: Line,
    status: Status,
    stderr: &'a mut E,
    /// All windows before this one were printed when it was last told what came late, and when that was.
    settled: Option<Window>,
    looked: Duration,
    /// The inputs that could not be read, or not to their end.
    became: Vec<Input>,
}

impl<'a, E: Write> Teller<'a, E> {
    fn new(line: &Line, stderr: &'a mut E) -> Teller<'a, E> {
        Teller {
            line: line.clone(),
            status: Status::new(line),
            stderr,
            settled: None,
            looked: Duration::ZERO,
            became: Vec::new(),
        }
    }

    /// Tells how it ended; the exit status.
    fn close(mut self, ended: Ended, report: &mut impl Reported) -> u8 {
        if ended.end == End::NoReader {
            return 0;
        }
        self.tell_late(report, Duration::ZERO);
        if let Some(line) = report.missed() {
            messages::say(self.stderr, 0, &line);
        }
        let asked = ended.logs.saturating_add(ended.problems);
        let status = messages::close(self.stderr, report.summary(), ended.problems, asked);
        // Whoever asks for an end knows that not all was read.
        if ended.end == End::Asked { 0 } else { status }
    }

    fn say(&mut self, text: &str) {
        let stderr = &mut *self.stderr;
        self.line.suspend(|| messages::say(stderr, 0, text));
    }

    fn tell_late(&mut self, report: &mut impl Reported, now: Duration) {
        self.looked = now;
        if let Some(late) = report.take_late() {
            self.say(&sip_report::late(&late));
        }
    }
}

impl<S: Reported, E: Write> Watcher<S> for &mut Teller<'_, E> {
    fn tell(&mut self, event: Event<'_>) {
        if let Event::Failed(error) = event
            && self.became.len() < MOST_FAILED
        {
            self.became.push(inputs::of_error(error, Read::InPart));
        }
        self.say(&match event {
            Event::Lost(lost) => format!("{lost}; what they held is not counted"),
            Event::Failed(error) => messages::of_error(error),
            event => event.to_string(),
        });
    }

    fn settled(&mut self, report: &mut S, now: Duration) {
        if self.settled != report.settled() {
            self.settled = report.settled();
            self.tell_late(report, now);
        }
    }

    fn idle(&mut self, report: &mut S, now: Duration) {
        // While a clock that was set back comes to where it was, no window ends.
        if now.saturating_sub(self.looked) >= TELL_EVERY {
            self.tell_late(report, now);
        }
    }

    fn leaving(&mut self) {
        self.line.clear();
    }

    fn show(&mut self, report: &S, standing: Standing<'_>) {
        self.status.show(report, standing);
    }
}
