//! Takes lines that look like the ones before.

use crate::item::Take;
use crate::position::Progress;
use crate::process::{Process, State};
use crate::processes::Processes;
use crate::record::{FirstLine, Size};

/// How many processes are tried, one after the other.
const MOST_TRIED: usize = 4;

impl Processes {
    /// Takes the next lines as long as they look like those before; returns what follows them.
    ///
    /// Their ends need not be looked for: they are where they should be, and the check of what stands before proves that
    /// there is no other.
    pub(crate) fn fast_lines<'a>(&mut self, block: &'a [u8], progress: &mut Progress, take: &mut Take<'_>) -> &'a [u8] {
        let mut rest = match self.list.get_mut(self.current) {
            Some(process) => process.fast_lines(block, progress, take),
            None => block,
        };
        // Mostly there are two processes, and it is the other's turn.
        let mut index = 0;
        while index < self.list.len().min(MOST_TRIED) {
            let after = match self.list.get_mut(index) {
                Some(process) if index != self.current => process.fast_lines(rest, progress, take),
                _ => rest,
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
}

impl Process {
    /// Takes the next lines of this process.
    fn fast_lines<'a>(&mut self, block: &'a [u8], progress: &mut Progress, take: &mut Take<'_>) -> &'a [u8] {
        let mut rest = self.fast_further(block, progress, take);
        while let Some(after) = self.fast_first(rest, progress, take) {
            rest = self.fast_further(after, progress, take);
        }
        rest
    }

    /// Takes further lines of the record, each as long as the last one, or as long as it must be to make the record
    /// whole.
    fn fast_further<'a>(&mut self, block: &'a [u8], progress: &mut Progress, take: &mut Take<'_>) -> &'a [u8] {
        let mut rest = block;
        let mut count = 0usize;
        while self.open.is_record()
            && let Some(lines) = self.format.next_lines(rest, self.open.record.missing())
        {
            self.push_lines(lines);
            count = count.saturating_add(lines.count);
            rest = lines.rest;
            if self.open.record.is_whole() {
                break;
            }
        }
        if count > 0 {
            progress.line = progress.line.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
            self.last_line = (progress.line, 0);
            self.end_if_whole(take);
        }
        rest
    }

    /// Takes a first line, of as many bytes as the further lines, with a SIZE of four digits or three.
    fn fast_first<'a>(&mut self, block: &'a [u8], progress: &mut Progress, take: &mut Take<'_>) -> Option<&'a [u8]> {
        if !matches!(self.open.state, State::Idle | State::Skipped) {
            return None;
        }
        let first = self.format.first_line(block)?;
        let position = progress.position(block);
        progress.line = position.line;
        self.last_line = (position.line, 0);
        self.open.begin(FirstLine {
            stamp: first.stamp,
            number: first.number,
            position,
            size: Size::Bytes(first.size),
        });
        self.push_lines(first.line);
        self.end_if_whole(take);
        Some(first.line.rest)
    }
}
