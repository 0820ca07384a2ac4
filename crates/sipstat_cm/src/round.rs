//! Some logs, scanned side by side: as many as memory may hold the counts of.

use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use sip_stats::Counts;

use crate::batch::Batch;
use crate::progress::Progress;
use crate::scan::{Buffer, Scanned, scan};

/// The most logs of a round.
const MOST_LOGS: usize = 256;
/// Bytes of counts after which no further log is begun.
const MOST_BYTES: usize = 6 << 20;
/// The most bytes that the counts of one log may take beside others'. A log of 1 MB takes less; a larger one is scanned
/// alone, and its counts go to the report as they come.
pub(crate) const MOST_BYTES_OF_LOG: usize = 512 << 10;

/// One round of a batch.
pub(crate) struct Round<'a> {
    batch: &'a Batch<'a>,
    begin: usize,
    /// The next log that a worker takes.
    next: AtomicUsize,
    /// Bytes of the counts so far.
    bytes: AtomicUsize,
    progress: &'a Progress,
}

/// What each log held, by its place; none where that grew too large to be held beside others, or where it can be read
/// only once, and so not be tried.
pub(crate) type ByPlace = Vec<(usize, Option<Scanned>)>;

impl<'a> Round<'a> {
    /// The round that begins with the log at `begin`.
    pub(crate) fn new(batch: &'a Batch<'a>, begin: usize, progress: &'a Progress) -> Round<'a> {
        Round {
            batch,
            begin,
            next: AtomicUsize::new(begin),
            bytes: AtomicUsize::new(0),
            progress,
        }
    }

    /// Scans logs without a gap from the first on, in any order.
    pub(crate) fn run(&self, jobs: NonZero<usize>, buffer: &mut Buffer<'a>) -> ByPlace {
        let others = jobs.get().min(self.batch.logs.len().saturating_sub(self.begin));
        thread::scope(|scope| {
            let spawn =
                |_| thread::Builder::new().spawn_scoped(scope, || self.work(&mut Buffer::other_of(jobs.get()), false));
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

    /// Takes one log after the other until there are enough.
    fn work(&self, buffer: &mut Buffer<'a>, shows_progress: bool) -> ByPlace {
        let mut all = Vec::new();
        while self.bytes.load(Ordering::Relaxed) < MOST_BYTES {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(log) = self.batch.logs.get(place) else {
                break;
            };
            if place.saturating_sub(self.begin) >= MOST_LOGS {
                break;
            }
            if log.is_stream() || log.streamed().is_some() {
                all.push((place, None));
                continue;
            }
            let mut watch = |bytes: usize, counts: &mut Counts| {
                self.progress.read(bytes);
                if shows_progress {
                    self.progress.show();
                }
                if counts.bytes() > MOST_BYTES_OF_LOG {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            };
            let scanned = scan(log, self.batch.after(place), &self.batch.settings, (buffer, &mut watch));
            if let Some(scanned) = &scanned {
                self.bytes.fetch_add(scanned.bytes(), Ordering::Relaxed);
                self.progress.finished_log();
            }
            all.push((place, scanned));
        }
        all
    }
}
