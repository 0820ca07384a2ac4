//! Following logs as they are written: what comes is counted, and each window is printed when its time is over.

mod clock;
mod lane;
mod lanes;
mod late;
mod machine;
mod sources;
mod status;
mod stream;
#[cfg(test)]
mod tests;
mod windows;

use std::io::{BufWriter, ErrorKind, Write};
use std::time::Duration;

use ecs_log::Step;
use sip_stats::{Counts, Report};
use time::PrimitiveDateTime;

use crate::args::Config;
use crate::batch::Failed;
use crate::block::Block;
use crate::live::clock::later;
use crate::live::lane::Lane;
use crate::live::lanes::Lanes;
use crate::live::late::Late;
use crate::live::machine::{Machine, Time};
use crate::live::status::Status;
use crate::live::windows::Windows;
use crate::round::MOST_BYTES_OF_LOG;
use crate::scan::Settings;
use crate::{INCOMPLETE, NOTHING, messages, priority};

/// How long ago a log may have been written to, to tell the time by it when it is begun at its end.
const FRESH: Duration = Duration::from_secs(86_400);
/// How often it is told what came late, though no window ends.
const TELL_EVERY: Duration = Duration::from_secs(60);
/// Steps after which the line at the terminal is renewed, when there is much to read.
const SHOW_EVERY: u32 = 64;
/// The most steps that are made after an end was asked for, to count what is there.
const LAST_STEPS: u32 = 256;

/// Follows what `config` asks for, until it ends or somebody ends it; the exit status.
pub(crate) fn follow(config: Config, stdout: &mut impl Write, stderr: &mut impl Write) -> Result<u8, Failed> {
    priority::lower();
    let mut machine = Machine::new();
    let mut report = Report::new(BufWriter::new(stdout));
    let sources = sources::sources(&config, &mut report)?;
    messages::say_passed_over(stderr, &sources.passed_over);
    messages::say_namesakes(stderr, &sources.namesakes);
    messages::say_all(stderr, &sources.problems);
    if sources.lanes.is_empty() && sources.archived == 0 {
        return Ok(NOTHING);
    }
    if !sources.lanes.iter().any(Lane::waits) {
        machine.looks_often();
    }
    let mut live = Live::new(sources.lanes, report, config.settings, (machine, stderr));
    live.problems = sources.problems.len();
    live.logs = sources.archived;
    live.run()
}

/// All that is followed, and what was counted.
struct Live<'a, W, E, T> {
    lanes: Lanes,
    settings: Settings,
    /// What was counted since it was last given to the report.
    counts: Counts,
    report: Report<W>,
    windows: Windows,
    late: Late,
    /// When it was last looked for what came late.
    looked: Duration,
    machine: T,
    stderr: &'a mut E,
    status: Status,
    /// When it was begun to look for more in all sources. What was written before then is read when all are idle; what is
    /// written later may not be, should the program be stopped in between.
    round: Duration,
    /// Messages given to the report.
    messages: u64,
    /// Logs read to their end.
    logs: usize,
    /// Inputs that could not be read, or not to their end.
    problems: usize,
}

impl<'a, W: Write, E: Write, T: Time> Live<'a, W, E, T> {
    fn new(lanes: Vec<Lane>, report: Report<W>, settings: Settings, (machine, stderr): (T, &'a mut E)) -> Self {
        let now = machine.now();
        Live {
            lanes: Lanes(lanes),
            round: now,
            windows: Windows::new(settings.interval),
            settings,
            counts: Counts::default(),
            report,
            late: Late::default(),
            looked: now,
            machine,
            stderr,
            status: Status::new(),
            messages: 0,
            logs: 0,
            problems: 0,
        }
    }

    fn run(&mut self) -> Result<u8, Failed> {
        let result = self.follow();
        self.status.finish();
        result.map(|code| self.close(code))
    }

    /// Follows until an end; the exit status.
    fn follow(&mut self) -> Result<u8, Failed> {
        let mut block = Block::longest();
        let buffer = block.room();
        let mut steps: u32 = 0;
        loop {
            if self.machine.is_asked_to_end() {
                self.leave(buffer)?;
                return Ok(0);
            }
            if self.windows.are_past(&self.settings.filter) || self.lanes.have_ended() {
                self.finish()?;
                let is_complete = self.problems == 0 && self.report.late() == 0;
                return Ok(if is_complete { 0 } else { INCOMPLETE });
            }
            match self.lanes.next() {
                Some(place) => self.step(place, buffer)?,
                None => self.idle()?,
            }
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(SHOW_EVERY) {
                self.show();
            }
        }
    }

    fn step(&mut self, place: usize, buffer: &mut [u8]) -> Result<(), Failed> {
        let Some(lane) = self.lanes.0.get_mut(place) else {
            return Ok(());
        };
        let step = lane.poll(buffer, self.machine.wall());
        let now = self.machine.now();
        let (counts, settings) = (&mut self.counts, &self.settings);
        match step {
            Some(Step::Bytes(length)) => {
                lane.scan(buffer.get(..length).unwrap_or_default(), now, counts, settings);
                return self.counted(now);
            }
            Some(Step::Before { length, written }) => {
                let wall = self.machine.wall();
                let age = written
                    .and_then(|written| wall.duration_since(written).ok())
                    .unwrap_or_default();
                let time = lane.time_before(buffer.get(..length).unwrap_or_default());
                if let Some(time) = time.filter(|_| age <= FRESH) {
                    let time = later(time, age);
                    lane.clock.set(time, now);
                    self.windows.begin_within(time, &mut self.report);
                }
            }
            Some(Step::EndOfLog) => {
                self.logs = self.logs.saturating_add(1);
                lane.end_of_log();
            }
            Some(Step::Idle) => lane.is_idle = true,
            Some(Step::FolderGone(error)) => self.say(&messages::gone(&error)),
            Some(Step::FolderBack) => {
                let text = messages::back(lane.folder());
                self.say(&text);
            }
            Some(Step::Lost(lost)) => {
                lane.part(counts, settings);
                self.problems = self.problems.saturating_add(lost.known);
                self.say(&messages::lost(&lost));
            }
            Some(Step::Restarted(log)) => {
                lane.part(counts, settings);
                self.say(&messages::restarted(&log));
            }
            Some(Step::Failed(error)) => {
                lane.part(counts, settings);
                self.problems = self.problems.saturating_add(1);
                self.say(&messages::of_error(&error));
            }
            None => {
                lane.part(counts, settings);
                lane.has_ended = true;
            }
        }
        Ok(())
    }

    /// Something was counted: gives it to the report if that must be, and prints what is over.
    fn counted(&mut self, now: Duration) -> Result<(), Failed> {
        if self.counts.bytes() > MOST_BYTES_OF_LOG {
            self.hand_over()?;
        }
        match self.lanes.log_time(now) {
            Some(time) => self.print_to(time),
            None => Ok(()),
        }
    }

    /// There is nothing to read: the machine's clock says what is over.
    fn idle(&mut self) -> Result<(), Failed> {
        if let Some(time) = self.lanes.log_time(self.round) {
            self.windows.begin(time);
            self.print_to(time)?;
        }
        // No window ends while a clock that was set back comes to where it was.
        if self.round.saturating_sub(self.looked) >= TELL_EVERY {
            self.hand_over()?;
            self.tell_late();
        }
        self.show();
        if !self.machine.has_reader() {
            return Err(Failed::Output(ErrorKind::BrokenPipe.into()));
        }
        if !self.lanes.wait() {
            self.machine.pause();
        }
        self.begin_round();
        Ok(())
    }

    /// From here on all sources are looked at again.
    fn begin_round(&mut self) {
        self.round = self.machine.now();
        self.lanes.look_again();
    }

    /// Prints the windows that are over at `time`, and tells what came too late for them.
    fn print_to(&mut self, time: PrimitiveDateTime) -> Result<(), Failed> {
        let Some(over) = self.windows.over_at(time) else {
            return Ok(());
        };
        self.windows.open(over.time, &mut self.counts, &self.settings.filter);
        self.hand_over()?;
        let report = &mut self.report;
        self.status
            .suspend(|| report.write_before(over.window).and_then(|()| report.flush()))?;
        self.tell_late();
        Ok(())
    }

    fn tell_late(&mut self) {
        self.looked = self.round;
        if let Some(text) = self.late.take() {
            self.say(&text);
        }
    }

    fn hand_over(&mut self) -> Result<(), Failed> {
        let counts = std::mem::take(&mut self.counts);
        let messages = |cells: &sip_stats::Cells| cells.messages();
        self.messages = counts
            .windows
            .values()
            .map(messages)
            .fold(self.messages, u64::saturating_add);
        self.late.note(&counts, self.report.last_written());
        let report = &mut self.report;
        Ok(self.status.suspend(|| report.add(counts))?)
    }

    /// An end was asked for: counts what is there by now, though not without end, and prints all.
    fn leave(&mut self, buffer: &mut [u8]) -> Result<(), Failed> {
        self.begin_round();
        for _ in 0..LAST_STEPS {
            match self.lanes.next() {
                // It would wait.
                Some(place) if self.lanes.0.get(place).is_some_and(Lane::waits) => break,
                Some(place) => self.step(place, buffer)?,
                None => break,
            }
        }
        for lane in &mut self.lanes.0 {
            lane.clock.believe(self.round);
        }
        let time = self.lanes.log_time(self.round);
        for lane in &mut self.lanes.0 {
            lane.leave(&mut self.counts, &self.settings);
        }
        let Some(time) = time else {
            return self.finish();
        };
        self.windows.open(time, &mut self.counts, &self.settings.filter);
        self.hand_over()?;
        self.status.finish();
        match windows::stamp(time) {
            Some(stamp) => Ok(self.report.finish_at(stamp, self.settings.interval)?),
            None => Ok(self.report.finish()?),
        }
    }

    /// Prints all that was counted.
    fn finish(&mut self) -> Result<(), Failed> {
        self.hand_over()?;
        self.status.finish();
        Ok(self.report.finish()?)
    }

    fn close(&mut self, code: u8) -> u8 {
        self.tell_late();
        let logs = self.lanes.0.iter().filter(|lane| lane.log().is_some()).count();
        let asked = self.logs.saturating_add(logs).saturating_add(self.problems);
        messages::close(self.stderr, &self.report, self.problems, asked);
        code
    }

    fn say(&mut self, text: &str) {
        let stderr = &mut *self.stderr;
        self.status.suspend(|| messages::say(stderr, 0, text));
    }

    /// Renews the line at the terminal.
    fn show(&mut self) {
        let (windows, lanes) = (&self.windows, &self.lanes);
        let (report, counts, messages) = (&self.report, &self.counts, self.messages);
        self.status.show(|| {
            let last = lanes.0.iter().max_by_key(|lane| lane.clock.latest());
            match last {
                Some(lane) => status::text(lane, windows, (report, counts), messages),
                None => String::new(),
            }
        });
    }
}
