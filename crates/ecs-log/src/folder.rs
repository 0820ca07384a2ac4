//! Lists a folder in the order of names.

use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Operation};

/// What stands in a folder under one name.
pub(crate) struct FolderEntry {
    path: PathBuf,
    file_type: io::Result<FileType>,
}

/// The entries of `folder`, sorted by name. The empty path is the current folder.
///
/// What cannot be listed is a problem. The rest is given all the same.
pub(crate) fn list(folder: &Path, problems: &mut Vec<Error>) -> Vec<FolderEntry> {
    let empty = folder.as_os_str().is_empty();
    let mut entries = Vec::new();
    let mut fail = |cause| problems.push(Error::io(Some(folder), Operation::List, cause));
    match fs::read_dir(if empty { Path::new(".") } else { folder }) {
        Ok(listing) => {
            for entry in listing {
                match entry {
                    Ok(entry) => entries.push(FolderEntry {
                        path: folder.join(entry.file_name()),
                        file_type: entry.file_type(),
                    }),
                    Err(cause) => fail(cause),
                }
            }
        }
        Err(cause) => fail(cause),
    }
    // In one folder the bytes of paths sort as names do. To compare paths part by part would take much longer.
    entries.sort_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
    entries
}

impl FolderEntry {
    pub(crate) fn name(&self) -> &OsStr {
        self.path.file_name().unwrap_or_default()
    }

    pub(crate) fn into_path(self) -> PathBuf {
        self.path
    }

    /// Whether it is a regular file, or a link to one. A pipe is not: opening it could take for ever.
    ///
    /// What cannot be looked at counts as a file. It may have been deleted just now; whether that matters shows when it is
    /// opened.
    pub(crate) fn is_file(&self) -> bool {
        match &self.file_type {
            Ok(file_type) if file_type.is_symlink() => {
                fs::metadata(&self.path).map_or(true, |metadata| metadata.is_file())
            }
            Ok(file_type) => file_type.is_file(),
            Err(_) => true,
        }
    }

    /// Whether it is a folder, and not a link to one.
    pub(crate) fn is_real_folder(&self) -> bool {
        self.file_type.as_ref().is_ok_and(FileType::is_dir)
    }

    /// Whether it is a folder, or a link to one.
    pub(crate) fn is_folder(&self) -> bool {
        match &self.file_type {
            Ok(file_type) if file_type.is_symlink() => self.path.is_dir(),
            Ok(file_type) => file_type.is_dir(),
            Err(_) => false,
        }
    }
}
