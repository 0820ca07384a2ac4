//! What a file leaves open at its end, and how that is joined with the file after it.

use crate::MAX_PROCESSES;
use crate::gather::Want;
use crate::head::Head;
use crate::item::{Damage, Item, Position};
use crate::line::Stamp;
use crate::process::{Open, State};
use crate::scanner::Scanner;

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

/// What is known of what would follow the last file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// Nothing follows: what is pending is cut.
    Nothing,
    /// Something may follow that is not read. What is pending is not damaged: a message whose `CSeq` is known counts,
    /// and the rest is dropped.
    Unknown,
}

impl Tail {
    /// There is nothing before the file that comes next: its leading lines are damage ([`Damage::NoFirstLine`]).
    pub fn nothing() -> Tail {
        Tail::before(State::Idle)
    }

    /// Something may stand before the file that comes next, but nobody reads it: leading lines are neither message nor
    /// damage.
    pub fn unknown() -> Tail {
        Tail::before(State::Skipped)
    }

    fn before(unseen: State) -> Tail {
        Tail {
            want: Want::Head,
            unseen,
            line: None,
            processes: Vec::new(),
        }
    }

    /// Joins what the next file of the same source leaves open at its two ends. Hands over the records that its head
    /// completes, and as damage the leading lines that nothing claims.
    ///
    /// A record goes on over at most [`MAX_FILES_AFTER`](crate::MAX_FILES_AFTER) files after the one in which it begins.
    /// A file that holds nothing counts among them, but changes nothing else.
    #[must_use]
    pub fn join(self, (head, next): (Head, Tail), take: &mut dyn FnMut(Item<'_>)) -> Tail {
        let mut scanner = Scanner::new(self.want.max(next.want));
        scanner.resume(self);
        scanner.read_head(&head, take);
        let (_, mut joined) = scanner.end_of_file(take);
        for open in next.processes {
            if let Some(index) = joined.processes.iter().position(|process| process.name == open.name) {
                joined.processes.remove(index).end(take);
            }
            joined.processes.push(open);
        }
        while joined.processes.len() > MAX_PROCESSES {
            joined.processes.remove(0).end(take);
        }
        joined.line = next.line.or(joined.line);
        joined
    }

    /// No file follows: hands over what is pending.
    pub fn finish(self, beyond: Beyond, take: &mut dyn FnMut(Item<'_>)) {
        let mut scanner = Scanner::new(self.want);
        match beyond {
            Beyond::Nothing => {
                scanner.load(self);
                scanner.finish(take);
            }
            Beyond::Unknown => {
                let line = self.line.filter(|line| line.text.trim_ascii_end().ends_with(b"]"));
                scanner.load(Tail { line, ..self });
                scanner.finish(&mut |item| match item {
                    Item::Message(mut message) => {
                        message.damage = message.damage.filter(|damage| *damage != Damage::Short);
                        take(Item::Message(message));
                    }
                    Item::Damaged(damaged) if damaged.damage == Damage::Short => {}
                    item => take(item),
                });
            }
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
