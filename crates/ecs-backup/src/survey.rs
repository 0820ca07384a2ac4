//! What there is: the logs, their backups, what a killed run left, and how full the partition is.

use ecs_log::LogName;

use crate::error::Error;
use crate::folder::{Folder, allocated};
use crate::names::{LogFile, Meaning, meaning};
use crate::options::{Files, Options};
use crate::room::DiskUse;

/// Backups of one log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Backup {
    /// Of which log.
    pub name: LogName,
    /// There is a plain one.
    pub plain: bool,
    /// There is one with `.gz`.
    pub packed: bool,
}

impl Backup {
    /// The files, one or two.
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

/// Which backups are looked at for damage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Checking {
    /// The newest ones whose logs are still there, and only whether their sizes fit.
    Newest,
    /// All, from beginning to end.
    All,
}

/// What there is, before anything is decided. Lists are sorted by name, which is by time.
#[derive(Clone, Default, Debug)]
pub struct Survey {
    /// The logs in the source folder that are meant, each once.
    pub sources: Vec<LogFile>,
    /// The backups that are meant, each log once.
    pub backups: Vec<Backup>,
    /// What the oldest backups take on disk, in bytes: as many of them as must go for use to be below the limit.
    pub oldest_bytes: Vec<u64>,
    /// Logs that an earlier run saw and did not save.
    pub unsaved: Vec<LogName>,
    /// Temporary files of runs that were killed.
    pub stale: Vec<String>,
    /// Backups that are not whole.
    pub damaged: Vec<Damage>,
    /// How full the partition of the backups is; `None` before there is a folder for them.
    pub disk: Option<DiskUse>,
}

/// The logs in the source folder that are meant. Of a log that is there plain and packed, the plain one.
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

/// Fills in what is in the folder of backups. There may be very many, so nothing is kept but their names, in 16 bytes
/// each.
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

/// Fills in how full the partition is, and the sizes of the oldest backups, as many as would have to go.
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

/// What a backup takes on disk, in bytes: as much of it as can be told.
pub(crate) fn backup_bytes(folder: &Folder, backup: Backup) -> u64 {
    let stats = backup
        .files()
        .filter_map(|file| folder.stat_file(&file.to_string()).ok());
    stats.map(|stat| allocated(&stat)).fold(0, u64::saturating_add)
}
