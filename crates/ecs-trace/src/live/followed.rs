//! What is followed: which folders and files, and what is read of them first.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ecs_log::{Chosen, Error, Follower, Inputs, Request, Role, Selection};
use sip_scan::{Gather, Origin, Sink, Stamp, Want};

use super::source::{Feed, Source};
use super::sources::Sources;
use crate::merge::{Fates, Merger};
use crate::observer::Observer;
use crate::readers::Readers;
use crate::streamed::StreamedLogs;
use crate::tails::{OpenEnd, OpenEnds};
use crate::unheld::Unheld;

/// What is followed, and what was found out on the way.
#[derive(Debug, Default)]
pub struct Followed {
    /// The folders, files and pipes.
    pub sources: Sources,
    /// What is to be known of the choice; its logs went to where they are read.
    pub choice: Selection,
    /// What of archives was too much to hold.
    pub unheld: Unheld,
    /// The logs in archives that could not be read, or not to their end.
    pub fates: Fates,
    /// How many logs in archives were read.
    pub archived: usize,
}

impl Followed {
    /// Finds what `request` asks for. Logs in archives are read at once, and the sink gets what they hold, though nothing
    /// is settled, since others may add to it.
    ///
    /// Folders are followed from the end of their newest log. Logs that were chosen are read first; then those that come
    /// into their folders.
    ///
    /// # Errors
    ///
    /// What the sink says.
    pub fn find<G: Gather, O: Observer, S: Sink<G::Part>>(
        readers: &Readers<'_, G, O>,
        request: &Request,
        sink: &mut S,
    ) -> Result<Followed, S::Error> {
        let want = readers.gather.want();
        // Then each is followed from its end.
        if request.is_whole_folders() {
            return Ok(Followed::from_their_ends(&request.folders, want));
        }
        let mut inputs = Inputs::new(request);
        inputs.leave_pipes();
        // Where only the last logs are wanted, nobody knows yet which they are.
        let early = request.last.is_none().then_some(&mut *sink);
        let streamed = StreamedLogs::read(readers, &mut inputs, early)?;
        let mut choice = inputs.select();
        choice.problems = told_now(std::mem::take(&mut choice.problems), &named_folders(request));
        let unheld = streamed.unheld(&choice.logs);
        let (archived, logs) = split(std::mem::take(&mut choice.logs));
        let next = after(&archived, &logs);
        let go_on: HashSet<usize> = logs.iter().map(|chosen| chosen.source).collect();
        readers.observer.expect(Some(archived.len()));
        let (fates, open) = Merger::new(readers, &archived, &go_on, &mut Unsettled(sink)).run(streamed)?;
        let found = Found::of(logs, &named_folders(request));
        Ok(Followed {
            sources: found.into_sources(want, open, next),
            choice,
            unheld,
            fates,
            archived: archived.iter().filter(|chosen| chosen.role == Role::Counted).count(),
        })
    }

    /// Whether there is nothing to follow, or not all that was named.
    pub fn is_incomplete(&self) -> bool {
        let is_missing = |error: &Error| error.io_kind() == Some(ErrorKind::NotFound) && !error.is_vanished();
        let is_empty = self.sources.is_empty() && self.archived == 0;
        is_empty || self.choice.problems.iter().any(is_missing)
    }

    /// Folders that are followed from their ends.
    fn from_their_ends(folders: &[PathBuf], want: Want) -> Followed {
        let folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
        Followed {
            sources: Found::of(Vec::new(), &folders).into_sources(want, OpenEnds::new(), Origin { source: 0, log: 0 }),
            ..Followed::default()
        }
    }
}

/// The numbers from which on a source, and a log after the `archived` ones, has none yet.
fn after(archived: &[Chosen], logs: &[Chosen]) -> Origin {
    let sources = archived
        .iter()
        .chain(logs)
        .map(|chosen| chosen.source.saturating_add(1));
    Origin {
        source: sources.max().unwrap_or_default(),
        log: archived.len(),
    }
}

/// The folders that were named, or else those that are listed.
fn named_folders(request: &Request) -> Vec<&Path> {
    if request.inputs.is_empty() {
        request.folders.iter().map(PathBuf::as_path).collect()
    } else {
        let inputs = request.inputs.iter().map(Path::new);
        inputs.filter(|path| path.is_dir()).collect()
    }
}

/// The problems that are told now: what is wrong with one of `folders`, which are followed, is told when it is listed.
fn told_now(mut problems: Vec<Error>, folders: &[&Path]) -> Vec<Error> {
    problems.retain(|error| !error.path().is_some_and(|path| folders.contains(&path)));
    problems
}

/// The logs that are read at once, which lie in archives or finish what those begin, and the others, which are followed.
fn split(logs: Vec<Chosen>) -> (Vec<Chosen>, Vec<Chosen>) {
    let is_followed = |chosen: &&Chosen| !chosen.log.is_in_archive() && chosen.role == Role::Counted;
    let followed: HashSet<usize> = logs.iter().filter(is_followed).map(|chosen| chosen.source).collect();
    // What comes after the last chosen log of a source that is followed is read in its turn.
    let is_wanted = |chosen: &Chosen| chosen.role == Role::Counted || !followed.contains(&chosen.source);
    let wanted = logs.into_iter().filter(is_wanted);
    wanted.partition(|chosen| !is_followed(&chosen))
}

/// What is to be followed: files and pipes, and folders, each once however it is written.
#[derive(Default)]
struct Found {
    files: Vec<Chosen>,
    folders: Vec<Folder>,
}

/// A folder, with the logs to read first.
struct Folder {
    path: PathBuf,
    /// The same for two paths that lead to the same folder.
    real: PathBuf,
    logs: Vec<Chosen>,
}

impl Found {
    /// Of `logs`, to be read first, and of `folders`.
    fn of(logs: Vec<Chosen>, folders: &[&Path]) -> Found {
        let mut found = Found::default();
        logs.into_iter().for_each(|chosen| found.add(chosen));
        folders.iter().for_each(|folder| found.folder(folder, None));
        found
    }

    fn add(&mut self, chosen: Chosen) {
        let parent = chosen.log.path().and_then(Path::parent).map(Path::to_owned);
        match parent.filter(|_| chosen.log.name().is_some() && !chosen.log.is_stream()) {
            Some(parent) => self.folder(&parent, Some(chosen)),
            None => self.files.push(chosen),
        }
    }

    fn folder(&mut self, path: &Path, log: Option<Chosen>) {
        let place = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        let real = fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
        match self.folders.iter_mut().find(|folder| folder.real == real) {
            Some(folder) => folder.logs.extend(log),
            None => self.folders.push(Folder {
                path: path.to_owned(),
                real,
                logs: log.into_iter().collect(),
            }),
        }
    }

    /// The sources, which go on where `open` says. `next` has the first numbers that are free.
    fn into_sources(self, want: Want, mut open: OpenEnds, mut next: Origin) -> Sources {
        let mut sources = Vec::new();
        let mut add = |feed: Feed, mut before: OpenEnd| {
            before.origins.follow(next.log);
            next.log = next.log.saturating_add(1);
            sources.push(Source::new(feed, before, want));
        };
        for chosen in self.files {
            let before = OpenEnd::before(&chosen);
            add(Feed::of_file(chosen.log), before);
        }
        for Folder { path, logs, .. } in self.folders {
            let Some(first) = logs.first() else {
                let before = OpenEnd::unknown(next.source);
                next.source = next.source.saturating_add(1);
                add(Feed::of_folder(Follower::at_end(path)), before);
                continue;
            };
            let before = open.remove(&first.source).unwrap_or_else(|| OpenEnd::before(first));
            let logs = logs.into_iter().map(|chosen| chosen.log).collect();
            add(Feed::of_folder(Follower::after(path, logs)), before);
        }
        Sources(sources)
    }
}

/// A sink that is not told what is settled, since more comes from elsewhere.
struct Unsettled<'s, S>(&'s mut S);

impl<P, S: Sink<P>> Sink<P> for Unsettled<'_, S> {
    type Error = S::Error;

    fn log(&mut self, name: &dyn fmt::Display) {
        self.0.log(name);
    }

    fn absorb(&mut self, part: P, from: Origin) -> Result<(), S::Error> {
        self.0.absorb(part, from)
    }

    fn settle(&mut self, _before: Stamp) -> Result<(), S::Error> {
        Ok(())
    }

    fn finish(&mut self, at: Option<Stamp>) -> Result<(), S::Error> {
        self.0.finish(at)
    }
}
