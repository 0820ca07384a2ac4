//! What a request needs of the files that are there.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::find::{Inputs, Request};
use crate::name::LogName;
use crate::select::Selection;
use crate::sources::{Chosen, Role};

impl Request {
    /// Whether nothing is chosen in the folders.
    pub fn is_whole_folders(&self) -> bool {
        self.inputs.is_empty() && self.last.is_none() && self.range.is_none()
    }
}

impl Request {
    /// Whether a file is an input, or has the name of a log, itself or what a link leads to: nothing may be written over it.
    pub fn may_read(&self, file: &Path) -> bool {
        let place = |path: &Path| path.canonicalize().ok();
        let is_log = |path: &Path| path.file_name().and_then(LogName::parse).is_some();
        let inputs = self.inputs.iter().map(Path::new);
        let context = self.context.iter().map(|path| path.as_path());
        let mut named = inputs.chain(context);
        let found = place(file);
        let is_named = |found: &PathBuf| is_log(found) || named.any(|other| place(other).as_ref() == Some(found));
        is_log(file) || found.as_ref().is_some_and(is_named)
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn inputs_and_logs_are_not_written_over() {
        let dir = tempfile::TempDir::new().unwrap();
        let [input, context, other] = ["case.tgz", "before", "case.pcap"].map(|name| dir.path().join(name));
        for path in [&input, &context, &other] {
            fs::write(path, "").unwrap();
        }
        let request = Request {
            inputs: vec![input.clone().into(), dir.path().into()],
            context: vec![context.clone()],
            ..Request::default()
        };
        let again = dir.path().join(".").join("case.tgz");
        let log = dir.path().join("2017-0427-084412_2.log.gz");
        for (path, expected) in [
            (&input, true),
            (&again, true),
            (&context, true),
            (&log, true),
            (&other, false),
            (&dir.path().join("none"), false),
        ] {
            assert_eq!(request.may_read(path), expected, "{}", path.display());
        }
    }
}
