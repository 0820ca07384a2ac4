//! A log that was found, before it is known whether it is chosen.

use std::cell::Cell;
use std::io::BufRead;

use time::PrimitiveDateTime;

use crate::log::Log;
use crate::moment::{first_number, times_of_stamps};

/// How many bytes of the first line of a log that came by are kept, to tell copies.
pub(crate) const MAX_FIRST_LINE: usize = 4096;

/// How many bytes are looked at for stamps, at an end of a log. A record of 3,400 bytes on one line takes 10 KiB.
pub(crate) const LOOK: usize = 16 << 10;

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
    /// Whether it is there for others only, and is never chosen.
    pub(crate) is_context: bool,
    /// What was seen of it, if it was read already.
    pub(crate) seen: Option<Seen>,
    pub(crate) fate: Cell<Fate>,
}

/// What was seen of a log that came by.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The start of its first line.
    pub(crate) first_line: Vec<u8>,
    /// How many plain bytes it gave.
    pub(crate) length: u64,
    /// Whether reading it ended in an error.
    pub(crate) is_cut: bool,
    /// The first, earliest, latest and last time at its start.
    pub(crate) times: Vec<PrimitiveDateTime>,
    /// The running number of its first line.
    pub(crate) number: Option<u64>,
    /// Its start, until the times in it are known.
    begin: Vec<u8>,
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
            seen: log.streamed().map(|_| Seen::default()),
            log,
            order,
            is_regular,
            is_preferred: false,
            is_context: false,
            fate: Cell::default(),
        }
    }

    /// Notes `bytes`, which are the next ones that were read.
    pub(crate) fn see(&mut self, mut bytes: &[u8]) {
        let Some(seen) = &mut self.seen else {
            return;
        };
        seen.see_begin(bytes);
        let Seen { first_line, length, .. } = seen;
        *length = length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let missing = MAX_FIRST_LINE.saturating_sub(first_line.len());
        if !first_line.ends_with(b"\n") {
            bytes = bytes.get(..missing).unwrap_or(bytes);
            let _ = bytes.read_until(b'\n', first_line);
        }
    }

    /// Notes that reading failed.
    pub(crate) fn see_failure(&mut self) {
        if let Some(seen) = &mut self.seen {
            seen.is_cut = true;
            seen.see_begin(b"");
        }
    }
}

impl Seen {
    /// Takes the next bytes, as far as they belong to the start; none are the end.
    fn see_begin(&mut self, bytes: &[u8]) {
        let read = usize::try_from(self.length).unwrap_or(usize::MAX);
        if read >= LOOK {
            return;
        }
        let missing = LOOK.saturating_sub(self.begin.len());
        self.begin.extend_from_slice(bytes.get(..missing).unwrap_or(bytes));
        if bytes.is_empty() || self.begin.len() >= LOOK {
            let begin = std::mem::take(&mut self.begin);
            let times: Vec<PrimitiveDateTime> = times_of_stamps(&begin).collect();
            let ends = [times.first(), times.iter().min(), times.iter().max(), times.last()];
            self.times.extend(ends.into_iter().flatten());
            self.number = first_number(&begin);
        }
    }
}
