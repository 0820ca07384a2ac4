//! The scanner: blocks of any size in, items out.

mod expected;
mod line_end;

use memchr::memchr;

use crate::dump::{self, DumpLine};
use crate::gather::Want;
use crate::head::{Begins, Head};
use crate::item::{Damage, Damaged, Item, Position};
use crate::line::Line;
use crate::process::{Process, State};
use crate::raw;
use crate::raw_file::RawFile;
use crate::record::{FirstLine, Size};
use crate::tail::{CutLine, Tail};
use crate::{MAX_LINE, MAX_PROCESSES};

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
    processes: Vec<Process>,
    /// Processes of files before: those that come again take their memory from here, and the format of their lines.
    known: Vec<Process>,
    /// Whose the last dump line was.
    current: usize,
    /// What the further lines are of a process that was not seen.
    unseen: State,
    raw: Option<RawFile>,
    head: Head,
    /// The start of a line whose end has not come, and where it stands.
    carry: Vec<u8>,
    carry_position: Position,
    line_start: LineStart,
    /// Lines of this file so far, and bytes up to the end of the block.
    lines: u64,
    offset: u64,
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
            processes: Vec::new(),
            known: Vec::new(),
            current: 0,
            unseen: State::Unseen,
            raw: None,
            head: Head::default(),
            carry: Vec::new(),
            carry_position: Position::default(),
            line_start: LineStart::Carried,
            lines: 0,
            offset: 0,
        }
    }

    /// Reads the next file as the one that follows on `tail`. To be called before anything of that file is read.
    pub fn resume(&mut self, tail: Tail) {
        self.load(tail);
        self.carry_position.files_back = self.carry_position.files_back.saturating_add(1);
        for process in &mut self.processes {
            let position = &mut process.open.record.first.position;
            position.files_back = position.files_back.saturating_add(1);
        }
    }

    /// Goes on where `tail` ends.
    pub(crate) fn load(&mut self, tail: Tail) {
        self.want = self.want.max(tail.want);
        self.unseen = tail.unseen;
        for open in tail.processes {
            let mut process = self.new_process(&open.name);
            process.open = open;
            process.format.set_stamp(&process.open.record.first.stamp);
            self.processes.push(process);
        }
        if let Some(line) = tail.line {
            self.line_start = LineStart::CutAt(line.text.len());
            self.carry = line.text;
            self.carry_position = line.position;
        }
    }

    /// Reads on; `block` may end anywhere.
    pub fn scan(&mut self, block: &[u8], take: &mut dyn FnMut(Item<'_>)) {
        self.offset = self.offset.saturating_add(length(block));
        let mut rest = self.end_carry(block, take);
        loop {
            rest = self.expected(rest, take);
            let Some((line, after)) = split_line(rest) else {
                break;
            };
            let position = self.position(rest);
            self.lines = position.line;
            self.line(line, position, take);
            rest = after;
        }
        self.carry_on(rest, take);
    }

    /// The file has ended: hands over what is complete, and gives back what it leaves open at its two ends. The scanner
    /// may then be used for another file.
    ///
    /// The head is empty where the scanner was resumed: the lines in question were read at once.
    pub fn end_of_file(&mut self, take: &mut dyn FnMut(Item<'_>)) -> (Head, Tail) {
        self.end_raw(take);
        let line = self.take_cut_line();
        self.processes.sort_by_key(|process| process.last_line);
        for process in &mut self.processes {
            process.open.end_of_file(take);
        }
        let processes = self.processes.iter().filter(|process| !process.open.is_all_in_head());
        let tail = Tail {
            want: self.want,
            unseen: match self.unseen {
                State::Unseen => State::Idle,
                unseen => unseen,
            },
            line,
            processes: processes.map(|process| process.open.clone()).collect(),
        };
        let mut head = std::mem::take(&mut self.head);
        head.shrink();
        self.forget();
        (head, tail)
    }

    /// Hands over all that is pending.
    pub(crate) fn finish(&mut self, take: &mut dyn FnMut(Item<'_>)) {
        if let LineStart::CutAt(end) = self.line_start {
            self.take_carry(end, take);
        }
        self.end_raw(take);
        for process in &mut self.processes {
            process.open.end(take);
        }
    }

    /// Reads what was kept of the start of a file, as the file that follows.
    pub(crate) fn read_head(&mut self, head: &Head, take: &mut dyn FnMut(Item<'_>)) {
        match (&head.begins, self.line_start) {
            (Begins::Nowhere, _) => return,
            (Begins::WithLine, LineStart::CutAt(end)) => self.take_carry(end, take),
            (Begins::WithLine, _) => {}
            // A line that nothing was cut before was read as a line of its own file.
            (Begins::Within(text), LineStart::Carried) if text.ends_with(b"\n") => {}
            (Begins::Within(text), _) => self.scan(text, take),
        }
        for (line, position) in head.lines() {
            self.lines = position.line;
            self.line(line, position, take);
        }
    }

    /// Ends the raw file, if it is one: its records, and its lines, do not go on in another file.
    fn end_raw(&mut self, take: &mut dyn FnMut(Item<'_>)) {
        let Some(mut raw) = self.raw.take() else {
            return;
        };
        if raw.is_open()
            && let Some(line) = raw::parse(&self.carry)
        {
            raw.line(line, self.carry_position, take);
            self.carry.clear();
            self.begin_head(Begins::WithLine);
        }
        raw.end(take);
    }

    /// Forgets all that was read but for what makes the next file faster to read.
    fn forget(&mut self) {
        let mut known = std::mem::take(&mut self.processes);
        for process in &mut known {
            process.open.record.forget(self.want);
            process.last_line = 0;
        }
        known.append(&mut self.known);
        known.truncate(MAX_PROCESSES);
        *self = Scanner {
            known,
            carry: std::mem::take(&mut self.carry),
            ..Scanner::new(self.want)
        };
        self.carry.clear();
    }

    /// Where the line stands that begins where `rest` of the block does.
    fn position(&self, rest: &[u8]) -> Position {
        Position {
            files_back: 0,
            line: self.lines.saturating_add(1),
            offset: self.offset.saturating_sub(length(rest)),
        }
    }

    /// Takes one line, without its line end, whatever it looks like.
    fn line(&mut self, line: &[u8], position: Position, take: &mut dyn FnMut(Item<'_>)) {
        self.look_at_first_line(line, position);
        if line.len() > MAX_LINE {
            return long_line(line, position, take);
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some(parsed) = Line::parse(line) else {
            self.raw_line(line, position, take);
            return;
        };
        let Some((kind, hex)) = dump::parse(parsed.text) else {
            return;
        };
        self.choose_process(&parsed, take);
        let Some(process) = self.processes.get_mut(self.current) else {
            return;
        };
        process.last_line = self.lines;
        let stamp = parsed.stamp;
        let first = |size| FirstLine { stamp, position, size };
        match (kind, process.open.state) {
            (DumpLine::First(size), _) => process.begin(first(Size::Bytes(size)), hex, take),
            (DumpLine::Unreadable, _) => process.begin(first(Size::Unreadable), hex, take),
            (DumpLine::Further, State::Sip) => {
                process.format.learn(line, &parsed, hex);
                process.open.push(hex);
            }
            (DumpLine::Further, State::Idle) => process.open.begin_unclaimed(stamp, position),
            (DumpLine::Further, State::Skipped | State::Unclaimed) => {}
            (DumpLine::Further, state @ (State::Unseen | State::Leading)) => {
                match (self.head.keep(line, position), state) {
                    (true, _) => process.open.state = State::Leading,
                    (false, State::Leading) => process.open.state = State::Skipped,
                    (false, _) => process.open.begin_unclaimed(stamp, position),
                }
            }
        }
        process.end_if_whole(take);
    }

    /// Takes `line` if it is one of a raw file.
    fn raw_line(&mut self, line: &[u8], position: Position, take: &mut dyn FnMut(Item<'_>)) {
        if let Some(line) = raw::parse(line) {
            let raw = self.raw.get_or_insert_with(|| RawFile::new(self.want));
            raw.line(line, position, take);
        }
    }

    /// The file begins so, if no line of it was read before and it is read alone.
    fn begin_head(&mut self, begins: Begins) {
        if self.unseen == State::Unseen && matches!(self.head.begins, Begins::Nowhere) {
            self.head.begins = begins;
        }
    }

    /// The first line of a file that is read alone may go on with the last one of the file before.
    fn look_at_first_line(&mut self, line: &[u8], position: Position) {
        if position.line == 1 {
            let is_own = Line::begins(line) || line.len() > MAX_LINE;
            self.begin_head(match is_own {
                true => Begins::WithLine,
                false => Begins::within(line, b"\n"),
            });
        }
    }

    /// Takes out the line that the file ends within, unless that is in the head.
    fn take_cut_line(&mut self) -> Option<CutLine> {
        if self.carry.is_empty() {
            return None;
        }
        if self.unseen == State::Unseen && self.lines == 0 && !Line::begins(&self.carry) {
            self.begin_head(Begins::within(&self.carry, b""));
            return None;
        }
        self.begin_head(Begins::WithLine);
        Some(CutLine {
            text: self.carry.clone(),
            position: self.carry_position,
        })
    }

    /// Makes the line's process the current one, with a new entry if it has none.
    fn choose_process(&mut self, line: &Line<'_>, take: &mut dyn FnMut(Item<'_>)) {
        let is_it = |process: &Process| process.open.name == line.process;
        let found = match self.processes.get(self.current) {
            Some(process) if is_it(process) => Some(self.current),
            _ => self.processes.iter().position(is_it),
        };
        self.current = match found {
            Some(index) => index,
            None if self.processes.len() < MAX_PROCESSES => {
                let process = self.new_process(line.process);
                self.processes.push(process);
                self.processes.len().saturating_sub(1)
            }
            None => self.replace_process(line, take),
        };
    }

    /// An entry for a process that has none.
    fn new_process(&mut self, name: &[u8]) -> Process {
        let known = self.known.iter().position(|process| process.open.name == name);
        let mut process = match known {
            Some(index) => self.known.swap_remove(index),
            None => Process::new(name, self.want),
        };
        process.open.state = self.unseen;
        process
    }

    /// Gives the entry of the process that was silent longest to the line's process.
    fn replace_process(&mut self, line: &Line<'_>, take: &mut dyn FnMut(Item<'_>)) -> usize {
        // A process that is new from here on may have been seen: what is open of it was ended then.
        if self.unseen == State::Unseen {
            self.unseen = State::Idle;
        }
        let silent = self.processes.iter_mut().enumerate();
        let silent = silent.min_by_key(|(_, process)| process.last_line);
        silent.map_or(0, |(index, process)| {
            process.open.end(take);
            process.reuse(line.process);
            process.open.state = self.unseen;
            index
        })
    }
}

/// The first line of `bytes`, without its line end, and what follows.
fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = bytes.split_at_checked(memchr(b'\n', bytes)?)?;
    Some((line, rest.split_first()?.1))
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn long_line(line: &[u8], position: Position, take: &mut dyn FnMut(Item<'_>)) {
    let parsed = Line::parse(line.get(..MAX_LINE).unwrap_or(line));
    take(Item::Damaged(Damaged {
        stamp: parsed.map(|line| line.stamp),
        position,
        damage: Damage::LongLine,
        process: parsed.map_or(&[], |line| line.process),
    }));
}
