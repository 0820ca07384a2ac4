//! The scanner: blocks of any size in, items out; keeps what is unfinished from block to block and file to file.

mod again;
mod carry;
mod expected;
mod set_aside;
mod start;

use memchr::memchr;

use crate::dump::{self, DumpLine};
use crate::item::{Damage, Damaged, Item};
use crate::line::{Line, Stamp};
use crate::process::{Process, State};
use crate::raw;
use crate::{MAX_LINE, MAX_PROCESSES};
use start::Start;

/// Finds the records in the lines of one log, or of several that follow one another.
///
/// Where a block ends does not matter: an input cut anywhere yields the same items as the whole. Once every process
/// and the longest headers have been seen, nothing is allocated, unless one of them is over 8 KiB.
///
/// Several files are read as one stream with [`Scanner::end_of_file`] between them. Or each file is read by a scanner
/// of its own, side by side: a record belongs to the file in which it begins, so after its own file a scanner is told
/// [`Scanner::finish_only`] and gets the next file until [`Scanner::is_unfinished`] no longer holds; which lines it took
/// there says [`Scanner::taken`]. Either way [`Scanner::finish`] ends it.
#[derive(Debug, Default)]
pub struct Scanner {
    processes: Vec<Process>,
    /// Processes of what was read before it started over: those that come again take their entries from here.
    known: Vec<Process>,
    /// The record of a raw file that is pending.
    raw: Option<Process>,
    /// Whose the last dump line was.
    current: usize,
    /// The start of a line whose end has not come.
    carry: Vec<u8>,
    /// Where in `carry` the file ended, until it is known whether the next one goes on with the line.
    file_end: Option<usize>,
    /// Whether `carry` began in a file that may begin records, though `finish_only` holds by now.
    carry_is_own: bool,
    /// Whether `carry` began in a file before: whoever reads this file alone does not see that line.
    carry_is_before: bool,
    /// Whether the rest of a line is passed over, as it is too long.
    in_long_line: bool,
    finish_only: bool,
    /// Whether the lines are counted that are taken from files after this scanner's own: from its own last line on.
    takes: bool,
    /// Dump lines so far.
    lines: u64,
    /// What the scanner of the file before may want, if it is to be kept.
    start: Option<Box<Start>>,
}

/// How many further lines of one process a scanner took from the file after its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The process, as in `capro(4711)`.
    pub process: Vec<u8>,
    /// Lines; `u64::MAX` if all that stand before its next first line are accounted for.
    pub further_lines: u64,
    /// Whether they go on with lines that stood at the very start of the scanner's own file, and so are accounted for
    /// only if those were not.
    pub goes_on: bool,
}

impl Scanner {
    /// A scanner that has seen nothing.
    pub fn new() -> Scanner {
        Scanner::default()
    }

    /// Reads on; `block` may end anywhere.
    pub fn scan(&mut self, block: &[u8], sink: &mut impl FnMut(Item<'_>)) {
        if let Some(start) = &mut self.start {
            start.see(block);
        }
        let mut rest = self.end_carry(block, sink);
        loop {
            rest = self.expected(rest, sink);
            let Some((line, after)) = memchr(b'\n', rest).and_then(|end| split_around(rest, end)) else {
                break;
            };
            if !self.further_line(line, sink) {
                self.line(line, !self.finish_only, sink);
            }
            rest = after;
        }
        self.carry_on(rest, sink);
    }

    /// The file ended; what comes next is the beginning of the one that follows it.
    pub fn end_of_file(&mut self) {
        self.in_long_line = false;
        if !self.carry.is_empty() {
            self.file_end = Some(self.carry.len());
            self.carry_is_own |= !self.finish_only;
            self.carry_is_before = true;
        }
        self.forget_taken();
    }

    /// No line of this file has been taken, but where all up to the next first line are accounted for.
    fn forget_taken(&mut self) {
        for process in &mut self.processes {
            if self.takes && process.state != State::Skip {
                process.further_lines = 0;
            }
        }
    }

    /// The file ended, and of what follows only what finishes records begun so far is read.
    pub fn finish_only(&mut self, sink: &mut impl FnMut(Item<'_>)) {
        self.end_of_file();
        self.finish_only = true;
        if self.carry.is_empty() {
            self.begin_to_take(sink);
        }
    }

    /// Whether a line or a record is pending that what follows may finish.
    pub fn is_unfinished(&self) -> bool {
        (self.carry_is_own && !self.carry.is_empty()) || self.processes.iter().any(Process::is_pending)
    }

    /// The further lines taken since the last end of a file; processes with none are left out.
    pub fn taken(&self) -> impl Iterator<Item = Taken> + '_ {
        let carried = self.carried_further_line();
        let counts = self.processes.iter().map(move |process| {
            let is_next = process.is_pending() && carried == Some(process.name.as_slice());
            (process, process.further_lines.saturating_add(u64::from(is_next)))
        });
        let taken = counts.filter(|(_, further_lines)| self.takes && *further_lines > 0);
        taken.map(|(process, further_lines)| Taken {
            process: process.name.clone(),
            further_lines,
            goes_on: further_lines == u64::MAX && !process.seen_first,
        })
    }

    /// The process of the further line that the file ended in, as far as that can be known: the line is the file's,
    /// wherever it ends.
    fn carried_further_line(&self) -> Option<&[u8]> {
        let line = Line::parse(&self.carry).filter(|_| !self.carry_is_own && !self.carry_is_before)?;
        let (kind, _) = dump::parse(line.text)?;
        (kind == DumpLine::Further).then_some(line.process)
    }

    /// Nothing more comes: hands over what is pending.
    pub fn finish(&mut self, sink: &mut impl FnMut(Item<'_>)) {
        let carry = std::mem::take(&mut self.carry);
        if let Some((line, next)) = carry.split_at_checked(self.file_end.unwrap_or(carry.len())) {
            // The few bytes of a next file that is shorter than a timestamp go on with the line, as any others would.
            let line = if next.is_empty() { line } else { &carry };
            self.carried_line(line, sink);
        }
        for process in &mut self.processes {
            process.end(sink);
        }
        if let Some(raw) = &mut self.raw {
            raw.raw_end(sink);
        }
    }

    /// From here on lines are counted that belong to records begun before, of each process.
    fn begin_to_take(&mut self, sink: &mut impl FnMut(Item<'_>)) {
        self.takes = true;
        for process in &mut self.processes {
            process.further_lines = match process.state {
                State::Sip | State::Idle | State::Left => 0,
                State::Skip => u64::MAX,
                State::Orphan => {
                    process.end(sink);
                    u64::MAX
                }
            };
        }
    }

    /// Takes one line, without its line end, in any layout. Only where `may_begin` holds does it begin a record,
    /// or a run of lines without one.
    fn line(&mut self, line: &[u8], may_begin: bool, sink: &mut impl FnMut(Item<'_>)) {
        if line.len() > MAX_LINE {
            return long_line(line, sink);
        }
        let is_first_of_file = self.start.as_mut().is_some_and(|start| start.pass_line());
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // Mostly it is the current process that goes on.
        let current = self.processes.get(self.current);
        let (stamp, text, parsed) = match current.and_then(|process| process.format.text_of(line)) {
            Some((stamp, text)) => (stamp, text, None),
            None => match Line::parse(line) {
                Some(parsed) => (parsed.stamp, parsed.text, Some(parsed)),
                None if may_begin => return self.raw_line(line, sink),
                None => return,
            },
        };
        let Some((kind, hex)) = dump::parse(text) else {
            return;
        };
        self.lines = self.lines.saturating_add(1);
        let lines = self.lines;
        if let Some(parsed) = &parsed {
            self.choose_process(parsed, sink);
        }
        let Some(process) = self.processes.get_mut(self.current) else {
            return;
        };
        process.last_line = lines;
        if let Some(start) = &mut self.start
            && !process.seen_first
            && !is_first_of_file
        {
            start.keep(line);
        }
        match (kind, process.state) {
            (DumpLine::First(_) | DumpLine::Unreadable, _) => {
                process.end(sink);
                if may_begin {
                    let size = match kind {
                        DumpLine::First(size) => Some(size),
                        _ => None,
                    };
                    process.begin(stamp, size);
                    process.push(hex);
                } else {
                    process.state = State::Left;
                }
            }
            (DumpLine::Further, State::Sip) => {
                if let Some(parsed) = &parsed {
                    process.format.learn(line, parsed, hex);
                }
                process.further_lines = process.further_lines.saturating_add(1);
                process.push(hex);
            }
            (DumpLine::Further, State::Orphan) => process.further_lines = process.further_lines.saturating_add(1),
            (DumpLine::Further, State::Idle) if may_begin => {
                process.state = State::Orphan;
                process.stamp = stamp;
                process.further_lines = 1;
            }
            (DumpLine::Further, State::Idle | State::Skip | State::Left) => {}
        }
        if process.is_pending() && process.is_whole() {
            process.end(sink);
        }
    }

    /// Takes `line` if it is one of a raw file.
    fn raw_line(&mut self, line: &[u8], sink: &mut impl FnMut(Item<'_>)) {
        if let Some(line) = raw::parse(line) {
            let raw = self.raw.get_or_insert_with(|| Process::new(&[], Stamp::FIRST));
            raw.raw_line(line, sink);
        }
    }

    /// Makes the line's process the current one, with a new entry if it has none.
    fn choose_process(&mut self, line: &Line<'_>, sink: &mut impl FnMut(Item<'_>)) {
        let is_it = |process: &Process| process.name == line.process;
        let found = match self.processes.get(self.current) {
            Some(process) if is_it(process) => Some(self.current),
            _ => self.processes.iter().position(is_it),
        };
        self.current = match found {
            Some(index) => index,
            None if self.processes.len() < MAX_PROCESSES => {
                let process = self.new_process(line);
                self.processes.push(process);
                self.processes.len().saturating_sub(1)
            }
            None => {
                let silent = self.processes.iter_mut().enumerate();
                let silent = silent.min_by_key(|(_, process)| process.last_line);
                silent.map_or(0, |(index, process)| {
                    process.end(sink);
                    process.reuse(line.process, line.stamp);
                    index
                })
            }
        };
    }
}

/// What stands before and after the byte at `index`.
fn split_around(bytes: &[u8], index: usize) -> Option<(&[u8], &[u8])> {
    let (before, after) = bytes.split_at_checked(index)?;
    Some((before, after.split_first()?.1))
}

fn long_line(line: &[u8], sink: &mut impl FnMut(Item<'_>)) {
    let parsed = Line::parse(line.get(..MAX_LINE).unwrap_or(line));
    sink(Item::Damaged(Damaged {
        stamp: parsed.map(|line| line.stamp),
        damage: Damage::LongLine,
        process: parsed.map_or(&[], |line| line.process),
        further_lines: 0,
        at_start: false,
    }));
}
