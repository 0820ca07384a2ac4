//! Follows the logs of a folder, or one file, as they are written; it never waits and has no clock.

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

/// Reads logs one after the other, each to its end, and goes on where the newest grows.
///
/// The caller pulls with [`Follower::poll`], and after [`Step::Idle`] waits as long as it likes. A log is read to its
/// end once more when a newer one is there. A log is new if it was not in the folder when that was listed before,
/// whatever its name: the server's clock may be set back. A log that is compressed is read as a whole.
#[derive(Debug)]
pub struct Follower {
    /// Where new logs come; none where one file is followed.
    folder: Option<Watched>,
    /// What is still to be read before the folder is listed again.
    pending: VecDeque<Log>,
    current: Option<Current>,
    /// The log that was read last, or is read.
    last: Option<LogName>,
    lost: Option<Lost>,
}

impl Follower {
    /// Follows `folder` from the end of its newest log. Where it is empty or missing, all that comes into it is read.
    pub fn at_end(folder: PathBuf) -> Follower {
        Follower::new(Some(Watched::new(folder, Begin::AtEnd)), Vec::new())
    }

    /// Reads `logs`, which are in `folder` and in order of time, then those that come after them.
    pub fn after(folder: PathBuf, logs: Vec<Log>) -> Follower {
        let last = logs.iter().rev().find_map(Log::name);
        Follower::new(Some(Watched::new(folder, Begin::After(last))), logs)
    }

    /// Reads one file from its start, and on where it grows.
    pub fn file(log: Log) -> Follower {
        Follower::new(None, vec![log])
    }

    fn new(folder: Option<Watched>, pending: Vec<Log>) -> Follower {
        Follower {
            folder,
            pending: pending.into(),
            current: None,
            last: None,
            lost: None,
        }
    }

    /// The folder that is followed; none where it is one file.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(Watched::path)
    }

    /// The log that is read.
    pub fn log(&self) -> Option<&Log> {
        self.current.as_ref().map(|current| &current.log)
    }

    /// How many logs are known that are still to be read after it.
    pub fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// Makes the next step; `buffer`, which must not be empty, takes what is read. `now`, by the clock of the file system,
    /// says for how long the folder has been unchanged.
    ///
    /// Only between [`Step::Idle`] and the next call is there nothing left to do.
    pub fn poll(&mut self, buffer: &mut [u8], now: SystemTime) -> Step {
        if buffer.is_empty() {
            return Step::Idle;
        }
        loop {
            if let Some(step) = self.read(buffer) {
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
                // What was written before the newer one was begun may have come since the last read.
                Some(current) if !self.pending.is_empty() => current.is_last_read = true,
                _ if !self.pending.is_empty() => {}
                _ => return self.idle(),
            }
        }
    }

    /// Reads of the current log; none where it has nothing more yet.
    fn read(&mut self, buffer: &mut [u8]) -> Option<Step> {
        let current = self.current.as_mut()?;
        match current.read(buffer) {
            Ok(0) if current.is_last_read => {
                self.current = None;
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

    /// Opens the next log; none where there is nothing to tell.
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

    /// Lists the folder; none where there is nothing to tell.
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

    /// There is nothing to read: is the log still the one that it was?
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
            // If it is gone again, there may be a newer one by the next time.
            Some(Err(_)) | None => Step::Idle,
        }
    }
}
