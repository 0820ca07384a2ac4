//! Many logs, scanned side by side and reported in order: the result is the same for any number of workers.

use std::fmt;
use std::io::{self, Write};
use std::iter;
use std::num::NonZero;

use ecs_log::{Error, Log};
use sip_report::Report;

use crate::logs::followers;
use crate::merge::Merger;
use crate::progress::Progress;
use crate::round::Round;
use crate::scan::{After, Buffer, Settings, Start};
use crate::set_aside::Held;

/// How many logs one record may go on over, after the one in which it begins. More would mean that its process is
/// gone, and every log after were read for it.
const MOST_AFTER: usize = 4;

/// What ends a run.
#[derive(Debug)]
pub(crate) enum Failed {
    /// The report could not be written.
    Output(io::Error),
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failed::Output(error) = self;
        write!(f, "standard output: cannot write: {error}")
    }
}

/// The logs of one run.
#[derive(Debug)]
pub(crate) struct Batch<'a> {
    pub(crate) logs: &'a [Log],
    followers: Vec<Option<usize>>,
    /// The log after the last one, only to finish what that begins.
    next: Option<&'a Log>,
    /// Whether there was a log before the first, which was left out.
    pub(crate) earlier: bool,
    pub(crate) settings: Settings,
    /// What was kept of the logs that could be read only once, by their numbers.
    starts: &'a [Option<Start>],
    /// Whether all windows stay in the report, since more comes for them from elsewhere.
    pub(crate) holds_windows: bool,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(logs: &'a [Log], next: Option<&'a Log>, earlier: bool, settings: Settings) -> Batch<'a> {
        Batch {
            logs,
            followers: followers(logs),
            next,
            earlier,
            settings,
            starts: &[],
            holds_windows: false,
        }
    }

    /// Gives it what was kept of the logs that could be read only once.
    pub(crate) fn with_starts(self, starts: &'a [Option<Start>]) -> Batch<'a> {
        Batch { starts, ..self }
    }

    /// Scans all and reports; `held` is the logs that were scanned before; gives back what could not be read, in the order of the logs.
    ///
    /// # Errors
    ///
    /// Only what the report's writer says.
    pub(crate) fn run<W: Write>(
        &self,
        held: Vec<Option<Held>>,
        jobs: NonZero<usize>,
        report: &mut Report<W>,
    ) -> Result<Vec<Error>, Failed> {
        let progress = Progress::new(self.logs.len());
        let mut merger = Merger::new(self, held, report);
        let mut buffer = Buffer::first_of(jobs.get());
        let mut begin = 0;
        while begin < self.logs.len() {
            let mut scanned = Round::new(self, begin, &progress).run(jobs, &mut buffer);
            scanned.sort_by_key(|(place, _)| *place);
            begin = begin.saturating_add(scanned.len());
            for (place, scanned) in scanned {
                let scanned = match scanned {
                    Some(scanned) => scanned,
                    None => merger.scan_alone(place, &mut buffer, &progress)?,
                };
                progress.suspend(|| merger.merge(place, scanned))?;
            }
        }
        progress.finish();
        Ok(merger.into_failures())
    }

    /// The places of the logs that go on where the one at `place` ends, one after the other.
    pub(crate) fn places_after(&self, place: usize) -> impl Iterator<Item = usize> {
        let follower = |place: &usize| self.followers.get(*place).copied().flatten();
        iter::successors(follower(&place), move |place| follower(place))
    }

    /// The logs that may be read to finish what the one at `place` begins.
    pub(crate) fn after(&self, place: usize) -> impl Iterator<Item = After<'a>> {
        let is_named = self.logs.get(place).is_some_and(|log| log.name().is_some());
        let logs = self.places_after(place).filter_map(|place| self.logs.get(place));
        logs.chain(self.next.filter(|_| is_named))
            .take_while(|log| !log.is_stream())
            .take(MOST_AFTER)
            .map(|log| match log.streamed() {
                Some(number) => After::Start(self.starts.get(number).and_then(Option::as_ref)),
                None => After::Log(log),
            })
    }
}
