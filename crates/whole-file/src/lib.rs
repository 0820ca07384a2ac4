//! Writes a file that is made whole, or not at all.
//!
//! Until it is whole, a [`WholeFile`] lies beside its place, as `.NAME.PROCESS.part`. [`WholeFile::keep`] gives it its name. If
//! that does not happen, it is removed.

mod error;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use error::{NotMade, Why};

/// A file that gets its name when it is whole.
#[derive(Debug)]
pub struct WholeFile {
    file: File,
    path: PathBuf,
    temporary: PathBuf,
    may_replace: bool,
    is_to_end: Arc<AtomicBool>,
}

impl WholeFile {
    /// Begins a file that will be `path`. It takes the place of another file only if it `may_replace` it. Once `is_to_end` is set,
    /// each write fails.
    ///
    /// # Errors
    ///
    /// There is such a file already, or there cannot be one.
    pub fn create(path: &Path, may_replace: bool, is_to_end: Arc<AtomicBool>) -> Result<WholeFile, NotMade> {
        let not_made = |why| NotMade::new(path, why);
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Err(not_made(Why::NotAFile));
        }
        if path.symlink_metadata().is_ok() && !may_replace {
            return Err(not_made(Why::Exists));
        }
        // What stands behind a link is replaced, and not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let temporary = temporary(&path).ok_or_else(|| not_made(Why::NoName))?;
        let file = File::options().write(true).create_new(true).open(&temporary);
        Ok(WholeFile {
            file: file.map_err(|cause| not_made(Why::Folder(cause)))?,
            path,
            temporary,
            may_replace,
            is_to_end,
        })
    }

    /// The path that it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name. From then on it is there, also after a crash of the machine.
    ///
    /// # Errors
    ///
    /// It could not be written to the disk, or not be named.
    pub fn keep(&self) -> Result<(), NotMade> {
        let synced = self.file.sync_all();
        let named = synced.and_then(|()| self.name());
        let kept = named.and_then(|()| self.sync_folder());
        kept.map_err(|cause| match cause.kind() {
            ErrorKind::AlreadyExists => self.not_made(Why::MadeMeanwhile),
            _ => self.not_made(Why::Write(cause)),
        })
    }

    /// A link fails where another file has the name by now; renaming would replace that file.
    fn name(&self) -> io::Result<()> {
        if self.may_replace {
            return fs::rename(&self.temporary, &self.path);
        }
        match fs::hard_link(&self.temporary, &self.path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists && self.path.symlink_metadata().is_err() => {
                // There are file systems without links.
                fs::rename(&self.temporary, &self.path)
            }
            linked => linked,
        }
    }

    /// Makes the name outlive a crash, where folders can be flushed.
    fn sync_folder(&self) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        match File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all()) {
            Err(error) if error.raw_os_error() == Some(EIO) => Err(error),
            _ => Ok(()),
        }
    }

    fn not_made(&self, why: Why) -> NotMade {
        NotMade::new(&self.path, why)
    }
}

/// A disk that fails. Number 5 of Windows says that a folder cannot be opened as a file, which is always so there.
const EIO: i32 = if cfg!(windows) { 1117 } else { 5 };

impl Write for &WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.flush()?;
        (&self.file).write(bytes).map_err(|cause| match cause.kind() {
            ErrorKind::Interrupted => cause,
            _ => self.not_made(Why::Write(cause)).into(),
        })
    }

    /// There is nothing to flush. It fails if an end was asked for.
    fn flush(&mut self) -> io::Result<()> {
        if self.is_to_end.load(Ordering::Relaxed) {
            return Err(self.not_made(Why::Ended).into());
        }
        Ok(())
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // If it was renamed, it is not there.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// The name beside `path` under which it is written: `.NAME.PROCESS.part`.
fn temporary(path: &Path) -> Option<PathBuf> {
    let mut name = OsString::from(".");
    name.push(path.file_name()?);
    name.push(format!(".{}.part", std::process::id()));
    Some(path.with_file_name(name))
}
