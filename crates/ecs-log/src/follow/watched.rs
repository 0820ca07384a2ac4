//! A folder into which new logs come.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::error::Error;
use crate::folder::{self, FolderEntry};
use crate::log::Log;
use crate::name::LogName;

/// For how long a folder must be unchanged before its time of change tells whether it was changed. On old file systems that
/// time has whole seconds, or even two.
const SETTLED: Duration = Duration::from_secs(3);

/// A folder, and what is known of it.
#[derive(Debug)]
pub(super) struct Watched {
    path: PathBuf,
    /// Where to begin; `None` once it was listed.
    begin: Option<Begin>,
    /// The logs that were there when it was listed last, in order.
    seen: Vec<LogName>,
    is_gone: bool,
    /// When it was last changed, if that was long enough ago: then nothing came into it since it was listed.
    settled: Option<SystemTime>,
}

/// What is new in a folder that is listed for the first time.
#[derive(Clone, Copy, Debug)]
pub(super) enum Begin {
    /// No log is new, and the newest is followed from its end.
    AtEnd,
    /// The logs after this one are new; all, if there is none.
    After(Option<LogName>),
}

/// What a look at the folder showed.
#[derive(Debug)]
pub(super) enum Look {
    Nothing,
    Gone(Error),
    Back,
    /// The newest of the logs that were there already.
    Newest(Log),
    New {
        /// In order.
        logs: Vec<Log>,
        /// Whether the log read last is still there, so that none can be missing in between.
        follows: bool,
    },
}

impl Watched {
    pub(super) fn new(path: PathBuf, begin: Begin) -> Watched {
        Watched {
            path,
            begin: Some(begin),
            seen: Vec::new(),
            is_gone: false,
            settled: None,
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Lists the folder. `last` is the log that was read last.
    pub(super) fn look(&mut self, last: Option<LogName>, now: SystemTime) -> Look {
        // It takes half a second to list a million backups.
        let changed = fs::metadata(&self.path).and_then(|metadata| metadata.modified()).ok();
        if changed.is_some() && changed == self.settled && self.begin.is_none() {
            return Look::Nothing;
        }
        self.settled = changed.filter(|changed| now.duration_since(*changed).is_ok_and(|age| age > SETTLED));
        let mut problems = Vec::new();
        let entries = folder::list(&self.path, &mut problems);
        if let Some(error) = problems.pop().filter(|_| entries.is_empty()) {
            // What comes into a folder that was missing was written since then.
            self.begin = Some(Begin::After(None)).filter(|_| self.begin.is_some());
            return if std::mem::replace(&mut self.is_gone, true) {
                Look::Nothing
            } else {
                Look::Gone(error)
            };
        }
        if std::mem::take(&mut self.is_gone) {
            return Look::Back;
        }
        let mut listed: Vec<(LogName, FolderEntry)> = entries
            .into_iter()
            .filter_map(|entry| Some((LogName::parse(entry.name())?, entry)))
            .collect();
        // A log may be there plain and compressed. The plain one comes first, and stays.
        listed.dedup_by_key(|(name, _)| *name);
        self.sort_out(listed, last)
    }

    fn sort_out(&mut self, listed: Vec<(LogName, FolderEntry)>, last: Option<LogName>) -> Look {
        let names: Vec<LogName> = listed.iter().map(|(name, _)| *name).collect();
        match self.begin.take() {
            Some(Begin::AtEnd) => {
                self.seen = names;
                let newest = listed.into_iter().rev().find(|(_, entry)| entry.is_file());
                return newest.map_or(Look::Nothing, |(_, entry)| Look::Newest(log(entry)));
            }
            Some(Begin::After(name)) => {
                let before = names.iter().copied().filter(|listed| Some(*listed) <= name);
                self.seen = before.collect();
            }
            None => {}
        }
        let follows = last.is_none_or(|last| names.binary_search(&last).is_ok());
        let is_new = |name: &LogName| self.seen.binary_search(name).is_err();
        let new = listed
            .into_iter()
            .filter(|(name, entry)| is_new(name) && entry.is_file());
        let logs: Vec<Log> = new.map(|(_, entry)| log(entry)).collect();
        // The folder may be empty because a disk is not mounted there for a while.
        if !names.is_empty() {
            self.seen = names;
        }
        if logs.is_empty() {
            return Look::Nothing;
        }
        Look::New { logs, follows }
    }
}

fn log(entry: FolderEntry) -> Log {
    Log::listed(entry.into_path())
}
