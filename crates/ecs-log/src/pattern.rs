//! Shell patterns that the shell did not expand.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::folder;
use crate::name_pattern::NamePattern;

/// Whether the text has a character that means something in a pattern.
pub(crate) fn is_pattern(text: &OsStr) -> bool {
    text.as_encoded_bytes().iter().any(|byte| b"*?[{".contains(byte))
}

/// The regular files that match, in the order of their names.
///
/// Each component matches one name of its folder. As in the shell, a leading dot is matched only by
/// a dot, and leading folders that exist as they are written stand for themselves. No match is a
/// problem.
pub(crate) fn expand(pattern: &Path, problems: &mut Vec<Error>) -> Vec<PathBuf> {
    let mut parts = pattern.components().map(|part| part.as_os_str()).peekable();
    let mut base = PathBuf::new();
    while let Some(part) = parts.next_if(|part| !is_pattern(part) || base.join(part).exists()) {
        base.push(part);
    }
    let n_problems = problems.len();
    let mut paths = vec![base];
    while let Some(part) = parts.next() {
        let wanted = if parts.peek().is_some() {
            Wanted::Folder
        } else {
            Wanted::File
        };
        paths = match Part::new(part) {
            Ok(part) => part.expand(&paths, wanted, problems),
            Err(reason) => {
                problems.push(Error::malformed_pattern(pattern, reason));
                return Vec::new();
            }
        };
    }
    // A folder that cannot be listed has been reported, and says more.
    if paths.is_empty() && problems.len() == n_problems {
        problems.push(Error::no_match(pattern));
    }
    paths
}

#[derive(Clone, Copy)]
enum Wanted {
    Folder,
    File,
}

/// One component of a pattern.
enum Part<'a> {
    Literal(&'a OsStr),
    Wild { pattern: NamePattern, dot: bool },
}

impl<'a> Part<'a> {
    /// Fails with the reason in words.
    fn new(text: &'a OsStr) -> Result<Part<'a>, &'static str> {
        if !is_pattern(text) {
            return Ok(Part::Literal(text));
        }
        let text = text.to_str().ok_or("it is not UTF-8")?;
        Ok(Part::Wild {
            pattern: NamePattern::new(text)?,
            dot: text.starts_with('.'),
        })
    }

    /// What it stands for in each of the folders `bases`.
    fn expand(&self, bases: &[PathBuf], wanted: Wanted, problems: &mut Vec<Error>) -> Vec<PathBuf> {
        match self {
            Part::Literal(name) => bases
                .iter()
                .map(|base| base.join(name))
                .filter(|path| wanted.may_be(path))
                .collect(),
            Part::Wild { pattern, dot } => bases
                .iter()
                .flat_map(|base| folder::list(base, problems))
                .filter(|entry| *dot || !entry.name().as_encoded_bytes().starts_with(b"."))
                .filter(|entry| pattern.is_match(entry.name().as_encoded_bytes()) && wanted.is(entry))
                .map(folder::Entry::into_path)
                .collect(),
        }
    }
}

impl Wanted {
    fn is(self, entry: &folder::Entry) -> bool {
        match self {
            Wanted::Folder => entry.is_folder(),
            Wanted::File => entry.is_file(),
        }
    }

    /// What is there but cannot be looked at counts: opening or listing it says why.
    fn may_be(self, path: &Path) -> bool {
        match (self, fs::metadata(path)) {
            (Wanted::Folder, Ok(metadata)) => metadata.is_dir(),
            (Wanted::File, Ok(metadata)) => metadata.is_file(),
            (_, Err(error)) => !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
        }
    }
}
