//! Whether backups are whole: the newest are held against their logs, or all are read.

#[cfg(test)]
mod tests;

use std::error::Error as _;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader};
use std::os::unix::fs::FileExt;

use ecs_log::GzipReader;

use crate::compare::{Relation, Uninterrupted};
use crate::folder::Folder;
use crate::names::LogFile;
use crate::pair::Pair;
use crate::state::Fate;
use crate::survey::{Backup, Damage, Source, Survey};

/// How many of the newest backups each run looks at.
const N_NEWEST: usize = 32;

/// The smallest gzip file, in bytes: header, an empty block, checksum and length.
const LEAST_GZIP: u64 = 20;

/// How much is read at a time, in bytes.
const BLOCK: usize = 64 * 1024;

/// The newest backups whose logs are still there and were not written to since: those that do not fit the size of their log.
/// What is to be said of other logs shows when they are compared.
///
/// A log may have two backups, plain and packed. One that is whole is enough.
pub(crate) fn newest(survey: &Survey, logs: &Folder, backups: &Folder) -> Vec<Damage> {
    let first_of_newest = survey.backups.len().saturating_sub(N_NEWEST);
    let mut damaged = Vec::new();
    for backup in survey.backups.iter().skip(first_of_newest) {
        let Some(source) = log_of(survey, *backup) else {
            continue;
        };
        let mut wrong = Vec::new();
        for file in backup.files() {
            match misfit(backups, file, source).filter(|_| !is_packed_otherwise(logs, source, backups, file)) {
                Some(reason) => wrong.push(damage(file, reason)),
                None => {
                    wrong.clear();
                    break;
                }
            }
        }
        damaged.extend(wrong);
    }
    damaged
}

/// The log of a backup, if it is still there as it was when it was saved.
fn log_of(survey: &Survey, backup: Backup) -> Option<Source> {
    let source = survey.source(backup.name.with_number(1))?;
    let record = survey.stored.as_ref()?.state.get(source.log.name)?;
    let is_as_saved = record.fate == Fate::Saved && record.stamp == source.stamp;
    (is_as_saved && record.number == backup.name.number()).then_some(source)
}

/// Whether log and backup are both gzip, and their trailers have the same checksum and length: the server packed the log after
/// it was saved.
fn is_packed_otherwise(logs: &Folder, source: Source, backups: &Folder, file: LogFile) -> bool {
    let of_log = || trailer(logs, source.log);
    source.log.packed && file.packed && trailer(backups, file).is_some_and(|trailer| of_log() == Some(trailer))
}

/// The last eight bytes of a file: of gzip, checksum and length (RFC 1952, 2.3.1).
fn trailer(folder: &Folder, file: LogFile) -> Option<[u8; 8]> {
    let file = folder.open_file(&file.to_string()).ok()?;
    let mut trailer = [0; 8];
    let at = file.metadata().ok()?.len().checked_sub(8)?;
    file.read_exact_at(&mut trailer, at).ok()?;
    Some(trailer)
}

/// Why a backup cannot be a whole copy of a log; `None` if it can be one.
fn misfit(folder: &Folder, file: LogFile, source: Source) -> Option<String> {
    let length = source.stamp.size;
    let backup = match open(folder, file) {
        Ok(backup) => backup,
        Err(reason) => return Some(reason),
    };
    let found = match backup.metadata() {
        Ok(metadata) => metadata.len(),
        Err(cause) => return Some(unreadable(&cause)),
    };
    if file.packed == source.log.packed {
        return (found != length).then(|| format!("it has {found} bytes, the log has {length}"));
    }
    if !file.packed {
        // The log is packed and its backup is not: the length that the backup should have is not known.
        return None;
    }
    if found < LEAST_GZIP {
        return Some("it is cut short".to_owned());
    }
    let mut trailer = [0; 4];
    if let Err(cause) = backup.read_exact_at(&mut trailer, found.saturating_sub(4)) {
        return Some(unreadable(&cause));
    }
    // The trailer has the length modulo 2^32.
    let fits = u64::from(u32::from_le_bytes(trailer)) == length & u64::from(u32::MAX);
    // Zero bytes behind the trailer, and a file of several members, show only when it is read.
    let is_whole = fits || content_length(backup, file.packed).is_ok_and(|found| found == length);
    (!is_whole).then(|| "it is cut short: its trailer does not fit the log".to_owned())
}

/// Opens a backup, or says in words why it cannot be opened. A backup that cannot be opened, or that is gone since it was
/// listed, counts as damaged.
fn open(folder: &Folder, file: LogFile) -> Result<File, String> {
    folder
        .open_file(&file.to_string())
        .map_err(|error| match error.source() {
            Some(cause) => unreadable(&cause),
            None => "it is no regular file".to_owned(),
        })
}

fn unreadable(cause: &impl fmt::Display) -> String {
    format!("it cannot be read: {cause}")
}

/// Reads all backups from beginning to end, and holds them against their logs. The result also has those that `newest` found to
/// be damaged.
pub(crate) fn all(survey: &Survey, newest: Vec<Damage>, source: &Folder, backups: &Folder) -> Vec<Damage> {
    let mut damaged = newest;
    let mut block = vec![0; BLOCK];
    for backup in &survey.backups {
        let mut is_damaged = false;
        for file in backup.files() {
            let is_known = damaged.iter().any(|damage| damage.file == file);
            let reason = if is_known { None } else { flaw(backups, file) };
            is_damaged |= is_known || reason.is_some();
            damaged.extend(reason.map(|reason| damage(file, reason)));
        }
        let Some(log) = log_of(survey, *backup).filter(|log| !is_damaged || log.log.packed) else {
            continue;
        };
        let pair = Pair {
            source,
            log: log.log,
            backups,
            backup: *backup,
        };
        let relation = pair.relation(&mut block);
        match relation {
            Relation::Same => {
                let of_backup = damaged.iter_mut().filter(|damage| damage.file.name == backup.name);
                of_backup.for_each(|damage| damage.is_as_log = true);
            }
            Relation::Unknown => {}
            _ if is_damaged => {}
            _ => damaged.extend(
                backup
                    .files()
                    .map(|file| damage(file, "it differs from its log".to_owned())),
            ),
        }
    }
    damaged.sort_unstable_by_key(|damage| damage.file);
    damaged
}

fn damage(file: LogFile, reason: String) -> Damage {
    Damage {
        file,
        reason,
        is_as_log: false,
    }
}

/// What is wrong with a backup, which is read to its end; `None` if nothing is.
fn flaw(folder: &Folder, file: LogFile) -> Option<String> {
    let backup = match open(folder, file) {
        Ok(backup) => backup,
        Err(reason) => return Some(reason),
    };
    content_length(backup, file.packed)
        .err()
        .map(|cause| match cause.kind() {
            io::ErrorKind::UnexpectedEof => "it is cut short".to_owned(),
            io::ErrorKind::InvalidData => format!("it is damaged: {cause}"),
            _ => unreadable(&cause),
        })
}

/// How many bytes of a log there are in a backup; `None` if there is none that is whole.
pub(crate) fn length_of(folder: &Folder, file: LogFile) -> Option<u64> {
    let backup = folder.open_file(&file.to_string()).ok()?;
    content_length(backup, file.packed).ok()
}

/// Reads a backup to its end and gives the length of the log in it, in bytes.
fn content_length(backup: File, is_packed: bool) -> io::Result<u64> {
    let reader = BufReader::with_capacity(BLOCK, Uninterrupted(backup));
    if is_packed {
        io::copy(&mut GzipReader::new(reader), &mut io::sink())
    } else {
        io::copy(&mut { reader }, &mut io::sink())
    }
}
