//! What is followed: which folders and files, and what is read of them first.

use std::fs;
use std::path::{Path, PathBuf};

use ecs_log::{Chosen, Error, Follower, Inputs, Log, Namesakes, Request, Role};
use sip_scan::{Gather, Origin, Scanner, Sink, Stamp, Tail, Want};

use super::source::{Feed, Source};
use super::sources::Sources;
use super::stream::Stream;
use crate::merge::{Fates, Merger};
use crate::observer::Observer;
use crate::readers::Readers;
use crate::streamed::StreamedLogs;
use crate::tails::{OpenTails, before};

/// What is followed, and what was found out on the way.
#[derive(Debug, Default)]
pub struct Followed {
    /// The folders, files and pipes.
    pub sources: Sources,
    /// Logs that bear the same name and are different ones.
    pub namesakes: Vec<Namesakes>,
    /// What could not be found, listed or understood.
    pub problems: Vec<Error>,
    /// How many logs in archives could not be held in full ([`StreamedLogs::lost`]).
    pub lost: usize,
    /// How many logs in archives could not be joined ([`StreamedLogs::unjoined`]).
    pub unjoined: usize,
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
        if is_whole_folders(request) {
            let mut folders = Folders::default();
            for folder in &request.folders {
                folders.entry(folder);
            }
            let sources = folders.into_sources(want, &mut OpenTails::new());
            return Ok(Followed {
                sources,
                ..Followed::default()
            });
        }
        let mut inputs = Inputs::new(request);
        inputs.leave_pipes();
        let streamed = StreamedLogs::read(readers, &mut inputs, request.last.is_none().then_some(&mut *sink))?;
        let selection = inputs.select();
        let (lost, unjoined) = (streamed.lost(&selection.logs), streamed.unjoined());
        let (archived, logs) = split(selection.logs);
        let go_on: Vec<usize> = logs.iter().map(|chosen| chosen.source).collect();
        readers.observer.expect(Some(archived.len()));
        let mut unsettled = Unsettled(sink);
        let (fates, mut tails) = Merger::new(readers, &archived, &go_on, &mut unsettled).run(streamed)?;

        let mut sources = Folders::default();
        for chosen in logs { sources.add(chosen) }
        let named = named_folders(request);
        for folder in &named {
            folders.entry(folder);
        }
        // What is wrong with a folder that is followed is told when it is listed.
        let is_followed = |path: Option<&Path>| path.is_some_and(|path| named.contains(&path));
        let mut problems = selection.problems;
        problems.retain(|error| !is_followed(error.path()));
        Ok(Followed {
            sources: folders.into_sources(want, &mut tails),
            namesakes: selection.namesakes,
            problems,
            lost,
            unjoined,
            fates,
            archived: archived.len(),
        })
    }
}
