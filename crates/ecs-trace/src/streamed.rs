//! Logs in archives that can be read only once: each is scanned as it comes by, in whatever order, and held until
//! it is known which of all are chosen, and which goes on where another ends.

use std::collections::HashSet;
use std::ops::ControlFlow;

use ecs_log::{Chosen, Inputs, Log, LogName, Role, StreamedLog};
use sip_scan::{Beyond, Gather, Item, Origin, Sink, Tail};

use crate::block::Block;
use crate::fate::Fate;
use crate::observer::Observer;
use crate::readers::Readers;
use crate::scan::{Scanned, Worker};
use crate::unheld::Unheld;

/// Bytes of parts that are held at most. Beyond that they go to the sink early, and what comes for the same windows later
/// may come too late.
const MOST_PARTS: usize = 12 << 20;
/// Bytes of the ends of logs that are held at most, to join them with others.
const MOST_ENDS: usize = 20 << 20;

/// The logs that came by, by their numbers ([`ecs_log::Log::streamed`]).
#[derive(Debug)]
pub struct StreamedLogs<P> {
    entries: Vec<ScannedEntry<P>>,
    /// Bytes of the parts that are held, and of the ends.
    parts: usize,
    ends: usize,
    unjoined: usize,
}

/// A log that was scanned to its own end.
#[derive(Debug)]
struct ScannedEntry<P> {
    /// None once it was taken.
    scanned: Option<Scanned<P>>,
    log: Log,
    held: Held,
}

/// Whether what was gathered from an entry could be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// All of it is held.
    Whole,
    /// It was too much to hold: the sink has some of it already.
    Early,
    /// It was too much to hold: some of it is gone.
    InPart,
}

impl<P> Default for StreamedLogs<P> {
    fn default() -> StreamedLogs<P> {
        StreamedLogs {
            entries: Vec::new(),
            parts: 0,
            ends: 0,
            unjoined: 0,
        }
    }
}

impl<P> StreamedLogs<P> {
    /// What was too much to hold, of what is `chosen`.
    pub fn unheld(&self, chosen: &[Chosen]) -> Unheld {
        let counted = chosen.iter().filter(|chosen| chosen.role == Role::Counted);
        let numbers = counted.filter_map(|chosen| chosen.log.streamed());
        let entries = numbers.filter_map(|number| self.entries.get(number));
        Unheld {
            lost: entries.filter(|entry| entry.held == Held::InPart).count(),
            unjoined: self.unjoined,
        }
    }

    /// The log of this number; a log is given once.
    pub(crate) fn take(&mut self, number: usize) -> Option<Scanned<P>> {
        self.entries.get_mut(number)?.scanned.take()
    }
}

impl<P: Default + Send> StreamedLogs<P> {
    /// Reads all archives in `inputs` that can be read only once. What is too much to hold goes to the sink that `early`
    /// names. There may be none where nobody knows yet whether a log is chosen; then it is lost.
    ///
    /// # Errors
    ///
    /// What the sink says.
    pub fn read<G, O, S>(
        readers: &Readers<'_, G, O>,
        inputs: &mut Inputs,
        early: Option<&mut S>,
    ) -> Result<StreamedLogs<P>, S::Error>
    where
        G: Gather<Part = P>,
        O: Observer,
        S: Sink<P>,
    {
        readers.observer.expect(None);
        let mut reading = Reading {
            readers,
            worker: Worker::new(readers.gather, Block::longest()),
            all: StreamedLogs::default(),
            early: Early {
                sink: early,
                names: HashSet::new(),
            },
        };
        while let Some(mut archive) = inputs.next_archive() {
            while let Some(log) = archive.next_log() {
                reading.scan(log)?;
                if reading.all.parts > MOST_PARTS {
                    reading.make_room()?;
                }
            }
            inputs.add(archive);
        }
        let all = reading.all;
        inputs.prefer(&|number| {
            let entry = all.entries.get(number);
            entry.is_some_and(|entry| entry.held == Held::Early)
        });
        Ok(all)
    }
}

/// Reading, while archives come by.
struct Reading<'a, 's, G: Gather, O, S> {
    readers: &'a Readers<'a, G, O>,
    worker: Worker<'a, G>,
    all: StreamedLogs<G::Part>,
    early: Early<'s, S>,
}

impl<G: Gather, O: Observer, S: Sink<G::Part>> Reading<'_, '_, G, O, S> {
    /// Scans a log, and gives parts of it away if it alone is too much to hold.
    fn scan(&mut self, mut log: StreamedLog<'_>) -> Result<(), S::Error> {
        let number = self.all.entries.len();
        let mut entry = ScannedEntry {
            scanned: None,
            log: log.log().clone(),
            held: Held::Whole,
        };
        let (observer, early) = (self.readers.observer, &mut self.early);
        let mut watch = |bytes: usize, part: &mut G::Part| {
            observer.read(bytes);
            observer.show();
            if G::held(part) <= MOST_PARTS {
                return ControlFlow::Continue(());
            }
            match early.take(number, &mut entry, std::mem::take(part)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(error),
            }
        };
        let (mut scanned, failure) = match self.worker.read(&mut log, &mut watch) {
            ControlFlow::Continue(read) => read,
            ControlFlow::Break(error) => return Err(error),
        };
        if let Some(cause) = failure {
            scanned.fate = Fate::ended(log.log(), cause);
        }
        self.hold(entry, scanned);
        Ok(())
    }

    /// Holds what a log held, and its ends as far as there is room for them.
    fn hold(&mut self, mut entry: ScannedEntry<G::Part>, mut scanned: Scanned<G::Part>) {
        let ends = self.all.ends.saturating_add(scanned.bytes_of_ends());
        if ends <= MOST_ENDS {
            self.all.ends = ends;
        } else if let Some(ends) = scanned.ends.take() {
            self.all.unjoined = self.all.unjoined.saturating_add(1);
            // As if nothing stood before it, nor after it.
            let mut take = |item: Item<'_>| self.readers.gather.take(&mut scanned.part, &item);
            Tail::nothing().join(ends, &mut take).finish(Beyond::Nothing, &mut take);
        }
        self.all.parts = self.all.parts.saturating_add(G::held(&scanned.part));
        entry.scanned = Some(scanned);
        self.all.entries.push(entry);
    }

    /// Gives parts away until half of the room is free: those of the oldest logs first.
    fn make_room(&mut self) -> Result<(), S::Error> {
        let mut all: Vec<(usize, &mut ScannedEntry<G::Part>)> = self.all.entries.iter_mut().enumerate().collect();
        all.sort_by_key(|(_, entry)| entry.log.name());
        for (number, entry) in all {
            if self.all.parts <= MOST_PARTS / 2 {
                break;
            }
            let Some(scanned) = &mut entry.scanned else {
                continue;
            };
            let bytes = G::held(&scanned.part);
            if bytes > 0 {
                self.all.parts = self.all.parts.saturating_sub(bytes);
                let part = std::mem::take(&mut scanned.part);
                self.early.take(number, entry, part)?;
            }
        }
        Ok(())
    }
}

/// Takes what is too much to hold.
struct Early<'s, S> {
    sink: Option<&'s mut S>,
    /// Names of the logs of which the sink has something. A log of the same name may be a copy, and must not be gathered
    /// too.
    names: HashSet<LogName>,
}

impl<S> Early<'_, S> {
    /// Takes a part of the streamed log of this number, and notes where it went. Since it is not known yet which logs are
    /// chosen, the origin bears the log's number among the streamed logs.
    fn take<P: Default + Send>(&mut self, number: usize, entry: &mut ScannedEntry<P>, part: P) -> Result<(), S::Error>
    where
        S: Sink<P>,
    {
        let is_new = |name| self.names.insert(name);
        match &mut self.sink {
            Some(sink) if entry.held == Held::Early || entry.log.name().is_none_or(is_new) => {
                entry.held = Held::Early;
                sink.log(&entry.log);
                sink.absorb(
                    part,
                    Origin {
                        source: number,
                        log: number,
                    },
                )
            }
            _ => {
                entry.held = Held::InPart;
                Ok(())
            }
        }
    }
}
