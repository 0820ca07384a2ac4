//! How it stands with the backups, for a person who looks after them.

#[cfg(test)]
mod tests;
mod text;

use ecs_log::LogName;

use crate::error::Error;
use crate::folder::{Folder, allocated};
use crate::history::History;
use crate::holding;
use crate::holds::{Hold, Holds, Keeps};
use crate::options::Options;
use crate::room::DiskUse;
use crate::state_file;
use crate::survey::{self, Backup, Survey};

const DAY: i64 = 24 * 60 * 60;

/// From a shorter period no rate is told, in seconds.
const LEAST_PERIOD: i64 = 6 * 60 * 60;

/// How it stands with the backups. Sizes are bytes on disk.
#[derive(Debug)]
pub struct Status {
    /// The logs with the least and with the greatest name of which there is a backup.
    pub reach: Option<(LogName, LogName)>,
    /// How many backups there are.
    pub n_backups: u64,
    /// What they take.
    pub bytes: u64,
    /// How full the partition is.
    pub disk: DiskUse,
    /// How many bytes of backups a day brings, by those of the last day. `None` if the backups do not reach back far enough to
    /// tell.
    pub bytes_a_day: Option<u64>,
    /// When the oldest backup will be deleted.
    pub outlook: Outlook,
    /// The holds, the first first.
    pub holds: Vec<HeldBackups>,
    /// What was written down by the runs, or why that cannot be read.
    pub history: Result<History, Error>,
}

/// A hold, and what lies in its folder.
#[derive(Clone, Debug)]
pub struct HeldBackups {
    /// The hold.
    pub hold: Hold,
    /// How many backups lie there.
    pub n_backups: u64,
    /// What they take.
    pub bytes: u64,
}

impl Status {
    /// Returns true if and only if the state and the file of each hold could be read.
    pub fn is_well(&self) -> bool {
        self.history.is_ok() && self.holds.iter().all(|held| held.hold.keeps != Keeps::Unknown)
    }
}

/// When the oldest backup will be deleted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outlook {
    /// There is none that may be, or nothing was saved in the last day.
    Never,
    /// The backups do not reach back far enough to tell.
    NotKnown,
    /// When the next backup is made: the partition is as full as it may be.
    Next,
    /// In so many seconds, if logs come as they came in the last day.
    In(u64),
}

/// Looks at the backups, also while a run is at work, and changes nothing.
///
/// # Errors
///
/// The folder of backups is not there or cannot be listed, or the use of the partition cannot be read.
pub fn status(options: &Options) -> Result<Status, Error> {
    let folder = Folder::open(&options.destination)?;
    let mut survey = Survey::default();
    survey::add_backups(&mut survey, &folder, &options.files)?;
    let mut sizes = Sizes::new(options.now);
    survey.backups.iter().for_each(|backup| sizes.add(&folder, *backup));
    let n_others = survey.backups.len();
    let (holds, lying) = holding::read(&folder)?;
    survey::add_held(&mut survey, Holds::new(holds, &lying), lying, &options.files);
    let folder = folder.with_holds(survey.holds.clone())?;
    let holds = Vec::from_iter(
        survey
            .holds
            .all()
            .iter()
            .map(|hold| sizes.add_hold(&folder, &survey, hold)),
    );
    let may_go = n_others > options.keep_min && survey.holds.unknown().next().is_none();
    let disk = folder.disk_use()?;
    let bytes_a_day = sizes.bytes_a_day();
    Ok(Status {
        reach: survey.backups.first().zip(survey.backups.last()).map(names),
        n_backups: number(survey.backups.len()),
        bytes: sizes.bytes,
        outlook: outlook(disk.left(options.max_use), bytes_a_day, may_go),
        disk,
        bytes_a_day,
        holds,
        history: state_file::read_surely(&folder)
            .map(|stored| stored.map(|stored| stored.state.history).unwrap_or_default()),
    })
}

fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

fn names((first, last): (&Backup, &Backup)) -> (LogName, LogName) {
    (first.name, last.name)
}

fn outlook(left: u64, bytes_a_day: Option<u64>, may_go: bool) -> Outlook {
    let seconds = |days: u128| u64::try_from(days).unwrap_or(u64::MAX);
    let wait = |bytes_a_day: u64| (u128::from(left) * u128::from(DAY.unsigned_abs())).checked_div(bytes_a_day.into());
    match bytes_a_day {
        _ if !may_go => Outlook::Never,
        _ if left == 0 => Outlook::Next,
        None => Outlook::NotKnown,
        Some(bytes) => wait(bytes).map_or(Outlook::Never, |wait| Outlook::In(seconds(wait))),
    }
}

/// The sizes of backups, and by the times of their logs how many bytes came in the last day.
struct Sizes {
    now: i64,
    bytes: u64,
    last_day: u64,
    /// When the first of them was written, in seconds since 1970.
    oldest: i64,
}

impl Sizes {
    fn new(now: i64) -> Sizes {
        Sizes {
            now,
            bytes: 0,
            last_day: 0,
            oldest: now,
        }
    }

    /// A file that a run deletes meanwhile counts as none.
    fn add(&mut self, folder: &Folder, backup: Backup) {
        let stats = backup
            .files()
            .filter_map(|file| folder.stat_file(&file.to_string()).ok());
        for stat in stats {
            let bytes = allocated(&stat);
            self.bytes = self.bytes.saturating_add(bytes);
            self.oldest = self.oldest.min(stat.st_mtime);
            let age = self.now.saturating_sub(stat.st_mtime);
            if (0..DAY).contains(&age) {
                self.last_day = self.last_day.saturating_add(bytes);
            }
        }
    }

    /// Adds what lies in the folder of a hold.
    fn add_hold(&mut self, folder: &Folder, survey: &Survey, hold: &Hold) -> HeldBackups {
        let before = self.bytes;
        let is_there = |backup: &&Backup| survey.holds.is_in(backup.name, &hold.name);
        let backups = Vec::from_iter(survey.backups.iter().filter(is_there).copied());
        backups.iter().for_each(|backup| self.add(folder, *backup));
        HeldBackups {
            hold: hold.clone(),
            n_backups: number(backups.len()),
            bytes: self.bytes.saturating_sub(before),
        }
    }

    /// Where backups do not reach back a day, as many as if it had gone on so; `None` where they do not reach back
    /// [`LEAST_PERIOD`].
    fn bytes_a_day(&self) -> Option<u64> {
        let period = self.now.saturating_sub(self.oldest).min(DAY);
        if period < LEAST_PERIOD && self.bytes > 0 {
            return None;
        }
        let bytes = u128::from(self.last_day) * u128::from(DAY.unsigned_abs());
        let a_day = bytes.checked_div(u128::from(period.unsigned_abs())).unwrap_or(0);
        Some(u64::try_from(a_day).unwrap_or(u64::MAX))
    }
}
