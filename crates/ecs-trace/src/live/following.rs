//! The loop of live reading.

use std::time::{Duration, SystemTime};

use ecs_log::Step;
use sip_scan::{Beyond, Gather, Sink};
use time::PrimitiveDateTime;

use super::clock::{later, stamp};
use super::machine::Machine;
use super::source::Source;
use super::sources::Sources;
use super::watcher::{Event, Standing, Watcher};
use crate::block::Block;

/// How long after its time it is waited for lines that come late.
const HOLD: time::Duration = time::Duration::seconds(2);
/// How long ago a log may have been written to, to tell the time by it when it is begun at its end.
const FRESH: Duration = Duration::from_secs(86_400);
/// After how many steps it is shown how it stands, when there is much to read.
const SHOW_EVERY: u32 = 64;
/// The most steps that are made after an end was asked for, to read what is there.
const LAST_STEPS: u32 = 256;

/// Follows logs.
#[derive(Debug)]
pub struct Live<'a, G, M, W> {
    /// What gathers.
    pub gather: &'a G,
    /// What is followed.
    pub sources: Sources,
    /// The machine it runs on.
    pub machine: M,
    /// Who looks on.
    pub watcher: W,
}

/// How following ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Why.
    pub end: End,
    /// How many logs were read, in part or as a whole.
    pub logs: usize,
    /// How many logs could not be read, or not to their end.
    pub problems: usize,
}

/// Why following ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing more comes, or the sink needs nothing that may still come.
    Over,
    /// Somebody asked for it.
    Asked,
    /// Nobody reads what is made of the logs. The sink was not finished.
    NoReader,
}

impl<G: Gather, M: Machine, W> Live<'_, G, M, W> {
    /// Follows until an end.
    ///
    /// # Errors
    ///
    /// What the sink says.
    pub fn run<S: Sink<G::Part>>(self, sink: &mut S) -> Result<Ended, S::Error>
    where
        W: Watcher<S>,
    {
        let mut following = Following {
            round: self.machine.now(),
            live: self,
            sink,
            logs: 0,
            problems: 0,
        };
        let end = following.run()?;
        let Following {
            live, logs, problems, ..
        } = following;
        let open = live.sources.0.iter().filter(|source| source.log().is_some());
        Ok(Ended {
            end,
            logs: logs.saturating_add(open.count()),
            problems,
        })
    }
}

/// How far following has come.
struct Following<'a, 's, G, S, M, W> {
    live: Live<'a, G, M, W>,
    sink: &'s mut S,
    /// When it was begun to look for more in all sources. What was written before then is read when all are idle; what is
    /// written later may not be, should the program be stopped in between.
    round: Duration,
    /// Logs read to their ends.
    logs: usize,
    problems: usize,
}

impl<G: Gather, S: Sink<G::Part>, M: Machine, W: Watcher<S>> Following<'_, '_, G, S, M, W> {
    fn run(&mut self) -> Result<End, S::Error> {
        let mut block = Block::longest();
        let mut steps: u32 = 0;
        loop {
            if self.live.machine.is_asked_to_end() {
                self.live.watcher.leaving();
                self.leave(block.room())?;
                return Ok(End::Asked);
            }
            if self.sink.is_done() || self.live.sources.have_ended() {
                self.sink.finish(None)?;
                return Ok(End::Over);
            }
            match self.live.sources.next() {
                Some(place) => self.step(place, block.room())?,
                None => {
                    self.idle()?;
                    if !self.live.machine.has_reader() {
                        return Ok(End::NoReader);
                    }
                    self.wait();
                }
            }
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(SHOW_EVERY) {
                self.show();
            }
        }
    }

    /// Makes the next step of one source.
    fn step(&mut self, place: usize, buffer: &mut [u8]) -> Result<(), S::Error> {
        let Some(source) = self.live.sources.0.get_mut(place) else {
            return Ok(());
        };
        let step = source.poll(buffer, self.live.machine.wall());
        match step {
            Some(Step::Idle) => Ok(()),
            Some(Step::Bytes(length)) => self.take(place, buffer.get(..length).unwrap_or_default()),
            Some(Step::Before { length, written }) => {
                let lines = buffer.get(..length).unwrap_or_default();
                self.begin(place, lines, written)
            }
            Some(Step::EndOfLog) => {
                self.logs = self.logs.saturating_add(1);
                self.end_of_log(place)
            }
            Some(Step::FolderGone(error)) => {
                self.live.watcher.tell(Event::FolderGone(&error));
                Ok(())
            }
            Some(Step::FolderBack) => {
                self.live.watcher.tell(Event::FolderBack(source.folder()));
                Ok(())
            }
            Some(Step::Lost(lost)) => {
                self.problems = self.problems.saturating_add(lost.known);
                self.live.watcher.tell(Event::Lost(&lost));
                self.cut(place, Beyond::Nothing)
            }
            Some(Step::Restarted(log)) => {
                self.live.watcher.tell(Event::Restarted(&log));
                self.cut(place, Beyond::Nothing)
            }
            Some(Step::Failed(error)) => {
                self.problems = self.problems.saturating_add(1);
                self.live.watcher.tell(Event::Failed(&error));
                self.cut(place, Beyond::Nothing)
            }
            None => self.cut(place, Beyond::Nothing),
        }
    }

    /// Takes what was read of a source, and lets the sink close what is over.
    fn take(&mut self, place: usize, block: &[u8]) -> Result<(), S::Error> {
        let now = self.live.machine.now();
        if let Some(source) = self.live.sources.0.get_mut(place) {
            for (origin, part) in source.scan(block, now, self.live.gather).by_log(&source.origins) {
                self.sink.log(&source.origins.name_of(origin.log));
                self.sink.absorb(part, origin)?;
            }
        }
        match self.live.sources.log_time(now) {
            Some(time) => self.settle(time),
            None => Ok(()),
        }
    }

    /// A source begins behind `lines`, in a log that was last written to at `written`.
    fn begin(&mut self, place: usize, lines: &[u8], written: Option<SystemTime>) -> Result<(), S::Error> {
        let (now, wall) = (self.live.machine.now(), self.live.machine.wall());
        let age = written.and_then(|written| wall.duration_since(written).ok());
        let age = age.unwrap_or_default();
        let Some(source) = self.live.sources.0.get_mut(place) else {
            return Ok(());
        };
        let Some(time) = source.time_before(lines).filter(|_| age <= FRESH) else {
            return Ok(());
        };
        let time = later(time, age);
        source.clock.set(time, now);
        stamp(time).map_or(Ok(()), |stamp| self.sink.begin(stamp))
    }

    /// What a source gives next is the beginning of the log after.
    fn end_of_log(&mut self, place: usize) -> Result<(), S::Error> {
        let next = self.live.sources.next_log();
        let Some(source) = self.live.sources.0.get_mut(place) else {
            return Ok(());
        };
        for (origin, part) in source.end_of_log(self.live.gather).by_log(&source.origins) {
            self.sink.log(&source.origins.name_of(origin.log));
            self.sink.absorb(part, origin)?;
        }
        source.origins.follow(next);
        Ok(())
    }

    /// What a source gives next does not go on with what came before.
    fn cut(&mut self, place: usize, beyond: Beyond) -> Result<(), S::Error> {
        let next = self.live.sources.next_log();
        let Some(source) = self.live.sources.0.get_mut(place) else {
            return Ok(());
        };
        for (origin, part) in source.cut(self.live.gather, beyond).by_log(&source.origins) {
            self.sink.log(&source.origins.name_of(origin.log));
            self.sink.absorb(part, origin)?;
        }
        source.origins.follow(next);
        Ok(())
    }

    /// There is nothing to read: the machine's clock says what is over.
    fn idle(&mut self) -> Result<(), S::Error> {
        if let Some(time) = self.live.sources.log_time(self.round) {
            stamp(time).map_or(Ok(()), |stamp| self.sink.caught_up(stamp))?;
            self.settle(time)?;
        }
        self.live.watcher.idle(self.sink, self.round);
        self.show();
        Ok(())
    }

    /// Lets time go by, then looks at all sources again.
    fn wait(&mut self) {
        if !self.live.sources.wait() {
            self.live.machine.pause();
        }
        self.begin_round();
    }

    fn begin_round(&mut self) {
        self.round = self.live.machine.now();
        self.live.sources.look_again();
    }

    /// It is `time` in the logs: nothing older comes, but for lines that are late by no more than [`HOLD`].
    fn settle(&mut self, time: PrimitiveDateTime) -> Result<(), S::Error> {
        if let Some(before) = stamp(time.saturating_sub(HOLD)) {
            self.sink.settle(before)?;
            self.live.watcher.settled(self.sink, self.round);
        }
        Ok(())
    }

    /// An end was asked for: reads what is there by now, though not without end.
    fn leave(&mut self, buffer: &mut [u8]) -> Result<(), S::Error> {
        self.begin_round();
        for _ in 0..LAST_STEPS {
            match self.live.sources.next() {
                // It would wait for something to come.
                Some(place) if self.live.sources.0.get(place).is_some_and(Source::waits) => break,
                Some(place) => self.step(place, buffer)?,
                None => break,
            }
        }
        let sources = &mut self.live.sources;
        sources.0.iter_mut().for_each(|source| source.clock.believe(self.round));
        let time = sources.log_time(self.round);
        for place in 0..sources.0.len() {
            self.cut(place, Beyond::Unknown)?;
        }
        self.sink.finish(time.and_then(stamp))
    }

    fn show(&mut self) {
        let furthest = self.live.sources.furthest();
        let standing = Standing {
            stamp: furthest.and_then(|source| stamp(source.clock.latest()?)),
            log: furthest.and_then(Source::log),
            waiting: furthest.map_or(0, Source::waiting),
        };
        self.live.watcher.show(self.sink, standing);
    }
}
