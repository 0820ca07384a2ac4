//! One log, from its bytes to its counts.

use std::io::Read;
use std::ops::ControlFlow;

use ecs_log::{Error, Log};
use sip_scan::{Damage, Damaged, Item, Scanner, Stamp, Taken};
use sip_stats::{Counts, Filter, Interval};

/// Bytes read at a time: few enough to stay in the processor's cache, enough to make few calls.
const BLOCK: usize = 128 << 10;
/// Bytes read at a time of the log after, of which mostly a line or two is wanted.
const NEXT_BLOCK: usize = 4 << 10;

/// What counts, and how it is cut into windows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) filter: Filter,
    pub(crate) interval: Interval,
}

/// Memory that is used again for each log.
#[derive(Debug)]
pub(crate) struct Buffer(Vec<u8>);

impl Buffer {
    pub(crate) fn new() -> Buffer {
        Buffer(vec![0; BLOCK])
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

/// Scans `log`, and of those `after` it as much as finishes the records begun in it. None if `watch` broke it off.
pub(crate) fn scan<'a>(
    log: &Log,
    after: impl IntoIterator<Item = &'a Log>,
    settings: &Settings,
    (buffer, watch): (&mut Buffer, &mut impl Watch),
) -> Option<Scanned> {
    let mut scanned = Scanned {
        is_empty: true,
        ..Scanned::default()
    };
    let mut scanner = Scanner::new();
    let mut reader = match log.open() {
        Ok(reader) => reader,
        Err(error) => {
            scanned.failure = Some(error);
            return Some(scanned);
        }
    };
    loop {
        let block = match reader.read(&mut buffer.0) {
            Ok(0) => break,
            Ok(length) => buffer.0.get(..length).unwrap_or_default(),
            Err(error) => {
                // Whatever follows, it does not follow on what could be read.
                scanned.failure = Some(log.read_failed(error));
                scanner.finish(&mut |item| scanned.take(&item, settings));
                return Some(scanned);
            }
        };
        scanned.is_empty = false;
        scanner.scan(block, &mut |item| scanned.take(&item, settings));
        if watch(block.len(), &mut scanned.counts).is_break() {
            return None;
        }
    }
    scanner.finish_only(&mut |item| scanned.take(&item, settings));
    for (count, log) in after.into_iter().enumerate() {
        if !scanner.is_unfinished() {
            break;
        }
        if count > 0 {
            scanned.taken.push(scanner.taken().collect());
            scanner.end_of_file();
        }
        if !scan_start(log, &mut scanner, &mut scanned, settings) {
            break;
        }
    }
    scanner.finish(&mut |item| scanned.take(&item, settings));
    scanned.taken.push(scanner.taken().collect());
    Some(scanned)
}

/// Scans the start of the log after, as far as anything is unfinished; whether it could be read.
fn scan_start(log: &Log, scanner: &mut Scanner, scanned: &mut Scanned, settings: &Settings) -> bool {
    // If it cannot, that is told when its own turn comes.
    let Ok(mut reader) = log.open() else {
        return false;
    };
    let mut buffer = [0; NEXT_BLOCK];
    while scanner.is_unfinished() {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => {
                let block = buffer.get(..length).unwrap_or_default();
                scanner.scan(block, &mut |item| scanned.take(&item, settings));
            }
            Err(_) => return false,
        }
    }
    true
}

impl Scanned {
    /// How many bytes of memory it takes, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.counts.bytes()
    }

    /// Whether these may be lines of a record that the log before began. More processes than a scanner tells apart
    /// cannot have left one.
    fn may_be_excused(&self, damaged: &Damaged<'_>) -> bool {
        damaged.damage == Damage::NoFirstLine && damaged.at_start && self.orphans.len() < sip_scan::MAX_PROCESSES
    }

    fn take(&mut self, item: &Item<'_>, settings: &Settings) {
        match item {
            Item::Message(message) => self.counts.add(message, &settings.filter, settings.interval),
            Item::Damaged(damaged) if self.may_be_excused(damaged) => {
                self.orphans.push(Orphans {
                    process: damaged.process.to_vec(),
                    stamp: damaged.stamp,
                    further_lines: damaged.further_lines,
                });
            }
            Item::Damaged(damaged) => self.counts.add_damaged(damaged, &settings.filter),
        }
    }
}
