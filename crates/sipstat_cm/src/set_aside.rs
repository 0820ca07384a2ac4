//! Logs in archives that can be read only once: each is scanned as it comes by, in whatever order, and set aside until
//! it is known which of all are chosen, and which goes on where another ends.

use std::collections::HashSet;
use std::io::Write;
use std::ops::ControlFlow;

use ecs_log::{Inputs, Log, LogName, Request, StreamedLog};
use sip_report::Report;
use sip_scan::{Scanner, Sink};
use sip_stats::Counts;

use crate::batch::Failed;
use crate::merge::NOWHERE;
use crate::progress::Progress;
use crate::scan::{After, Buffer, Scanned, Settings, Start};

/// Bytes of counts that are set aside at most. Beyond it they go to the report, which may print windows for which more
/// comes, and tells that.
const MOST_COUNTS: usize = 12 << 20;
/// Bytes that are kept at most to join records over the ends of logs.
const MOST_JOINTS: usize = 20 << 20;

/// The logs that were set aside, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct SetAside {
    pub(crate) held: Vec<Option<Held>>,
    pub(crate) starts: Vec<Option<Start>>,
    /// Bytes of the counts in `held`, and of what joins records.
    counts: usize,
    joints: usize,
    unjoined: usize,
}

/// A log that was scanned to its own end.
#[derive(Debug)]
pub(crate) struct Held {
    scanned: Scanned,
    /// If something is unfinished that the logs after may finish.
    scanner: Option<Box<Scanner>>,
    name: Option<LogName>,
    fate: Fate,
}

impl Held {
    fn of(name: Option<LogName>) -> Held {
        Held {
            scanned: Scanned::new(),
            scanner: None,
            name,
            fate: Fate::default(),
        }
    }

    /// Finishes what was begun, from the logs after.
    pub(crate) fn finish<'a>(self, after: impl IntoIterator<Item = After<'a>>, settings: &Settings) -> Scanned {
        let mut scanned = self.scanned;
        if let Some(mut scanner) = self.scanner {
            scanned.finish(&mut scanner, after, settings, None);
        }
        scanned
    }
}

impl SetAside {
    /// Reads all archives that can be read only once.
    ///
    /// # Errors
    ///
    /// Only what the report's writer says.
    pub(crate) fn read<W: Write>(
        inputs: &mut Inputs,
        request: &Request,
        settings: &Settings,
        report: &mut Report<W>,
    ) -> Result<SetAside, Failed> {
        let mut all = SetAside::default();
        let mut buffer = Buffer::first_of(1);
        let progress = Progress::new(0);
        // Of the last logs only, nobody knows yet which they are.
        let mut spill = Spill {
            report: request.last.is_none().then_some(report),
            settled: HashSet::new(),
        };
        while let Some(mut archive) = inputs.next_archive() {
            while let Some(log) = archive.next_log() {
                all.scan(log, settings, (&mut buffer, &progress), &mut spill)?;
                if all.counts > MOST_COUNTS {
                    progress.suspend(|| all.spill(&mut spill))?;
                }
            }
            inputs.add(archive);
        }
        progress.finish();
        inputs.prefer(&|number| {
            let held = all.held.get(number).and_then(Option::as_ref);
            held.is_some_and(|held| held.fate.is_settled)
        });
        Ok(all)
    }

    fn scan<W: Write>(
        &mut self,
        mut log: StreamedLog<'_>,
        settings: &Settings,
        (buffer, progress): (&mut Buffer<'_>, &Progress),
        spill: &mut Spill<'_, W>,
    ) -> Result<(), Failed> {
        let mut held = Held::of(log.log().name());
        let mut scanner = Box::new(Scanner::new());
        scanner.keep_start();
        let mut result = Ok(());
        let (name, mut fate) = (held.name, Fate::default());
        let mut watch = |bytes: usize, counts: &mut Counts| {
            progress.read(bytes);
            progress.show();
            if counts.bytes() > MOST_COUNTS {
                result = progress.suspend(|| spill.take(name, counts, &mut fate));
            }
            if result.is_err() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let read = held
            .scanned
            .read(&mut scanner, (&mut log, None), settings, (buffer, &mut watch));
        result?;
        held.fate = fate;
        let bytes = scanner.take_start();
        let is_whole = !matches!(read, Some(Err(_)));
        if let Some(Err(cause)) = read {
            held.scanned.fail(&mut scanner, log.read_failed(cause), settings);
        } else {
            scanner.finish_only(&mut |item| held.scanned.take(&item, settings));
            if scanner.is_unfinished() {
                scanner.shrink();
                held.scanner = Some(scanner);
            } else {
                held.scanned.finish(&mut scanner, [], settings, None);
            }
        }
        self.add(held, Start { bytes, is_whole }, settings);
        Ok(())
    }

    /// Sets a log aside, as far as there is room.
    fn add(&mut self, mut held: Held, start: Start, settings: &Settings) {
        let scanner = held.scanner.as_ref().map_or(0, |scanner| scanner.bytes());
        let joints = scanner.saturating_add(start.bytes.len());
        let has_room = self.joints.saturating_add(joints) <= MOST_JOINTS;
        if has_room {
            self.joints = self.joints.saturating_add(joints);
        } else {
            self.unjoined = self.unjoined.saturating_add(1);
            if let Some(mut scanner) = held.scanner.take() {
                held.scanned.finish(&mut scanner, [], settings, None);
            }
        }
        self.starts.push(has_room.then_some(start));
        self.counts = self.counts.saturating_add(held.scanned.bytes());
        self.held.push(Some(held));
    }

    /// Makes room: the counts of the oldest logs go first.
    fn spill<W: Write>(&mut self, spill: &mut Spill<'_, W>) -> Result<(), Failed> {
        let mut all: Vec<&mut Held> = self.held.iter_mut().flatten().collect();
        all.sort_by_key(|held| held.name);
        for held in all {
            if self.counts <= MOST_COUNTS / 2 {
                break;
            }
            self.counts = self.counts.saturating_sub(held.scanned.bytes());
            if !held.scanned.counts.windows.is_empty() {
                spill.take(held.name, &mut held.scanned.counts, &mut held.fate)?;
            }
        }
        Ok(())
    }

    /// What was too much to be held of the chosen logs, a line each.
    pub(crate) fn problems(&self, chosen: &[Log]) -> Vec<String> {
        let mut problems = Vec::new();
        let mut tell = |count: usize, what: &str| {
            let logs = if count == 1 { "log" } else { "logs" };
            if count > 0 {
                problems.push(format!("{count} {logs} in archives {what}"));
            }
        };
        tell(
            self.lost(chosen),
            "could not be counted in full, which is too much to hold until all are read; unpack them, or use a longer interval",
        );
        tell(
            self.unjoined,
            "could not be joined with those before and after, which is too much to hold until all are read; unpack them",
        );
        problems
    }

    fn lost(&self, chosen: &[Log]) -> usize {
        let numbers = chosen.iter().filter_map(Log::streamed);
        let held = numbers.filter_map(|number| self.held.get(number)?.as_ref());
        held.filter(|held| held.fate.is_lost).count()
    }
}

/// What became of counts that could not be held.
#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    /// The report has some of them.
    is_settled: bool,
    /// Some of them are gone.
    is_lost: bool,
}

/// Where counts go that are too many to be held.
struct Spill<'r, W> {
    report: Option<&'r mut Report<W>>,
    /// Names of the logs of which the report has counts. What has the same name may be a copy, and must not count too.
    settled: HashSet<LogName>,
}

impl<W: Write> Spill<'_, W> {
    fn take(&mut self, name: Option<LogName>, counts: &mut Counts, fate: &mut Fate) -> Result<(), Failed> {
        let counts = std::mem::take(counts);
        match &mut self.report {
            Some(report) if fate.is_settled || name.is_none_or(|name| self.settled.insert(name)) => {
                fate.is_settled = true;
                report.absorb(counts, NOWHERE)?;
            }
            _ => fate.is_lost = true,
        }
        Ok(())
    }
}
