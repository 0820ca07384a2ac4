//! One log, from its bytes to its counts.

use std::io::{self, Read};
use std::ops::ControlFlow;

use ecs_log::{Error, Log, LogReader};
use sip_scan::{Damage, Damaged, Gather, Item, Scanner, Stamp, Taken};
use sip_stats::Counts;

use crate::block::Block;

/// Bytes read at a time of the log after, of which mostly a line or two is wanted.
const NEXT_BLOCK: usize = 4 << 10;

pub(crate) use sip_stats::CountMessages as Settings;

/// Memory that is used again for each log.
#[derive(Debug)]
pub(crate) struct Buffer<'a> {
    block: Block,
    scanner: Scanner,
    /// Whether the log after is mostly the one that is scanned next.
    goes_on: bool,
    next: Option<Begun<'a>>,
}

/// A log whose first block is in the buffer.
#[derive(Debug)]
struct Begun<'a> {
    log: &'a Log,
    reader: LogReader,
    length: usize,
}

impl<'a> Buffer<'a> {
    /// For the first of so many workers. Where it has all logs, the look into the log after is at the same time the
    /// first read of it.
    pub(crate) fn first_of(workers: usize) -> Buffer<'a> {
        Buffer {
            goes_on: workers == 1,
            ..Buffer::with(Block::longest())
        }
    }

    /// For any other of so many workers.
    pub(crate) fn other_of(workers: usize) -> Buffer<'a> {
        Buffer::with(Block::of(workers))
    }

    fn with(block: Block) -> Buffer<'a> {
        Buffer {
            block,
            scanner: Scanner::new(),
            goes_on: false,
            next: None,
        }
    }

    /// Opens a log, unless it is open; gives back how many bytes of it were read already.
    fn open(&mut self, log: &Log) -> Result<(LogReader, Option<usize>), Error> {
        match self.next.take().filter(|begun| std::ptr::eq(begun.log, log)) {
            Some(Begun { reader, length, .. }) => Ok((reader, Some(length))),
            None => Ok((log.open()?, None)),
        }
    }
}

/// What one log held.
#[derive(Debug, Default)]
pub(crate) struct Scanned {
    pub(crate) counts: Counts,
    /// Further lines at its start that nothing in it begins.
    pub(crate) orphans: Vec<Orphans>,
    /// For each log after it, in order: which lines belong to records begun in this one.
    pub(crate) taken: Vec<Vec<Taken>>,
    /// Whether it holds nothing at all.
    pub(crate) is_empty: bool,
    /// Why it could not be read, or not to its end.
    pub(crate) failure: Option<Error>,
}

/// Further lines of one process that stand at the start of a log.
#[derive(Debug)]
pub(crate) struct Orphans {
    pub(crate) process: Vec<u8>,
    pub(crate) stamp: Option<Stamp>,
    pub(crate) further_lines: u64,
}

/// Called after each block with the bytes that it had and all that was counted so far, which may be taken.
pub(crate) trait Watch: FnMut(usize, &mut Counts) -> ControlFlow<()> {}
impl<F: FnMut(usize, &mut Counts) -> ControlFlow<()>> Watch for F {}

/// Where to look for the rest of what a log begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum After<'a> {
    /// In this log.
    Log(&'a Log),
    /// In what was kept of one that is gone; none where too much was to be kept.
    Start(Option<&'a Start>),
}

/// What was kept of the start of a log.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) bytes: Vec<u8>,
    /// Whether the log could be read to its end.
    pub(crate) is_whole: bool,
}

/// Scans `log`, and of those `after` it as much as finishes the records begun in it. None if `watch` broke it off.
pub(crate) fn scan<'a>(
    log: &Log,
    after: impl IntoIterator<Item = After<'a>>,
    settings: &Settings,
    (buffer, watch): (&mut Buffer<'a>, &mut impl Watch),
) -> Option<Scanned> {
    let mut scanned = Scanned::new();
    let mut scanner = std::mem::take(&mut buffer.scanner);
    scanner.start_over();
    let result = match buffer.open(log) {
        Ok((mut reader, begun)) => scanned
            .read(&mut scanner, (&mut reader, begun), settings, (buffer, watch))?
            .map_err(|cause| log.read_failed(cause)),
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => {
            scanner.finish_only(&mut |item| scanned.take(&item, settings));
            scanned.finish(&mut scanner, after, settings, Some(buffer));
        }
        Err(error) => scanned.fail(&mut scanner, error, settings),
    }
    buffer.scanner = scanner;
    Some(scanned)
}

/// Reads the start of a log, as long as `wants_more`; whether it could be read. If not, that is told when its own turn
/// comes.
fn read_start(mut reader: LogReader, mut wants_more: impl FnMut(&[u8]) -> bool) -> bool {
    let mut buffer = [0; NEXT_BLOCK];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return true,
            Ok(length) if wants_more(buffer.get(..length).unwrap_or_default()) => {}
            Ok(_) => return true,
            Err(_) => return false,
        }
    }
}

/// Does the same, and keeps the log and its first block for when it is scanned itself. Where that block is not enough,
/// it is read once more.
fn begin_next<'a>(log: &'a Log, buffer: &mut Buffer<'a>, mut wants_more: impl FnMut(&[u8]) -> bool) -> bool {
    let Ok(mut reader) = log.open() else {
        return false;
    };
    let Ok(length) = reader.read(buffer.block.room()) else {
        return false;
    };
    let block = buffer.block.start(length);
    if block.chunks(NEXT_BLOCK).all(&mut wants_more) {
        // Not as it mostly is: the next log begins anew.
        return read_start(reader, wants_more);
    }
    buffer.next = Some(Begun { log, reader, length });
    true
}

impl Scanned {
    pub(crate) fn new() -> Scanned {
        Scanned {
            is_empty: true,
            ..Scanned::default()
        }
    }

    /// Scans all that `reader` gives, of which the first block may be in the buffer. None if `watch` broke it off.
    pub(crate) fn read(
        &mut self,
        scanner: &mut Scanner,
        (reader, mut begun): (&mut impl Read, Option<usize>),
        settings: &Settings,
        (buffer, watch): (&mut Buffer<'_>, &mut impl Watch),
    ) -> Option<io::Result<()>> {
        loop {
            let block = match begun.take().map_or_else(|| reader.read(buffer.block.room()), Ok) {
                Ok(0) => return Some(Ok(())),
                Ok(length) => buffer.block.start(length),
                Err(error) => return Some(Err(error)),
            };
            self.is_empty = false;
            scanner.scan(block, &mut |item| self.take(&item, settings));
            if watch(block.len(), &mut self.counts).is_break() {
                return None;
            }
        }
    }

    /// The log could not be read to its end. Whatever follows, it does not follow on what could be read.
    pub(crate) fn fail(&mut self, scanner: &mut Scanner, error: Error, settings: &Settings) {
        self.failure = Some(error);
        scanner.finish(&mut |item| self.take(&item, settings));
    }

    /// Finishes what was begun, from the logs after. Where there is a buffer, it may keep the first of them open.
    pub(crate) fn finish<'a>(
        &mut self,
        scanner: &mut Scanner,
        after: impl IntoIterator<Item = After<'a>>,
        settings: &Settings,
        buffer: Option<&mut Buffer<'a>>,
    ) {
        let mut buffer = buffer.filter(|buffer| buffer.goes_on);
        for (count, after) in after.into_iter().enumerate() {
            if !scanner.is_unfinished() {
                break;
            }
            if count > 0 {
                self.taken.push(scanner.taken().collect());
                scanner.end_of_file();
            }
            let mut finish = |block: &[u8]| {
                scanner.scan(block, &mut |item| self.take(&item, settings));
                scanner.is_unfinished()
            };
            let could_read = match (after, buffer.take()) {
                (After::Log(log), Some(buffer)) => begin_next(log, buffer, finish),
                (After::Log(log), None) => log.open().is_ok_and(|reader| read_start(reader, finish)),
                (After::Start(None), _) => false,
                (After::Start(Some(start)), _) => {
                    finish(&start.bytes);
                    start.is_whole
                }
            };
            if !could_read {
                break;
            }
        }
        scanner.finish(&mut |item| self.take(&item, settings));
        self.taken.push(scanner.taken().collect());
    }

    /// How many bytes of memory it takes, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.counts.bytes()
    }

    /// Whether these may be lines of a record that the log before began. More processes than a scanner tells apart
    /// cannot have left one.
    fn may_be_excused(&self, damaged: &Damaged<'_>) -> bool {
        damaged.damage == Damage::NoFirstLine && damaged.at_start && self.orphans.len() < sip_scan::MAX_PROCESSES
    }

    pub(crate) fn take(&mut self, item: &Item<'_>, settings: &Settings) {
        match item {
            Item::Damaged(damaged) if self.may_be_excused(damaged) => {
                self.orphans.push(Orphans {
                    process: damaged.process.to_vec(),
                    stamp: damaged.stamp,
                    further_lines: damaged.further_lines,
                });
            }
            item => settings.take(&mut self.counts, item),
        }
    }
}
