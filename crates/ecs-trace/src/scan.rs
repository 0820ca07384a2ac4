//! One log alone, from its bytes to a part.

use std::io::{self, Read};
use std::ops::ControlFlow;

use ecs_log::{Error, Log};
use sip_scan::{Gather, Head, Scanner, Tail};

use crate::block::Block;
use crate::fate::Fate;
use crate::recognised::Recognised;

/// What one log held, scanned without a look at any other.
#[derive(Debug)]
pub(crate) struct Scanned<P> {
    pub(crate) part: P,
    /// What the log leaves open at its two ends. None where it cannot be joined with others: nothing of it was read, or
    /// its ends were too much to hold.
    pub(crate) ends: Option<(Head, Tail)>,
    pub(crate) fate: Fate,
}

impl<P: Default> Scanned<P> {
    /// Of a log of which nothing could be read.
    pub(crate) fn not_read(error: Error) -> Scanned<P> {
        Scanned {
            part: P::default(),
            ends: None,
            fate: Fate::NotRead(error),
        }
    }

    /// How many bytes of memory its ends take, roughly.
    pub(crate) fn bytes_of_ends(&self) -> usize {
        let bytes = |(head, tail): &(Head, Tail)| head.bytes().saturating_add(tail.bytes());
        self.ends.as_ref().map_or(0, bytes)
    }
}

/// Scans one log after the other, with the same memory.
#[derive(Debug)]
pub(crate) struct Worker<'a, G> {
    gather: &'a G,
    block: Block,
    scanner: Scanner,
}

impl<'a, G: Gather> Worker<'a, G> {
    pub(crate) fn new(gather: &'a G, block: Block) -> Worker<'a, G> {
        Worker {
            gather,
            block,
            scanner: Scanner::new(gather.want()),
        }
    }

    /// Scans `log`. After each block `watch` gets the bytes that the block had, and all that was gathered so far, which it
    /// may take away, or break off.
    pub(crate) fn scan<B>(
        &mut self,
        log: &Log,
        watch: &mut impl FnMut(usize, &mut G::Part) -> ControlFlow<B>,
    ) -> ControlFlow<B, Scanned<G::Part>> {
        let mut reader = match log.open() {
            Ok(reader) => reader,
            Err(error) => return ControlFlow::Continue(Scanned::not_read(error)),
        };
        let (mut scanned, failure) = self.read(&mut reader, watch)?;
        if let Some(cause) = failure {
            scanned.fate = Fate::ended(log, cause);
        }
        ControlFlow::Continue(scanned)
    }

    /// Scans all that `reader` gives; also gives back why it could not be read to its end, or what it is that is not a log.
    pub(crate) fn read<B>(
        &mut self,
        reader: &mut impl Read,
        watch: &mut impl FnMut(usize, &mut G::Part) -> ControlFlow<B>,
    ) -> ControlFlow<B, (Scanned<G::Part>, Option<io::Error>)> {
        let (mut part, mut recognised) = (G::Part::default(), Recognised::default());
        let mut failure = loop {
            let length = match reader.read(self.block.room()) {
                Ok(0) => break None,
                Ok(length) => length,
                Err(cause) => break Some(cause),
            };
            let block = self.block.start(length);
            recognised.see(block);
            self.scanner.scan(block, &mut |item| {
                recognised.take(&item);
                self.gather.take(&mut part, &item);
            });
            if let ControlFlow::Break(why) = watch(length, &mut part) {
                self.scanner = Scanner::new(self.gather.want());
                return ControlFlow::Break(why);
            }
        };
        let ends = self.scanner.end_of_file(&mut |item| {
            recognised.take(&item);
            self.gather.take(&mut part, &item);
        });
        if failure.is_none() {
            let seeming = recognised.seeming();
            failure = seeming.map(|seeming| io::Error::new(io::ErrorKind::Unsupported, seeming));
        }
        let scanned = Scanned {
            part,
            ends: Some(ends),
            fate: if recognised.is_empty() {
                Fate::Empty
            } else {
                Fate::Whole
            },
        };
        ControlFlow::Continue((scanned, failure))
    }
}
