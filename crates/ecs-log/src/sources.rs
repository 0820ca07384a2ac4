//! Which log goes on where another ends.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::Path;

use crate::log::Log;
use crate::name::LogName;

/// How many logs after the last chosen one of its source are listed as [`Role::Context`]: as many as one record may go
/// on over.
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

/// A log that may be listed.
#[derive(Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) log: &'a Log,
    pub(crate) is_chosen: bool,
}

impl Candidate<'_> {
    /// Its name, if that gives it a place in time: of a pipe nobody knows what it holds.
    fn name(&self) -> Option<LogName> {
        self.log.name().filter(|_| !self.log.is_stream())
    }
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

/// Lists the chosen among `candidates`, which are in the order of time, and the context after them.
pub(crate) fn arrange<'a>(candidates: Vec<Candidate<'a>>, servers: &Servers<'a>) -> Vec<Chosen> {
    let candidates = once_for_each_server(candidates, servers);
    let mut listed = Vec::new();
    let mut places: Vec<Option<Place>> = Vec::with_capacity(candidates.len());
    let mut n_sources: usize = 0;
    for (candidate, predecessor) in candidates.iter().zip(predecessors(&candidates, servers)) {
        let previous = predecessor.and_then(|before| *places.get(before)?);
        let goes_on = previous.and_then(|previous| previous.next(candidate.is_chosen));
        let before = match (goes_on, predecessor) {
            (Some(_), _) => Before::Listed,
            (None, Some(_)) => Before::LeftOut,
            (None, None) => Before::Nothing,
        };
        let place = goes_on.or_else(|| {
            candidate.is_chosen.then_some(Place {
                source: n_sources,
                n_context: 0,
            })
        });
        n_sources = n_sources.max(place.map_or(0, |place| place.source.saturating_add(1)));
        listed.extend(place.map(|place| place.chosen(candidate.log, before)));
        places.push(place);
    }
    listed
}

/// Where in its source a log is listed.
#[derive(Clone, Copy)]
struct Place {
    source: usize,
    /// 0 for a chosen log, else how many logs of context there are up to this one.
    n_context: usize,
}

impl Place {
    /// The place of the log right after, unless that is not listed or begins a source: a chosen log does, if logs between
    /// it and the last chosen one were left out.
    fn next(self, is_chosen: bool) -> Option<Place> {
        let n_context = if is_chosen { 0 } else { self.n_context.saturating_add(1) };
        let is_next = if is_chosen {
            self.n_context == 0
        } else {
            n_context <= MAX_CONTEXT
        };
        is_next.then_some(Place { n_context, ..self })
    }

    fn chosen(self, log: &Log, before: Before) -> Chosen {
        let role = if self.n_context == 0 {
            Role::Counted
        } else {
            Role::Context
        };
        let log = log.clone();
        Chosen {
            log,
            source: self.source,
            role,
            before,
        }
    }
}

/// Of the logs of one server that have the same name, leaves one: what was chosen, else the plain one, else the first.
/// Where two were chosen, both stay.
fn once_for_each_server<'a>(candidates: Vec<Candidate<'a>>, servers: &Servers<'a>) -> Vec<Candidate<'a>> {
    let key = |candidate: &Candidate<'a>| (candidate.name(), servers.of(candidate.log));
    let rank =
        |place: usize, candidate: &Candidate<'a>| (candidate.is_chosen, !candidate.log.has_gzip_name(), Reverse(place));
    let mut best = HashMap::new();
    for (place, candidate) in candidates.iter().enumerate() {
        let rank = rank(place, candidate);
        let best = best.entry(key(candidate)).or_insert(rank);
        *best = rank.max(*best);
    }
    let stays = |place, candidate: &Candidate<'a>| {
        candidate.is_chosen || best.get(&key(candidate)) == Some(&rank(place, candidate))
    };
    let with_place = candidates.into_iter().enumerate();
    with_place
        .filter_map(|(place, candidate)| stays(place, &candidate).then_some(candidate))
        .collect()
}

/// For each log the place of the one that its server began right before; none for the first, and for what has no place in
/// time.
///
/// That is the one before it in its own folder, since another folder may hold the logs of another server. Before the
/// first of a folder it is the one before it of all, if that is the last of its own folder: a folder of backups ends
/// where the folder of the server begins.
fn predecessors<'a>(logs: &[Candidate<'a>], servers: &Servers<'a>) -> Vec<Option<usize>> {
    let server = |place: usize| logs.get(place).and_then(|log| servers.of(log.log));
    let name = |place: usize| logs.get(place).and_then(Candidate::name);
    let named = || (0..logs.len()).filter(|place| name(*place).is_some());
    let last: HashMap<Option<&Path>, usize> = named().map(|place| (server(place), place)).collect();
    let mut latest: HashMap<Option<&Path>, usize> = HashMap::new();
    let mut before_of_all = None;
    let mut predecessors = vec![None; logs.len()];
    for place in named() {
        let ends_folder = |before: &usize| last.get(&server(*before)) == Some(before);
        let before = latest
            .insert(server(place), place)
            .or(before_of_all.filter(ends_folder));
        if let Some(predecessor) = predecessors.get_mut(place) {
            *predecessor = before.filter(|before| name(*before) < name(place));
        }
        before_of_all = Some(place);
    }
    predecessors
}

#[cfg(test)]
mod tests;
