//! Shell patterns that the shell did not expand.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind};
use crate::folder::{self, FolderEntry};
use crate::name_pattern::NamePattern;

/// Whether the text has a character that means something in a pattern.
pub(crate) fn is_pattern(text: &OsStr) -> bool {
    text.as_encoded_bytes().iter().any(|byte| b"*?[{".contains(byte))
}

/// The regular files that match, in the order of their names. It is a problem if none does.
///
/// Each component matches one name of its folder. As in a shell, only a dot matches a leading dot. Leading folders that
/// exist as they are written stand for themselves.
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
        paths = match Component::new(part) {
            Ok(part) => part.expand(&paths, wanted, problems),
            Err(reason) => {
                problems.push(Error::new(Some(pattern), Kind::MalformedPattern(reason)));
                return Vec::new();
            }
        };
    }
    // That a folder cannot be listed is a problem already, which says more.
    if paths.is_empty() && problems.len() == n_problems {
        problems.push(Error::new(Some(pattern), Kind::NoMatch));
    }
    paths
}

#[derive(Clone, Copy)]
enum Wanted {
    Folder,
    File,
}

/// One component of a pattern.
enum Component<'a> {
    Literal(&'a OsStr),
    Wild {
        pattern: NamePattern,
        /// Whether it begins with a dot, and so may match a name that does.
        has_dot: bool,
    },
}

impl<'a> Component<'a> {
    /// Fails if the pattern is malformed, with the reason in words.
    fn new(text: &'a OsStr) -> Result<Component<'a>, &'static str> {
        if !is_pattern(text) {
            return Ok(Component::Literal(text));
        }
        let text = text.to_str().ok_or("it is not UTF-8")?;
        Ok(Component::Wild {
            pattern: NamePattern::new(text)?,
            has_dot: text.starts_with('.'),
        })
    }

    /// What the component stands for in each of the folders `bases`.
    fn expand(&self, bases: &[PathBuf], wanted: Wanted, problems: &mut Vec<Error>) -> Vec<PathBuf> {
        match self {
            Component::Literal(name) => bases
                .iter()
                .map(|base| base.join(name))
                .filter(|path| wanted.may_be(path))
                .collect(),
            Component::Wild { pattern, has_dot } => bases
                .iter()
                .flat_map(|base| folder::list(base, problems))
                .filter(|entry| *has_dot || !entry.name().as_encoded_bytes().starts_with(b"."))
                .filter(|entry| pattern.is_match(entry.name().as_encoded_bytes()) && wanted.is(entry))
                .map(FolderEntry::into_path)
                .collect(),
        }
    }
}

impl Wanted {
    fn is(self, entry: &FolderEntry) -> bool {
        match self {
            Wanted::Folder => entry.is_folder(),
            Wanted::File => entry.is_file(),
        }
    }

    /// What is there but cannot be looked at may be one: opening or listing it says why it cannot.
    fn may_be(self, path: &Path) -> bool {
        match (self, fs::metadata(path)) {
            (Wanted::Folder, Ok(metadata)) => metadata.is_dir(),
            (Wanted::File, Ok(metadata)) => metadata.is_file(),
            (_, Err(error)) => !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
        }
    }
}
