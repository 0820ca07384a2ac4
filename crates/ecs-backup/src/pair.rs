//! Holds a log against a backup that bears its name, both read to their ends.

use crate::compare::{Along, Relation};
use crate::folder::Folder;
use crate::names::LogFile;
use crate::source::OpenLog;
use crate::survey::Backup;

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
    pub(crate) fn relation(self, block: &mut [u8]) -> Relation {
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
        let relations = alongs
            .into_iter()
            .map(|along| along.finish().unwrap_or(Relation::Unknown));
        of_both(&Vec::from_iter(relations))
    }
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
