//! Lines that a block, or a file, ends within: kept until the next brings the rest.

use memchr::memchr;

use super::{LineStart, Scanner, long_line, split_line};
use crate::MAX_LINE;
use crate::head::Begins;
use crate::item::Take;
use crate::line::Line;
use crate::lines::{ends_within_number, first_and_last};
use crate::position::{Position, Progress};
use crate::process::State;
use crate::stamp::Stamp;
use crate::tail::CutLine;

impl Scanner {
    /// Completes the line that the blocks before left without its end; returns what follows it.
    pub(super) fn end_carry<'a>(&mut self, block: &'a [u8], take: &mut Take<'_>) -> &'a [u8] {
        let rest = match self.line_start {
            LineStart::CutAt(end) => self.join_files(end, block, take),
            LineStart::Carried | LineStart::TooLong => block,
        };
        match self.line_start {
            LineStart::CutAt(_) => return rest,
            LineStart::Carried if self.carry.is_empty() => return rest,
            LineStart::Carried | LineStart::TooLong => {}
        }
        let Some((end, after)) = split_line(rest) else {
            return rest;
        };
        self.progress.line = self.progress.line.saturating_add(1);
        if self.line_start == LineStart::Carried {
            self.carry.extend_from_slice(end);
            self.take_carry(self.carry.len(), take);
        }
        self.line_start = LineStart::Carried;
        after
    }

    /// Finds out whether the new file goes on with the line that the old one left: not if it begins with a timestamp.
    fn join_files<'a>(&mut self, end: usize, block: &'a [u8], take: &mut Take<'_>) -> &'a [u8] {
        let wanted = Stamp::LEN
            .saturating_add(1)
            .saturating_sub(self.carry.len().saturating_sub(end));
        let line_end = memchr(b'\n', block);
        let count = wanted.min(line_end.unwrap_or(block.len()));
        let (start, rest) = block.split_at_checked(count).unwrap_or((block, &[]));
        self.carry.extend_from_slice(start);
        if count < wanted && line_end.is_none() {
            return rest;
        }
        self.line_start = LineStart::Carried;
        if self.carry.get(end..).is_some_and(Line::begins) {
            self.take_carry(end, take);
            // All that came of the new file is of its first line.
            self.carry_position = Progress::default().position(&[]);
        }
        rest
    }

    /// Notes the line of which the first `end` bytes of the carry are, unless it is one of a file before.
    fn note_carry(&mut self, end: usize) {
        if self.carry_position.files_back == 0 {
            let line = self.carry_position.line;
            let text = self.carry.get(..end).unwrap_or_default();
            self.note_lines(first_and_last(text, line.saturating_sub(1), line));
        }
    }

    /// Notes the line that the file ends within. Of a line that ends within its running number the number is not known: the line before
    /// stays the last one, so that lines missing behind it are told.
    pub(super) fn note_cut_line(&mut self) {
        if !ends_within_number(&self.carry) {
            self.note_carry(self.carry.len());
        }
    }

    /// Takes the first `end` bytes of the carry as a line.
    pub(super) fn take_carry(&mut self, end: usize, take: &mut Take<'_>) {
        self.note_carry(end);
        let mut carry = std::mem::take(&mut self.carry);
        self.line(carry.get(..end).unwrap_or_default(), self.carry_position, take);
        carry.drain(..end.min(carry.len()));
        self.carry = carry;
        self.line_start = LineStart::Carried;
    }

    /// Keeps the start of a line for the next block.
    pub(super) fn carry_on(&mut self, rest: &[u8], take: &mut Take<'_>) {
        if self.line_start == LineStart::TooLong {
            return;
        }
        if self.carry.is_empty() {
            self.carry_position = self.progress.position(rest);
        }
        self.carry.extend_from_slice(rest);
        // What follows the end of a file may turn out to be the next line.
        let end = match self.line_start {
            LineStart::CutAt(end) => end,
            LineStart::Carried | LineStart::TooLong => self.carry.len(),
        };
        if end > MAX_LINE {
            self.begin_head(Begins::WithLine);
            long_line(&self.carry, self.carry_position, take);
            self.carry = Vec::new();
            self.line_start = LineStart::TooLong;
        }
    }

    /// The file begins so, if it is read alone and no line of it was read before.
    pub(super) fn begin_head(&mut self, begins: Begins) {
        if self.processes.unseen == State::Unseen && matches!(self.head.begins, Begins::Nowhere) {
            self.head.begins = begins;
        }
    }

    /// The first line of a file that is read alone may go on with the last one of the file before. Returns whether it is
    /// kept for that.
    pub(super) fn look_at_first_line(&mut self, line: &[u8], position: Position) -> bool {
        if position.line != 1 || self.processes.unseen != State::Unseen {
            return false;
        }
        let is_own = Line::begins(line) || line.len() > MAX_LINE;
        self.begin_head(match is_own {
            true => Begins::WithLine,
            false => Begins::within(line, b"\n"),
        });
        !is_own
    }

    /// Takes out the line that the file ends within, unless that is in the head.
    pub(super) fn take_cut_line(&mut self) -> Option<CutLine> {
        if self.carry.is_empty() {
            return None;
        }
        if self.processes.unseen == State::Unseen && self.progress.line == 0 && !Line::begins(&self.carry) {
            self.begin_head(Begins::within(&self.carry, b""));
            return None;
        }
        self.begin_head(Begins::WithLine);
        Some(CutLine {
            text: self.carry.clone(),
            position: self.carry_position,
        })
    }
}
