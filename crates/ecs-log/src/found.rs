//! A log that was found, before it is known whether it is chosen.

use std::cell::Cell;
use std::io::BufRead;

use crate::log::Log;

/// How many bytes of the first line of a log are compared, to tell copies.
pub(crate) const MAX_FIRST_LINE: usize = 4096;

/// A log that was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) log: Log,
    /// The number of the input that it belongs to.
    pub(crate) order: usize,
    /// Whether it can be read twice. What is read from a pipe is gone.
    pub(crate) is_regular: bool,
    /// Whether it is the one to take if there are copies.
    pub(crate) is_preferred: bool,
    /// The start of its first line, if it was read already.
    pub(crate) first_line: Option<Vec<u8>>,
    pub(crate) fate: Cell<Fate>,
}

/// What becomes of a log that was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was not chosen.
    #[default]
    LeftOut,
    Chosen,
    /// It is a copy of one that was chosen.
    Copy,
}

impl Found {
    pub(crate) fn new(log: Log, order: usize, is_regular: bool) -> Found {
        Found {
            first_line: log.streamed().map(|_| Vec::new()),
            log,
            order,
            is_regular,
            is_preferred: false,
            fate: Cell::default(),
        }
    }

    /// Keeps what belongs to its first line of `bytes`, which are the next ones that were read.
    pub(crate) fn see(&mut self, mut bytes: &[u8]) {
        let Some(line) = &mut self.first_line else {
            return;
        };
        let missing = MAX_FIRST_LINE.saturating_sub(line.len());
        if !line.ends_with(b"\n") {
            bytes = bytes.get(..missing).unwrap_or(bytes);
            let _ = bytes.read_until(b'\n', line);
        }
    }
}
