//! A record of a raw MST file, taken as if it were of a process of its own.
//!
//! Such a record bears no SIZE: `N` ends it. What the first line says of the type is not repeated in the bytes.

use crate::item::{Damage, Damaged, Direction, Item};
use crate::process::{Process, State};
use crate::raw::{Certainty, MLine, RawLine};

/// Bytes of each `D` line but the last.
const LINE_BYTES: usize = 16;

impl Process {
    /// Takes one line of a raw file.
    pub(crate) fn raw_line(&mut self, line: RawLine<'_>, sink: &mut impl FnMut(Item<'_>)) {
        match line {
            RawLine::Begin(head) => self.raw_begin(head, sink),
            RawLine::Bytes(hex, certainty) => self.raw_bytes(hex, certainty),
            RawLine::End => {
                // All of it has come.
                self.size = self.came;
                self.raw_end(sink);
            }
        }
    }

    /// Hands over what is pending. A record that no `N` ended is cut.
    pub(crate) fn raw_end(&mut self, sink: &mut impl FnMut(Item<'_>)) {
        match self.state {
            State::Sip => {
                if !self.is_whole() {
                    self.damage(Damage::RawCut);
                }
                self.end(sink);
            }
            State::Orphan => sink(Item::Damaged(Damaged {
                stamp: self.seen_first.then_some(self.stamp),
                damage: Damage::NoFirstLine,
                process: &self.name,
                further_lines: self.further_lines,
                at_start: false,
            })),
            State::Idle | State::Skip | State::Left => {}
        }
        self.state = State::Idle;
    }

    fn raw_begin(&mut self, head: MLine, sink: &mut impl FnMut(Item<'_>)) {
        self.raw_end(sink);
        self.state = State::Skip;
        match head {
            MLine::Sip(stamp, direction) => {
                self.begin(stamp, None);
                self.damage = None;
                self.push(match direction {
                    Direction::In => b"8a",
                    Direction::Out => b"8b",
                });
            }
            MLine::Other => {}
            MLine::Unreadable => sink(Item::Damaged(Damaged {
                stamp: None,
                damage: Damage::RawHead,
                process: &self.name,
                further_lines: 0,
                at_start: false,
            })),
        }
    }

    fn raw_bytes(&mut self, hex: &[u8], certainty: Certainty) {
        match self.state {
            State::Sip => {
                // The type came with the first line.
                let n_bytes = self.came.saturating_sub(1);
                if !n_bytes.is_multiple_of(LINE_BYTES) && self.damage.is_none() {
                    self.break_off(Damage::RawCut);
                }
                self.push(hex);
            }
            State::Orphan => self.further_lines = self.further_lines.saturating_add(1),
            State::Idle if certainty == Certainty::Exact => {
                self.state = State::Orphan;
                self.further_lines = 1;
            }
            State::Idle | State::Skip | State::Left => {}
        }
    }
}
