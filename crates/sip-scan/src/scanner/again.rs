//! A scanner that is used again: for one log after the other, of the same server as a rule.

use super::Scanner;
use crate::line::Line;
use crate::process::Process;

impl Scanner {
    /// Forgets all that it has read, so that it reads like a new one, but faster: it keeps its memory, and what the lines
    /// of each process looked like.
    pub fn start_over(&mut self) {
        let (mut known, mut carry) = (std::mem::take(&mut self.processes), std::mem::take(&mut self.carry));
        known.iter_mut().for_each(Process::forget);
        carry.clear();
        *self = Scanner {
            known,
            carry,
            ..Scanner::default()
        };
    }

    /// An entry for the line's process, which has none.
    pub(super) fn new_process(&mut self, line: &Line<'_>) -> Process {
        let known = self.known.iter().position(|process| process.name == line.process);
        match known {
            Some(index) => {
                let mut process = self.known.swap_remove(index);
                process.stamp = line.stamp;
                process
            }
            None => Process::new(line.process, line.stamp),
        }
    }
}
