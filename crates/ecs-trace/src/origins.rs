//! Which log a record begins in, where it is handed over only later.

use std::collections::VecDeque;

use ecs_log::Log;
use sip_scan::{Gather, Item, MAX_FILES_AFTER, Origin};

/// The last logs of a source.
#[derive(Clone, Debug)]
pub(crate) struct Origins {
    source: usize,
    /// Their numbers, and what they are called as far as that is known, the last one first.
    logs: VecDeque<(usize, String)>,
}

impl Origins {
    pub(crate) fn new(source: usize) -> Origins {
        Origins {
            source,
            logs: VecDeque::new(),
        }
    }

    /// The log of this number follows.
    pub(crate) fn follow(&mut self, log: usize) {
        self.logs.truncate(MAX_FILES_AFTER);
        self.logs.push_front((log, String::new()));
    }

    /// The last log is called so.
    pub(crate) fn name_last(&mut self, log: &Log) {
        if let Some((_, name)) = self.logs.front_mut()
            && name.is_empty()
        {
            *name = log.to_string();
        }
    }

    /// What the log of this number is called.
    pub(crate) fn name_of(&self, number: usize) -> &str {
        let name = self.logs.iter().find(|(log, _)| *log == number);
        name.map_or("", |(_, name)| name)
    }

    /// The log that stands so many files before the last one.
    fn back(&self, files: usize) -> Origin {
        let log = self.logs.get(files).or(self.logs.back());
        Origin {
            source: self.source,
            log: log.map_or(0, |(number, _)| *number),
        }
    }

    /// The number of the last log.
    pub(crate) fn last(&self) -> Origin {
        self.back(0)
    }
}

/// Parts by the logs in which their records begin.
#[derive(Debug)]
pub(crate) struct Parts<P>(Vec<(usize, P)>);

impl<P> Default for Parts<P> {
    fn default() -> Parts<P> {
        Parts(Vec::new())
    }
}

impl<P: Default> Parts<P> {
    pub(crate) fn take<G: Gather<Part = P>>(&mut self, gather: &G, item: &Item<'_>) {
        let files_back = match item {
            Item::Message(message) => message.position.files_back,
            Item::Damaged(damaged) => damaged.position.files_back,
            Item::Lines(_) => 0,
        };
        match self.0.iter_mut().find(|(files, _)| *files == files_back) {
            Some((_, part)) => gather.take(part, item),
            None => {
                let mut part = P::default();
                gather.take(&mut part, item);
                self.0.push((files_back, part));
            }
        }
    }

    /// Each part, with the log that it is of.
    pub(crate) fn by_log(self, origins: &Origins) -> impl Iterator<Item = (Origin, P)> {
        self.0
            .into_iter()
            .map(|(files_back, part)| (origins.back(files_back), part))
    }
}
