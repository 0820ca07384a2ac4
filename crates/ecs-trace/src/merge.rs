//! Brings what the logs held together, in their order: joins each log with what its source left open, and gives the parts
//! to the sink.

use std::convert::Infallible;
use std::ops::ControlFlow;

use ecs_log::{Chosen, Role};
use sip_scan::{Beyond, Gather, Origin, Sink, Stamp, Tail};

use crate::block::Block;
use crate::fate::Fate;
use crate::observer::Observer;
use crate::readers::Readers;
use crate::round::{MOST_BYTES_OF_LOG, Round};
use crate::scan::{Scanned, Worker, into};
use crate::streamed::StreamedLogs;
use crate::tails::{OpenTails, Tails};

/// What happened to the chosen logs that could not be read, or not to their end, by their places in the list, in its order.
pub type Fates = Vec<(usize, Fate)>;

/// Takes one log after the other.
#[derive(Debug)]
pub(crate) struct Merger<'a, G, O, S> {
    readers: &'a Readers<'a, G, O>,
    logs: &'a [Chosen],
    sink: &'a mut S,
    tails: Tails,
    fates: Fates,
}

impl<'a, G: Gather, O: Observer, S: Sink<G::Part>> Merger<'a, G, O, S> {
    /// For `logs`, of which the sources in `go_on` go on behind them.
    pub(crate) fn new(
        readers: &'a Readers<'a, G, O>,
        logs: &'a [Chosen],
        go_on: &[usize],
        sink: &'a mut S,
    ) -> Merger<'a, G, O, S> {
        Merger {
            readers,
            logs,
            sink,
            tails: Tails::new(logs, go_on),
            fates: Vec::new(),
        }
    }

    /// Takes what the log at `place` held, and all before it.
    fn merge(&mut self, place: usize, scanned: Scanned<G::Part>) -> Result<(), S::Error> {
        let Some(chosen) = self.logs.get(place) else {
            return Ok(());
        };
        let before = self.tails.take_before(chosen);
        let mut joined = G::Part::default();
        let mut take = into(self.readers.gather, &mut joined);
        let tail = match scanned.ends {
            Some(ends) => before.join(ends, &mut take),
            None => {
                before.finish(Beyond::Nothing, &mut take);
                Tail::nothing()
            }
        };
        drop(take);
        self.absorb(place, joined)?;
        if chosen.role == Role::Counted {
            self.absorb(place, scanned.part)?;
        }
        self.close(place, tail, scanned.fate)
    }

    /// Takes all logs, of which `streamed` has those that were scanned before.
    pub(crate) fn run(mut self, mut streamed: StreamedLogs<G::Part>) -> Result<(Fates, OpenTails), S::Error> {
        let mut worker = Worker::new(self.readers.gather, Block::longest());
        let mut begin: usize = 0;
        while let Some(logs) = self.logs.get(begin..).filter(|logs| !logs.is_empty()) {
            let scanned = Round::new(self.readers, logs).run(&mut worker);
            let length = scanned.len();
            for ((number, scanned), chosen) in scanned.into_iter().zip(logs) {
                let place = begin.saturating_add(number);
                let before = || streamed.take(chosen.log.streamed()?);
                match scanned.or_else(before) {
                    Some(scanned) => self.merge(place, scanned)?,
                    None => self.scan(place, &mut worker)?,
                }
            }
            begin = begin.saturating_add(length);
        }
        Ok((self.fates, self.tails.into_rest()))
    }

    /// Takes a log that no worker has scanned: scans it here, or passes it over.
    fn scan(&mut self, place: usize, worker: &mut Worker<'a, G>) -> Result<(), S::Error> {
        let Some(chosen) = self.logs.get(place) else {
            return Ok(());
        };
        match chosen.role {
            Role::Counted => self.scan_alone(place, worker),
            // It was not chosen, and nothing is open that it could finish.
            Role::Context if !self.tails.is_open(chosen.source) => Ok(()),
            Role::Context => {
                let watch = &mut |_: usize, _: &mut G::Part| ControlFlow::<Infallible>::Continue(());
                let ControlFlow::Continue(scanned) = worker.scan(&chosen.log, watch);
                self.merge(place, scanned)
            }
        }
    }

    /// Scans a log by itself, and gives its parts to the sink as they come.
    fn scan_alone(&mut self, place: usize, worker: &mut Worker<'a, G>) -> Result<(), S::Error> {
        let Some(chosen) = self.logs.get(place) else {
            return Ok(());
        };
        let mut reader = match chosen.log.open() {
            Ok(reader) => reader,
            Err(error) => return self.merge(place, Scanned::not_read(error)),
        };
        worker.go_on_after(self.tails.take_before(chosen));
        let origin = self.origin(place);
        let (observer, sink) = (self.readers.observer, &mut *self.sink);
        let mut watch = |bytes: usize, part: &mut G::Part| {
            observer.read(bytes);
            observer.show();
            if G::held(part) <= MOST_BYTES_OF_LOG {
                return ControlFlow::Continue(());
            }
            match sink.absorb(std::mem::take(part), origin) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(error),
            }
        };
        let (scanned, failure) = match worker.read(&mut reader, &mut watch) {
            ControlFlow::Continue(read) => read,
            ControlFlow::Break(error) => return Err(error),
        };
        observer.finished_log();
        self.absorb(place, scanned.part)?;
        // The head is empty, since the worker went on after what stood before.
        let tail = scanned.ends.map_or_else(Tail::nothing, |(_, tail)| tail);
        let fate = failure.map_or(Fate::Whole, |cause| Fate::InPart(chosen.log.read_failed(cause)));
        self.close(place, tail, fate)
    }

    /// Keeps what the log at `place` leaves open, or ends it, and lets the sink close what is over.
    fn close(&mut self, place: usize, mut tail: Tail, fate: Fate) -> Result<(), S::Error> {
        let Some(chosen) = self.logs.get(place) else {
            return Ok(());
        };
        // What follows on a log that could not be read to its end does not follow on what could be read.
        if fate.error().is_some() {
            self.end(place, std::mem::replace(&mut tail, Tail::nothing()))?;
            if chosen.role == Role::Counted {
                self.fates.push((place, fate));
            }
        }
        if let Some(tail) = self.tails.put(place, chosen.source, tail) {
            self.end(place, tail)?;
        }
        match self.settled(place) {
            Some(before) => self.sink.settle(before),
            None => Ok(()),
        }
    }

    /// Nothing comes that the tail could be joined with.
    fn end(&mut self, place: usize, tail: Tail) -> Result<(), S::Error> {
        let mut part = G::Part::default();
        tail.finish(Beyond::Nothing, &mut into(self.readers.gather, &mut part));
        self.absorb(place, part)
    }

    /// The time before which nothing more comes, once the log at `place` was taken: the next log is younger by its name,
    /// and so is all that is open.
    fn settled(&self, place: usize) -> Option<Stamp> {
        let mut after = self.logs.iter().skip(place.saturating_add(1));
        let next = after.find(|chosen| chosen.role == Role::Counted)?.log.name()?;
        let next = Stamp::new(next.oldest_stamp())?;
        Some(self.tails.oldest().map_or(next, |oldest| oldest.min(next)))
    }

    fn absorb(&mut self, place: usize, part: G::Part) -> Result<(), S::Error> {
        let origin = self.origin(place);
        self.sink.absorb(part, origin)
    }

    fn origin(&self, place: usize) -> Origin {
        let source = self.logs.get(place).map_or(0, |chosen| chosen.source);
        Origin { source, log: place }
    }
}
