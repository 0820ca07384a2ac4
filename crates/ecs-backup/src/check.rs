//! Whether backups are whole: the newest by their sizes, or all by reading them.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;

use flate2::bufread::MultiGzDecoder;

use crate::error::{Error, Operation};
use crate::folder::{Folder, size};
use crate::names::LogFile;
use crate::survey::{Backup, Damage, Survey};

/// How many of the newest backups are looked at by each run.
const N_NEWEST: usize = 32;

/// The least that a gzip file can be: header, an empty block, sum and length.
const LEAST_GZIP: u64 = 20;

/// How much is read at a time, in bytes.
const BLOCK: usize = 64 * 1024;

/// The newest backups of logs that are still there, held against the sizes of those.
///
/// Where there are two backups of a log, plain and packed, one that is whole is enough.
pub(crate) fn newest(survey: &Survey, source: &Folder, backups: &Folder) -> Result<Vec<Damage>, Error> {
    let mut damaged = Vec::new();
    for backup in survey.backups.iter().rev().take(N_NEWEST) {
        let log = survey.sources.binary_search_by_key(&backup.name, |file| file.name);
        let Some(log) = log.ok().and_then(|place| survey.sources.get(place)) else {
            continue;
        };
        let length = match source.stat_file(&log.to_string()) {
            Ok(stat) => size(&stat),
            // It vanishes as it may at any time, and there is nothing left to compare.
            Err(error) if error.is_not_found() => continue,
            Err(error) => return Err(error),
        };
        let mut wrong = Vec::new();
        for file in backup.files() {
            match misfit(backups, file, *log, length)? {
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
    Ok(damaged)
}

/// What shows that a backup is not a whole copy of a log of `length` bytes; `None` if nothing does.
fn misfit(folder: &Folder, file: LogFile, log: LogFile, length: u64) -> Result<Option<String>, Error> {
    let name = file.to_string();
    let backup = folder.open_file(&name)?;
    let fail = |cause| Error::io(folder.at(&name), Operation::Read, cause);
    let found = backup.metadata().map_err(fail)?.len();
    if file.packed == log.packed {
        let reason = format!("it has {found} bytes, the log has {length}");
        return Ok((found != length).then_some(reason));
    }
    if !file.packed {
        // The log is packed and its backup is not: how long it should be is not known.
        return Ok(None);
    }
    if found < LEAST_GZIP {
        return Ok(Some("it is cut short".to_owned()));
    }
    let mut trailer = [0; 4];
    let end = found.saturating_sub(4);
    backup.read_exact_at(&mut trailer, end).map_err(fail)?;
    // The trailer has the length modulo 2^32.
    let fits = u64::from(u32::from_le_bytes(trailer)) == length & u64::from(u32::MAX);
    Ok((!fits).then(|| "it is cut short: its trailer does not fit the log".to_owned()))
}

/// All backups, read from beginning to end; those found `newest` to be damaged need no second look.
pub(crate) fn all(survey: &Survey, newest: Vec<Damage>, folder: &Folder) -> Result<Vec<Damage>, Error> {
    let mut damaged = newest;
    for backup in &survey.backups {
        for file in backup.files() {
            let is_known = damaged.iter().any(|damage| damage.file == file);
            if let Some(reason) = flaw(folder, file)?
                && !is_known
            {
                damaged.push(Damage { file, reason });
            }
        }
    }
    damaged.sort_unstable_by_key(|damage| damage.file);
    Ok(damaged)
}

/// What is wrong with a backup, read to its end; `None` if nothing is, or if it is gone.
fn flaw(folder: &Folder, file: LogFile) -> Result<Option<String>, Error> {
    let backup = match folder.open_file(&file.to_string()) {
        Ok(backup) => backup,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let result = if file.packed {
        drain(MultiGzDecoder::new(BufReader::with_capacity(BLOCK, Patient(backup))))
    } else {
        drain(Patient(backup))
    };
    Ok(result.err().map(|cause| match cause.kind() {
        io::ErrorKind::UnexpectedEof => "it is cut short".to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => format!("it is damaged: {cause}"),
        _ => format!("it cannot be read: {cause}"),
    }))
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
