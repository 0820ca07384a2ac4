//! Following logs as they are written: each window is printed when its time is over, and what people must know is told.

#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use ecs_trace::{End, Ended, Event, Followed, Live, Standing, Watcher};
use sip_filter::Window;
use sip_report::{AnyReport, Input, Read};

use crate::inputs;
use crate::machine::ThisMachine;
use crate::messages::{self, NOTHING};
use crate::progress::Progress;
use crate::read::{Job, Sinks};
use crate::screen::Line;
use crate::status::Status;

/// How often it is told what came late, though no window ends.
const TELL_EVERY: Duration = Duration::from_secs(60);

/// Of how many inputs that could not be read the report says so at its end; standard error names them all.
const MOST_FAILED: usize = 1000;

impl Job<'_> {
    /// Follows the logs until they end or somebody ends it; the exit status.
    pub(crate) fn follow(&self, sinks: &mut Sinks<'_>, stderr: &mut impl Write) -> io::Result<u8> {
        let machine = ThisMachine::new();
        let progress = Progress::new(self.line);
        let followed = Followed::find(&self.readers(&progress), self.request, sinks);
        self.line.clear();
        let followed = followed?;
        // What came late so far is told at the end only, as in a batch.
        sinks.0.take_late();
        let mut problems = messages::say_of_choice(stderr, &followed.choice, followed.unheld);
        problems.extend(messages::of_fates(&followed.fates));
        messages::say_all(stderr, &problems);
        if followed.is_incomplete() {
            return Ok(NOTHING);
        }
        if self.request.is_whole_folders() {
            let folders = self.request.folders.iter();
            let lines = folders.filter_map(|folder| ecs_log::waits_for(folder, SystemTime::now()));
            messages::say_all(stderr, &lines.map(|line| format!("note: {line}")).collect::<Vec<_>>());
        }
        let mut teller = Teller::new(self.line, stderr);
        teller.became = inputs::of_failed(&followed.choice, &followed.fates);
        let live = Live {
            gather: self.gather,
            sources: followed.sources,
            machine,
            watcher: &mut teller,
        };
        let ended = live.run(sinks);
        self.line.clear();
        let mut ended = ended?;
        ended.logs = ended.logs.saturating_add(followed.archived);
        ended.problems = ended.problems.saturating_add(problems.len());
        if ended.end != End::NoReader {
            sinks.0.close(&teller.became)?;
        }
        Ok(teller.close(ended, &mut sinks.0))
    }
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
    fn close(mut self, ended: Ended, report: &mut AnyReport<impl Write>) -> u8 {
        if ended.end == End::NoReader {
            return 0;
        }
        self.tell_late(report, Duration::ZERO);
        let asked = ended.logs.saturating_add(ended.problems);
        let status = messages::close(self.stderr, report, ended.problems, asked);
        // Whoever asks for an end knows that not all was read.
        if ended.end == End::Asked { 0 } else { status }
    }

    fn say(&mut self, text: &str) {
        let stderr = &mut *self.stderr;
        self.line.suspend(|| messages::say(stderr, 0, text));
    }

    fn tell_late(&mut self, report: &mut AnyReport<impl Write>, now: Duration) {
        self.looked = now;
        if let Some(late) = report.take_late() {
            self.say(&sip_report::late(&late));
        }
    }
}

impl<W: Write, P, E: Write> Watcher<(AnyReport<W>, P)> for &mut Teller<'_, E> {
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

    fn settled(&mut self, (report, _): &mut (AnyReport<W>, P), now: Duration) {
        if self.settled != report.settled() {
            self.settled = report.settled();
            self.tell_late(report, now);
        }
    }

    fn idle(&mut self, (report, _): &mut (AnyReport<W>, P), now: Duration) {
        // While a clock that was set back comes to where it was, no window ends.
        if now.saturating_sub(self.looked) >= TELL_EVERY {
            self.tell_late(report, now);
        }
    }

    fn leaving(&mut self) {
        self.line.clear();
    }

    fn show(&mut self, (report, _): &(AnyReport<W>, P), standing: Standing<'_>) {
        self.status.show(report, standing);
    }
}
