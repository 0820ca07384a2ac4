//! The records of a raw MST file.
//!
//! Such a record bears no SIZE: `N` ends it. What the first line says of the type is not repeated in the bytes.

use crate::item::{Damage, Damaged, Direction, Item, Take};
use crate::position::Position;
use crate::process::{Open, State};
use crate::raw::{Certainty, MLine, RawLine};
use crate::record::{FirstLine, Size};
use crate::stamp::Stamp;
use crate::want::Want;

/// Bytes of each `D` line but the last.
const LINE_BYTES: usize = 16;

/// What is pending of a raw file.
#[derive(Debug)]
pub(crate) struct RawFile {
    open: Open,
    /// When the last record was of which that could be read.
    last: Option<Stamp>,
}

impl RawFile {
    pub(crate) fn new(want: Want) -> RawFile {
        let mut open = Open::new(&[]);
        open.record.want = want;
        RawFile { open, last: None }
    }

    /// Whether a record was begun, of any type, or a run of lines without one.
    pub(crate) fn is_open(&self) -> bool {
        self.open.state != State::Idle
    }

    /// Takes one line.
    pub(crate) fn line(&mut self, line: RawLine<'_>, position: Position, take: &mut Take<'_>) {
        match line {
            RawLine::Begin(line) => {
                self.end(take);
                self.begin(line, position, take);
            }
            RawLine::Bytes(hex, certainty) => self.bytes(hex, certainty, position),
            RawLine::End => {
                // All of it has come.
                self.open.record.size = self.open.record.came;
                self.end(take);
            }
        }
    }

    /// Hands over what is pending. A record that no `N` ended is cut.
    pub(crate) fn end(&mut self, take: &mut Take<'_>) {
        match self.open.state {
            State::Sip => {
                if !self.open.record.is_whole() {
                    self.open.record.note(Damage::RawCut);
                }
                self.open.end(take);
            }
            State::Unclaimed => {
                let position = self.open.record.first.position;
                take(damaged(Damage::NoFirstLine, self.last, position));
            }
            _ => {}
        }
        self.open.state = State::Idle;
    }

    fn begin(&mut self, line: MLine, position: Position, take: &mut Take<'_>) {
        self.open.state = State::Skipped;
        match line {
            MLine::Sip(stamp, direction) => {
                self.last = Some(stamp);
                self.open.begin(FirstLine {
                    stamp,
                    number: None,
                    position,
                    size: Size::Unsaid,
                });
                self.open.push(match direction {
                    Direction::In => b"8a",
                    Direction::Out => b"8b",
                });
            }
            MLine::Other => {}
            MLine::Unreadable => take(damaged(Damage::RawHead, None, position)),
        }
    }

    fn bytes(&mut self, hex: &[u8], certainty: Certainty, position: Position) {
        let record = &mut self.open.record;
        match self.open.state {
            State::Sip => {
                // The type came with the first line.
                let n_bytes = record.came.saturating_sub(1);
                if !n_bytes.is_multiple_of(LINE_BYTES) && record.damage.is_none() {
                    record.break_off(Damage::RawCut);
                }
                record.push(hex);
            }
            State::Idle if certainty == Certainty::Exact => self.open.begin_unclaimed(FirstLine {
                stamp: Stamp::FIRST,
                number: None,
                position,
                size: Size::Unsaid,
            }),
            _ => {}
        }
    }
}

fn damaged(damage: Damage, stamp: Option<Stamp>, position: Position) -> Item<'static> {
    Item::Damaged(Damaged {
        stamp,
        position,
        damage,
        process: &[],
    })
}
