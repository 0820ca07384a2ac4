//! One source that is followed: where its bytes come from, and what they have said so far.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use ecs_log::{Error, Follower, Log, LogName, Step};
use sip_scan::{Beyond, Gather, Item, Scanner, Stamp, Tail, Want};
use time::PrimitiveDateTime;

use super::clock::{Clock, Seen};
use super::last_time::last_time;
use super::stream::Stream;
use crate::origins::{Origins, Parts};
use crate::recognised::Recognised;
use crate::tails::OpenEnd;

/// Where bytes come from.
#[derive(Debug)]
pub(super) enum Feed {
    Logs(Box<Follower>),
    Stream(Stream),
}

impl Feed {
    pub(super) fn of_folder(follower: Follower) -> Feed {
        Feed::Logs(Box::new(follower))
    }

    /// A file that grows, or a pipe.
    pub(super) fn of_file(log: Log) -> Feed {
        if log.is_stream() {
            Feed::Stream(Stream::new(log))
        } else {
            Feed::Logs(Box::new(Follower::file(log)))
        }
    }

    fn log(&self) -> Option<&Log> {
        match self {
            Feed::Logs(follower) => follower.log(),
            Feed::Stream(stream) => Some(stream.log()),
        }
    }

    fn folder(&self) -> Option<&Path> {
        match self {
            Feed::Logs(follower) => follower.folder(),
            Feed::Stream(_) => None,
        }
    }
}

/// Whether there is something to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// There may be something.
    Ready,
    /// There is nothing for now.
    Idle,
    /// Nothing more comes.
    Ended,
}

/// A source, with its scanner and its clock.
#[derive(Debug)]
pub(super) struct Source {
    feed: Feed,
    scanner: Scanner,
    pub(super) clock: Clock,
    state: State,
    /// Which logs are read.
    pub(super) origins: Origins,
    /// What is seen of a file or a pipe, until it is told that it is not a log. A folder may be read from anywhere in a line.
    recognised: Option<Recognised>,
}

impl Source {
    /// A source that goes on with what stands open `before`.
    pub(super) fn new(feed: Feed, before: OpenEnd, want: Want) -> Source {
        let mut scanner = Scanner::new(want);
        scanner.resume(before.tail);
        let recognised = feed.folder().is_none().then(Recognised::default);
        Source {
            feed,
            recognised,
            scanner,
            clock: Clock::default(),
            state: State::Ready,
            origins: before.origins,
        }
    }

    /// Makes the source's next step; none at its end. `wall` is the time of day.
    pub(super) fn poll(&mut self, buffer: &mut [u8], wall: SystemTime) -> Option<Step> {
        let step = match &mut self.feed {
            Feed::Logs(follower) => Some(follower.poll(buffer, wall)),
            Feed::Stream(stream) => stream.poll(buffer),
        };
        match step {
            Some(Step::Idle) => {
                self.state = State::Idle;
                return self.not_a_log().map(Step::Failed).or(step);
            }
            Some(Step::Bytes(_)) => {
                if let Some(log) = self.feed.log() {
                    self.origins.name_last(log);
                }
            }
            Some(_) => {}
            None => {
                self.state = State::Ended;
                return self.not_a_log().map(Step::Failed);
            }
        }
        step
    }

    /// Something may be there again.
    pub(super) fn look_again(&mut self) {
        if self.state == State::Idle {
            self.state = State::Ready;
        }
    }

    /// Whether to poll it may give something.
    pub(super) fn is_ready(&self) -> bool {
        self.state == State::Ready
    }

    /// Whether nothing is there for now, nor ever.
    pub(super) fn is_idle(&self) -> bool {
        self.state == State::Idle
    }

    /// Whether nothing more comes.
    pub(super) fn has_ended(&self) -> bool {
        self.state == State::Ended
    }

    /// Whether to poll it takes a while if nothing is there, so that nobody else need wait.
    pub(super) fn waits(&self) -> bool {
        matches!(&self.feed, Feed::Stream(stream) if stream.waits()) && !self.has_ended()
    }

    /// The log that is read.
    pub(super) fn log(&self) -> Option<&Log> {
        self.feed.log()
    }

    /// The folder that is followed, as it was named.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.feed.folder()
    }

    /// Tells, once, that what was read to its end so far is not a log.
    fn not_a_log(&mut self) -> Option<Error> {
        let waits = self.waits();
        let seeming = self.recognised.as_ref().filter(|_| !waits)?.seeming()?;
        self.recognised = None;
        let cause = io::Error::new(io::ErrorKind::Unsupported, seeming);
        self.feed.log().map(|log| log.read_failed(cause))
    }

    /// How many logs are still to be read.
    pub(super) fn waiting(&self) -> usize {
        match &self.feed {
            Feed::Logs(follower) => follower.waiting(),
            Feed::Stream(_) => 0,
        }
    }

    /// Gathers what a block holds that was read at `now`, and sets the clock by it.
    pub(super) fn scan<G: Gather>(&mut self, block: &[u8], now: Duration, gather: &G) -> Parts<G::Part> {
        let (mut parts, mut last) = (Parts::default(), None);
        let mut recognised = self.recognised.as_mut();
        if let Some(recognised) = &mut recognised {
            recognised.see(block);
        }
        self.scanner.scan(block, &mut |item| {
            if let Some(recognised) = &mut recognised {
                recognised.take(&item);
            }
            if let Item::Message(message) = &item {
                last = Some(message.stamp);
            }
            parts.take(gather, &item);
        });
        // Lines of other forms bear their time elsewhere.
        let of_message = || last.and_then(|stamp: Stamp| ecs_log::time_of_stamp(stamp.as_bytes()));
        if let Some(seen) = last_time(block).or_else(|| of_message().map(Seen::once)) {
            let begun = self.begun();
            self.clock.see(seen, begun, now);
        }
        parts
    }

    /// When the log that is read was begun, by its name.
    fn begun(&self) -> Option<PrimitiveDateTime> {
        self.log().and_then(Log::name).map(LogName::begun)
    }

    /// The time at which it begins: that of the lines `before`, or else the one in the name of the log.
    pub(super) fn time_before(&self, before: &[u8]) -> Option<PrimitiveDateTime> {
        let begun = self.begun();
        let of_lines = last_time(before).filter(|seen| seen.is_believed(begun));
        of_lines.map(|seen| seen.time).or(begun)
    }

    /// What comes next is the beginning of the log after.
    pub(super) fn end_of_log<G: Gather>(&mut self, gather: &G) -> Parts<G::Part> {
        let mut parts = Parts::default();
        let (_, tail) = self.scanner.end_of_file(&mut |item| parts.take(gather, &item));
        self.scanner.resume(tail);
        parts
    }

    /// What comes next does not go on with what came before: that is finished as `beyond` says.
    pub(super) fn cut<G: Gather>(&mut self, gather: &G, beyond: Beyond) -> Parts<G::Part> {
        let mut parts = Parts::default();
        let mut take = |item: Item<'_>| parts.take(gather, &item);
        let (_, tail) = self.scanner.end_of_file(&mut take);
        tail.finish(beyond, &mut take);
        self.scanner.resume(Tail::unknown());
        parts
    }
}
