//! A scanner that waits: for files that come in any order, and can be read only once.
//!
//! Each file is scanned by a scanner of its own, with [`Scanner::keep_start`]. When all have come, each scanner finishes
//! what it has begun from the starts that were kept of the files after its own, as it would from the files.

use super::Scanner;
use super::start::Start;
use crate::process::Process;

impl Scanner {
    /// From here on it keeps of what it reads all that a scanner of the file before may take; to be called before
    /// anything is read.
    pub fn keep_start(&mut self) {
        self.start = Some(Box::new(Start::new()));
    }

    /// What was kept of the start of the file, to be read in its stead by the scanner of the file before: nothing unless
    /// [`Scanner::keep_start`] asked for it, and at most [`MAX_START`](crate::MAX_START) bytes. To be called when all of
    /// the file was read, before [`Scanner::finish_only`].
    pub fn take_start(&mut self) -> Vec<u8> {
        let start = self.start.take();
        start.map_or_else(Vec::new, |start| start.into_bytes(&self.carry))
    }

    /// Gives memory back that only matters while much is read.
    pub fn shrink(&mut self) {
        self.known.clear();
        self.known.shrink_to_fit();
        if self.carry.is_empty() {
            let takes = self.takes;
            self.processes
                .retain(|process| process.is_pending() || (takes && process.further_lines > 0));
            self.current = 0;
        }
        self.carry.shrink_to_fit();
        self.processes.iter_mut().for_each(Process::shrink);
        self.processes.shrink_to_fit();
    }

    /// How many bytes of memory it takes, roughly.
    pub fn bytes(&self) -> usize {
        let processes = self.processes.iter().map(Process::bytes);
        processes.fold(self.carry.capacity(), usize::saturating_add)
    }
}
