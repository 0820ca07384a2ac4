//! What a file leaves open at its end.

use crate::dump::Dump;
use crate::hex;
use crate::item::Damage;
use crate::line::{Line, next_line};
use crate::position::Position;
use crate::process::{Open, State};
use crate::stamp::Stamp;
use crate::want::Want;

/// What a file leaves open at its end: a line without its end, records that are not whole, and for each process what its
/// next further lines are.
#[derive(Debug)]
pub struct Tail {
    pub(crate) want: Want,
    /// What the further lines are of a process that was not seen.
    pub(crate) unseen: State,
    pub(crate) line: Option<CutLine>,
    /// The one that was silent longest comes first.
    pub(crate) processes: Vec<Open>,
}

/// A line that the end of its file cut.
#[derive(Debug)]
pub(crate) struct CutLine {
    pub(crate) text: Vec<u8>,
    pub(crate) position: Position,
}

impl CutLine {
    /// The line up to its last whole byte; without the dump that it ends within, if that has none yet.
    pub(crate) fn up_to_whole_bytes(mut self) -> CutLine {
        let mut begin = 0usize;
        while let Some(at) = self.text.get(begin..).and_then(next_line) {
            begin = begin.saturating_add(at);
        }
        let last = self.text.get(begin..).unwrap_or_default();
        if !last.trim_ascii_end().ends_with(b"]")
            && let Ok(line) = Line::parse(last)
        {
            let mut count = 0usize;
            let dump = line.and_then(Dump::parse);
            let end = dump.map(|dump| hex::read(dump.hex, |_| count = count.saturating_add(1)));
            match end {
                Some(Err(Damage::HalfByte)) if count > 0 => drop(self.text.pop()),
                Some(_) if count > 0 => {}
                _ => self.text.truncate(begin),
            }
        }
        self
    }
}

/// What is known of what would follow the last file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// Nothing follows: what is pending is cut.
    Nothing,
    /// Something may follow that is not read. What is pending is not damaged: a message whose `CSeq` is known counts,
    /// and what is not known so far is cut there ([`Item::Edge`](crate::Item::Edge)).
    Unknown,
}

impl Tail {
    /// There is nothing before the file that comes next: its leading lines are damage ([`NoFirstLine`](crate::Damage::NoFirstLine)).
    pub fn nothing() -> Tail {
        Tail::before(State::Idle)
    }

    /// Something may stand before the file that comes next, but nobody reads it: leading lines are of a record that is
    /// cut there ([`Item::Edge`](crate::Item::Edge)).
    pub fn unknown() -> Tail {
        Tail::before(State::Edge)
    }

    fn before(unseen: State) -> Tail {
        Tail {
            want: Want::Head,
            unseen,
            line: None,
            processes: Vec::new(),
        }
    }

    /// Whether a line or a SIP record is pending that the next file may finish.
    pub fn is_open(&self) -> bool {
        self.line.is_some() || self.processes.iter().any(Open::is_record)
    }

    /// The oldest stamp of what is pending: no message that is handed over later from what is open here is older.
    pub fn oldest(&self) -> Option<Stamp> {
        let records = self.processes.iter().filter(|open| open.is_record());
        let line = self.line.as_ref().and_then(|line| Stamp::not_after(&line.text));
        records.map(|open| open.record.first.stamp).chain(line).min()
    }

    /// How many bytes of memory it takes, roughly.
    pub fn bytes(&self) -> usize {
        let line = self.line.as_ref().map_or(0, |line| line.text.capacity());
        let processes = self.processes.iter().map(Open::bytes);
        processes.fold(line, usize::saturating_add)
    }
}
