//! Makes room: deletes the oldest backups, as few as will do, and none in vain.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use ecs_log::LogName;

use crate::backup_list::BackupList;
use crate::error::Error;
use crate::event::Event;
use crate::folder::Folder;
use crate::names::LogFile;
use crate::options::Options;
use crate::progress::Progress;
use crate::state::State;
use crate::survey::Backup;

/// Some file systems count the space of a deleted file as free a moment later. It is waited for this often, and this long
/// each time, before the next backup goes.
const N_WAITS: u32 = 10;
const WAIT: Duration = Duration::from_millis(50);

/// After a deletion that freed nothing none is tried for so long, in seconds: hard links or snapshots hold the room.
const PAUSE: i64 = 24 * 60 * 60;

/// In what units files take room, in bytes.
const UNIT: u64 = 4096;

/// Makes room in the folder of backups.
pub(crate) struct Pruner<'a> {
    pub(crate) backups: &'a Folder,
    pub(crate) options: &'a Options,
    pub(crate) list: BackupList,
    /// What is known of each log, with what this run did.
    pub(crate) state: State,
    /// How many bytes may be used on the partition: below the limit, or as many as were used when the run began if that is more.
    /// What others put there is no reason to delete backups.
    ceiling: u64,
    /// How many bytes may be used below the limit that was asked for.
    limit: u64,
    /// How many bytes this run added, without those that it freed again.
    added: u64,
    /// The backups that this run made.
    made: BTreeSet<LogName>,
    /// That a backup cannot be deleted was told.
    has_told: bool,
}

impl<'a> Pruner<'a> {
    pub(crate) fn new(backups: &'a Folder, options: &'a Options, list: BackupList, state: State) -> Pruner<'a> {
        // Where use cannot be read, none is deleted to stay below the limit.
        let disk = backups.disk_use().ok();
        let limit = disk.map_or(u64::MAX, |disk| disk.limit(options.max_use));
        Pruner {
            backups,
            options,
            list,
            state,
            ceiling: disk.map_or(u64::MAX, |disk| limit.max(disk.used_bytes())),
            limit,
            added: 0,
            made: BTreeSet::new(),
            has_told: false,
        }
    }

    /// A backup is on disk, of so many bytes.
    pub(crate) fn add(&mut self, file: LogFile, bytes: u64) {
        let is_new = self.list.get(file.name).is_none();
        self.state.order.add(file.name, is_new);
        self.list.add(file, &self.state.order);
        self.made.insert(file.name);
        let room = bytes.div_ceil(UNIT).saturating_mul(UNIT);
        self.added = self.added.saturating_add(room);
    }

    /// A run before this one made a backup and was killed before older ones went for it: so they go now.
    pub(crate) fn recognise(&mut self, name: LogName) {
        let bytes = self.take_back(name);
        self.added = self.added.saturating_add(bytes);
    }

    /// A run before this one made a backup that may not be on disk. Its room is no use by others, and nothing goes for it before
    /// it is made anew. Gives its size on disk, in bytes.
    pub(crate) fn take_back(&mut self, name: LogName) -> u64 {
        let bytes = self.list.get(name).map_or(0, |backup| self.frees(backup).unwrap_or(0));
        self.ceiling = self.ceiling.saturating_sub(bytes).max(self.limit);
        bytes
    }

    /// Deletes the oldest backups while use is above the ceiling, but no more than this run added: if use is still above it,
    /// it is others who use the room.
    pub(crate) fn trim(&mut self, progress: &mut Progress<'_>) {
        while self.added > 0
            && let Ok(disk) = self.backups.disk_use()
            && disk.used_bytes() > self.ceiling
        {
            if !self.delete_oldest(disk.percent(), progress) {
                return;
            }
        }
    }

    /// Whether so much room is free that the disk was full for a moment only, and no backup need go.
    pub(crate) fn has_plenty(&self, need: u64) -> bool {
        let disk = self.backups.disk_use();
        disk.is_ok_and(|disk| disk.available_bytes() / 2 >= need)
    }

    /// Whether less is free than `need` bytes.
    pub(crate) fn lacks(&self, need: u64) -> bool {
        let disk = self.backups.disk_use();
        disk.is_ok_and(|disk| disk.available_bytes() < need)
    }

    /// Whether `need` bytes can be added without deleting anything, now or after that.
    pub(crate) fn has_free_room(&self, need: u64) -> bool {
        let disk = self.backups.disk_use();
        disk.is_ok_and(|disk| disk.available_bytes() >= need && disk.used_bytes().saturating_add(need) <= self.ceiling)
    }

    /// Deletes the oldest backups, at least one, until `need` bytes are free for the file of that name: the copy of a log, or the
    /// state. Deletes none if that would not do.
    pub(crate) fn make_room(&mut self, name: &str, need: u64, progress: &mut Progress<'_>) -> Result<(), Error> {
        // Files take whole units, and the file system some for itself.
        let need = need.div_ceil(UNIT).saturating_add(1).saturating_mul(UNIT);
        let disk = self.backups.disk_use()?;
        let lacking = need.saturating_sub(disk.available_bytes()).max(1);
        let freed = self.may_be_freed(lacking);
        if freed < lacking {
            let all = self.list.all();
            let ours = all.map(|backup| crate::survey::backup_bytes(self.backups, backup));
            let ours = ours.fold(0, u64::saturating_add);
            // Where all of ours would do, something else forbids to delete them.
            return Err(if freed == 0 && ours >= lacking {
                Error::no_room(self.backups.path().to_owned(), disk, ours)
            } else {
                Error::never_fits(self.backups.at(name), disk, need)
            });
        }
        loop {
            if !self.delete_oldest(disk.percent(), progress) {
                return Err(self.no_room()?);
            }
            if self.backups.disk_use()?.available_bytes() >= need {
                return Ok(());
            }
        }
    }

    /// A backup was deleted for a copy, and the disk was as full after it: no other goes.
    pub(crate) fn get_stuck(&mut self) {
        self.state.stuck = Some(self.options.now);
    }

    fn is_stuck(&self) -> bool {
        let since = self.state.stuck.map(|stuck| self.options.now.saturating_sub(stuck));
        since.is_some_and(|since| (0..PAUSE).contains(&since))
    }

    fn n_may_go(&self) -> usize {
        if self.is_stuck() || self.list.may_all_be_held() {
            return 0;
        }
        self.list.n_left().saturating_sub(self.options.keep_min)
    }

    /// How many bytes would be freed by deleting all that may go. Stops counting at `need`.
    fn may_be_freed(&self, need: u64) -> u64 {
        let mut freed = 0_u64;
        for backup in self.list.deletable().take(self.n_may_go()) {
            if freed >= need {
                break;
            }
            freed = freed.saturating_add(self.frees(backup).unwrap_or(0));
        }
        freed
    }

    /// How many bytes are freed if a backup goes: those of files without a second name.
    fn frees(&self, backup: Backup) -> Result<u64, Error> {
        let mut bytes = 0_u64;
        for file in backup.files() {
            let name = file.to_string();
            // Most faults are over in a moment.
            match self.backups.stat_file(&name).or_else(|_| self.backups.stat_file(&name)) {
                Ok(stat) => bytes = bytes.saturating_add(crate::folder::frees(&stat)),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(bytes)
    }

    /// Tells once that a backup cannot be deleted, and passes it over.
    fn pass_over(&mut self, error: &Error, progress: &mut Progress<'_>) {
        self.list.pass_over_oldest();
        progress.passed_over();
        if !self.has_told {
            self.has_told = true;
            progress.failed(error, 1);
        }
    }

    /// Deletes the oldest backup that can be deleted and frees room, and waits until the file system counts that as free.
    /// False if there is none.
    fn delete_oldest(&mut self, percent: u8, progress: &mut Progress<'_>) -> bool {
        while self.n_may_go() > 0
            && let Some(backup) = self.list.oldest()
        {
            let bytes = match self.frees(backup) {
                Ok(0) => {
                    progress.passed_over();
                    self.list.pass_over_oldest();
                    continue;
                }
                Ok(bytes) => bytes,
                Err(error) => {
                    self.pass_over(&error, progress);
                    continue;
                }
            };
            let before = self.backups.disk_use();
            if let Err(error) = self.delete(backup).or_else(|_| self.delete(backup)) {
                self.pass_over(&error, progress);
                continue;
            }
            self.list.remove_oldest();
            self.state.prune(backup.name);
            self.added = self.added.saturating_sub(bytes);
            progress.pruned(Event::Pruned { backup, bytes, percent });
            if self.made.contains(&backup.name) {
                progress.gone_again();
            }
            if before.is_ok_and(|before| !self.is_freed(before.used_bytes())) {
                self.get_stuck();
            }
            return true;
        }
        false
    }

    fn delete(&self, backup: Backup) -> Result<(), Error> {
        backup
            .files()
            .try_for_each(|file| self.backups.delete(&file.to_string()))
    }

    /// Whether less is used than before a deletion.
    fn is_freed(&self, used_before: u64) -> bool {
        (0..N_WAITS).any(|n| {
            if n > 0 {
                thread::sleep(WAIT);
            }
            let disk = self.backups.disk_use();
            disk.is_ok_and(|disk| disk.used_bytes() < used_before)
        })
    }

    fn no_room(&self) -> Result<Error, Error> {
        let bytes = self
            .list
            .all()
            .map(|backup| crate::survey::backup_bytes(self.backups, backup));
        let ours = bytes.fold(0, u64::saturating_add);
        let disk = self.backups.disk_use()?;
        Ok(Error::no_room(self.backups.path().to_owned(), disk, ours))
    }
}
