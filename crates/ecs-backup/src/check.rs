//! Whether backups are whole: the newest are held against their logs, or all are read.

#[cfg(test)]
mod tests;

use std::error::Error as _;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;

use ecs_log::GzipReader;
use rustix::fs::Stat;

use crate::folder::{Folder, size};
use crate::names::LogFile;
use crate::survey::{Backup, Damage, Survey};

/// How many of the newest backups each run looks at, whatever their times are.
const N_NEWEST: usize = 32;

/// The smallest gzip file, in bytes: header, an empty block, checksum and length.
const LEAST_GZIP: u64 = 20;

/// How much is read at a time, in bytes.
const BLOCK: usize = 64 * 1024;

/// The newest backups whose logs are still there, and older ones whose logs were written to since: those that do not fit
/// the size of their log.
///
/// A log may have two backups, plain and packed. One that is whole is enough.
pub(crate) fn newest(survey: &Survey, source: &Folder, backups: &Folder) -> Vec<Damage> {
    let first_of_newest = survey.backups.len().saturating_sub(N_NEWEST);
    let mut damaged = Vec::new();
    for log in &survey.sources {
        let Ok(place) = survey.backups.binary_search_by_key(&log.name, |backup| backup.name) else {
            continue;
        };
        let Some(backup) = survey.backups.get(place).copied() else {
            continue;
        };
        // The server may have deleted the log meanwhile. Then there is no size to compare with.
        let stat = source.stat_file(&log.to_string()).ok();
        if place < first_of_newest && stat.is_none_or(|stat| has_time_of(backups, backup, &stat)) {
            continue;
        }
        let length = stat.map(|stat| size(&stat));
        let mut wrong = Vec::new();
        for file in backup.files() {
            let reason = match length {
                Some(length) => misfit(backups, file, *log, length),
                None => flaw(backups, file),
            };
            match reason {
                Some(reason) => wrong.push(Damage { file, reason }),
                None => {
                    wrong.clear();
                    break;
                }
            }
        }
        damaged.extend(wrong);
    }
    damaged.sort_unstable_by_key(|damage| damage.file);
    damaged
}

/// Whether a backup has the time of its log. A log that was saved while the server still wrote to it has a later time
/// than its backup. That happens where the clock was set back: the log being written does not have the greatest name.
fn has_time_of(folder: &Folder, backup: Backup, log: &Stat) -> bool {
    let mut stats = backup.files().map(|file| folder.stat_file(&file.to_string()));
    // Some file systems keep whole seconds only.
    stats.any(|stat| stat.is_ok_and(|stat| stat.st_mtime == log.st_mtime))
}

/// Why a backup cannot be a whole copy of a log of `length` bytes; `None` if it can be one.
fn misfit(folder: &Folder, file: LogFile, log: LogFile, length: u64) -> Option<String> {
    let backup = match open(folder, file) {
        Ok(backup) => backup,
        Err(reason) => return Some(reason),
    };
    let found = match backup.metadata() {
        Ok(metadata) => metadata.len(),
        Err(cause) => return Some(unreadable(&cause)),
    };
    if file.packed == log.packed {
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

/// Reads all backups from beginning to end. The result also has those that `newest` found to be damaged.
pub(crate) fn all(survey: &Survey, newest: Vec<Damage>, folder: &Folder) -> Vec<Damage> {
    let mut damaged = newest;
    for file in survey.backups.iter().flat_map(|backup| backup.files()) {
        let is_known = damaged.iter().any(|damage| damage.file == file);
        if !is_known && let Some(reason) = flaw(folder, file) {
            damaged.push(Damage { file, reason });
        }
    }
    damaged.sort_unstable_by_key(|damage| damage.file);
    damaged
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

/// Reads a backup to its end and gives the length of the log in it, in bytes.
fn content_length(backup: File, is_packed: bool) -> io::Result<u64> {
    let reader = BufReader::with_capacity(BLOCK, Uninterrupted(backup));
    if is_packed {
        io::copy(&mut GzipReader::new(reader), &mut io::sink())
    } else {
        io::copy(&mut { reader }, &mut io::sink())
    }
}

/// Reads again where a signal interrupted it. The decoder would take an interruption for damage.
struct Uninterrupted(File);

impl Read for Uninterrupted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buf) {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}
