//! What is there: the logs, their backups, what a killed run left, and how full the partition is.

use ecs_log::LogName;

use crate::error::Error;
use crate::folder::{Folder, allocated};
use crate::names::{LogFile, Meaning, meaning};
use crate::options::{Files, Options};
use crate::room::DiskUse;

/// Backups of one log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Backup {
    /// The log.
    pub name: LogName,
    /// There is a plain backup.
    pub plain: bool,
    /// There is a backup with `.gz`.
    pub packed: bool,
}

impl Backup {
    /// Its one or two files.
    pub fn files(self) -> impl Iterator<Item = LogFile> {
        let name = self.name;
        [(self.plain, false), (self.packed, true)]
            .into_iter()
            .filter_map(move |(is_there, packed)| is_there.then_some(LogFile { name, packed }))
    }

    pub(crate) fn add(&mut self, other: Backup) {
        self.plain |= other.plain;
        self.packed |= other.packed;
    }
}

impl From<LogFile> for Backup {
    fn from(file: LogFile) -> Backup {
        Backup {
            name: file.name,
            plain: !file.packed,
            packed: file.packed,
        }
    }
}

/// A backup that is not whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Damage {
    /// Which file.
    pub file: LogFile,
    /// What is wrong with it, in words.
    pub reason: String,
}

/// Which backups are checked for damage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Checking {
    /// The newest whose logs are still there, and only their sizes.
    Newest,
    /// All. Each is read from beginning to end.
    All,
}

/// What is there before anything is decided. Lists are sorted by name, and so by time.
#[derive(Clone, Default, Debug)]
pub struct Survey {
    /// The logs to back up, each once.
    pub sources: Vec<LogFile>,
    /// Their backups and those of earlier ones, each log once.
    pub backups: Vec<Backup>,
    /// How many bytes the oldest backups take on disk: those that must be deleted so that use is below the limit.
    pub oldest_bytes: Vec<u64>,
    /// Logs that an earlier run saw and did not save.
    pub unsaved: Vec<LogName>,
    /// Temporary files of runs that were killed.
    pub stale: Vec<String>,
    /// Backups that are not whole.
    pub damaged: Vec<Damage>,
    /// How full the partition of the backups is; `None` if there is no folder for them yet.
    pub disk: Option<DiskUse>,
}

impl Survey {
    /// Returns true if and only if each backup of the log is known to be damaged.
    pub(crate) fn is_all_damaged(&self, backup: Backup) -> bool {
        let is_damaged = |file| self.damaged.binary_search_by_key(&file, |damage| damage.file).is_ok();
        backup.files().all(is_damaged)
    }
}

/// The logs to back up. If a log is there plain and packed, the plain one.
pub(crate) fn sources(folder: &Folder, files: &Files) -> Result<Vec<LogFile>, Error> {
    let mut sources = Vec::new();
    folder.for_each_file(|name| {
        if let Meaning::Log(file) = meaning(name)
            && files.is_match_file(name)
        {
            sources.push(file);
        }
    })?;
    sources.sort_unstable();
    sources.dedup_by_key(|file| file.name);
    Ok(sources)
}

/// Fills in what is in the folder of backups. There may be a million, so only their names are kept, in 16 bytes each.
pub(crate) fn add_backups(survey: &mut Survey, folder: &Folder, files: &Files) -> Result<(), Error> {
    let (backups, unsaved, stale) = (&mut survey.backups, &mut survey.unsaved, &mut survey.stale);
    folder.for_each_file(|name| match meaning(name) {
        Meaning::Log(file) if files.is_match_file(name) => backups.push(Backup::from(file)),
        Meaning::Unsaved(log) if files.is_match(log) => unsaved.push(log),
        Meaning::Temp => stale.push(String::from_utf8_lossy(name).into_owned()),
        Meaning::Log(_) | Meaning::Unsaved(_) | Meaning::Other => {}
    })?;
    backups.sort_unstable_by_key(|backup| backup.name);
    backups.dedup_by(|later, kept| {
        let same = later.name == kept.name;
        if same {
            kept.add(*later);
        }
        same
    });
    unsaved.sort_unstable();
    stale.sort_unstable();
    Ok(())
}

/// Fills in how full the partition is, and the sizes of the oldest backups, as many as must be deleted.
pub(crate) fn add_disk(survey: &mut Survey, folder: &Folder, options: &Options) -> Result<(), Error> {
    let disk = folder.disk_use()?;
    survey.disk = Some(disk);
    let excess = disk.excess_bytes(options.max_use);
    let mut sum = 0_u64;
    for backup in &survey.backups {
        if sum >= excess {
            break;
        }
        let bytes = backup_bytes(folder, *backup);
        sum = sum.saturating_add(bytes);
        survey.oldest_bytes.push(bytes);
    }
    Ok(())
}

/// How many bytes a backup takes on disk. A file that cannot be looked at counts as 0.
pub(crate) fn backup_bytes(folder: &Folder, backup: Backup) -> u64 {
    let stats = backup
        .files()
        .filter_map(|file| folder.stat_file(&file.to_string()).ok());
    stats.map(|stat| allocated(&stat)).fold(0, u64::saturating_add)
}
