//! Copies one log to a temporary file, which is flushed and renamed later.

use std::io;
use std::sync::atomic::AtomicBool;

use ecs_log::LogName;

use crate::backup::Backup;
use crate::check::length_of;
use crate::compare::{Along, Relation};
use crate::error::{Error, Operation};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::names::LogFile;
use crate::options::{Form, Level};
use crate::pair::Pair;
use crate::plan::CopyReason;
use crate::source::OpenLog;
use crate::state::Stamp;
use crate::temp::{Target, Temp};

/// How much is read at a time, in bytes.
pub(crate) const BLOCK: usize = 128 * 1024;

/// How often a log is copied if it changes each time while it is read.
const MOST_CHANGES: u32 = 3;

/// Which log is copied, to where, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    pub(crate) source: &'a Folder,
    pub(crate) log: LogFile,
    /// The name of the backup.
    pub(crate) backup: LogName,
    pub(crate) reason: CopyReason,
    /// The size of the log, in bytes, as the survey saw it.
    pub(crate) size: u64,
    /// Whether backups may be deleted to make room.
    pub(crate) may_delete: bool,
    /// While the log is so, the state tells that the backup to replace is of this log.
    pub(crate) sure_of: Option<Stamp>,
    pub(crate) backups: &'a Folder,
    pub(crate) form: Form,
    pub(crate) is_to_end: &'a AtomicBool,
}

impl<'a> Job<'a> {
    /// The file of the backup. A log that is packed already is copied as it is.
    pub(crate) fn file(&self) -> LogFile {
        LogFile {
            name: self.backup,
            packed: self.log.packed || matches!(self.form, Form::Gzip(_)),
        }
    }

    /// By what the packed log is known that holds all of the plain one that was seen.
    pub(crate) fn packed_since(&self) -> Option<Stamp> {
        let packed = LogFile {
            packed: true,
            ..self.log
        };
        let stat = self.source.stat_file(&packed.to_string()).ok()?;
        let holds_all = || length_of(self.source, packed).is_some_and(|length| length >= self.size);
        (!self.log.packed && holds_all()).then(|| Stamp::from(&stat))
    }

    /// Whether a backup under the name has all of the log that was seen.
    pub(crate) fn is_held(&self) -> bool {
        let lengths = [false, true].map(|packed| {
            let file = LogFile {
                name: self.backup,
                packed,
            };
            length_of(self.backups, file)
        });
        !self.log.packed && lengths.into_iter().flatten().any(|length| length >= self.size)
    }

    /// How the copy is compressed; `None` if it is copied as it is.
    fn level(&self) -> Option<Level> {
        match self.form {
            Form::Gzip(level) if !self.log.packed => Some(level),
            Form::Gzip(_) | Form::Plain => None,
        }
    }

    /// The size of the backup in bytes, where it is known before the log is copied.
    pub(crate) fn need(&self) -> Option<u64> {
        self.level().is_none().then_some(self.size)
    }

    /// Copies the log to a temporary file. It holds all that can be read of the backup that it is to replace, if there is one.
    pub(crate) fn run(&self, block: &mut [u8]) -> Result<Temp<'a>, Failure> {
        for _ in 0..MOST_CHANGES {
            let target = Target {
                folder: self.backups,
                file: self.file(),
                level: self.level(),
                is_to_end: self.is_to_end,
            };
            let mut log = OpenLog::open(self.source, self.log)?;
            let stamp = Stamp::from(&log.metadata);
            // An empty log is the beginning of whatever bears its name.
            if stamp.size == 0 && self.size > 0 && self.backup.number() > 1 {
                return Err(Failure::Shrunk(stamp));
            }
            let is_sure = self.sure_of == Some(stamp) || self.holds_all_unpacked(&log, block);
            let mut replaced = if is_sure { Vec::new() } else { self.replaced()? };
            if let Some(temp) = Temp::of_log(target, &mut log, &mut replaced, block)? {
                for along in replaced {
                    let relation = along.finish().map_err(|cause| self.cannot_read_backup(cause))?;
                    if relation == Relation::BackupGoesOn {
                        return Err(Failure::Shrunk(stamp));
                    }
                    if !relation.holds_all() {
                        return Err(Failure::Taken);
                    }
                }
                return Ok(temp);
            }
        }
        let path = self.source.at(&self.log.to_string());
        Err(Failure::Other(Error::keeps_changing(path)))
    }

    /// Whether the log is packed, and holds all of the backup that the copy replaces once both are unpacked.
    fn holds_all_unpacked(&self, log: &OpenLog<'_>, block: &mut [u8]) -> bool {
        let backup = Backup {
            name: self.backup,
            plain: true,
            packed: true,
        };
        let pair = Pair {
            source: self.source,
            log: self.log,
            backups: self.backups,
            backup,
        };
        let is_same_file = || {
            let stat = self.source.stat_file(&self.log.to_string());
            stat.is_ok_and(|stat| Stamp::from(&stat) == Stamp::from(&log.metadata))
        };
        self.log.packed && pair.unpacked(block).is_some_and(Relation::holds_all) && is_same_file()
    }

    fn cannot_read_backup(&self, cause: io::Error) -> Failure {
        let path = self.backups.at(&self.file().to_string());
        Failure::Unreadable(Error::io(path, Operation::Read, cause))
    }

    /// The files of the backup that the copy replaces, open to be compared.
    fn replaced(&self) -> Result<Vec<Along>, Failure> {
        let mut replaced = Vec::new();
        for packed in [false, true] {
            let file = LogFile {
                name: self.backup,
                packed,
            };
            let along = Along::open(self.backups, file, self.log.packed).map_err(Failure::Unreadable)?;
            replaced.extend(along);
        }
        Ok(replaced)
    }
}
