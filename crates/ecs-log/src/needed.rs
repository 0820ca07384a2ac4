//! What a request needs of the files that are there.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use crate::find::{Inputs, Request};
use crate::select::Selection;
use crate::sources::{Chosen, Role};

impl Request {
    /// Whether nothing is chosen in the folders.
    pub fn is_whole_folders(&self) -> bool {
        self.inputs.is_empty() && self.last.is_none() && self.range.is_none()
    }
}

impl Inputs {
    /// The same as [`Inputs::new`], but archives that can be read only once are read through, and pipes are left alone.
    pub fn listed(request: &Request) -> Inputs {
        let mut inputs = Inputs::new(request);
        inputs.leave_pipes();
        while let Some(mut archive) = inputs.next_archive() {
            while let Some(mut log) = archive.next_log() {
                // What cannot be read is told by who reads it.
                let _ = io::copy(&mut log, &mut io::sink());
            }
            inputs.add(archive);
        }
        inputs
    }
}

impl Selection {
    /// How many logs count.
    pub fn counted(&self) -> usize {
        let counted = self.logs.iter().filter(|chosen| chosen.role == Role::Counted);
        counted.count()
    }

    /// The paths of the logs that count, and of the one after the last of each source, which may finish a record. Each archive stands
    /// here once.
    pub fn needed(&self) -> impl Iterator<Item = &Path> {
        let (mut open, mut seen) = (HashSet::new(), HashSet::new());
        let is_needed = move |chosen: &&Chosen| match chosen.role {
            Role::Counted => {
                open.insert(chosen.source);
                true
            }
            Role::Context => open.remove(&chosen.source),
            Role::LeadIn => true,
        };
        let needed = self.logs.iter().filter(is_needed);
        needed
            .filter_map(|chosen| chosen.log.path())
            .filter(move |path| seen.insert(*path))
    }
}
