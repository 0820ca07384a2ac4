//! Makes room for a copy: deletes the oldest backups, as few as will do.

use std::thread;
use std::time::Duration;

use crate::backup_list::BackupList;
use crate::error::Error;
use crate::event::Event;
use crate::folder::{Deleted, Folder};
use crate::names::LogFile;
use crate::options::Options;
use crate::progress::Progress;
use crate::state::State;
use crate::survey::backup_bytes;

/// Some file systems count the space of a deleted file as free a moment later. It is waited for this often, and this long
/// each time, before the next backup goes.
const N_WAITS: u32 = 10;
const WAIT: Duration = Duration::from_millis(50);

/// Makes room in the folder of backups.
pub(crate) struct Pruner<'a> {
    pub(crate) backups: &'a Folder,
    pub(crate) options: &'a Options,
    pub(crate) list: BackupList,
    /// What is known of each log, with what this run did.
    pub(crate) state: State,
}

/// Room for the copy of one log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) log: LogFile,
    /// How many bytes must be free, where that is known.
    pub(crate) need: Option<u64>,
    /// The disk was full: at least one backup must go.
    pub(crate) was_full: bool,
    /// Whether backups may be deleted for this log.
    pub(crate) may_delete: bool,
    /// Copies wait to be flushed: no backup may be deleted before they are.
    pub(crate) has_waiting: bool,
}

impl Request {
    fn may_delete(&self) -> Result<(), Refusal> {
        match (self.may_delete, self.has_waiting) {
            (false, _) => Err(Refusal::NoFreeRoom),
            (true, true) => Err(Refusal::CopiesWait),
            (true, false) => Ok(()),
        }
    }
}

/// Why there is no room for a log.
pub(crate) enum Refusal {
    /// Backups must go, and may not while copies wait to be flushed.
    CopiesWait,
    /// No backup may be deleted for this log.
    NoFreeRoom,
    /// No room can be made, for this log or any other.
    NoRoom(Error),
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        Refusal::Failed(error)
    }
}

impl Pruner<'_> {
    /// Deletes backups until there is room. A disk that was full has been looked at before, so that its use matters no
    /// more.
    pub(crate) fn make_room(&mut self, request: Request, progress: &mut Progress<'_>) -> Result<(), Refusal> {
        if !request.was_full {
            self.get_below_limit(request, progress)?;
        }
        match request.need {
            Some(need) => self.get_free(need, request, progress),
            None => Ok(()),
        }
    }

    /// Whether so much room is free that the disk was full for a moment only, and no backup need go.
    pub(crate) fn has_plenty(&self, need: u64) -> bool {
        let disk = self.backups.disk_use();
        disk.is_ok_and(|disk| disk.available_bytes() / 2 >= need)
    }

    /// Deletes the oldest backups while use is at or above the limit.
    fn get_below_limit(&mut self, request: Request, progress: &mut Progress<'_>) -> Result<(), Refusal> {
        loop {
            let disk = self.backups.disk_use()?;
            if !disk.is_at(self.options.max_use) {
                return Ok(());
            }
            request.may_delete()?;
            if self.is_down_to_the_last() {
                return Err(self.no_room()?);
            }
            self.delete_oldest(disk.percent(), progress)?;
        }
    }

    /// Deletes the oldest backups until `need` bytes are free. Deletes none if that would not do.
    fn get_free(&mut self, need: u64, request: Request, progress: &mut Progress<'_>) -> Result<(), Refusal> {
        let disk = self.backups.disk_use()?;
        if !request.was_full && disk.available_bytes() >= need {
            return Ok(());
        }
        request.may_delete()?;
        if self.is_down_to_the_last() {
            return Err(self.no_room()?);
        }
        if self.free_at_most(disk.available_bytes(), need) < need {
            let path = self.backups.at(&request.log.to_string());
            return Err(Refusal::NoRoom(Error::never_fits(path, disk, need)));
        }
        let mut must_go = request.was_full;
        while must_go || self.backups.disk_use()?.available_bytes() < need {
            if self.is_down_to_the_last() {
                return Err(self.no_room()?);
            }
            self.delete_oldest(disk.percent(), progress)?;
            must_go = false;
        }
        Ok(())
    }

    /// How many bytes are free when all that may go is gone. Stops counting at `need`.
    fn free_at_most(&self, free_now: u64, need: u64) -> u64 {
        let n_may_go = self.list.left().len().saturating_sub(self.options.keep_min);
        let mut free = free_now;
        for backup in self.list.left().iter().take(n_may_go) {
            if free >= need {
                break;
            }
            free = free.saturating_add(backup_bytes(self.backups, *backup));
        }
        free
    }

    fn is_down_to_the_last(&self) -> bool {
        self.list.left().len() <= self.options.keep_min
    }

    /// Deletes the oldest backup, and waits until the file system counts its space as free.
    fn delete_oldest(&mut self, percent: u8, progress: &mut Progress<'_>) -> Result<(), Error> {
        let Some(backup) = self.list.oldest() else {
            return Ok(());
        };
        let before = self.backups.disk_use()?;
        let mut sum = Deleted::default();
        for file in backup.files() {
            let deleted = self.backups.delete(&file.to_string())?;
            sum.bytes = sum.bytes.saturating_add(deleted.bytes);
            sum.frees |= deleted.frees;
        }
        self.list.remove_oldest();
        self.state.prune(backup.name);
        progress.pruned(Event::Pruned {
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

    fn no_room(&self) -> Result<Refusal, Error> {
        let bytes = self
            .list
            .left()
            .iter()
            .map(|backup| backup_bytes(self.backups, *backup));
        let ours = bytes.fold(0, u64::saturating_add);
        let disk = self.backups.disk_use()?;
        let path = self.backups.path().to_owned();
        Ok(Refusal::NoRoom(Error::no_room(path, disk, ours)))
    }
}
