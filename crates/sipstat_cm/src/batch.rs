//! Many logs, scanned side by side and reported in order: the result is the same for any number of workers.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write};
use std::iter;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use ecs_log::{Error, Log};
use sip_scan::{Damage, Damaged, Stamp, Taken};
use sip_stats::{Counts, Report, Window};

use crate::logs::followers;
use crate::progress::Progress;
use crate::scan::{Buffer, Orphans, Scanned, Settings, scan};

/// Logs that are scanned before their counts are brought together. It bounds memory, as each has at most
/// [`LOG_CELLS`].
const ROUND: usize = 64;
/// The most cells that the counts of one log may have beside others'. A log of 1 MB has fewer; a larger one is scanned
/// alone, and its counts go to the report as they come.
const LOG_CELLS: usize = 1024;

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
    logs: &'a [Log],
    followers: Vec<Option<usize>>,
    /// The log after the last one, only to finish what that begins.
    next: Option<&'a Log>,
    /// Whether there was a log before the first, which was left out.
    earlier: bool,
    settings: Settings,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(logs: &'a [Log], next: Option<&'a Log>, earlier: bool, settings: Settings) -> Batch<'a> {
        Batch {
            logs,
            followers: followers(logs),
            next,
            earlier,
            settings,
        }
    }

    /// Scans all and reports; gives back what could not be read, in the order of the logs.
    ///
    /// # Errors
    ///
    /// Only what the report's writer says.
    pub(crate) fn run<W: Write>(&self, jobs: NonZero<usize>, report: &mut Report<W>) -> Result<Vec<Error>, Failed> {
        let progress = Progress::new(self.logs.len());
        let mut merger = Merger {
            batch: self,
            report,
            excuses: HashMap::new(),
            failures: Vec::new(),
        };
        let mut buffer = Buffer::new();
        let mut begin = 0;
        while begin < self.logs.len() {
            let end = begin.saturating_add(ROUND).min(self.logs.len());
            let round = Round {
                batch: self,
                next: AtomicUsize::new(begin),
                end,
                progress: &progress,
            };
            let mut scanned = round.run(jobs, &mut buffer);
            scanned.sort_by_key(|(place, _)| *place);
            for (place, scanned) in scanned {
                let scanned = match scanned {
                    Some(scanned) => scanned,
                    None => merger.scan_alone(place, &mut buffer, &progress)?,
                };
                progress.suspend(|| merger.merge(place, scanned))?;
            }
            begin = end;
        }
        progress.finish();
        Ok(merger.failures)
    }

    /// The logs that go on where the one at `place` ends, one after the other.
    fn after(&self, place: usize) -> impl Iterator<Item = &Log> {
        let follower = |place: &usize| self.followers.get(*place).copied().flatten();
        let places = iter::successors(follower(&place), move |place| follower(place));
        let is_named = self.logs.get(place).is_some_and(|log| log.name().is_some());
        let logs = places.filter_map(|place| self.logs.get(place));
        logs.chain(self.next.filter(|_| is_named))
    }
}

/// Some logs that are scanned side by side.
struct Round<'a> {
    batch: &'a Batch<'a>,
    /// The next log that a worker takes.
    next: AtomicUsize,
    end: usize,
    progress: &'a Progress,
}

/// The counts of each log by its place; none where they grew too large to be held beside others.
type ByPlace = Vec<(usize, Option<Scanned>)>;

impl Round<'_> {
    fn run(&self, jobs: NonZero<usize>, buffer: &mut Buffer) -> ByPlace {
        let others = jobs
            .get()
            .min(self.end.saturating_sub(self.next.load(Ordering::Relaxed)));
        thread::scope(|scope| {
            let spawn = |_| thread::Builder::new().spawn_scoped(scope, || self.work(&mut Buffer::new(), false));
            // A thread that cannot be had leaves its share to the others.
            let workers: Vec<_> = (1..others).map_while(|n| spawn(n).ok()).collect();
            let mut scanned = self.work(buffer, true);
            // Joined one by one: the wait at the end of the scope spins on kernels before 2.6.25.
            for worker in workers {
                match worker.join() {
                    Ok(more) => scanned.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            scanned
        })
    }

    /// Takes one log after the other until none is left.
    fn work(&self, buffer: &mut Buffer, shows_progress: bool) -> ByPlace {
        let mut all = Vec::new();
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(log) = self.batch.logs.get(place).filter(|_| place < self.end) else {
                return all;
            };
            let mut watch = |bytes: usize, counts: &mut Counts| {
                self.progress.read(bytes);
                if shows_progress {
                    self.progress.show();
                }
                if counts.len() > LOG_CELLS {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            };
            let scanned = scan(log, self.batch.after(place), &self.batch.settings, (buffer, &mut watch));
            self.progress.finished_log();
            all.push((place, scanned));
        }
    }
}

/// Brings the counts of the logs together, in order.
struct Merger<'a, 'r, W> {
    batch: &'a Batch<'a>,
    report: &'r mut Report<W>,
    /// For a log by its place: which lines at its start the log before it took.
    excuses: HashMap<usize, Vec<Taken>>,
    failures: Vec<Error>,
}

impl<W: Write> Merger<'_, '_, W> {
    /// Scans a log whose counts are too many to be held, giving them to the report as they come.
    fn scan_alone(&mut self, place: usize, buffer: &mut Buffer, progress: &Progress) -> Result<Scanned, Failed> {
        let Some(log) = self.batch.logs.get(place) else {
            return Ok(Scanned::default());
        };
        let mut result = Ok(());
        let mut watch = |bytes: usize, counts: &mut Counts| {
            progress.read(bytes);
            progress.show();
            if counts.len() > LOG_CELLS {
                result = progress.suspend(|| self.report.add(std::mem::take(counts)));
            }
            if result.is_err() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let scanned = scan(log, self.batch.after(place), &self.batch.settings, (buffer, &mut watch));
        result?;
        Ok(scanned.unwrap_or_default())
    }

    fn merge(&mut self, place: usize, scanned: Scanned) -> Result<(), Failed> {
        let Scanned {
            mut counts,
            orphans,
            mut taken,
            is_empty,
            failure,
        } = scanned;
        let excuses = self.excuses.remove(&place);
        let follower = self.batch.followers.get(place).copied().flatten();
        let is_first = excuses.is_none() && self.is_first(place);
        for orphans in orphans {
            let excused = match &excuses {
                Some(taken) => is_taken(&orphans, taken),
                None => is_first && self.batch.earlier,
            };
            if !excused {
                counts.add_damaged(&damaged(&orphans), &self.batch.settings.filter);
            }
        }
        if is_empty && failure.is_none() {
            taken = excuses.unwrap_or_default();
        }
        if let Some(follower) = follower {
            self.excuses.insert(follower, taken);
        }
        self.failures.extend(failure);
        self.report.add(counts)?;
        let next = self.batch.logs.get(place.saturating_add(1)).and_then(Log::name);
        let oldest = next.and_then(|name| Stamp::new(name.oldest_stamp()));
        match oldest {
            Some(oldest) => Ok(self
                .report
                .write_before(Window::of(&oldest, self.batch.settings.interval))?),
            None => Ok(()),
        }
    }

    /// Whether the log at `place` is an ECS log, and none comes before it.
    fn is_first(&self, place: usize) -> bool {
        self.batch.logs.iter().position(|log| log.name().is_some()) == Some(place)
    }
}

fn is_taken(orphans: &Orphans, taken: &[Taken]) -> bool {
    let mut taken = taken.iter();
    taken.any(|taken| taken.process == orphans.process && taken.further_lines >= orphans.further_lines)
}

fn damaged(orphans: &Orphans) -> Damaged<'_> {
    Damaged {
        stamp: orphans.stamp,
        damage: Damage::NoFirstLine,
        process: &orphans.process,
        further_lines: orphans.further_lines,
        at_start: true,
    }
}
