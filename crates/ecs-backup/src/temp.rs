//! A copy under a temporary name, which becomes the backup when it is whole, or goes.

use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process;

use rustix::fs::{Advice, Mode, fadvise};

use crate::error::{Error, Operation};
use crate::failure::{Failure, SLACK};
use crate::folder::Folder;
use crate::names::{LogFile, temp};
use crate::times;

/// How many temporary names are tried, where somebody else's files stand under them.
const MOST_NAMES: u32 = 100;

/// A file under a temporary name, which goes unless it is given its final one.
#[derive(Debug)]
pub(crate) struct Temp<'a> {
    folder: &'a Folder,
    final_name: String,
    name: String,
    pub(crate) file: File,
    is_finished: bool,
}

impl<'a> Temp<'a> {
    /// Makes a file that nobody could have put there, open to its owner only, and not even that if the log is not.
    pub(crate) fn make(folder: &'a Folder, backup: LogFile, mode: u32) -> Result<Temp<'a>, Failure> {
        let mode = Mode::from_raw_mode(mode & 0o600);
        for attempt in 0..MOST_NAMES {
            let name = temp(backup, process::id(), attempt);
            match folder.make_file(&name, mode) {
                Ok(file) => {
                    return Ok(Temp {
                        folder,
                        final_name: backup.to_string(),
                        name,
                        file,
                        is_finished: false,
                    });
                }
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => {
                    let error = Error::io(folder.at(&name), Operation::Write, cause);
                    return Err(Failure::of_write(error, SLACK));
                }
            }
        }
        let cause = io::Error::from(io::ErrorKind::AlreadyExists);
        let path = folder.at(&temp(backup, process::id(), 0));
        Err(Failure::Other(Error::io(path, Operation::Write, cause)))
    }

    /// Asks for what was written to go to disk, and does not wait for it.
    ///
    /// So the flushes of several files find most of their work done, and share what is left of it.
    pub(crate) fn begin_flush(&self) {
        // Advice only: a file system that does not take it flushes all the same, later.
        let _ = fadvise(&self.file, 0, None, Advice::DontNeed);
    }

    /// Flushes the file to disk, all `bytes` of it.
    pub(crate) fn flush(&self, bytes: u64) -> Result<(), Failure> {
        self.file.sync_all().map_err(|cause| {
            let error = Error::io(self.folder.at(&self.final_name), Operation::Sync, cause);
            // Some file systems promise space, and find only now that there is none.
            Failure::of_write(error, bytes)
        })
    }

    /// Gives the file, which is on disk, its final name. That is sure once the folder is flushed too.
    pub(crate) fn rename(mut self) -> Result<(), Failure> {
        self.folder.rename(&self.name, &self.final_name)?;
        self.is_finished = true;
        Ok(())
    }

    /// Gives it owner, mode and times of the log. Owner first, then the mode, which may let others in: no more of them than the log did. Gives
    /// the size of the copy.
    pub(crate) fn take_after(&self, log: &Metadata) -> Result<u64, Error> {
        let fail = |cause| Error::io(self.folder.at(&self.final_name), Operation::Look, cause);
        let mine = self.file.metadata().map_err(fail)?;
        let mut mode = log.mode() & 0o777;
        if (mine.uid(), mine.gid()) != (log.uid(), log.gid()) {
            // Only root gives files away, but anybody gives them to a group of theirs.
            let is_given = std::os::unix::fs::fchown(&self.file, Some(log.uid()), Some(log.gid())).is_ok()
                || std::os::unix::fs::fchown(&self.file, None, Some(log.gid())).is_ok();
            if !is_given && mine.gid() != log.gid() {
                // Another group: it may do what everybody may.
                mode &= 0o707 | ((mode & 0o007) << 3);
            }
        }
        times::copy(log, &self.file);
        // A mode that cannot be set leaves the backup to its owner alone, which harms nobody.
        let _ = self.file.set_permissions(Permissions::from_mode(mode));
        Ok(mine.len())
    }
}

impl Drop for Temp<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            // What stays is removed by the next run.
            let _ = self.folder.delete(&self.name);
        }
    }
}
