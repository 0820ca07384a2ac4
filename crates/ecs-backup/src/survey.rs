//! What is there: the logs, their backups, what earlier runs wrote down or left, and how full the partition is.

use ecs_log::LogName;
use rustix::fs::FileType;

pub use crate::backup::Backup;
use crate::compare::Relation;
use crate::error::Error;
use crate::folder::{Folder, allocated};
use crate::holds::Holds;
use crate::names::{LogFile, Meaning, meaning};
use crate::options::Files;
use crate::room::DiskUse;
use crate::state::{Record, Stamp};
use crate::state_file::Stored;

/// A log in the source folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Source {
    /// The file.
    pub log: LogFile,
    /// By what it is known again.
    pub stamp: Stamp,
}

/// A backup that is not whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Damage {
    /// Which file.
    pub file: LogFile,
    /// What is wrong with it, in words.
    pub reason: String,
    /// It is as its log, which was packed already: to make it anew would not help.
    pub is_as_log: bool,
}

/// How a log is related to a backup that bears its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Compared {
    /// The backup, whose number tells of which log.
    pub backup: LogName,
    /// How they are related. Where there are two files, plain and packed: one that is the same is enough, and only if the
    /// log holds all of both may they be replaced.
    pub relation: Relation,
}

/// Which backups are checked for damage.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Checking {
    /// The newest whose logs are still there, and only their sizes.
    #[default]
    Newest,
    /// All. Each is read from beginning to end, and held against its log if that is still there as it was saved.
    All,
}

/// Something in the source folder that is passed over although its name matches the pattern.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PassedOver {
    /// Its name.
    pub name: String,
    /// It is not a regular file: a link, a folder, a pipe. Otherwise its name is not that of a log.
    pub is_no_file: bool,
}

/// What is there before anything is decided. Lists are sorted by name, and so by time.
#[derive(Clone, Default, Debug)]
pub struct Survey {
    /// All logs in the source folder, each once.
    pub sources: Vec<Source>,
    /// Logs that were listed there, match the pattern, and were gone when they were looked at.
    pub vanished: Vec<LogName>,
    /// What else there is in the source folder whose name matches the pattern. It is passed over.
    pub others: Vec<PassedOver>,
    /// Packed logs in the source folder that match the pattern, and beside which the plain one lies. Only that is saved.
    pub twins: Vec<LogFile>,
    /// The backups of logs that are to be backed up, and of earlier ones, each log once.
    pub backups: Vec<Backup>,
    /// Logs that a run before there was a state saw and did not save.
    pub unsaved: Vec<LogName>,
    /// Temporary files of runs that were killed.
    pub stale: Vec<String>,
    /// Which backups were checked for damage.
    pub checking: Checking,
    /// Backups that are not whole.
    pub damaged: Vec<Damage>,
    /// How logs are related to backups that bear their names, for those of which the state does not tell.
    pub compared: Vec<Compared>,
    /// Logs that are gone, that no run wrote down as saved, and that are not lost all the same: a backup holds them, or the
    /// server packed them.
    pub held: Vec<LogName>,
    /// What is held, and where its backups lie.
    pub holds: Holds,
    /// How full the partition of the backups is; `None` if there is no folder for them yet.
    pub disk: Option<DiskUse>,
    /// What earlier runs wrote down; `None` if there is nothing that is valid.
    pub(crate) stored: Option<Stored>,
}

impl Survey {
    /// Returns true if and only if each backup of the log is known to be damaged.
    pub(crate) fn is_all_damaged(&self, backup: Backup) -> bool {
        let is_damaged = |file| self.damaged.binary_search_by_key(&file, |damage| damage.file).is_ok();
        backup.files().all(is_damaged)
    }

    /// The log in the source folder with this name.
    pub(crate) fn source(&self, name: LogName) -> Option<Source> {
        let place = self
            .sources
            .binary_search_by_key(&name, |source| source.log.name)
            .ok()?;
        self.sources.get(place).copied()
    }

    /// Whether a log is gone: it is not there, or another one, or what was left of it, bears its name now.
    pub(crate) fn is_gone(&self, name: LogName, record: Record) -> bool {
        self.source(name).is_none_or(|source| record.is_gone(source.stamp))
    }

    /// The backup with this name and number.
    pub(crate) fn backup(&self, name: LogName) -> Option<Backup> {
        let place = self.backups.binary_search_by_key(&name, |backup| backup.name).ok()?;
        self.backups.get(place).copied()
    }

    /// All backups that bear the name of a log, with whatever number.
    pub(crate) fn namesakes(&self, name: LogName) -> &[Backup] {
        let first = self.backups.partition_point(|backup| backup.name < name.with_number(1));
        let end = self
            .backups
            .partition_point(|backup| backup.name <= name.with_number(u16::MAX));
        self.backups.get(first..end).unwrap_or_default()
    }

    /// How the log of this name is related to the backups that bear its name.
    pub(crate) fn compared(&self, name: LogName) -> impl Iterator<Item = Compared> {
        let of_name = move |compared: &&Compared| compared.backup.with_number(1) == name;
        self.compared.iter().filter(of_name).copied()
    }
}

/// Fills in all logs in the source folder. If a log is there plain and packed, the plain one.
pub(crate) fn add_sources(survey: &mut Survey, folder: &Folder, files: &Files) -> Result<(), Error> {
    let (mut logs, others) = (Vec::new(), &mut survey.others);
    folder.for_each(|name, found| {
        let is_no_file = found != FileType::RegularFile;
        match meaning(name) {
            // Numbers are ours: no server writes names with them.
            Meaning::Log(file) if file.name.number() == 1 && !is_no_file => logs.push(file),
            _ if files.is_match_name(name) && !matches!(name, b"." | b"..") => {
                let name = String::from_utf8_lossy(name).into_owned();
                others.push(PassedOver { name, is_no_file });
            }
            _ => {}
        }
    })?;
    others.sort_unstable();
    logs.sort_unstable();
    let twins = &mut survey.twins;
    logs.dedup_by(|later, kept| {
        let is_twin = later.name == kept.name;
        twins.extend((is_twin && files.is_match(later.name)).then_some(*later));
        is_twin
    });
    for log in logs {
        let name = log.to_string();
        match folder.stat_file(&name).or_else(|_| folder.stat_file(&name)) {
            Err(error) if error.is_not_found() => survey.vanished.push(log.name),
            // A log that cannot be looked at is listed: to copy it fails, and tells why.
            stat => survey.sources.push(Source {
                log,
                stamp: stat.map_or_else(|_| Stamp::default(), |stat| Stamp::from(&stat)),
            }),
        }
    }
    survey.vanished.retain(|name| files.is_match(*name));
    Ok(())
}

/// Fills in what is in the folder of backups. There may be a million, so only their names are kept, in 20 bytes each.
pub(crate) fn add_backups(survey: &mut Survey, folder: &Folder, files: &Files) -> Result<(), Error> {
    let (unsaved, stale) = (&mut survey.unsaved, &mut survey.stale);
    let mut backups = Vec::new();
    folder.for_each_file(|name| match meaning(name) {
        Meaning::Log(file) if files.is_match_file(file, name) => backups.push(Backup::from(file)),
        Meaning::Unsaved(log) if files.is_match(log) => unsaved.push(log),
        Meaning::Temp => stale.push(String::from_utf8_lossy(name).into_owned()),
        Meaning::Log(_) | Meaning::Unsaved(_) | Meaning::Other => {}
    })?;
    survey.backups = sorted(backups);
    unsaved.sort_unstable();
    stale.sort_unstable();
    Ok(())
}

/// Sorted by name, the files of a backup together.
pub(crate) fn sorted(mut backups: Vec<Backup>) -> Vec<Backup> {
    backups.sort_unstable_by_key(|backup| backup.name);
    backups.dedup_by(|later, kept| {
        let same = later.name == kept.name;
        if same {
            kept.add(*later);
        }
        same
    });
    backups
}

/// Adds the backups that lie in the folders of holds, and puts these in force.
pub(crate) fn add_held(survey: &mut Survey, mut holds: Holds, mut held: Vec<Vec<Backup>>, files: &Files) {
    if holds.all().is_empty() {
        return;
    }
    held.iter_mut()
        .for_each(|backups| backups.retain(|backup| files.is_match(backup.name)));
    let sources = survey.sources.iter().map(|source| source.log.name);
    let backups = survey.backups.iter().chain(held.iter().flatten());
    let mut names = Vec::from_iter(sources.chain(backups.map(|backup| backup.name)));
    names.sort_unstable();
    holds.put_in_force(&names, &survey.backups, &held);
    survey.holds = holds;
    survey.backups.extend(held.into_iter().flatten());
    survey.backups = sorted(std::mem::take(&mut survey.backups));
}

/// How many bytes a backup takes on disk. A file that cannot be looked at counts as 0.
pub(crate) fn backup_bytes(folder: &Folder, backup: Backup) -> u64 {
    let stats = backup
        .files()
        .filter_map(|file| folder.stat_file(&file.to_string()).ok());
    stats.map(|stat| allocated(&stat)).fold(0, u64::saturating_add)
}
