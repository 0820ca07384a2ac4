//! Lines that a block, or a file, ends within: kept until the next brings the rest.

use memchr::memchr;

use super::{Scanner, long_line, split_around};
use crate::MAX_LINE;
use crate::item::Item;
use crate::line::{Line, Stamp};

impl Scanner {
    /// Completes the line that the blocks before left without its end; returns what follows it.
    pub(super) fn end_carry<'a>(&mut self, block: &'a [u8], sink: &mut impl FnMut(Item<'_>)) -> &'a [u8] {
        let mut rest = block;
        if let Some(file_end) = self.file_end {
            rest = self.join_files(file_end, rest, sink);
        }
        if self.file_end.is_some() || (self.carry.is_empty() && !self.in_long_line) {
            return rest;
        }
        let Some((end, after)) = memchr(b'\n', rest).and_then(|end| split_around(rest, end)) else {
            return rest;
        };
        if self.in_long_line {
            self.in_long_line = false;
            return after;
        }
        let mut line = std::mem::take(&mut self.carry);
        line.extend_from_slice(end);
        self.carried_line(&line, sink);
        line.clear();
        self.carry = line;
        after
    }

    /// Finds out whether the new file goes on with the line that the old one left: not if it begins with a timestamp.
    fn join_files<'a>(&mut self, file_end: usize, block: &'a [u8], sink: &mut impl FnMut(Item<'_>)) -> &'a [u8] {
        let wanted = Stamp::LEN
            .saturating_add(1)
            .saturating_sub(self.carry.len().saturating_sub(file_end));
        let line_end = memchr(b'\n', block);
        let count = wanted.min(line_end.unwrap_or(block.len()));
        let (start, rest) = block.split_at_checked(count).unwrap_or((block, &[]));
        self.carry.extend_from_slice(start);
        if count < wanted && line_end.is_none() {
            return rest;
        }
        self.file_end = None;
        if self.carry.get(file_end..).is_some_and(Line::begins) {
            let mut line = std::mem::take(&mut self.carry);
            self.carried_line(line.get(..file_end).unwrap_or_default(), sink);
            line.drain(..file_end);
            self.carry = line;
        }
        rest
    }

    /// Takes a line that was carried, maybe from a file of this scanner's own: then it may begin a record, and is none
    /// of the lines that are taken from the file after.
    pub(super) fn carried_line(&mut self, line: &[u8], sink: &mut impl FnMut(Item<'_>)) {
        let is_own = std::mem::take(&mut self.carry_is_own);
        let is_before = std::mem::take(&mut self.carry_is_before);
        self.line(line, is_own || !self.finish_only, sink);
        if is_own && self.finish_only {
            self.begin_to_take(sink);
        } else if is_before {
            self.forget_taken();
        }
    }

    /// Keeps the start of a line for the next block.
    pub(super) fn carry_on(&mut self, rest: &[u8], sink: &mut impl FnMut(Item<'_>)) {
        if self.in_long_line {
            return;
        }
        self.carry.extend_from_slice(rest);
        // What follows the end of a file may turn out to be the next line.
        if self.file_end.unwrap_or(self.carry.len()) > MAX_LINE {
            let line = std::mem::take(&mut self.carry);
            long_line(&line, sink);
            self.file_end = None;
            self.carry_is_own = false;
            self.carry_is_before = false;
            self.in_long_line = true;
        }
    }
}
