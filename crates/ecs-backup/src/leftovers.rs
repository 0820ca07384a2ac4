//! Removes what earlier runs left behind.

use ecs_log::LogName;

use crate::folder::Folder;
use crate::names::{LogFile, unsaved};
use crate::progress::Progress;

/// Removes the temporary files of runs that were killed.
pub(crate) fn remove_temporary(backups: &Folder, names: &[String], progress: &mut Progress<'_>) {
    for name in names {
        if let Err(error) = backups.delete(name).or_else(|_| backups.delete(name)) {
            progress.failed(&error, 1);
        }
    }
}

/// Removes the notes of the time before there was a state. What they say is in the state now.
pub(crate) fn remove_notes(backups: &Folder, names: &[LogName]) {
    for name in names {
        let _ = backups.delete(&unsaved(*name));
    }
}

/// Removes the backup of the other form, plain or packed. This one holds all of it.
pub(crate) fn remove_other_form(backups: &Folder, file: LogFile, progress: &mut Progress<'_>) {
    let packed = !file.packed;
    let other = LogFile { packed, ..file };
    if let Err(error) = backups.delete(&other.to_string()) {
        progress.failed(&error, 1);
    }
}
