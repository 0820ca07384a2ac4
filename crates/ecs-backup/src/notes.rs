//! Notes in the folder of backups: empty files that name logs which are not saved yet.

use std::io;

use ecs_log::LogName;
use rustix::fs::Mode;

use crate::error::{Error, Operation};
use crate::folder::Folder;
use crate::names::unsaved;

/// Makes the note about a log, and flushes it to disk.
pub(crate) fn make(backups: &Folder, name: LogName) -> Result<(), Error> {
    let file = unsaved(name);
    match backups.make_file(&file, Mode::RUSR | Mode::WUSR) {
        Ok(_) => backups.sync(),
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(cause) => Err(Error::io(backups.at(&file), Operation::Write, cause)),
    }
}

/// Removes the note about a log. If that fails the next run does it.
pub(crate) fn remove(backups: &Folder, name: LogName) {
    let _ = backups.delete(&unsaved(name));
}
