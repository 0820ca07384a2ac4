//! Cuts the lines into logs of one mebibyte, as the server does.

use crate::synth::lines::Lines;

const MEBIBYTE: usize = 1 << 20;

/// One log: the name of the file, and its bytes.
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
    n_left: u64,
}

impl Logs {
    /// Logs of `mebibytes` in all. The last record is written whole, so they may be a little larger.
    pub(crate) fn new(mebibytes: u64) -> Self {
        Self::seeded(mebibytes, 1)
    }

    /// The logs of another server for each seed.
    pub(crate) fn seeded(mebibytes: u64, seed: u64) -> Self {
        Self {
            lines: Lines::new(seed),
            n_left: mebibytes << 20,
        }
    }

    fn is_done(&self) -> bool {
        self.n_left == 0 && self.lines.is_between_records()
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
            // The name of a log is the second of its first line, so no two logs may begin in the same second.
            if self.n_left > 0 && bytes.len() >= MEBIBYTE && self.lines.next_moment().seconds() > begin.seconds() {
                break;
            }
            let before = bytes.len();
            self.lines.write_next(&mut bytes);
            self.n_left = self.n_left.saturating_sub((bytes.len() - before) as u64);
        }
        Some(Log {
            name: begin.file_name(),
            bytes,
        })
    }
}

#[cfg(test)]
mod tests;
