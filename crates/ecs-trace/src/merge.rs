//! Brings what the logs held together, in their order: joins each log with what its source left open, and gives the parts
//! to the sink.

use std::collections::HashSet;
use std::ops::ControlFlow;

use ecs_log::{Chosen, Role};
use sip_scan::{Beyond, Gather, Head, Item, Origin, Sink, Stamp, Tail};

use crate::block::Block;
use crate::fate::Fate;
use crate::observer::Observer;
use crate::origins::{Origins, Parts};
use crate::readers::Readers;
use crate::round::{MOST_BYTES_OF_LOG, Round};
use crate::scan::{Scanned, Worker};
use crate::streamed::StreamedLogs;
use crate::tails::{OpenEnd, OpenEnds, Tails};

/// What happened to the chosen logs that were not read as a whole, or are empty, by their places in the list, in its order.
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
        go_on: &HashSet<usize>,
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

    /// Takes all logs, of which `streamed` has those that were scanned before. Gives back what the sources leave open that
    /// go on.
    pub(crate) fn run(mut self, mut streamed: StreamedLogs<G::Part>) -> Result<(Fates, OpenEnds), S::Error> {
        let mut worker = Worker::new(self.readers.gather, Block::longest());
        let mut begin: usize = 0;
        while let Some(logs) = self.logs.get(begin..).filter(|logs| !logs.is_empty()) {
            for (place, scanned) in (begin..).zip(Round::new(self.readers, logs).run(&mut worker)) {
                let streamed = || streamed.take(self.logs.get(place)?.log.streamed()?);
                match scanned.or_else(streamed) {
                    Some(scanned) => self.merge(place, scanned)?,
                    None => self.scan(place, &mut worker)?,
                }
                begin = place.saturating_add(1);
            }
        }
        Ok((self.fates, self.tails.into_rest()))
    }

    /// Takes a log that no worker has scanned: scans it here, or passes it over.
    fn scan(&mut self, place: usize, worker: &mut Worker<'a, G>) -> Result<(), S::Error> {
        let (logs, observer) = (self.logs, self.readers.observer);
        let Some(chosen) = logs.get(place) else {
            return Ok(());
        };
        // It was not chosen, and nothing is open that it could finish.
        if chosen.role == Role::Context && !self.tails.is_open(chosen.source) {
            return Ok(());
        }
        let origin = Origin {
            source: chosen.source,
            log: place,
        };
        // What is too much to be held goes to the sink as it comes.
        let mut watch = |bytes: usize, part: &mut G::Part| {
            observer.read(bytes);
            observer.show();
            if G::held(part) <= MOST_BYTES_OF_LOG {
                return ControlFlow::Continue(());
            }
            match self.absorb(std::mem::take(part), origin) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(error),
            }
        };
        match worker.scan(&chosen.log, &mut watch) {
            ControlFlow::Continue(scanned) => {
                if chosen.role == Role::Counted {
                    observer.finished_log();
                }
                self.merge(place, scanned)
            }
            ControlFlow::Break(error) => Err(error),
        }
    }

    /// Takes what the log at `place` held: gives the sink what its source left open before it, joined with its head, and
    /// then its own part.
    fn merge(&mut self, place: usize, mut scanned: Scanned<G::Part>) -> Result<(), S::Error> {
        let Some(chosen) = self.logs.get(place) else {
            return Ok(());
        };
        let goes_on = chosen.log.name().is_some() && self.tails.is_open(chosen.source);
        if goes_on && matches!(scanned.fate, Fate::NotALog(_)) {
            // All of it may belong to a line that the log before ends within.
            scanned.fate = Fate::Whole;
        }
        let is_whole = scanned.fate.error().is_none();
        let (parts, origins) = self.join(place, chosen, scanned.ends, is_whole);
        for (origin, part) in parts.by_log(&origins) {
            self.absorb(part, origin)?;
        }
        let origin = Origin {
            source: chosen.source,
            log: place,
        };
        self.absorb(scanned.part, origin)?;
        if chosen.role != Role::Context && !matches!(scanned.fate, Fate::Whole) {
            self.fates.push((place, scanned.fate));
        }
        match self.settled(place) {
            Some(before) => self.sink.settle(before),
            None => Ok(()),
        }
    }

    /// Joins the ends of `chosen`, at `place`, with what its source left open, and keeps what is open now.
    fn join(
        &mut self,
        place: usize,
        chosen: &Chosen,
        ends: Option<(Head, Tail)>,
        is_whole: bool,
    ) -> (Parts<G::Part>, Origins) {
        let OpenEnd { tail, mut origins } = self.tails.take_before(chosen);
        let mut parts = Parts::default();
        let mut take = |item: Item<'_>| parts.take(self.readers.gather, &item);
        // What goes on in a log that was not chosen, and cannot be read, is not damaged.
        let beyond = match chosen.role {
            Role::Counted => Beyond::Nothing,
            Role::Context | Role::LeadIn => Beyond::Unknown,
        };
        let mut tail = match ends {
            Some(ends) => {
                origins.follow(place);
                origins.name_last(&chosen.log);
                tail.join(ends, &mut take)
            }
            None => {
                tail.finish(beyond, &mut take);
                Tail::nothing()
            }
        };
        // What follows on a log that could not be read to its end does not follow on what could be read.
        if !is_whole {
            tail.finish(beyond, &mut take);
            tail = Tail::nothing();
        }
        let of_this = origins.clone();
        if let Some(open) = self.tails.put(place, chosen, OpenEnd { tail, origins }) {
            open.tail.finish(Beyond::Nothing, &mut take);
        }
        (parts, of_this)
    }

    /// Gives a part to the sink, unless it is of a log behind the chosen ones.
    fn absorb(&mut self, part: G::Part, origin: Origin) -> Result<(), S::Error> {
        let Some(chosen) = self.logs.get(origin.log) else {
            return Ok(());
        };
        match chosen.role {
            Role::Counted => {
                self.sink.log(&chosen.log);
                self.sink.absorb(part, origin)
            }
            Role::LeadIn => self.sink.lead_in(part, origin),
            Role::Context => Ok(()),
        }
    }

    /// The time before which nothing more comes, once the log at `place` was taken: the next log is younger by its name,
    /// and so is all that is open.
    fn settled(&self, place: usize) -> Option<Stamp> {
        let mut after = self.logs.iter().skip(place.saturating_add(1));
        let next = after.find(|chosen| chosen.role == Role::Counted)?.log.name()?;
        let next = Stamp::new(next.oldest_stamp())?;
        Some(self.tails.oldest().map_or(next, |oldest| oldest.min(next)))
    }
}
