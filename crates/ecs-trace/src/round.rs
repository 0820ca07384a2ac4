//! Some logs, scanned side by side: as many as memory may hold the parts of.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use ecs_log::{Chosen, Role};
use sip_scan::Gather;

use crate::block::Block;
use crate::observer::Observer;
use crate::readers::Readers;
use crate::scan::{Scanned, Worker};

/// The most logs of a round.
const MOST_LOGS: usize = 256;
/// Bytes of parts and ends after which no further log is begun.
const MOST_BYTES: usize = 6 << 20;
/// The most bytes that the part of one log may take beside others. The part of a log of 1 MB takes less; a larger log is
/// scanned alone, and its parts go to the sink as they come.
pub(crate) const MOST_BYTES_OF_LOG: usize = 512 << 10;

/// One round: logs without a gap, from the first of `logs` on.
#[derive(Debug)]
pub(crate) struct Round<'a, G, O> {
    readers: &'a Readers<'a, G, O>,
    logs: &'a [Chosen],
    /// The next log that a worker takes.
    next: AtomicUsize,
    /// Bytes of the parts and ends so far.
    bytes: AtomicUsize,
}

/// What each log held, by its number in the round.
type ByLog<P> = Vec<(usize, Option<Scanned<P>>)>;

impl<'a, G: Gather, O: Observer> Round<'a, G, O> {
    /// A round of the first of `logs`.
    pub(crate) fn new(readers: &'a Readers<'a, G, O>, logs: &'a [Chosen]) -> Round<'a, G, O> {
        Round {
            readers,
            logs: logs.get(..MOST_LOGS).unwrap_or(logs),
            next: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
        }
    }

    /// Scans logs in any order, and gives back what each held, in their order. None where no worker may scan it, or its part
    /// grew too large. `first` is the worker of this thread.
    pub(crate) fn run(&self, first: &mut Worker<'a, G>) -> impl Iterator<Item = Option<Scanned<G::Part>>> + use<G, O> {
        let jobs = self.readers.jobs.get();
        let workers = jobs.min(self.logs.len());
        let mut all = thread::scope(|scope| {
            let spawn = |_| {
                let work = || self.work(&mut Worker::new(self.readers.gather, Block::of(jobs)), &|| {});
                thread::Builder::new().spawn_scoped(scope, work)
            };
            // Where a thread cannot be had, the others do its share.
            let others: Vec<_> = (1..workers).map_while(|number| spawn(number).ok()).collect();
            let mut all = self.work(first, &|| self.readers.observer.show());
            // They are joined one by one: the wait at the end of the scope spins on kernels before 2.6.25.
            for other in others {
                match other.join() {
                    Ok(more) => all.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            all
        });
        all.sort_by_key(|(number, _)| *number);
        all.into_iter().map(|(_, scanned)| scanned)
    }

    /// Takes one log after the other until there are enough. Calls `show` after each block.
    fn work(&self, worker: &mut Worker<'a, G>, show: &dyn Fn()) -> ByLog<G::Part> {
        let mut all = Vec::new();
        while self.bytes.load(Ordering::Relaxed) < MOST_BYTES {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(chosen) = self.logs.get(number) else {
                break;
            };
            let mut watch = |bytes: usize, part: &mut G::Part| {
                self.readers.observer.read(bytes);
                show();
                if G::held(part) > MOST_BYTES_OF_LOG {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            };
            let scanned = match is_for_workers(chosen) {
                true => worker.scan(&chosen.log, &mut watch).continue_value(),
                false => None,
            };
            if let Some(scanned) = &scanned {
                let bytes = G::held(&scanned.part).saturating_add(scanned.bytes_of_ends());
                self.bytes.fetch_add(bytes, Ordering::Relaxed);
                self.readers.observer.finished_log();
            }
            all.push((number, scanned));
        }
        all
    }
}

/// Whether a worker may scan it: not where it can be read only once, so that it could not be scanned again alone, nor
/// where it may turn out that it need not be read.
fn is_for_workers(chosen: &Chosen) -> bool {
    chosen.role == Role::Counted && !chosen.log.is_stream() && chosen.log.streamed().is_none()
}
