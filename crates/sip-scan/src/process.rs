//! What is open of one process, and what its lines look like.

use crate::MAX_FILES_AFTER;
use crate::fast::line_format::LineFormat;
use crate::fast::line_template::LikeLines;
use crate::item::{Damage, Damaged, Item, Take};
use crate::record::{FirstLine, Kind, Record};

/// What the next further line of a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing that was announced: the last record is whole.
    Idle,
    /// Of a SIP record.
    Sip,
    /// Of no interest: the last record is of another type, or what is left of a broken one, or nobody knows which it is.
    Skipped,
    /// One more of a run that no first line announced.
    Unclaimed,
    /// The first that is seen of its process in a file that is read alone.
    Unseen,
    /// One more of those at the start of a file that is read alone, which are all kept.
    Leading,
}

/// What is open of one process, on its way from file to file.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    /// The process, as in `capro(4711)`.
    pub(crate) name: Vec<u8>,
    pub(crate) state: State,
    /// The record that is pending. Of an unclaimed run stamp and position of its first line.
    pub(crate) record: Record,
}

impl Open {
    pub(crate) fn new(name: &[u8]) -> Open {
        Open {
            name: name.to_vec(),
            state: State::Idle,
            record: Record::none(),
        }
    }

    /// A record begins.
    pub(crate) fn begin(&mut self, first: FirstLine) {
        self.state = State::Sip;
        self.record.begin(first);
    }

    /// A run of further lines begins that nothing claims.
    pub(crate) fn begin_unclaimed(&mut self, first: FirstLine) {
        self.state = State::Unclaimed;
        self.record.first = first;
    }

    /// Takes the hex of one line of the record, whatever it looks like.
    pub(crate) fn push(&mut self, hex: &[u8]) {
        self.record.push(hex);
        self.look_at_type();
    }

    fn look_at_type(&mut self) {
        if self.record.kind == Kind::Other {
            self.state = State::Skipped;
        }
    }

    /// Hands over what is pending: the record as it is now, or the run that nothing claims.
    pub(crate) fn end(&mut self, take: &mut Take<'_>) {
        let mut next = State::Idle;
        match self.state {
            State::Sip => {
                self.record.end(&self.name, take);
                // Where bytes could not be read, SIZE is reached too late: what is left over belongs to the same damage.
                if self.record.broken {
                    next = State::Skipped;
                }
            }
            State::Unclaimed => take(Item::Damaged(Damaged {
                stamp: Some(self.record.first.stamp),
                position: self.record.first.position,
                damage: Damage::NoFirstLine,
                process: &self.name,
            })),
            State::Idle | State::Skipped | State::Unseen | State::Leading => {}
        }
        self.state = next;
    }

    /// Hands over what does not go on in another file.
    pub(crate) fn end_of_file(&mut self, take: &mut Take<'_>) {
        match self.state {
            State::Unclaimed => {
                self.end(take);
                // The run is told. What goes on with it in the next file is the same damage.
                self.state = State::Skipped;
            }
            State::Sip if self.record.first.position.files_back >= MAX_FILES_AFTER => self.end(take),
            _ => {}
        }
    }

    /// Whether a SIP record is pending.
    pub(crate) fn is_record(&self) -> bool {
        self.state == State::Sip
    }

    /// Whether nothing was seen of it but lines that are kept in the head.
    pub(crate) fn is_all_in_head(&self) -> bool {
        matches!(self.state, State::Unseen | State::Leading)
    }

    /// How many bytes of memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Open>()
            .saturating_add(self.name.capacity())
            .saturating_add(self.record.bytes())
    }
}

/// A process whose records are told apart from those of others.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) open: Open,
    /// The line's number when it last said something, and the place in that line, to find who is silent longest.
    pub(crate) last_line: (u64, usize),
    pub(crate) format: LineFormat,
}

impl Process {
    pub(crate) fn new(name: &[u8]) -> Process {
        Process {
            open: Open::new(name),
            last_line: (0, 0),
            format: LineFormat::default(),
        }
    }

    /// Makes an entry fit for another process.
    pub(crate) fn reuse(&mut self, name: &[u8]) {
        self.open.name.clear();
        self.open.name.extend_from_slice(name);
        self.format = LineFormat::default();
    }

    /// A record begins, with the hex of its first line, whatever that looks like.
    pub(crate) fn first_line(&mut self, first: FirstLine, hex: &[u8], take: &mut Take<'_>) {
        self.open.end(take);
        self.format.set_stamp(&first.stamp);
        self.open.begin(first);
        self.open.push(hex);
    }

    /// Takes lines of the record, known to be like those before.
    #[inline(always)]
    pub(crate) fn push_lines(&mut self, lines: LikeLines<'_>) {
        self.open.record.push_lines(lines);
        self.open.look_at_type();
    }

    /// Hands over the record, if all of it has come.
    #[inline(always)]
    pub(crate) fn end_if_whole(&mut self, take: &mut Take<'_>) {
        if self.open.is_record() && self.open.record.is_whole() {
            self.open.end(take);
        }
    }
}
