//! What happens to logs on their way, whatever is in them.

use proptest::prelude::*;
use proptest::sample::Index;

/// One thing that happens to the bytes of a log.
#[derive(Clone, Debug)]
pub(crate) enum Harm {
    /// A byte becomes another one.
    Byte(Index, u8),
    /// A line end is lost.
    LineEnd(Index),
    /// A block of NULs stands in place of what was there.
    Nuls(Index, usize),
    /// The start is missing.
    NoStart(Index),
    /// The end is missing.
    NoEnd(Index),
}

pub(crate) fn harm() -> impl Strategy<Value = Harm> {
    let index = any::<Index>;
    prop_oneof![
        4 => (index(), any::<u8>()).prop_map(|(at, b)| Harm::Byte(at, b)),
        4 => index().prop_map(Harm::LineEnd),
        2 => (index(), 1..600usize).prop_map(|(at, count)| Harm::Nuls(at, count)),
        1 => index().prop_map(Harm::NoStart),
        1 => index().prop_map(Harm::NoEnd),
    ]
}

impl Harm {
    pub(crate) fn done_to(&self, mut log: Vec<u8>) -> Vec<u8> {
        let length = log.len();
        if length == 0 {
            return log;
        }
        match self {
            Harm::Byte(at, b) => log[at.index(length)] = *b,
            Harm::LineEnd(at) => {
                let ends: Vec<usize> = (0..length).filter(|at| log[*at] == b'\n').collect();
                if !ends.is_empty() {
                    log.remove(ends[at.index(ends.len())]);
                }
            }
            Harm::Nuls(at, count) => {
                let at = at.index(length);
                log[at..length.min(at + count)].fill(0);
            }
            Harm::NoStart(at) => drop(log.drain(..at.index(length))),
            Harm::NoEnd(at) => log.truncate(at.index(length)),
        }
        log
    }
}
