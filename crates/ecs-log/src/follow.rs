//! Follows the logs of a folder, or one file, as they are written. It never waits and has no clock.

mod current;
mod step;
#[cfg(test)]
mod tests;
mod watched;

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::follow::current::Current;
use crate::follow::watched::{Begin, Look, Watched};
use crate::log::Log;
use crate::name::LogName;

pub use crate::follow::step::{Lost, Step};

/// How many logs are kept in view that were left.
const MOST_LEFT: usize = 4;

/// Reads logs one after the other, each to its end, and goes on where the newest grows.
///
/// The caller calls [`Follower::poll`] again and again, and waits as long as it likes after [`Step::Idle`]. When a newer log is
/// there, the old one is read to its end once more. A log is new if it was not there when the folder was listed before. Its
/// name does not matter for that: the server's clock may be set back. A compressed log is read as a whole. If the old log is
/// written to again, the follower goes back to it: what came into the folder may be an old log, or an empty one.
#[derive(Debug)]
pub struct Follower {
    /// Where new logs come; `None` if one file is followed.
    folder: Option<Watched>,
    /// What is still to be read before the folder is listed again.
    pending: VecDeque<Log>,
    current: Option<Current>,
    /// Logs that were read to their ends and may be written to all the same, in order of name.
    left: Vec<Current>,
    /// The log that is read, or was read last.
    last: Option<LogName>,
    lost: Option<Lost>,
}

impl Follower {
    /// Follows `folder` from the end of its newest log. If it is empty or missing, all that comes into it is read.
    pub fn at_end(folder: PathBuf) -> Follower {
        Follower::new(Some(Watched::new(folder, Begin::AtEnd)), Vec::new())
    }

    /// Reads `logs`, which are in `folder` and in order of time, then those that come after them.
    pub fn after(folder: PathBuf, logs: Vec<Log>) -> Follower {
        let last = logs.iter().rev().find_map(Log::name);
        Follower::new(Some(Watched::new(folder, Begin::After(last))), logs)
    }

    /// Reads one file from its start, and goes on where it grows.
    pub fn file(log: Log) -> Follower {
        Follower::new(None, vec![log])
    }

    fn new(folder: Option<Watched>, pending: Vec<Log>) -> Follower {
        Follower {
            folder,
            pending: pending.into(),
            current: None,
            left: Vec::new(),
            last: None,
            lost: None,
        }
    }

    /// The folder that is followed; `None` if it is one file.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(Watched::path)
    }

    /// The log that is read.
    pub fn log(&self) -> Option<&Log> {
        self.current.as_ref().map(|current| &current.log)
    }

    /// How many logs are known that are to be read after it.
    pub fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// Makes the next step. What is read goes to `buffer`, which must not be empty. `now` is the time by the clock of the file
    /// system: it tells for how long the folder has been unchanged.
    ///
    /// Only after [`Step::Idle`] there is nothing left to do until something is written.
    pub fn poll(&mut self, buffer: &mut [u8], now: SystemTime) -> Step {
        if buffer.is_empty() {
            return Step::Idle;
        }
        loop {
            if let Some(step) = self.read_anew().or_else(|| self.read(buffer)) {
                return step;
            }
            if self.current.is_none()
                && let Some(log) = self.pending.pop_front()
            {
                match self.begin(log) {
                    Some(step) => return step,
                    None => continue,
                }
            }
            if self.pending.is_empty()
                && let Some(step) = self.look(buffer, now)
            {
                return step;
            }
            match &mut self.current {
                // More may have been written to it after the last read and before the newer one was begun.
                Some(current) if !self.pending.is_empty() => current.is_last_read = true,
                _ if !self.pending.is_empty() => {}
                _ => match self.go_back() {
                    Some(true) => return Step::EndOfLog,
                    Some(false) => {}
                    None => return self.idle(),
                },
            }
        }
    }

    /// Opens the current log again if it was cut; `None` if it was not.
    fn read_anew(&mut self) -> Option<Step> {
        let current = self.current.as_mut()?;
        if !current.is_cut() {
            return None;
        }
        let log = current.log.clone();
        // It may be gone. By the next step there may be a newer one.
        self.current = Some(Current::open(log.clone()).ok()?);
        Some(Step::Restarted(log))
    }

    /// Reads the current log; `None` if nothing more is there yet.
    fn read(&mut self, buffer: &mut [u8]) -> Option<Step> {
        let current = self.current.as_mut()?;
        match current.read(buffer) {
            Ok(0) if current.is_last_read => {
                self.leave();
                Some(Step::EndOfLog)
            }
            Ok(0) => None,
            Ok(length) => Some(Step::Bytes(length)),
            Err(cause) => {
                let error = current.log.read_failed(cause);
                self.current = None;
                Some(Step::Failed(error))
            }
        }
    }

    /// Leaves the current log, but keeps it in view if it can grow. Of many logs those with the latest names are kept.
    fn leave(&mut self) {
        self.left.extend(self.current.take().filter(Current::can_grow));
        self.left.sort_by_key(|left| left.log.name());
        let dropped = self.left.len().saturating_sub(MOST_LEFT);
        self.left.drain(..dropped);
    }

    /// Goes back to a log that was left and has been written to since; `None` if there is none. Returns whether another log was
    /// left for it.
    fn go_back(&mut self) -> Option<bool> {
        let place = self.left.iter().rposition(Current::was_written_to)?;
        let mut back = self.left.remove(place);
        back.is_last_read = false;
        let leaves = self.current.is_some();
        self.leave();
        self.last = back.log.name();
        self.current = Some(back);
        Some(leaves)
    }

    /// Opens the next log; `None` if there is nothing to tell.
    fn begin(&mut self, log: Log) -> Option<Step> {
        let name = log.name();
        match Current::open(log) {
            Ok(current) => {
                let after = std::mem::replace(&mut self.last, name);
                self.current = Some(current);
                self.lost.take().map(|lost| {
                    Step::Lost(Lost {
                        after,
                        before: name,
                        ..lost
                    })
                })
            }
            Err(error) if self.folder.is_some() && error.io_kind() == Some(io::ErrorKind::NotFound) => {
                let lost = self.lost.get_or_insert_default();
                lost.known = lost.known.saturating_add(1);
                None
            }
            Err(error) => Some(Step::Failed(error)),
        }
    }

    /// Lists the folder; `None` if there is nothing to tell.
    fn look(&mut self, buffer: &mut [u8], now: SystemTime) -> Option<Step> {
        match self.folder.as_mut()?.look(self.last, now) {
            Look::Nothing => None,
            Look::Gone(error) => Some(Step::FolderGone(error)),
            Look::Back => Some(Step::FolderBack),
            Look::Newest(log) => Some(self.begin_at_end(log, buffer)),
            Look::New { logs, follows } => {
                if !follows {
                    self.lost.get_or_insert_default();
                }
                self.pending = logs.into();
                None
            }
        }
    }

    fn begin_at_end(&mut self, log: Log, buffer: &mut [u8]) -> Step {
        self.last = log.name();
        match Current::open_at_end(log, buffer) {
            Ok((current, length, written)) => {
                self.current = Some(current);
                Step::Before { length, written }
            }
            Err(error) => Step::Failed(error),
        }
    }

    /// Nothing is there to read. Looks whether the log is still the file that it was.
    fn idle(&mut self) -> Step {
        if let Some(lost) = self.lost.take() {
            let after = self.last;
            return Step::Lost(Lost { after, ..lost });
        }
        let replaced = self.current.as_ref().filter(|current| current.is_replaced());
        let log = replaced.map(|current| current.log.clone());
        match log.map(Current::open) {
            Some(Ok(current)) => {
                let log = current.log.clone();
                self.current = Some(current);
                Step::Restarted(log)
            }
            // It may be gone again. By the next step there may be a newer one.
            Some(Err(_)) | None => Step::Idle,
        }
    }
}
