//! The scanner: blocks of any size in, items out.

mod cut_line;
mod join;
mod raw_lines;

use memchr::memchr;

use crate::MAX_LINE;
use crate::dump::{Dump, DumpLine};
use crate::head::Head;
use crate::item::{Damage, Damaged, Item, Lines, Take};
use crate::line::{Line, holds_dump, next_line};
use crate::lines::{first_and_last, running_number};
use crate::position::{Position, Progress};
use crate::process::State;
use crate::processes::Processes;
use crate::raw_file::RawFile;
use crate::record::{FirstLine, Size};
use crate::stamp::Stamp;
use crate::tail::Tail;
use crate::want::Want;

/// Finds the records in the lines of logs.
///
/// Where a block ends does not matter: an input cut anywhere yields the same items as the whole. Once every process
/// and the longest headers have been seen, nothing is allocated, unless one of them is over 8 KiB.
///
/// A record belongs to the file in which it begins, and may go on in the next. There are two ways to read files that
/// follow one another, with the same result:
/// - Each file alone, side by side and in any order: [`Scanner::scan`] and [`Scanner::end_of_file`] for each, and then
///   [`Tail::join`] from the first to the last.
/// - One after the other: what [`Scanner::end_of_file`] gives back is handed to [`Scanner::resume`].
///
/// Either way [`Tail::finish`] ends it. The same scanner can be used for file after file, and is faster then.
#[derive(Debug)]
pub struct Scanner {
    want: Want,
    processes: Processes,
    raw: Option<RawFile>,
    head: Head,
    /// The start of a line whose end has not come, and where it stands.
    carry: Vec<u8>,
    carry_position: Position,
    line_start: LineStart,
    progress: Progress,
    /// The lines that were read and not told of yet.
    lines: Option<Lines>,
}

/// What is known of the line that a block ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineStart {
    /// What has come of it is carried.
    Carried,
    /// A file ended after so many bytes of it. What has come since is carried, too, until it is known whether that is
    /// a line of its own.
    CutAt(usize),
    /// It is too long. Its rest is passed over.
    TooLong,
}

impl Default for Scanner {
    fn default() -> Scanner {
        Scanner::new(Want::Head)
    }
}

impl Scanner {
    /// A scanner that reads a file alone: what stands before that file is joined later.
    pub fn new(want: Want) -> Scanner {
        Scanner {
            want,
            processes: Processes::new(want),
            raw: None,
            head: Head::default(),
            carry: Vec::new(),
            carry_position: Position::default(),
            line_start: LineStart::Carried,
            progress: Progress::default(),
            lines: None,
        }
    }

    /// Reads the next file as the one that follows on `tail`. To be called before anything of that file is read.
    pub fn resume(&mut self, tail: Tail) {
        self.load(tail);
        self.carry_position.files_back = self.carry_position.files_back.saturating_add(1);
        for process in &mut self.processes.list {
            let position = &mut process.open.record.first.position;
            position.files_back = position.files_back.saturating_add(1);
        }
    }

    /// Goes on where `tail` ends.
    fn load(&mut self, tail: Tail) {
        self.want = self.want.and(tail.want);
        self.processes.load(tail.processes, tail.unseen, self.want);
        if let Some(line) = tail.line {
            self.line_start = LineStart::CutAt(line.text.len());
            self.carry = line.text;
            self.carry_position = line.position;
        }
    }

    /// Reads on; `block` may end anywhere.
    pub fn scan(&mut self, block: &[u8], take: &mut Take<'_>) {
        self.read(block, take);
        self.tell_lines(take);
    }

    fn read(&mut self, block: &[u8], take: &mut Take<'_>) {
        self.progress.add_block(block);
        let lines = self.end_carry(block, take);
        let (mut rest, before) = (lines, self.progress.line);
        loop {
            rest = self.processes.fast_lines(rest, &mut self.progress, take);
            let Some((line, after)) = split_line(rest) else {
                break;
            };
            let position = self.progress.position(rest);
            self.progress.line = position.line;
            self.line(line, position, take);
            rest = after;
        }
        self.carry_on(rest, take);
        if let Some([whole @ .., b'\n']) = lines.get(..lines.len().saturating_sub(rest.len())) {
            self.note_lines(first_and_last(whole, before, self.progress.line));
        }
    }

    fn note_lines(&mut self, next: Option<Lines>) {
        self.lines = match (self.lines, next) {
            (Some(lines), Some(next)) => Some(Lines {
                first: lines.first,
                last: next.last,
            }),
            (lines, next) => lines.or(next),
        };
    }

    fn tell_lines(&mut self, take: &mut Take<'_>) {
        if let Some(lines) = self.lines.take() {
            take(Item::Lines(lines));
        }
    }

    /// The file has ended: hands over what is complete, and gives back what it leaves open at its two ends. The scanner
    /// may then be used for another file.
    ///
    /// The head is empty where the scanner was resumed: the lines in question were read at once.
    pub fn end_of_file(&mut self, take: &mut Take<'_>) -> (Head, Tail) {
        self.note_cut_line();
        self.tell_lines(take);
        self.leave_file(take)
    }

    fn leave_file(&mut self, take: &mut Take<'_>) -> (Head, Tail) {
        self.end_raw_file(take);
        let line = self.take_cut_line();
        let tail = Tail {
            want: self.want,
            unseen: match self.processes.unseen {
                State::Unseen => State::Idle,
                unseen => unseen,
            },
            line,
            processes: self.processes.end_of_file(take),
        };
        let mut head = std::mem::take(&mut self.head);
        head.shrink();
        self.carry.clear();
        self.line_start = LineStart::Carried;
        self.progress = Progress::default();
        (head, tail)
    }

    /// Hands over all that is pending.
    fn finish(&mut self, take: &mut Take<'_>) {
        if let LineStart::CutAt(end) = self.line_start {
            self.take_carry(end, take);
        }
        self.end_raw_file(take);
        for process in &mut self.processes.list {
            process.open.end(take);
        }
    }

    /// Takes one line, without its line end, whatever it looks like.
    fn line(&mut self, line: &[u8], position: Position, take: &mut Take<'_>) {
        let is_in_head = self.look_at_first_line(line, position);
        if line.len() > MAX_LINE {
            return long_line(line, position, take);
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !holds_dump(line) {
            self.raw_line(line, position, take);
        } else if is_in_head {
            // The tail of the file before decides what it is.
        } else if let Some(line) = Line::alone(line) {
            self.usable_line(line, position, take);
        } else {
            self.lines_in_one(line, position, take);
        }
    }

    /// Takes a line with a dump, and those that follow in it because a line end was lost. They stand where it does.
    fn lines_in_one(&mut self, line: &[u8], position: Position, take: &mut Take<'_>) {
        let mut rest = line;
        while let Some((line, after)) = next_line(rest).and_then(|at| rest.split_at_checked(at)) {
            self.one_line(line, position, take);
            // The line that a file before ended within is no line of this one.
            if self.progress.line > 0 {
                self.progress.within = self.progress.within.saturating_add(line.len());
            }
            rest = after;
        }
        self.one_line(rest, position, take);
        self.progress.within = 0;
    }

    fn one_line(&mut self, line: &[u8], position: Position, take: &mut Take<'_>) {
        match Line::parse(line) {
            Ok(Some(line)) => self.usable_line(line, position, take),
            Ok(None) | Err(Damage::NoStamp) if self.raw_line(line, position, take) => {}
            Ok(None) => {}
            // Reading may have begun within it.
            Err(Damage::NoStamp) if position.line == 1 && self.processes.unseen == State::Edge => {}
            Err(damage) => take(Item::Damaged(Damaged {
                stamp: line.first_chunk().and_then(|stamp| Stamp::new(*stamp)),
                position,
                damage,
                process: &[],
            })),
        }
    }

    fn usable_line(&mut self, line: Line<'_>, position: Position, take: &mut Take<'_>) {
        if let Some(dump) = Dump::parse(line) {
            self.dump_line(&dump, position, take);
        }
    }

    fn dump_line(&mut self, dump: &Dump<'_>, position: Position, take: &mut Take<'_>) {
        let Line { stamp, process, .. } = dump.line;
        let line = (self.progress.line, self.progress.within);
        let Some(process) = self.processes.of(process, line, take) else {
            return;
        };
        let first = |size| FirstLine {
            stamp,
            number: running_number(dump.line.whole),
            position,
            size,
        };
        match (dump.kind, process.open.state) {
            (DumpLine::First(size), _) => process.first_line(first(Size::Bytes(size)), dump.hex, take),
            (DumpLine::Unreadable, _) => process.first_line(first(Size::Unreadable), dump.hex, take),
            (DumpLine::Further, State::Sip) => {
                process.format.learn(dump);
                process.open.push(dump.hex);
            }
            (DumpLine::Further, State::Idle) => process.open.begin_unclaimed(first(Size::Unsaid)),
            (DumpLine::Further, State::Skipped | State::Unclaimed) => {}
            (DumpLine::Further, State::Edge) => {
                process.open.state = State::Skipped;
                take(Item::Edge(Damaged {
                    stamp: Some(stamp),
                    position,
                    damage: Damage::NoFirstLine,
                    process: &process.open.name,
                }));
            }
            (DumpLine::Further, state @ (State::Unseen | State::Leading)) => {
                match (self.head.keep(dump.line.whole, position), state) {
                    (true, _) => process.open.state = State::Leading,
                    (false, State::Leading) => process.open.state = State::Skipped,
                    (false, _) => process.open.begin_unclaimed(first(Size::Unsaid)),
                }
            }
        }
        process.end_if_whole(take);
    }
}

/// The first line of `bytes`, without its line end, and what follows.
fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = bytes.split_at_checked(memchr(b'\n', bytes)?)?;
    Some((line, rest.split_first()?.1))
}

fn long_line(line: &[u8], position: Position, take: &mut Take<'_>) {
    let parsed = Line::parse(line.get(..MAX_LINE).unwrap_or(line)).ok().flatten();
    take(Item::Damaged(Damaged {
        stamp: parsed.map(|line| line.stamp),
        position,
        damage: Damage::LongLine,
        process: parsed.map_or(&[], |line| line.process),
    }));
}
