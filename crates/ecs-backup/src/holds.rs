//! Which backups are held, and in which folder they lie.

use std::collections::{BTreeMap, BTreeSet};

use ecs_log::LogName;

use crate::backup::Backup;
use crate::hold::{HoldName, HoldRange};
use crate::names::LogFile;

/// The folder in that of the backups in which there is a folder for each hold.
pub(crate) const HELD: &str = "held";

/// One hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hold {
    /// Its name, which is that of its folder.
    pub name: HoldName,
    /// What it keeps.
    pub keeps: Keeps,
    /// The first of two that hold the same log has the lower number.
    pub(crate) order: u64,
}

impl Hold {
    /// One that comes after all others.
    pub(crate) fn last(name: HoldName, range: HoldRange) -> Hold {
        Hold {
            name,
            keeps: Keeps::Range(range),
            order: u64::MAX,
        }
    }
}

/// What a hold keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keeps {
    /// What was logged in this range.
    Range(HoldRange),
    /// Nobody knows, since its file cannot be read or understood. Any backup may be held.
    Unknown,
    /// It is being released: nothing is added to it.
    NothingMore,
}

impl Keeps {
    /// The range, if it is known.
    pub fn range(self) -> Option<HoldRange> {
        match self {
            Keeps::Range(range) => Some(range),
            Keeps::Unknown | Keeps::NothingMore => None,
        }
    }
}

/// All holds, and which backups lie in their folders.
#[derive(Clone, Default, Debug)]
pub struct Holds {
    holds: Vec<Hold>,
    /// Of each hold its range with the logs right before and after it, and its place in `holds`.
    wide: Vec<(HoldRange, usize)>,
    /// The logs whose backups lie in the folder of a hold, by the name of the first log of their time.
    lying: BTreeMap<LogName, usize>,
    /// Backups that are held, and lie in the folder of backups yet. The next run moves them.
    pub to_move: BTreeSet<LogFile>,
}

impl Holds {
    /// `lying` are the backups in the folder of each hold. The first of two holds comes first.
    pub(crate) fn new(holds: Vec<Hold>, lying: &[Vec<Backup>]) -> Holds {
        let names = lying.iter().enumerate().flat_map(|(place, backups)| {
            let name = move |backup: &Backup| (backup.name.with_number(1), place);
            backups.iter().map(name)
        });
        let mut all = Holds {
            holds,
            ..Holds::default()
        };
        for (name, place) in names {
            all.lying.entry(name).or_insert(place);
        }
        all
    }

    /// Puts the ranges in force. `names` are all logs that are known, sorted, and `others` the backups that lie in no folder of a
    /// hold; `lying` are those that do.
    pub(crate) fn put_in_force(&mut self, names: &[LogName], others: &[Backup], lying: &[Vec<Backup>]) {
        let ranges = self.holds.iter().enumerate();
        self.wide = ranges
            .filter_map(|(place, hold)| Some((hold.keeps.range()?.with_neighbours(names), place)))
            .collect();
        let files = others.iter().flat_map(|backup| backup.files());
        // Where a file of this name lies there already, both stay where they are.
        let is_taken = |file: LogFile, place: usize| {
            let there = lying.get(place).map(Vec::as_slice).unwrap_or_default();
            there.iter().any(|backup| backup.files().any(|other| other == file))
        };
        self.to_move = files
            .filter(|file| self.place(file.name).is_some_and(|place| !is_taken(*file, place)))
            .collect();
    }

    /// All holds.
    pub fn all(&self) -> &[Hold] {
        &self.holds
    }

    /// The holds of which nobody knows what they keep. As long as there is one, no backup is deleted.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &Hold> {
        self.holds.iter().filter(|hold| hold.keeps == Keeps::Unknown)
    }

    /// The hold of a log: that in whose folder its backups lie, or the first whose range has it.
    pub fn of(&self, name: LogName) -> Option<&HoldName> {
        self.holds.get(self.place(name)?).map(|hold| &hold.name)
    }

    /// Whether the backups of a log lie in the folder of a hold.
    pub(crate) fn is_in(&self, name: LogName, hold: &HoldName) -> bool {
        let place = self.lying.get(&name.with_number(1));
        place
            .and_then(|place| self.holds.get(*place))
            .is_some_and(|found| found.name == *hold)
    }

    fn place(&self, name: LogName) -> Option<usize> {
        let by_range = || {
            self.wide
                .iter()
                .find(|(range, _)| range.has(name))
                .map(|(_, place)| *place)
        };
        self.lying.get(&name.with_number(1)).copied().or_else(by_range)
    }

    /// The path of a backup in the folder of backups, if it lies in the folder of a hold.
    pub(crate) fn path(&self, file: LogFile) -> Option<String> {
        let hold = self.of(file.name).filter(|_| !self.to_move.contains(&file))?;
        Some(path(hold, &file.to_string()))
    }
}

/// The path of the folder of a hold.
pub(crate) fn folder(hold: &HoldName) -> String {
    format!("{HELD}/{hold}")
}

/// The path of a file in the folder of a hold.
pub(crate) fn path(hold: &HoldName, file: &str) -> String {
    format!("{HELD}/{hold}/{file}")
}
