//! A log that was found, before it is known whether it is chosen.

use std::io::BufRead;

use crate::log::Log;

/// How many bytes of the first line of a log are compared, to tell copies.
pub(crate) const MAX_HEAD: usize = 4096;

/// A log that was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) log: Log,
    /// Whether it can be read twice. A pipe cannot: what is read from it is gone.
    pub(crate) regular: bool,
    /// The place of its input among all inputs.
    pub(crate) order: usize,
    /// Whether it is the one to take if there are copies.
    pub(crate) preferred: bool,
    /// The start of its first line, if it was read already.
    pub(crate) head: Option<Vec<u8>>,
}

impl Found {
    pub(crate) fn new(log: Log, regular: bool) -> Found {
        Found {
            head: log.streamed().map(|_| Vec::new()),
            log,
            regular,
            order: 0,
            preferred: false,
        }
    }

    /// Keeps of `bytes`, which were read after those before, what belongs to its first line.
    pub(crate) fn see(&mut self, bytes: &[u8]) {
        let Some(head) = &mut self.head else {
            return;
        };
        let missing = MAX_HEAD.saturating_sub(head.len());
        if missing == 0 || head.ends_with(b"\n") {
            return;
        }
        let mut bytes = bytes.get(..missing).unwrap_or(bytes);
        let _ = bytes.read_until(b'\n', head);
    }
}
