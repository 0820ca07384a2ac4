//! Whether backups are whole: the newest by their sizes, or all by reading them.

use std::error::Error as _;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;

use flate2::bufread::MultiGzDecoder;
use rustix::fs::Stat;

use crate::folder::{Folder, size};
use crate::names::LogFile;
use crate::survey::{Backup, Damage, Survey};

/// How many of the newest backups are looked at by each run, whatever their times say.
const N_NEWEST: usize = 32;

/// The least that a gzip file can be: header, an empty block, sum and length.
const LEAST_GZIP: u64 = 20;

/// How much is read at a time, in bytes.
const BLOCK: usize = 64 * 1024;

/// The newest backups of logs that are still there, and those of logs that were written to since, held against the sizes of
/// the logs.
///
/// Where there are two backups of a log, plain and packed, one that is whole is enough.
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
        // Where it vanished, as it may at any time, or cannot be looked at, there is nothing to compare.
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

/// Whether a backup has the time of its log. It has not if the log was saved while it was still written to, which happens
/// where the server's clock was set back: then the newest log is not the one with the greatest name.
fn has_time_of(folder: &Folder, backup: Backup, log: &Stat) -> bool {
    let mut stats = backup.files().map(|file| folder.stat_file(&file.to_string()));
    // Not every file system keeps parts of a second.
    stats.any(|stat| stat.is_ok_and(|stat| stat.st_mtime == log.st_mtime))
}

/// What shows that a backup is not a whole copy of a log of `length` bytes; `None` if nothing does.
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
        // The log is packed and its backup is not: how long it should be is not known.
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
    (!fits).then(|| "it is cut short: its trailer does not fit the log".to_owned())
}

/// Opens a backup, or says in words why it cannot be opened. Then it is worth as little as a damaged one; so is one that
/// is gone, though it was listed.
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

/// All backups, read from beginning to end; those found `newest` to be damaged need no second look.
pub(crate) fn all(survey: &Survey, newest: Vec<Damage>, folder: &Folder) -> Vec<Damage> {
    let mut damaged = newest;
    for backup in &survey.backups {
        for file in backup.files() {
            let is_known = damaged.iter().any(|damage| damage.file == file);
            if let Some(reason) = flaw(folder, file)
                && !is_known
            {
                damaged.push(Damage { file, reason });
            }
        }
    }
    damaged.sort_unstable_by_key(|damage| damage.file);
    damaged
}

/// What is wrong with a backup, read to its end; `None` if nothing is.
fn flaw(folder: &Folder, file: LogFile) -> Option<String> {
    let backup = match open(folder, file) {
        Ok(backup) => backup,
        Err(reason) => return Some(reason),
    };
    let result = if file.packed {
        drain(MultiGzDecoder::new(BufReader::with_capacity(BLOCK, Patient(backup))))
    } else {
        drain(Patient(backup))
    };
    result.err().map(|cause| match cause.kind() {
        io::ErrorKind::UnexpectedEof => "it is cut short".to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => format!("it is damaged: {cause}"),
        _ => unreadable(&cause),
    })
}

fn drain(mut reader: impl Read) -> io::Result<()> {
    let mut block = vec![0; BLOCK];
    loop {
        match reader.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
}

/// A decoder takes an interruption for damage, so there are none.
struct Patient(File);

impl Read for Patient {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buf) {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}

/// Returns true if and only if no backup of the log is whole, as far as is known.
pub(crate) fn is_all_damaged(backup: Backup, damaged: &[Damage]) -> bool {
    backup
        .files()
        .all(|file| damaged.binary_search_by_key(&file, |damage| damage.file).is_ok())
}
