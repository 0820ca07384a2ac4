//! Cuts the lines into logs, as the server does.

use crate::synth::lines::Lines;

const MEBIBYTE: usize = 1 << 20;

/// A log: the name and the bytes of one file.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Logs one after the other, in order of time.
#[derive(Debug)]
pub(crate) struct Logs {
    lines: Lines,
    /// How many bytes are still to be written.
    left: u64,
}

impl Logs {
    /// Logs of `mebibytes` in all, and as much more as the last record needs to be whole.
    pub(crate) fn new(mebibytes: u64) -> Self {
        Self {
            lines: Lines::new(),
            left: mebibytes << 20,
        }
    }

    fn is_done(&self) -> bool {
        self.left == 0 && self.lines.is_between_records()
    }
}

impl Iterator for Logs {
    type Item = Log;

    fn next(&mut self) -> Option<Log> {
        if self.is_done() {
            return None;
        }
        let begin = self.lines.next_moment();
        let mut bytes = Vec::with_capacity(MEBIBYTE + 4096);
        while !self.is_done() {
            // A name holds no more than the second, so a second has one log only.
            if self.left > 0 && bytes.len() >= MEBIBYTE && self.lines.next_moment().seconds() > begin.seconds() {
                break;
            }
            let before = bytes.len();
            self.lines.write_next(&mut bytes);
            self.left = self.left.saturating_sub((bytes.len() - before) as u64);
        }
        Some(Log {
            name: begin.file_name(),
            bytes,
        })
    }
}

#[cfg(test)]
mod tests;
