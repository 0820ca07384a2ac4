//! Puts in the order of time what was gathered log by log, in bounded memory.

use std::collections::VecDeque;
use std::fmt;
use std::mem::size_of;
use std::rc::Rc;

use crate::gather::{Origin, Sink};
use crate::position::Position;
use crate::stamp::Stamp;

#[cfg(test)]
mod tests;

/// Things that were gathered from one log, each with the time and the place of its record: a part for [`InOrder`].
#[derive(Debug)]
pub struct Timed<T> {
    things: Vec<Thing<T>>,
    bytes: usize,
}

#[derive(Debug)]
struct Thing<T> {
    stamp: Stamp,
    position: Position,
    bytes: usize,
    thing: T,
}

impl<T> Default for Timed<T> {
    fn default() -> Timed<T> {
        Timed {
            things: Vec::new(),
            bytes: 0,
        }
    }
}

impl<T> Timed<T> {
    /// Adds a thing that takes so many bytes of memory beside its own size.
    pub fn push(&mut self, (stamp, position): (Stamp, Position), thing: T, bytes: usize) {
        let bytes = bytes.saturating_add(size_of::<Held<T>>());
        self.bytes = self.bytes.saturating_add(bytes);
        self.things.push(Thing {
            stamp,
            position,
            bytes,
            thing,
        });
    }

    /// The things, in the order in which they were added.
    pub fn into_things(self) -> impl Iterator<Item = T> {
        self.things.into_iter().map(|thing| thing.thing)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.things.len()
    }

    /// How many bytes of memory all of them take, roughly.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Takes things one by one, in the order of time.
pub trait TakeInOrder<T> {
    /// Why a thing could not be taken.
    type Error;

    /// Takes the next thing. It stands in the log `log`, on the line that `position` says.
    ///
    /// # Errors
    ///
    /// What keeps it from going on.
    fn take(&mut self, thing: T, log: &str, position: Position) -> Result<(), Self::Error>;

    /// All that is older than some time was taken: whoever looks on may see it.
    ///
    /// # Errors
    ///
    /// What keeps it from going on.
    fn flush(&mut self) -> Result<(), Self::Error>;

    /// Nothing more comes.
    ///
    /// # Errors
    ///
    /// What keeps it from going on.
    fn finish(&mut self) -> Result<(), Self::Error>;
}

/// How things are put in order.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// How many bytes of things are held at most. Beyond that the oldest are given on before it is known that nothing older
    /// comes.
    pub most_bytes: usize,
    /// Nothing later than this is wanted.
    pub last: Option<Stamp>,
}

/// A sink that gives on all things in the order of their time, those of the same time by source, log and line.
#[derive(Debug)]
pub struct InOrder<T, O> {
    out: O,
    order: Order,
    held: VecDeque<Held<T>>,
    bytes: usize,
    /// What the log is called from which the next part comes.
    log: Rc<str>,
    /// Nothing older comes.
    settled: Option<Stamp>,
    /// The time of the latest thing that was given on.
    given: Option<Stamp>,
    behind: u64,
}

#[derive(Debug)]
struct Held<T> {
    key: (Stamp, usize, usize, u64),
    position: Position,
    log: Rc<str>,
    bytes: usize,
    thing: T,
}

impl<T, O: TakeInOrder<T>> InOrder<T, O> {
    /// Gives all things on to `out`.
    pub fn new(order: Order, out: O) -> InOrder<T, O> {
        InOrder {
            out,
            order,
            held: VecDeque::new(),
            bytes: 0,
            log: Rc::from(""),
            settled: None,
            given: None,
            behind: 0,
        }
    }

    /// What takes the things.
    pub fn out(&self) -> &O {
        &self.out
    }

    /// What took the things, once all is over.
    pub fn into_out(self) -> O {
        self.out
    }

    /// How many things were given on after later ones: there was too much to hold, or their log is out of order.
    pub fn behind(&self) -> u64 {
        self.behind
    }

    /// Gives on the first things as long as `is_due` says so of the bytes that are held and the thing.
    fn give(&mut self, is_due: impl Fn(usize, &Stamp) -> bool) -> Result<(), O::Error> {
        if self.held.front().is_none() {
            return Ok(());
        }
        // What is held was sorted before, so this takes little more than one look at each.
        self.held.make_contiguous().sort_by_key(|held| held.key);
        while let Some(held) = self.held.pop_front_if(|held| is_due(self.bytes, &held.key.0)) {
            self.bytes = self.bytes.saturating_sub(held.bytes);
            if self.given > Some(held.key.0) {
                self.behind = self.behind.saturating_add(1);
            }
            self.given = self.given.max(Some(held.key.0));
            self.out.take(held.thing, &held.log, held.position)?;
        }
        Ok(())
    }
}

impl<T, O: TakeInOrder<T>> Sink<Timed<T>> for InOrder<T, O> {
    type Error = O::Error;

    fn is_done(&self) -> bool {
        self.order.last.is_some_and(|last| self.settled > Some(last))
    }

    fn log(&mut self, name: &dyn fmt::Display) {
        self.log = Rc::from(name.to_string());
    }

    fn absorb(&mut self, part: Timed<T>, from: Origin) -> Result<(), O::Error> {
        for Thing {
            stamp,
            position,
            bytes,
            thing,
        } in part.things
        {
            self.bytes = self.bytes.saturating_add(bytes);
            self.held.push_back(Held {
                key: (stamp, from.source, from.log, position.line),
                position,
                log: Rc::clone(&self.log),
                bytes,
                thing,
            });
        }
        let most = self.order.most_bytes;
        if self.bytes > most {
            self.give(|bytes, _| bytes > most / 2)?;
        }
        Ok(())
    }

    fn settle(&mut self, before: Stamp) -> Result<(), O::Error> {
        self.settled = self.settled.max(Some(before));
        self.give(|_, stamp| *stamp < before)?;
        self.out.flush()
    }

    fn finish(&mut self, _at: Option<Stamp>) -> Result<(), O::Error> {
        self.give(|_, _| true)?;
        self.out.finish()
    }
}
