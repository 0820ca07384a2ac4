//! Begins holds and ends them, and moves backups between their folders and that of the backups.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use ecs_log::TimeRange;
use rustix::fs::Mode;

use crate::backup::Backup;
use crate::error::Error;
use crate::folder::Folder;
use crate::folders::Folders;
use crate::hold::{HoldName, HoldRange};
use crate::hold_file::HoldFile;
use crate::holds::{self, HELD, Hold, Holds, Keeps};
use crate::lock::Lock;
use crate::names::{LogFile, Meaning, meaning};
use crate::progress::Progress;
use crate::state::Fate;
use crate::state_file;

/// A hold that was released.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Released {
    /// The backups that were moved, and their names now.
    pub moved: Vec<(LogFile, LogFile)>,
    /// Its folder stays, since there is something else in it.
    pub is_folder_left: bool,
}

impl Folders {
    /// Puts a hold in force. From now on runs move and save what is of its range into its folder, where nothing deletes it. If
    /// it was in force before, nothing changes.
    ///
    /// Gives the names of other holds that have a part of the range: what lies there stays there.
    ///
    /// # Errors
    ///
    /// Another range is held under that name, the folder cannot be made, or the range not be written down.
    pub fn hold(&self, _lock: &Lock, name: &HoldName, range: TimeRange) -> Result<Vec<HoldName>, Error> {
        let Some(backups) = &self.backups else {
            return Ok(Vec::new());
        };
        let range = HoldRange::from(range);
        let asked = Asked::look(backups, name, range)?;
        if !asked.is_in_force {
            let all = backups.open_or_make_folder(HELD)?;
            if open(backups)?.is_none() {
                return Err(Error::open_to_all(all.path().to_owned()));
            }
            let folder = all.open_or_make_folder(name.as_str())?;
            let order = asked.order;
            HoldFile { range, order }.write(&folder)?;
        }
        Ok(asked.overlapping)
    }

    /// Looks at these folders from now on as if there were a hold. Gives what [`hold`](Folders::hold) would give.
    ///
    /// # Errors
    ///
    /// Another range is held under that name.
    pub fn would_hold(&mut self, name: &HoldName, range: TimeRange) -> Result<Vec<HoldName>, Error> {
        let range = HoldRange::from(range);
        self.would_hold = Some((name.clone(), range));
        let asked = self.backups.as_ref().map(|backups| Asked::look(backups, name, range));
        Ok(asked.transpose()?.unwrap_or_default().overlapping)
    }

    /// Ends a hold: moves all its backups back, and deletes none. One whose name is taken there gets a second name.
    ///
    /// If it is interrupted nothing more is added to the hold, and the next release does the rest.
    ///
    /// # Errors
    ///
    /// There is no such hold, or one of the steps fails.
    pub fn release(&self, _lock: &Lock, name: &HoldName) -> Result<Released, Error> {
        let (backups, all, folder) = self.folders_of(name)?;
        HoldFile::remove(&folder)?;
        let moved = back(backups, &folder)?;
        forget_places(backups, &moved)?;
        for (from, to) in &moved {
            backups.rename(&holds::path(name, &from.to_string()), &to.to_string())?;
        }
        backups.sync_if_it_can()?;
        folder.sync_if_it_can()?;
        let is_folder_left = all.remove_folder(name.as_str()).is_err();
        // As long as there are other holds, it stays.
        let _ = backups.remove_folder(HELD);
        Ok(Released { moved, is_folder_left })
    }

    /// The backups that [`release`](Folders::release) would move, and their names then.
    ///
    /// # Errors
    ///
    /// There is no such hold, or a folder cannot be listed.
    pub fn would_release(&self, name: &HoldName) -> Result<Vec<(LogFile, LogFile)>, Error> {
        let (backups, _, folder) = self.folders_of(name)?;
        back(backups, &folder)
    }

    /// The folder of backups, that of all holds, and that of one.
    fn folders_of(&self, name: &HoldName) -> Result<(&Folder, Folder, Folder), Error> {
        let none = || Error::no_such_hold(holds::folder(name).into());
        let backups = self.backups.as_ref().ok_or_else(none)?;
        let none = || Error::no_such_hold(backups.at(&holds::folder(name)));
        let all = open(backups)?.ok_or_else(none)?;
        let folder = all.open_folder(name.as_str());
        let folder = folder.map_err(|error| if error.is_not_found() { none() } else { error })?;
        Ok((backups, all, folder))
    }
}

/// What there is of a hold that is asked for, and of others.
#[derive(Default)]
struct Asked {
    is_in_force: bool,
    /// Its place if it is new: after all others.
    order: u64,
    /// Other holds that have a part of the range.
    overlapping: Vec<HoldName>,
}

impl Asked {
    /// Fails if another range is held under that name.
    fn look(backups: &Folder, name: &HoldName, range: HoldRange) -> Result<Asked, Error> {
        let (holds, _) = read(backups)?;
        let known = holds
            .iter()
            .find(|hold| hold.name == *name)
            .and_then(|hold| hold.keeps.range());
        if let Some(known) = known.filter(|known| *known != range) {
            let path = backups.at(&holds::folder(name));
            return Err(Error::held_otherwise(path, known));
        }
        let has_part = |hold: &Hold| hold.keeps.range().is_some_and(|other| other.overlaps(&range));
        let is_other = |hold: &&Hold| hold.name != *name && has_part(hold);
        Ok(Asked {
            is_in_force: known.is_some(),
            order: holds.iter().map(|hold| hold.order).max().unwrap_or(0).saturating_add(1),
            overlapping: holds.iter().filter(is_other).map(|hold| hold.name.clone()).collect(),
        })
    }
}

/// The folder of all holds, if there is one. Something else of that name is somebody else's; so is a folder that another user made.
///
/// One of ours to which everybody may write is refused: anybody could let backups be moved anywhere. To pass it over would end
/// what is held there.
fn open(backups: &Folder) -> Result<Option<Folder>, Error> {
    // Most faults are over in a moment. What is held and not seen would be saved where it may be deleted.
    match backups.open_folder(HELD).or_else(|_| backups.open_folder(HELD)) {
        Ok(folder) => {
            let (ours, stat) = (backups.stat()?, folder.stat()?);
            let is_ours = stat.st_uid == ours.st_uid || stat.st_uid == rustix::process::geteuid().as_raw();
            let is_open_to_all = Mode::from_raw_mode(stat.st_mode).contains(Mode::WOTH);
            if is_ours && is_open_to_all {
                return Err(Error::open_to_all(folder.path().to_owned()));
            }
            Ok(is_ours.then_some(folder))
        }
        Err(error) if error.is_not_found() || error.is_no_folder() => Ok(None),
        Err(error) => Err(error),
    }
}

/// All holds, the first first, and the backups that lie in the folder of each, sorted by name.
pub(crate) fn read(backups: &Folder) -> Result<(Vec<Hold>, Vec<Vec<Backup>>), Error> {
    let Some(all) = open(backups)? else {
        return Ok(Default::default());
    };
    let mut names = BTreeSet::new();
    all.for_each_folder(|name| {
        names.extend(
            std::str::from_utf8(name)
                .ok()
                .and_then(|name| name.parse::<HoldName>().ok()),
        )
    })?;
    let mut holds = Vec::new();
    for name in names {
        let folder = all.open_folder(name.as_str())?;
        let (keeps, order) = match HoldFile::read(&folder) {
            Ok(Some(file)) => (Keeps::Range(file.range), file.order),
            Ok(None) => (Keeps::NothingMore, 0),
            Err(_) => (Keeps::Unknown, 0),
        };
        let hold = Hold { name, keeps, order };
        holds.push((hold, list(&folder)?));
    }
    holds.sort_by(|(a, _), (b, _)| (a.order, &a.name).cmp(&(b.order, &b.name)));
    Ok(holds.into_iter().unzip())
}

fn list(folder: &Folder) -> Result<Vec<Backup>, Error> {
    let mut backups = Vec::new();
    folder.for_each_file(|name| {
        if let Meaning::Log(file) = meaning(name) {
            backups.push(Backup::from(file));
        }
    })?;
    Ok(crate::survey::sorted(backups))
}

/// Moves each backup that is held, and lies in the folder of backups yet, into the folder of its hold. Those that cannot be moved
/// stay where they are, and nothing deletes them. Gives the folder of backups in which all are found where they lie now.
pub(crate) fn settle(backups: &Folder, mut holds: Holds, progress: &mut Progress<'_>) -> Result<Folder, Error> {
    let to_move = std::mem::take(&mut holds.to_move);
    for file in &to_move {
        let Some(hold) = holds.of(file.name) else { continue };
        let (from, to) = (file.to_string(), holds::path(hold, &file.to_string()));
        match backups.rename(&from, &to).or_else(|_| backups.rename(&from, &to)) {
            Ok(()) => progress.held(*file, hold),
            Err(error) => {
                progress.failed(&error, 1);
                holds.to_move.insert(*file);
            }
        }
    }
    let backups = backups.with_holds(holds)?;
    if !to_move.is_empty() {
        backups.sync_if_it_can()?;
    }
    Ok(backups)
}

/// Which backups in the folder of a hold are moved back, and what they are called then.
fn back(backups: &Folder, folder: &Folder) -> Result<Vec<(LogFile, LogFile)>, Error> {
    let held = list(folder)?;
    let others = BTreeSet::from_iter(list(backups)?.iter().map(|backup| backup.name));
    let mut taken = BTreeSet::from_iter(held.iter().map(|backup| backup.name).chain(others.iter().copied()));
    let mut moved = Vec::new();
    for backup in held {
        let mut name = backup.name;
        if others.contains(&name) {
            let numbers = 2..=u16::MAX;
            let mut names = numbers.map(|number| name.with_number(number));
            name = names.find(|name| !taken.contains(name)).unwrap_or(name);
            taken.insert(name);
        }
        moved.extend(backup.files().zip(Backup { name, ..backup }.files()));
    }
    Ok(moved)
}

/// Where backups got other names, what the state tells of their logs is not so any more: they are compared.
fn forget_places(backups: &Folder, moved: &[(LogFile, LogFile)]) -> Result<(), Error> {
    let mut renamed = moved.iter().filter(|(from, to)| from != to).peekable();
    let Some(mut stored) = state_file::read(backups).filter(|_| renamed.peek().is_some()) else {
        return Ok(());
    };
    for (from, _) in renamed {
        stored.state.set_fate(from.name.with_number(1), Fate::Open);
    }
    state_file::write(backups, &stored.state, stored.place).map(|_| ())
}
