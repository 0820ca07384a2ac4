//! Standard input or another pipe, read as it comes.

use std::io::Read;

use ecs_log::{Log, LogReader, Step};

/// How long to wait for more, in milliseconds.
#[cfg(unix)]
const PATIENCE: i64 = 200;

/// A log that can be read only once.
#[derive(Debug)]
pub(super) struct Stream {
    log: Log,
    state: State,
}

#[derive(Debug)]
enum State {
    New,
    Open(LogReader),
    Ended,
}

impl Stream {
    pub(super) fn new(log: Log) -> Stream {
        Stream { log, state: State::New }
    }

    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    /// Whether [`Stream::poll`] waits for a moment if nothing is there.
    pub(super) fn waits(&self) -> bool {
        !matches!(self.state, State::Ended)
    }

    /// Reads on, after a moment's wait for something to come; none at the end.
    pub(super) fn poll(&mut self, buffer: &mut [u8]) -> Option<Step> {
        if self.waits() && self.log.is_stdin() && !is_readable() {
            return Some(Step::Idle);
        }
        let read = match &mut self.state {
            State::Ended => return None,
            State::Open(reader) => reader.read(buffer),
            State::New => {
                let mut reader = match self.log.open() {
                    Ok(reader) => reader,
                    Err(error) => {
                        self.state = State::Ended;
                        return Some(Step::Failed(error));
                    }
                };
                // Opening it has taken its first bytes. They must be read before anything is waited for.
                let read = reader.read(buffer);
                self.state = State::Open(reader);
                read
            }
        };
        match read {
            Ok(0) => {
                self.state = State::Ended;
                None
            }
            Ok(length) => Some(Step::Bytes(length)),
            Err(cause) => {
                self.state = State::Ended;
                Some(Step::Failed(self.log.read_failed(cause)))
            }
        }
    }
}

/// Whether something comes on standard input, or its end, within a moment. Where that cannot be asked, reading waits.
#[cfg(unix)]
fn is_readable() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = std::io::stdin();
    let mut input = [PollFd::new(&stdin, PollFlags::IN)];
    let patience = Timespec {
        tv_sec: 0,
        tv_nsec: PATIENCE.saturating_mul(1_000_000),
    };
    match poll(&mut input, Some(&patience)) {
        Ok(ready) => ready > 0,
        Err(error) => error != rustix::io::Errno::INTR,
    }
}

#[cfg(not(unix))]
fn is_readable() -> bool {
    true
}
