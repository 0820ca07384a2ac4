//! Reads and writes files. Each error says which file it was.

use std::fs;
use std::io;
use std::path::Path;

use crate::error::Error;

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|cause| Error::at(path, &cause))
}

pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Error> {
    fs::write(path, content).map_err(|cause| Error::at(path, &cause))
}

/// Makes `folder`, and the folders above it, unless they exist.
pub(crate) fn create_folder(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|cause| Error::at(folder, &cause))
}

/// Deletes `folder` and all that is in it. It may be missing.
pub(crate) fn remove_folder(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(Error::at(folder, &cause)),
        _ => Ok(()),
    }
}

/// The names of the files in `folder`, sorted.
pub(crate) fn names_in(folder: &Path) -> Result<Vec<String>, Error> {
    let at = |cause: io::Error| Error::at(folder, &cause);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        names.push(entry.map_err(at)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
