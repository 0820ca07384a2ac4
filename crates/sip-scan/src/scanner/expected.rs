//! The short ways of the scanner, for lines that look like the ones before: nearly all do.

use super::Scanner;
use crate::item::Item;
use crate::process::State;
use crate::record::{FirstLine, Size};

/// How many processes are tried, one after the other.
const MOST_TRIED: usize = 4;

impl Scanner {
    /// Takes the next lines as long as they look like those before; returns what follows them.
    ///
    /// Their ends need not be looked for: they are where they should be, and the check of what stands before proves that
    /// there is no other.
    pub(super) fn expected<'a>(&mut self, block: &'a [u8], take: &mut dyn FnMut(Item<'_>)) -> &'a [u8] {
        let mut rest = self.expected_of(self.current, block, take);
        // Mostly there are two processes, and it is the other's turn.
        let mut index = 0;
        while index < self.processes.len().min(MOST_TRIED) {
            let after = match index {
                index if index == self.current => rest,
                index => self.expected_of(index, rest, take),
            };
            if after.len() < rest.len() {
                self.current = index;
                rest = after;
                index = 0;
            } else {
                index = index.saturating_add(1);
            }
        }
        rest
    }

    /// Takes the next lines of the process at `index`.
    fn expected_of<'a>(&mut self, index: usize, block: &'a [u8], take: &mut dyn FnMut(Item<'_>)) -> &'a [u8] {
        let mut rest = self.expected_further(index, block, take);
        while let Some(after) = self.expected_first(index, rest, take) {
            rest = self.expected_further(index, after, take);
        }
        rest
    }

    /// Takes further lines of the process's record, each as long as the last one, or as long as it must be to
    /// make the record whole.
    fn expected_further<'a>(&mut self, index: usize, block: &'a [u8], take: &mut dyn FnMut(Item<'_>)) -> &'a [u8] {
        let Some(process) = self.processes.get_mut(index) else {
            return block;
        };
        let mut rest = block;
        let mut taken = 0u64;
        while process.open.is_record()
            && let Some((lines, after)) = process.next_lines(rest)
        {
            process.push_lines(lines);
            taken = taken.saturating_add(u64::try_from(lines.count).unwrap_or(u64::MAX));
            rest = after;
            if process.open.record.is_whole() {
                break;
            }
        }
        if taken > 0 {
            self.lines = self.lines.saturating_add(taken);
            process.last_line = self.lines;
            process.end_if_whole(take);
        }
        rest
    }

    /// Takes a first line of the process, of as many bytes as its further lines, with a SIZE of four digits or
    /// three.
    fn expected_first<'a>(&mut self, index: usize, rest: &'a [u8], take: &mut dyn FnMut(Item<'_>)) -> Option<&'a [u8]> {
        let position = self.position(rest);
        let process = self.processes.get_mut(index)?;
        if !matches!(process.open.state, State::Idle | State::Skipped) {
            return None;
        }
        let (stamp, size, line, after) = process.format.first_line(rest)?;
        self.lines = position.line;
        process.last_line = self.lines;
        let size = Size::Bytes(size);
        process.open.begin(FirstLine { stamp, position, size });
        process.format.set_stamp(&stamp);
        process.push_lines(line);
        process.end_if_whole(take);
        Some(after)
    }
}
