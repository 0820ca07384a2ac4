//! The short ways of the scanner, for lines that look like the ones before: nearly all do.

use super::Scanner;
use crate::MAX_LINE;
use crate::item::Item;
use crate::process::State;

/// How many processes are tried, one after the other.
const MOST_TRIED: usize = 4;

impl Scanner {
    /// Takes the next lines as long as they look like those before; returns what follows them.
    ///
    /// Their ends need not be looked for: they are where they should be, and the check of what stands before proves that
    /// there is no other.
    pub(super) fn expected<'a>(&mut self, block: &'a [u8], sink: &mut impl FnMut(Item<'_>)) -> &'a [u8] {
        let mut rest = self.expected_of(self.current, block, sink);
        // Mostly there are two processes, and it is the other's turn.
        let mut index = 0;
        while index < self.processes.len().min(MOST_TRIED) {
            let after = match index {
                index if index == self.current => rest,
                index => self.expected_of(index, rest, sink),
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
    fn expected_of<'a>(&mut self, index: usize, block: &'a [u8], sink: &mut impl FnMut(Item<'_>)) -> &'a [u8] {
        let mut rest = self.expected_further(index, block, sink);
        while let Some(after) = self.expected_first(index, rest, sink) {
            rest = self.expected_further(index, after, sink);
        }
        rest
    }

    /// Takes further lines of the process's record, each as long as the last one, or as long as it must be to
    /// make the record whole.
    fn expected_further<'a>(&mut self, index: usize, block: &'a [u8], sink: &mut impl FnMut(Item<'_>)) -> &'a [u8] {
        let Some(process) = self.processes.get_mut(index) else {
            return block;
        };
        let mut rest = block;
        let mut taken = 0u64;
        while process.is_pending()
            && let Some((lines, after)) = process.next_lines(rest)
        {
            process.push_lines(lines);
            taken = taken.saturating_add(u64::try_from(lines.count).unwrap_or(u64::MAX));
            rest = after;
            if process.is_whole() {
                break;
            }
        }
        if taken > 0 {
            self.lines = self.lines.saturating_add(taken);
            process.last_line = self.lines;
            process.further_lines = process.further_lines.saturating_add(taken);
            if process.is_pending() && process.is_whole() {
                process.end(sink);
            }
        }
        rest
    }

    /// Takes a first line of the process, of as many bytes as its further lines, with a SIZE of four digits or
    /// three.
    fn expected_first<'a>(
        &mut self,
        index: usize,
        rest: &'a [u8],
        sink: &mut impl FnMut(Item<'_>),
    ) -> Option<&'a [u8]> {
        let process = self.processes.get_mut(index)?;
        if self.finish_only || !matches!(process.state, State::Idle | State::Skip) {
            return None;
        }
        let (stamp, size, line, after) = process.format.first_line(rest)?;
        self.lines = self.lines.saturating_add(1);
        process.last_line = self.lines;
        process.begin(stamp, Some(size));
        process.push_lines(line);
        if process.is_pending() && process.is_whole() {
            process.end(sink);
        }
        Some(after)
    }

    /// Takes `line` if it is a further line of the current process's record in the layout of the one before.
    pub(super) fn further_line(&mut self, line: &[u8], sink: &mut impl FnMut(Item<'_>)) -> bool {
        let Some(process) = self.processes.get_mut(self.current) else {
            return false;
        };
        if !process.is_pending() || line.len() > MAX_LINE {
            return false;
        }
        let Some(hex) = process.format.hex_of(line, &process.stamp) else {
            return false;
        };
        process.push_canonical(hex);
        self.lines = self.lines.saturating_add(1);
        process.last_line = self.lines;
        process.further_lines = process.further_lines.saturating_add(1);
        if process.is_whole() {
            // The last line is shorter than those before, and than those of the next record.
            process.end(sink);
        } else {
            process.format.set_line_end(line.len());
        }
        true
    }
}
