//! What happens to one log, and why.

use ecs_log::LogName;

use crate::compare::Relation;
use crate::names::LogFile;
use crate::state::{Fate, Record, Stamp, State};
use crate::survey::{Backup, Source, Survey};

/// What happens to one log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decision {
    /// The log in the source folder.
    pub source: Source,
    /// What happens to it, and why.
    pub verdict: Verdict,
    /// The number of its backup's name, or of the one that is meant for it.
    number: u16,
}

/// What happens to a log, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is copied.
    Copy(CopyPlan),
    /// It is left.
    Leave(LeaveReason),
}

/// How a log is copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CopyPlan {
    /// The log in the source folder.
    pub log: LogFile,
    /// The name of its backup.
    pub backup: LogName,
    /// Why it is copied.
    pub reason: CopyReason,
    /// The size of the log, in bytes.
    pub size: u64,
    /// Whether backups may be deleted to make room for it.
    pub may_delete: bool,
    /// While the log is so, the state tells that the backup to replace is of this log.
    pub sure_of: Option<Stamp>,
}

/// Why a log is copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CopyReason {
    /// It has no backup.
    New,
    /// It went on after it was saved.
    Grown,
    /// Its backup is damaged: cut short, or, where the state tells that it is of this log, with a wrong checksum.
    Damaged,
    /// An earlier run failed to save it.
    FailedBefore,
    /// The backup that bears its name is of another log, or cannot be told from one. Both are kept.
    SecondName,
    /// The backup that bears its name is damaged or cannot be read, so that nobody knows whether it is of this log. Both are kept.
    BesideDamaged,
    /// Somebody removed its backup, or that may have been deleted to make room.
    BackupGone,
}

impl CopyReason {
    /// Returns true if and only if the backup gets a name that no other has, since another one bears the log's.
    pub(crate) fn is_second_name(self) -> bool {
        matches!(self, CopyReason::SecondName | CopyReason::BesideDamaged)
    }
}

/// Why a log is left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeaveReason {
    /// It has a whole backup.
    Saved,
    /// Its backup was deleted to make room.
    Pruned,
    /// It holds only the beginning of its backup: it was emptied or cut.
    Shrunk(Seen),
}

/// Who saw that a log holds only the beginning of its backup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seen {
    /// This run is the first. The server may be about to write the log.
    First,
    /// An earlier run too, so that it is told now.
    Again,
    /// An earlier run, which told.
    Told,
}

impl Decision {
    /// The name of its backup, or of the one that is meant for it.
    pub(crate) fn backup(&self) -> LogName {
        self.source.log.name.with_number(self.number)
    }

    /// What is written down of the log before anything is done.
    pub(crate) fn record(&self) -> Record {
        let fate = match self.verdict {
            Verdict::Leave(LeaveReason::Saved) => Fate::Saved,
            Verdict::Leave(LeaveReason::Pruned) => Fate::Pruned,
            Verdict::Leave(LeaveReason::Shrunk(Seen::First)) => Fate::Shrunk,
            Verdict::Leave(LeaveReason::Shrunk(Seen::Again | Seen::Told)) => Fate::ShrunkTold,
            Verdict::Copy(copy) => match copy.reason {
                CopyReason::FailedBefore => Fate::Failed,
                CopyReason::BackupGone => Fate::Unknown,
                CopyReason::New
                | CopyReason::Grown
                | CopyReason::Damaged
                | CopyReason::SecondName
                | CopyReason::BesideDamaged => Fate::Open,
            },
        };
        Record {
            stamp: self.source.stamp,
            number: self.number,
            fate,
        }
    }
}

/// Decides by what is written down of the log, if it is still as it was then; else by the backups that bear its name.
pub(super) fn decide(survey: &Survey, before: &State, source: Source) -> Decision {
    let known = before.get(source.log.name);
    let log = Log {
        survey,
        source,
        known,
        as_before: known.filter(|record| record.stamp == source.stamp),
    };
    log.by_record().unwrap_or_else(|| log.by_backups())
}

/// A log, and what is written down of it.
struct Log<'a> {
    survey: &'a Survey,
    source: Source,
    known: Option<Record>,
    /// The same, if the log did not change since.
    as_before: Option<Record>,
}

impl Log<'_> {
    /// Decides where the state tells enough. The survey has compared the log if it does not, or if its backup is damaged.
    fn by_record(&self) -> Option<Decision> {
        let Record { number, fate, .. } = self.as_before?;
        let is_compared = self.survey.compared(self.source.log.name).next().is_some();
        let backup = self.survey.backup(self.source.log.name.with_number(number));
        match fate {
            Fate::Saved if backup.is_none() => Some(self.copy(number, CopyReason::BackupGone)),
            Fate::Unknown if !is_compared => Some(self.copy(number, CopyReason::BackupGone)),
            Fate::Saved if !is_compared => Some(self.leave(number, LeaveReason::Saved)),
            // A hold is to have it whatever came of it.
            Fate::Pruned if self.survey.holds.of(self.source.log.name).is_some() => {
                Some(self.copy(number, CopyReason::BackupGone))
            }
            Fate::Pruned => Some(self.leave(number, LeaveReason::Pruned)),
            Fate::Shrunk => Some(self.leave(number, LeaveReason::Shrunk(Seen::Again))),
            Fate::ShrunkTold => Some(self.leave(number, LeaveReason::Shrunk(Seen::Told))),
            Fate::Saved | Fate::Open | Fate::Failed | Fate::Unknown => None,
        }
    }

    /// Decides by contents. A backup is replaced only if the log holds all that can be read of it, or if the state tells that
    /// the backup is of this log.
    fn by_backups(&self) -> Decision {
        let name = self.source.log.name;
        let number = |wanted| {
            let mut compared = self.survey.compared(name);
            let found = compared.find(|compared| compared.relation == wanted);
            found.map(|compared| compared.backup.number())
        };
        let has_failed = self.as_before.is_some_and(|record| record.fate == Fate::Failed);
        let failed_or = |reason| if has_failed { CopyReason::FailedBefore } else { reason };
        if let Some(number) = number(Relation::Same) {
            // If it failed to be flushed, it looks whole and may not be on disk.
            return if has_failed {
                self.copy(number, CopyReason::FailedBefore)
            } else {
                self.leave(number, LeaveReason::Saved)
            };
        }
        if let Some(number) = number(Relation::BackupIsCut) {
            return self.copy(number, failed_or(CopyReason::Damaged));
        }
        if let Some(number) = number(Relation::LogGoesOn) {
            return self.copy(number, failed_or(CopyReason::Grown));
        }
        if let Some(number) = number(Relation::BackupGoesOn) {
            return self.leave(number, LeaveReason::Shrunk(Seen::First));
        }
        if let Some(number) = number(Relation::BackupIsWrong).filter(|number| self.is_saved_as(*number)) {
            return self.copy(number, CopyReason::Damaged);
        }
        if let Some(number) = number(Relation::Unknown) {
            return self.copy(number, failed_or(CopyReason::New));
        }
        match self.survey.namesakes(name) {
            [] if self.may_be_pruned() => self.copy(1, CopyReason::BackupGone),
            [] => self.copy(1, failed_or(CopyReason::New)),
            taken => {
                let is_damaged = number(Relation::BackupIsWrong).is_some();
                let reason = if is_damaged {
                    CopyReason::BesideDamaged
                } else {
                    CopyReason::SecondName
                };
                self.copy(free_number(taken), reason)
            }
        }
    }

    fn is_saved_as(&self, number: u16) -> bool {
        self.as_before
            .is_some_and(|record| record.fate == Fate::Saved && record.number == number)
    }

    /// Without a state nobody knows whether the backup of a log was deleted to make room. Only a log that is newer than all backups
    /// had none; for any other a backup might go that is newer than the log.
    fn may_be_pruned(&self) -> bool {
        let is_held = |backup: &&Backup| self.survey.holds.of(backup.name).is_some();
        let newest = self.survey.backups.iter().rfind(|backup| !is_held(backup));
        let is_older = newest.is_some_and(|newest| self.source.log.name < newest.name);
        self.survey.stored.is_none() && self.known.is_none() && is_older
    }

    fn copy(&self, number: u16, reason: CopyReason) -> Decision {
        let log = self.source.log;
        let copy = CopyPlan {
            log,
            backup: log.name.with_number(number),
            reason,
            size: self.source.stamp.size,
            may_delete: reason != CopyReason::BackupGone,
            sure_of: self.is_saved_as(number).then_some(self.source.stamp),
        };
        self.decision(number, Verdict::Copy(copy))
    }

    fn leave(&self, number: u16, reason: LeaveReason) -> Decision {
        self.decision(number, Verdict::Leave(reason))
    }

    fn decision(&self, number: u16, verdict: Verdict) -> Decision {
        Decision {
            source: self.source,
            verdict,
            number,
        }
    }
}

/// The least number that no backup of this name has, plain or packed.
pub(crate) fn free_number(taken: &[Backup]) -> u16 {
    let is_free = |number: &u16| !taken.iter().any(|backup| backup.name.number() == *number);
    (1..u16::MAX).find(is_free).unwrap_or(u16::MAX)
}
