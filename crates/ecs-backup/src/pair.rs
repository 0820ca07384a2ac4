//! Holds a log against a backup that bears its name, both read to their ends.

use std::io::Read;

use crate::backup::Backup;
use crate::compare::{Along, Relation, content};
use crate::folder::Folder;
use crate::names::LogFile;
use crate::source::OpenLog;

/// A log and a backup that bears its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) source: &'a Folder,
    pub(crate) log: LogFile,
    pub(crate) backups: &'a Folder,
    pub(crate) backup: Backup,
}

impl Pair<'_> {
    /// Reads both. Where one cannot be read, the copy shows how they are related.
    ///
    /// The server may have packed a log after it was saved. So a packed log is unpacked; only if that fails is it compared as
    /// it is.
    pub(crate) fn relation(self, block: &mut [u8]) -> Relation {
        let unpacked = if self.log.packed { self.unpacked(block) } else { None };
        unpacked.unwrap_or_else(|| self.as_it_is(block))
    }

    /// Unpacks the log, and the backup if it is packed. `None` if the log is not gzip that is whole.
    pub(crate) fn unpacked(self, block: &mut [u8]) -> Option<Relation> {
        let mut log = content(self.source, self.log, true).ok()?;
        let mut alongs = Vec::new();
        for file in self.backup.files() {
            alongs.extend(Along::open(self.backups, file, false).ok()?);
        }
        loop {
            match log.read(block).ok()? {
                0 => break,
                n => {
                    let part = block.get(..n).unwrap_or_default();
                    alongs.iter_mut().for_each(|along| along.take(part));
                }
            }
        }
        Some(of_alongs(alongs))
    }

    fn as_it_is(self, block: &mut [u8]) -> Relation {
        let Ok(mut log) = OpenLog::open(self.source, self.log) else {
            return Relation::Unknown;
        };
        let mut alongs = Vec::new();
        for file in self.backup.files() {
            match Along::open(self.backups, file, self.log.packed) {
                Ok(Some(along)) => alongs.push(along),
                Ok(None) => {}
                Err(_) => return Relation::Unknown,
            }
        }
        loop {
            match log.read(block) {
                Ok(0) => break,
                Ok(n) => {
                    let part = block.get(..n).unwrap_or_default();
                    alongs.iter_mut().for_each(|along| along.take(part));
                }
                Err(_) => return Relation::Unknown,
            }
        }
        of_alongs(alongs)
    }
}

fn of_alongs(alongs: Vec<Along>) -> Relation {
    let relations = alongs
        .into_iter()
        .map(|along| along.finish().unwrap_or(Relation::Unknown));
    of_both(&Vec::from_iter(relations))
}

/// How a log is related to a backup whose files are related to it so.
fn of_both(relations: &[Relation]) -> Relation {
    use Relation::{BackupGoesOn, BackupIsCut, BackupIsWrong, Differs, LogGoesOn, Same, Unknown};
    let has = |wanted| relations.contains(&wanted);
    match relations {
        [] => Unknown,
        _ if has(Same) => Same,
        _ if has(BackupGoesOn) => BackupGoesOn,
        _ if has(Differs) => Differs,
        _ if has(Unknown) => Unknown,
        _ if has(BackupIsWrong) => BackupIsWrong,
        _ if has(LogGoesOn) => LogGoesOn,
        _ => BackupIsCut,
    }
}

#[cfg(test)]
mod tests {
    use super::of_both;
    use crate::compare::Relation::{BackupGoesOn, BackupIsCut, BackupIsWrong, Differs, LogGoesOn, Same, Unknown};

    #[test]
    fn one_file_that_is_the_same_is_enough_and_none_may_hold_more() {
        for (relations, expected) in [
            (&[][..], Unknown),
            (&[Unknown, Differs], Differs),
            (&[Unknown, LogGoesOn], Unknown),
            (&[Same, Differs], Same),
            (&[BackupIsWrong, Same], Same),
            (&[LogGoesOn, BackupGoesOn], BackupGoesOn),
            (&[LogGoesOn, Differs], Differs),
            (&[BackupIsCut, BackupIsWrong], BackupIsWrong),
            (&[BackupIsCut, LogGoesOn], LogGoesOn),
            (&[BackupIsCut], BackupIsCut),
        ] {
            assert_eq!(of_both(relations), expected, "{relations:?}");
        }
    }
}
