//! One source that is followed: where its bytes come from, and what they have said so far.

use std::path::Path;
use std::time::{Duration, SystemTime};

use ecs_log::{Follower, Log, LogName, Step};
use sip_scan::{Damage, Gather, Item, Scanner, Stamp};
use sip_stats::Counts;
use time::PrimitiveDateTime;

use crate::live::clock::{AGREEING, Clock, LEAP};
use crate::live::stream::Stream;
use crate::scan::Settings;

/// How much of the end of a block is searched for lines that tell the time, and how many of them are looked at.
const TAIL: usize = 64 << 10;
const LAST_LINES: usize = 16;

/// Where bytes come from.
#[derive(Debug)]
pub(crate) enum Source {
    Logs(Box<Follower>),
    Stream(Stream),
}

/// A source, with its scanner and its clock.
#[derive(Debug)]
pub(crate) struct Lane {
    source: Source,
    scanner: Scanner,
    pub(crate) clock: Clock,
    /// Whether it may begin within a record, whose further lines then are no damage.
    begins_within: bool,
    /// Nothing more is there for now.
    pub(crate) is_idle: bool,
    /// Nothing more will come.
    pub(crate) has_ended: bool,
}

impl Lane {
    /// `begins_within`: something may stand before where it begins.
    pub(crate) fn new(source: Source, begins_within: bool) -> Lane {
        Lane {
            source,
            scanner: Scanner::new(),
            clock: Clock::default(),
            begins_within,
            is_idle: false,
            has_ended: false,
        }
    }

    /// Makes the source's next step; none at its end. `wall` is the time of day.
    pub(crate) fn poll(&mut self, buffer: &mut [u8], wall: SystemTime) -> Option<Step> {
        match &mut self.source {
            Source::Logs(follower) => Some(follower.poll(buffer, wall)),
            Source::Stream(stream) => stream.poll(buffer),
        }
    }

    /// Whether to poll it takes a while if nothing is there, so that nobody else need wait.
    pub(crate) fn waits(&self) -> bool {
        matches!(&self.source, Source::Stream(stream) if stream.waits()) && !self.has_ended
    }

    /// The log that is read.
    pub(crate) fn log(&self) -> Option<&Log> {
        match &self.source {
            Source::Logs(follower) => follower.log(),
            Source::Stream(stream) => Some(stream.log()),
        }
    }

    /// The folder that is followed, as it was named.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match &self.source {
            Source::Logs(follower) => follower.folder(),
            Source::Stream(_) => None,
        }
    }

    /// How many logs are still to be read.
    pub(crate) fn waiting(&self) -> usize {
        match &self.source {
            Source::Logs(follower) => follower.waiting(),
            Source::Stream(_) => 0,
        }
    }

    /// Counts what a block holds.
    pub(crate) fn scan(&mut self, block: &[u8], now: Duration, counts: &mut Counts, settings: &Settings) {
        let begins_within = self.begins_within;
        let mut last: Option<Stamp> = None;
        scan(&mut self.scanner, Some(block), &mut |item| {
            if let Item::Message(message) = &item {
                last = Some(message.stamp);
            }
            take(&item, begins_within, counts, settings);
        });
        // Lines of other forms bear their time elsewhere.
        let of_message = || Some((ecs_log::time_of_stamp(last?.as_bytes())?, 1));
        if let Some((time, lines)) = last_time(block).or_else(of_message) {
            self.clock.see(time, lines, now);
        }
    }

    /// The time at which it begins: that of the lines `before`, or else the one in the name of the log.
    pub(crate) fn time_before(&self, before: &[u8]) -> Option<PrimitiveDateTime> {
        let of_name = || self.log().and_then(Log::name).map(LogName::begun);
        last_time(before).map(|(time, _)| time).or_else(of_name)
    }

    /// What comes next is the beginning of the log after.
    pub(crate) fn end_of_log(&mut self) {
        self.scanner.end_of_file();
    }

    /// What comes next does not go on with what came before.
    pub(crate) fn part(&mut self, counts: &mut Counts, settings: &Settings) {
        let begins_within = self.begins_within;
        scan(&mut self.scanner, None, &mut |item| {
            take(&item, begins_within, counts, settings);
        });
        self.scanner = Scanner::new();
        self.begins_within = true;
    }

    /// Nothing more is read, though more may stand there: what is begun is no damage.
    pub(crate) fn leave(&mut self, counts: &mut Counts, settings: &Settings) {
        scan(&mut self.scanner, None, &mut |item| match item {
            Item::Message(mut message) => {
                message.damage = message.damage.filter(|damage| *damage != Damage::Short);
                settings.take(counts, &Item::Message(message));
            }
            Item::Damaged(damaged) if damaged.damage == Damage::Short => {}
            item => take(&item, true, counts, settings),
        });
    }
}

/// Scans a block, or finishes. In one place, since the compiler makes a scanner of its own for each.
fn scan(scanner: &mut Scanner, block: Option<&[u8]>, sink: &mut dyn FnMut(Item<'_>)) {
    let mut sink = |item: Item<'_>| sink(item);
    match block {
        Some(block) => scanner.scan(block, &mut sink),
        None => scanner.finish(&mut sink),
    }
}

fn take(item: &Item<'_>, begins_within: bool, counts: &mut Counts, settings: &Settings) {
    match item {
        Item::Damaged(damaged) => {
            let is_excused = begins_within && damaged.damage == Damage::NoFirstLine && damaged.at_start;
            if !is_excused {
                settings.take(counts, item);
            }
        }
        item => settings.take(counts, item),
    }
}

/// The latest time that the last lines in `block` bear, and how many of them agree on it; a time on which enough agree
/// is preferred to a later one.
fn last_time(block: &[u8]) -> Option<(PrimitiveDateTime, usize)> {
    let tail = block.len().saturating_sub(TAIL);
    let lines = block.get(tail..).unwrap_or_default().rsplit(|byte| *byte == b'\n');
    let times: Vec<PrimitiveDateTime> = lines.filter_map(time_of_line).take(LAST_LINES).collect();
    let agree = |time: PrimitiveDateTime| {
        let agrees = |other: &&PrimitiveDateTime| (time - **other).unsigned_abs() <= LEAP;
        times.iter().filter(agrees).count().min(AGREEING)
    };
    let with_number = times.iter().map(|time| (*time, agree(*time)));
    with_number.max_by_key(|(time, lines)| (*lines, *time))
}

fn time_of_line(line: &[u8]) -> Option<PrimitiveDateTime> {
    let (stamp, rest) = line.split_first_chunk::<{ Stamp::LEN }>()?;
    rest.strip_prefix(b":")?;
    ecs_log::time_of_stamp(stamp)
}
