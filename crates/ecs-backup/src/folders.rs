//! The two folders: opens them, makes that of the backups, and looks at them.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::time::Duration;

use rustix::fs::Mode;

use crate::error::{Error, Operation};
use crate::folder::Folder;
use crate::hold::{HoldName, HoldRange};
use crate::lock::{Lock, Taken};
use crate::names::LOCK;
use crate::options::Options;

/// The folder of the logs and the folder of their backups, held open.
#[derive(Debug)]
pub struct Folders {
    pub(crate) source: Folder,
    /// `None` if there is none and it was not to be made.
    pub(crate) backups: Option<Folder>,
    /// A hold that is not in force, and is looked at as if it were.
    pub(crate) would_hold: Option<(HoldName, HoldRange)>,
}

impl Folders {
    /// Opens the folders without making or changing anything.
    ///
    /// # Errors
    ///
    /// One of them cannot be opened, both are the same, or everybody may write to that of the backups. A missing folder of
    /// backups is not an error.
    pub fn look(options: &Options) -> Result<Folders, Error> {
        let source = Folder::open(&options.source)?;
        let backups = match Folder::open(&options.destination) {
            Ok(folder) => Some(folder),
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(error),
        };
        let folders = Folders {
            source,
            backups,
            would_hold: None,
        };
        folders.check()?;
        Ok(folders)
    }

    /// Opens the folders. If that of the backups is missing, it is made, with the folders above it. It gets the group
    /// and the permissions of the folder of the logs, but only its owner may write to it.
    ///
    /// # Errors
    ///
    /// As for [`look`](Folders::look), and if the folder cannot be made.
    pub fn prepare(options: &Options) -> Result<Folders, Error> {
        let mut folders = Folders::look(options)?;
        if folders.backups.is_none() {
            let mode = folders.source.permissions()? & 0o755 | 0o700;
            DirBuilder::new()
                .recursive(true)
                .mode(mode)
                .create(&options.destination)
                .map_err(|cause| Error::io(options.destination.clone(), Operation::Make, cause))?;
            let backups = Folder::open(&options.destination)?;
            // If that fails, fewer may enter.
            let _ = backups.give(folders.source.stat()?.st_gid, mode);
            folders.backups = Some(backups);
            folders.check()?;
        }
        Ok(folders)
    }

    fn check(&self) -> Result<(), Error> {
        let Some(backups) = &self.backups else {
            return Ok(());
        };
        let (source, stat) = (self.source.stat()?, backups.stat()?);
        if (source.st_dev, source.st_ino) == (stat.st_dev, stat.st_ino) {
            return Err(Error::same_folder(backups.path().to_owned()));
        }
        let mode = Mode::from_raw_mode(stat.st_mode);
        if mode.contains(Mode::WOTH) && !mode.contains(Mode::SVTX) {
            return Err(Error::open_to_all(backups.path().to_owned()));
        }
        Ok(())
    }

    /// Takes the lock in the folder of backups, unless another run holds it for all of `wait`. `now` is in seconds since 1970.
    ///
    /// # Errors
    ///
    /// It cannot be locked, or there is no such folder.
    pub fn lock(&self, wait: Duration, now: i64) -> Result<Taken, Error> {
        match &self.backups {
            Some(folder) => Lock::take(folder, wait, now),
            None => Err(Error::io(LOCK.into(), Operation::Lock, io::ErrorKind::NotFound.into())),
        }
    }
}
