//! Which log goes on where another ends.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::found::{Fate, Found};
use crate::log::Log;
use crate::name::LogName;

/// How many logs after the last chosen one of its source are listed as [`Role::Context`], and at most how many before the first
/// as [`Role::LeadIn`]: as many as one record may go on over.
const MAX_CONTEXT: usize = 4;

/// A log to read, and how it stands to the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The log itself.
    pub log: Log,
    /// The number of its source, from 0. The logs of one source were written by one server without a gap, each after
    /// the one before it in the list.
    ///
    /// What has no ECS name, and what is not a regular file, such as a pipe, is a source of its own.
    pub source: usize,
    /// What it is read for.
    pub role: Role,
    /// What the server wrote right before it.
    pub before: Before,
}

/// What a log is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It was chosen: what it holds counts.
    Counted,
    /// It was not chosen, but comes right after the last chosen log of its source. It is read only to finish records
    /// that begin before it.
    Context,
    /// It must not be chosen, and comes before a chosen log of its source. It is read only to begin records that the chosen one
    /// finishes, which do not count.
    LeadIn,
}

/// What stands right before a log in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// No log is known that comes before.
    Nothing,
    /// The log of the same source that is before it in the list.
    Listed,
    /// A log that was not chosen, so that the start of this one may belong to a record nobody sees the beginning of.
    LeftOut,
}

/// Folders of which it is known that they hold logs of the same server, because a log of the one is a copy of a log of
/// the other.
#[derive(Debug, Default)]
pub(crate) struct Servers<'a>(HashMap<&'a Path, &'a Path>);

impl<'a> Servers<'a> {
    /// Notes that the two folders are of one server.
    pub(crate) fn unite(&mut self, a: &'a Log, b: &'a Log) {
        if let (Some(a), Some(b)) = (self.of(a), self.of(b))
            && a != b
        {
            self.0.insert(b, a);
        }
    }

    /// The folder that stands for the server of `log`.
    fn of(&self, log: &'a Log) -> Option<&'a Path> {
        let mut folder = log.folder()?;
        while let Some(other) = self.0.get(folder) {
            folder = other;
        }
        Some(folder)
    }
}

/// Lists the chosen logs among `all`, which are in the order of time, and the context after them.
pub(crate) fn arrange<'a>(all: &'a [Found], servers: &Servers<'a>) -> Vec<Chosen> {
    let logs = once_for_each_server(all, servers);
    let predecessors = predecessors(&logs, servers);
    let lead_in = lead_in(&logs, &predecessors);
    let mut listed = Vec::new();
    let mut places: Vec<Option<Place>> = Vec::with_capacity(logs.len());
    let mut n_sources: usize = 0;
    for (number, (found, predecessor)) in logs.iter().zip(predecessors).enumerate() {
        let role = match found.fate.get() {
            Fate::Chosen => Role::Counted,
            _ if lead_in.contains(&number) => Role::LeadIn,
            _ => Role::Context,
        };
        let previous = predecessor.and_then(|before| *places.get(before)?);
        let goes_on = previous.and_then(|previous| previous.next(role));
        let before = match (goes_on, predecessor) {
            (Some(_), _) => Before::Listed,
            // What comes before that begins no record that reaches a chosen log.
            (None, Some(_)) if role == Role::LeadIn => Before::Nothing,
            (None, Some(_)) => Before::LeftOut,
            (None, None) => Before::Nothing,
        };
        let first = Place {
            source: n_sources,
            role,
            n_context: 0,
        };
        let place = goes_on.or((role != Role::Context).then_some(first));
        if let Some(place) = place {
            n_sources = n_sources.max(place.source.saturating_add(1));
            listed.push(place.chosen(found.log.clone(), before));
        }
        places.push(place);
    }
    listed
}

/// Where in its source a log is listed.
#[derive(Clone, Copy)]
struct Place {
    source: usize,
    role: Role,
    /// How many logs after the last chosen one there are up to this one.
    n_context: usize,
}

impl Place {
    /// The place of the log right after, if it is listed in the same source. A chosen log begins a new source if logs between
    /// it and the last chosen one were left out.
    fn next(self, role: Role) -> Option<Place> {
        match (role, self.n_context) {
            (Role::Counted | Role::LeadIn, 0) => Some(Place { role, ..self }),
            (Role::Context, n_context @ 0..MAX_CONTEXT) => Some(Place {
                role,
                n_context: n_context.saturating_add(1),
                ..self
            }),
            _ => None,
        }
    }

    fn chosen(self, log: Log, before: Before) -> Chosen {
        let Place { source, role, .. } = self;
        Chosen {
            log,
            source,
            role,
            before,
        }
    }
}

/// The numbers of the logs that are there for the chosen ones right after them.
fn lead_in(logs: &[&Found], predecessors: &[Option<usize>]) -> HashSet<usize> {
    let mut lead_in = HashSet::new();
    let chosen = logs
        .iter()
        .zip(predecessors)
        .filter(|(found, _)| found.fate.get() == Fate::Chosen);
    for (_, before) in chosen {
        let back = std::iter::successors(*before, |before| *predecessors.get(*before)?);
        let is_context = |before: &usize| logs.get(*before).is_some_and(|found| found.is_context);
        lead_in.extend(back.take(MAX_CONTEXT).take_while(is_context));
    }
    lead_in
}

/// All but the copies. Of the logs of one server that have the same name, those that were chosen stay, or else the plain one.
fn once_for_each_server<'a>(all: &'a [Found], servers: &Servers<'a>) -> Vec<&'a Found> {
    let mut logs: Vec<&Found> = all.iter().filter(|found| found.fate.get() != Fate::Copy).collect();
    logs.sort_by_key(|found| {
        let is_chosen = found.fate.get() == Fate::Chosen;
        (found.log.name(), !is_chosen, !is_chosen && found.log.has_gzip_name())
    });
    let mut seen = HashSet::new();
    logs.retain(|found| {
        let is_new = seen.insert((name(found), servers.of(&found.log)));
        is_new || found.fate.get() == Fate::Chosen
    });
    logs
}

/// The name, if it gives the log a place among others. What a pipe holds is not known.
fn name(found: &Found) -> Option<LogName> {
    found.log.name().filter(|_| !found.log.is_stream())
}

/// For each log the place of the one that its server wrote right before, if there is one.
///
/// That is the log before it in its own folder, since another folder may hold the logs of another server. Before the first
/// log of a folder it is the log before it of all, if that is the last of its own folder: a folder of backups ends where the
/// folder of the server begins.
fn predecessors<'a>(logs: &[&'a Found], servers: &Servers<'a>) -> Vec<Option<usize>> {
    let named = logs.iter().enumerate().filter(|(_, found)| name(found).is_some());
    let last: HashMap<Option<&Path>, usize> = named.map(|(place, found)| (servers.of(&found.log), place)).collect();
    let mut latest: HashMap<Option<&Path>, (usize, LogName)> = HashMap::new();
    let mut end_of_folder: Option<(usize, LogName)> = None;
    let predecessor = |(place, found): (usize, &&'a Found)| {
        let name = name(found)?;
        let server = servers.of(&found.log);
        let before = latest.insert(server, (place, name)).or(end_of_folder);
        end_of_folder = (last.get(&server) == Some(&place)).then_some((place, name));
        before.filter(|(_, before)| *before < name).map(|(place, _)| place)
    };
    logs.iter().enumerate().map(predecessor).collect()
}

#[cfg(test)]
mod tests;
