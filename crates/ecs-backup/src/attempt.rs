//! Saves one log, with room made for it as it needs.

use std::thread;
use std::time::Duration;

use ecs_log::LogName;

use crate::backup_list::BackupList;
use crate::batch::Batch;
use crate::copy::{Failure, Job, Named, Written};
use crate::error::Error;
use crate::event::{Event, Outcome};
use crate::folder::{Deleted, Folder};
use crate::names::LogFile;
use crate::options::Options;
use crate::survey::backup_bytes;

/// Some file systems count a deleted file's space as free a moment later; it is waited for as often, and as long each
/// time, before the next backup goes.
const N_WAITS: u32 = 10;
const WAIT: Duration = Duration::from_millis(50);

/// What is needed to save one log after the other.
pub(crate) struct Run<'a> {
    pub(crate) backups: &'a Folder,
    pub(crate) options: &'a Options,
    pub(crate) backup_list: BackupList,
    pub(crate) batch: Batch<'a>,
    /// Logs that an earlier run noted as not saved, sorted.
    pub(crate) noted: &'a [LogName],
    pub(crate) block: Vec<u8>,
    pub(crate) outcome: Outcome,
    pub(crate) report: &'a mut dyn FnMut(Event<'_>),
}

/// What became of one log.
pub(crate) enum Saved<'a> {
    /// It is copied, and not yet on disk for sure.
    Copied(Written<'a>),
    /// It is on disk, and its name too.
    Sure(Named<'a>),
    Vanished,
    /// There is no room for a log that would be the next to go.
    TooOld,
    Failed(Error),
    /// No room can be made, for this log or any other.
    NoRoom(Error),
    /// Another one stopped the run.
    Stopped,
}

/// What was tried for one log.
#[derive(Default)]
struct Tries {
    /// It is made sure at once.
    is_alone: bool,
    /// It failed once, for whatever reason but a full disk.
    has_failed: bool,
    /// The disk was full, and had plenty of room when it was looked at.
    is_spared: bool,
    /// The disk was full, and room was made.
    is_room_made: bool,
}

impl From<Error> for Saved<'_> {
    fn from(error: Error) -> Self {
        Saved::Failed(error)
    }
}

impl<'a> Run<'a> {
    /// Copies one log. Whatever goes wrong is tried once more: most of it is over in a moment.
    pub(crate) fn save(&mut self, job: &Job<'a>) -> Saved<'a> {
        let room = self.room_below_limit(job.log).and_then(|()| match job.need() {
            Some(need) => self.room_for(job.log, need, 0),
            None => Ok(()),
        });
        self.save_with(room, job, Tries::default())
    }

    /// Saves one log once more, and alone, after `failure`.
    pub(crate) fn save_alone(&mut self, job: &Job<'a>, failure: Failure) -> Saved<'a> {
        let mut tries = Tries {
            is_alone: true,
            ..Tries::default()
        };
        let room = self.room_after(failure, job, &mut tries);
        self.save_with(room, job, tries)
    }

    fn save_with(&mut self, room: Result<(), Saved<'a>>, job: &Job<'a>, mut tries: Tries) -> Saved<'a> {
        let mut room = room;
        loop {
            if let Err(saved) = room {
                return saved;
            }
            let failure = match self.copy(job, tries.is_alone) {
                Ok(saved) => return saved,
                Err(failure) => failure,
            };
            // What waits takes room and descriptors, which may be what this one lacks.
            room = self.settled().and_then(|()| self.room_after(failure, job, &mut tries));
        }
    }

    fn settled(&mut self) -> Result<(), Saved<'a>> {
        if self.settle() { Ok(()) } else { Err(Saved::Stopped) }
    }

    fn copy(&mut self, job: &Job<'a>, is_alone: bool) -> Result<Saved<'a>, Failure> {
        let copy = job.run(&mut self.block)?;
        if !is_alone {
            return Ok(Saved::Copied(copy));
        }
        copy.flush()?;
        let named = copy.rename()?;
        self.backups.sync()?;
        Ok(Saved::Sure(named))
    }

    /// Makes room for another try, if that is what is missing.
    fn room_after(&mut self, failure: Failure, job: &Job<'a>, tries: &mut Tries) -> Result<(), Saved<'a>> {
        match failure {
            Failure::Vanished if tries.has_failed => Err(Saved::Vanished),
            Failure::Other(error) if tries.has_failed => Err(Saved::Failed(error)),
            Failure::Vanished | Failure::Other(_) => {
                tries.has_failed = true;
                Ok(())
            }
            // To go on would delete one backup after the other, and to no use.
            Failure::Full { error, .. } if tries.is_room_made => Err(Saved::NoRoom(error)),
            Failure::Full { need, .. } if !tries.is_spared && self.has_plenty(need) => {
                tries.is_spared = true;
                Ok(())
            }
            Failure::Full { need, .. } => {
                tries.is_room_made = true;
                self.room_for(job.log, need, 1)
            }
        }
    }

    /// Whether there is so much room that the disk was full for a moment only, and no backup need go.
    fn has_plenty(&self, need: u64) -> bool {
        let disk = self.backups.disk_use();
        disk.is_ok_and(|disk| disk.available_bytes() / 2 >= need)
    }

    /// Deletes the oldest backups while use is at or above the limit; an error is what becomes of the log.
    fn room_below_limit(&mut self, log: LogFile) -> Result<(), Saved<'a>> {
        loop {
            let disk = self.backups.disk_use()?;
            if !disk.is_at(self.options.max_use) {
                return Ok(());
            }
            self.settled()?;
            if self.is_down_to_the_last() {
                return Err(Saved::NoRoom(self.no_room()?));
            }
            if self.backup_list.is_before_all(log.name) {
                return Err(Saved::TooOld);
            }
            self.delete_oldest(disk.percent())?;
        }
    }

    /// Deletes the oldest backups, at least `least` of them, until `need` bytes are free; none if that would not do.
    fn room_for(&mut self, log: LogFile, need: u64, least: usize) -> Result<(), Saved<'a>> {
        let disk = self.backups.disk_use()?;
        if least == 0 && disk.available_bytes() >= need {
            return Ok(());
        }
        self.settled()?;
        if self.backup_list.is_before_all(log.name) {
            return Err(Saved::TooOld);
        }
        if self.is_down_to_the_last() {
            return Err(Saved::NoRoom(self.no_room()?));
        }
        let n_may_go = self.backup_list.left().len().saturating_sub(self.options.keep_min);
        let mut after = disk.available_bytes();
        for backup in self.backup_list.left().iter().take(n_may_go) {
            if after >= need {
                break;
            }
            after = after.saturating_add(backup_bytes(self.backups, *backup));
        }
        if after < need {
            let path = self.backups.at(&log.to_string());
            return Err(Saved::NoRoom(Error::never_fits(path, disk, need)));
        }
        let mut n_gone = 0_usize;
        while n_gone < least || self.backups.disk_use()?.available_bytes() < need {
            if self.is_down_to_the_last() {
                return Err(Saved::NoRoom(self.no_room()?));
            }
            self.delete_oldest(disk.percent())?;
            n_gone = n_gone.saturating_add(1);
        }
        Ok(())
    }

    fn is_down_to_the_last(&self) -> bool {
        self.backup_list.left().len() <= self.options.keep_min
    }

    /// Deletes the oldest backup, and waits until the file system counts its space as free.
    fn delete_oldest(&mut self, percent: u8) -> Result<(), Error> {
        let Some(backup) = self.backup_list.oldest() else {
            return Ok(());
        };
        let before = self.backups.disk_use()?;
        let mut sum = Deleted::default();
        for file in backup.files() {
            let deleted = self.backups.delete(&file.to_string())?;
            sum.bytes = sum.bytes.saturating_add(deleted.bytes);
            sum.frees |= deleted.frees;
        }
        self.backup_list.remove_oldest();
        self.outcome.n_pruned = self.outcome.n_pruned.saturating_add(1);
        (self.report)(Event::Pruned {
            backup,
            bytes: sum.bytes,
            percent,
        });
        for _ in 0..N_WAITS {
            if !sum.frees || self.backups.disk_use()?.used_bytes() < before.used_bytes() {
                break;
            }
            thread::sleep(WAIT);
        }
        Ok(())
    }

    fn no_room(&self) -> Result<Error, Error> {
        let mut ours = 0_u64;
        for backup in self.backup_list.left() {
            ours = ours.saturating_add(backup_bytes(self.backups, *backup));
        }
        let disk = self.backups.disk_use()?;
        Ok(Error::no_room(self.backups.path().to_owned(), disk, ours))
    }
}
