//! A file that is made whole, or not at all.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use ecs_log::escape_path;

use crate::machine::Signal;

/// A file that gets its name when it is whole. Until then it lies beside, under another one, and goes if it is not kept.
#[derive(Debug)]
pub(crate) struct WholeFile {
    file: File,
    path: PathBuf,
    temporary: PathBuf,
    may_replace: bool,
    signal: Signal,
}

/// Why a file could not be made, in one line.
#[derive(Debug)]
pub(crate) struct NotMade(String);

impl fmt::Display for NotMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotMade {}

impl NotMade {
    fn new(path: &Path, why: &dyn fmt::Display) -> NotMade {
        NotMade(format!("{}: {why}", escape_path(path)))
    }

    /// As the error of a write.
    fn into_io(self) -> io::Error {
        io::Error::other(self)
    }

    /// The line, if that is what the error of a write says.
    pub(crate) fn of(error: &io::Error) -> Option<&NotMade> {
        error.get_ref()?.downcast_ref()
    }
}

impl WholeFile {
    /// Begins a file that will be `path`. It takes the place of another only if it `may_replace` it.
    ///
    /// # Errors
    ///
    /// There is such a file already, or there cannot be one.
    pub(crate) fn create(path: &Path, may_replace: bool) -> Result<WholeFile, NotMade> {
        let not_made = |why: &dyn fmt::Display| NotMade::new(path, why);
        if path.symlink_metadata().is_ok() && !may_replace {
            return Err(not_made(
                &"is there already; give another name, or --force to replace it",
            ));
        }
        // What stands behind a link is replaced, and not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Err(not_made(&"is not a file; name a file, or - for standard output"));
        }
        let temporary = temporary(&path).ok_or_else(|| not_made(&"is not the name of a file"))?;
        let file = File::options().write(true).create_new(true).open(&temporary);
        Ok(WholeFile {
            file: file.map_err(|error| not_made(&format!("cannot write there: {error}")))?,
            path,
            temporary,
            may_replace,
            signal: Signal::awaited(),
        })
    }

    /// Gives the file its name. From then on it is there, also after a crash of the machine.
    ///
    /// # Errors
    ///
    /// It could not be written to the disk, or not be named.
    pub(crate) fn keep(&self) -> Result<(), NotMade> {
        let result = self
            .file
            .sync_all()
            .and_then(|()| self.name())
            .and_then(|()| self.sync_folder());
        result.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => self.not_made(&"made by another program meanwhile; not replaced"),
            _ => self.failed(error),
        })
    }

    /// A link fails where another file has the name by now; renaming would replace it.
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

    fn failed(&self, error: io::Error) -> NotMade {
        self.not_made(&format!("cannot write: {error}; not made"))
    }

    /// That it was not made, and why.
    pub(crate) fn not_made(&self, why: &dyn fmt::Display) -> NotMade {
        NotMade::new(&self.path, why)
    }

    /// Fails if an end was asked for.
    fn go_on(&self) -> io::Result<()> {
        if self.signal.came() {
            return Err(self.not_made(&"not made, as the program was ended").into_io());
        }
        Ok(())
    }
}

/// A disk that fails; the number is the same on all systems.
const EIO: i32 = 5;

impl Write for &WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.go_on()?;
        (&self.file).write(bytes).map_err(|error| match error.kind() {
            ErrorKind::Interrupted => error,
            _ => self.failed(error).into_io(),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.go_on()
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // Where it was kept and renamed, it is not there.
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
