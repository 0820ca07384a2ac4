//! Brings what the logs held together, in order.

use std::collections::HashMap;
use std::io::Write;
use std::ops::ControlFlow;

use ecs_log::{Error, Log};
use sip_report::Report;
use sip_scan::{Damage, Damaged, Gather, Item, Origin, Sink, Stamp, Taken};
use sip_stats::Counts;

use crate::batch::{Batch, Failed};
use crate::progress::Progress;
use crate::round::MOST_BYTES_OF_LOG;
use crate::scan::{Buffer, Orphans, Scanned, scan};
use crate::set_aside::Held;

/// The report does not ask where counts come from.
pub(crate) const NOWHERE: Origin = Origin { source: 0, log: 0 };

/// Gives the counts of one log after the other to the report.
pub(crate) struct Merger<'a, 'r, W> {
    batch: &'a Batch<'a>,
    report: &'r mut Report<W>,
    /// For a log by its place: which lines at its start the logs before it took.
    taken: HashMap<usize, Vec<Taken>>,
    /// Logs that were scanned before, by their numbers.
    held: Vec<Option<Held>>,
    failures: Vec<Error>,
}

impl<'a, 'r, W: Write> Merger<'a, 'r, W> {
    pub(crate) fn new(batch: &'a Batch<'a>, held: Vec<Option<Held>>, report: &'r mut Report<W>) -> Merger<'a, 'r, W> {
        Merger {
            batch,
            report,
            taken: HashMap::new(),
            held,
            failures: Vec::new(),
        }
    }

    /// What could not be read, in the order of the logs.
    pub(crate) fn into_failures(self) -> Vec<Error> {
        self.failures
    }

    /// Scans a log whose counts are too many to be held, giving them to the report as they come. One that was scanned
    /// before is only finished.
    pub(crate) fn scan_alone(
        &mut self,
        place: usize,
        buffer: &mut Buffer<'a>,
        progress: &Progress,
    ) -> Result<Scanned, Failed> {
        let Some(log) = self.batch.logs.get(place) else {
            return Ok(Scanned::default());
        };
        if let Some(number) = log.streamed() {
            let held = self.held.get_mut(number).and_then(Option::take);
            progress.finished_log();
            return Ok(held.map_or_else(Scanned::default, |held| {
                held.finish(self.batch.after(place), &self.batch.settings)
            }));
        }
        let mut result = Ok(());
        let mut watch = |bytes: usize, counts: &mut Counts| {
            progress.read(bytes);
            progress.show();
            if counts.bytes() > MOST_BYTES_OF_LOG {
                result = progress.suspend(|| self.report.absorb(std::mem::take(counts), NOWHERE));
            }
            if result.is_err() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let scanned = scan(log, self.batch.after(place), &self.batch.settings, (buffer, &mut watch));
        progress.finished_log();
        result?;
        Ok(scanned.unwrap_or_default())
    }

    /// Takes what the log at `place` held, after all before it.
    pub(crate) fn merge(&mut self, place: usize, scanned: Scanned) -> Result<(), Failed> {
        let Scanned {
            mut counts,
            orphans,
            taken,
            is_empty,
            failure,
        } = scanned;
        let excuses = self.taken.remove(&place);
        let may_go_on = excuses.is_none() && self.batch.earlier && self.is_first(place);
        let excuses = excuses.unwrap_or_default();
        let (excused, lost): (Vec<_>, Vec<_>) = orphans
            .into_iter()
            .partition(|orphans| may_go_on || is_taken(orphans, &excuses));
        for orphans in lost {
            let item = Item::Damaged(damaged(&orphans));
            self.batch.settings.take(&mut counts, &item);
        }
        for (taken, after) in taken.into_iter().zip(self.batch.places_after(place)) {
            let is_lost =
                |taken: &Taken| !(taken.goes_on && excused.iter().any(|orphans| orphans.process == taken.process));
            let taken = taken.into_iter().filter(is_lost);
            self.taken.entry(after).or_default().extend(taken);
        }
        if let Some(after) = self.batch.places_after(place).next().filter(|_| is_empty) {
            self.taken.entry(after).or_default().extend(excuses);
        }
        self.failures.extend(failure);
        self.report.absorb(counts, NOWHERE)?;
        let next = self.batch.logs.get(place.saturating_add(1)).and_then(Log::name);
        let next = next.filter(|_| !self.batch.holds_windows);
        let oldest = next.and_then(|name| Stamp::new(name.oldest_stamp()));
        match oldest {
            Some(oldest) => Ok(self.report.settle(oldest)?),
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
