//! The processes whose records are told apart.

use crate::MAX_PROCESSES;
use crate::item::Take;
use crate::process::{Open, Process, State};
use crate::want::Want;

/// The processes of which lines were read.
#[derive(Debug)]
pub(crate) struct Processes {
    pub(crate) list: Vec<Process>,
    /// Those of files before: what comes again takes its memory from here, and the format of its lines.
    known: Vec<Process>,
    /// Whose the last dump line was.
    pub(crate) current: usize,
    /// What the further lines are of a process that was not seen.
    pub(crate) unseen: State,
    want: Want,
}

impl Processes {
    /// Of a file that is read alone.
    pub(crate) fn new(want: Want) -> Processes {
        Processes {
            list: Vec::new(),
            known: Vec::new(),
            current: 0,
            unseen: State::Unseen,
            want,
        }
    }

    /// Goes on with what was left open.
    pub(crate) fn load(&mut self, all: Vec<Open>, unseen: State, want: Want) {
        self.want = want;
        self.unseen = unseen;
        for open in all {
            let mut process = self.new_process(&open.name);
            process.format.set_stamp(&open.record.first.stamp);
            process.open = open;
            self.list.push(process);
        }
    }

    /// The file has ended: gives back what it leaves open, of the process that was silent longest first.
    pub(crate) fn end_of_file(&mut self, take: &mut Take<'_>) -> Vec<Open> {
        self.list.sort_by_key(|process| process.last_line);
        let mut all = Vec::new();
        for process in &mut self.list {
            process.open.end_of_file(take);
            // What was kept of a record that is whole does not go on in the next file.
            if !process.open.is_record() {
                process.open.record.forget();
            }
            if !process.open.is_all_in_head() {
                all.push(process.open.clone());
            }
            process.open.record.forget();
            process.last_line = (0, 0);
        }
        let mut known = std::mem::take(&mut self.list);
        known.append(&mut self.known);
        known.truncate(MAX_PROCESSES);
        *self = Processes {
            known,
            ..Processes::new(self.want)
        };
        all
    }

    /// The entry of the process of this name, which has said the line of this number, at this place in it.
    pub(crate) fn of(&mut self, name: &[u8], line: (u64, usize), take: &mut Take<'_>) -> Option<&mut Process> {
        let is_it = |process: &Process| process.open.name == name;
        let found = match self.list.get(self.current) {
            Some(process) if is_it(process) => Some(self.current),
            _ => self.list.iter().position(is_it),
        };
        self.current = match found {
            Some(index) => index,
            None if self.list.len() < MAX_PROCESSES => {
                let process = self.new_process(name);
                self.list.push(process);
                self.list.len().saturating_sub(1)
            }
            None => self.replace(name, take),
        };
        let process = self.list.get_mut(self.current)?;
        process.last_line = line;
        Some(process)
    }

    /// An entry for a process that has none.
    fn new_process(&mut self, name: &[u8]) -> Process {
        let known = self.known.iter().position(|process| process.open.name == name);
        let mut process = match known {
            Some(index) => self.known.swap_remove(index),
            None => Process::new(name),
        };
        process.open.state = self.unseen;
        process.open.record.want = self.want;
        process
    }

    /// Gives the entry of the process that was silent longest to another one.
    fn replace(&mut self, name: &[u8], take: &mut Take<'_>) -> usize {
        // A process that is new from here on may have been seen: what was open of it was ended then.
        if self.unseen == State::Unseen {
            self.unseen = State::Idle;
        }
        let silent = self.list.iter_mut().enumerate();
        let silent = silent.min_by_key(|(_, process)| process.last_line);
        silent.map_or(0, |(index, process)| {
            process.open.end(take);
            process.reuse(name);
            process.open.state = self.unseen;
            index
        })
    }
}
