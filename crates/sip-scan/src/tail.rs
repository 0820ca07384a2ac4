//! What a file leaves open at its end.

use memchr::memrchr;

use crate::dump::Dump;
use crate::gather::Want;
use crate::line::Line;
use crate::position::Position;
use crate::process::{Open, State};
use crate::stamp::Stamp;

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
    /// The line up to its last whole byte; none where it has none.
    pub(crate) fn up_to_whole_bytes(mut self) -> Option<CutLine> {
        if !self.text.trim_ascii_end().ends_with(b"]") {
            self.text.truncate(memrchr(b' ', &self.text)?);
            let line = Line::parse(&self.text).ok().flatten()?;
            Dump::parse(line).filter(|dump| !dump.hex.is_empty())?;
        }
        Some(self)
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
