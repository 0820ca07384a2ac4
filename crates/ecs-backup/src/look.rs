//! Looks at both folders.

use ecs_log::LogName;

use crate::check;
use crate::copy::BLOCK;
use crate::error::Error;
use crate::folder::Folder;
use crate::folders::Folders;
use crate::holding;
use crate::holds::{Hold, Holds};
use crate::names::LogFile;
use crate::options::Options;
use crate::pair::Pair;
use crate::plan::{Plan, plan};
use crate::state::{Fate, State};
use crate::state_file;
use crate::survey::{self, Checking, Compared, Source, Survey};

impl Folders {
    /// Looks at what is there, and decides what to do. Changes nothing.
    ///
    /// # Errors
    ///
    /// As for [`survey`](Folders::survey).
    pub fn plan(&self, options: &Options, checking: Checking) -> Result<Plan, Error> {
        Ok(plan(self.survey(options, checking)?, options))
    }

    /// Looks at what is there, and changes nothing.
    ///
    /// # Errors
    ///
    /// A folder cannot be listed to its end, or the use of the partition cannot be read. Half a list would lead to wrong
    /// decisions.
    pub fn survey(&self, options: &Options, checking: Checking) -> Result<Survey, Error> {
        let mut survey = Survey {
            checking,
            ..Survey::default()
        };
        survey::add_sources(&mut survey, &self.source, &options.files)?;
        if let Some(backups) = &self.backups {
            survey.stored = state_file::read(backups);
            survey::add_backups(&mut survey, backups, &options.files)?;
            let (mut holds, mut lying) = holding::read(backups)?;
            if let Some((name, range)) = &self.would_hold
                && !holds
                    .iter()
                    .any(|hold| hold.name == *name && hold.keeps.range().is_some())
            {
                // What a release that was killed left there is held anew.
                let place = holds.iter().position(|hold| hold.name == *name);
                place.map(|place| holds.remove(place));
                let there = place.map(|place| lying.remove(place));
                holds.push(Hold::last(name.clone(), *range));
                lying.push(there.unwrap_or_default());
            }
            survey::add_held(&mut survey, Holds::new(holds, &lying), lying, &options.files);
            let backups = &backups.with_holds(survey.holds.clone())?;
            survey.disk = Some(backups.disk_use()?);
            let newest = check::newest(&survey, &self.source, backups);
            survey.damaged = match checking {
                Checking::Newest => newest,
                Checking::All => check::all(&survey, newest, &self.source, backups),
            };
            survey.compared = compared(&survey, &self.source, backups);
            survey.held = held(&survey, &self.source, backups);
        }
        Ok(survey)
    }
}

/// Compares logs with the backups that bear their names, where the state does not tell, or what it tells is not so.
fn compared(survey: &Survey, source: &Folder, backups: &Folder) -> Vec<Compared> {
    let mut all = Vec::new();
    let mut block = vec![0; BLOCK];
    for log in &survey.sources {
        let namesakes = survey.namesakes(log.log.name);
        if !namesakes.is_empty() && !is_settled(survey, *log) {
            for backup in namesakes {
                let pair = Pair {
                    source,
                    log: log.log,
                    backups,
                    backup: *backup,
                };
                all.push(Compared {
                    backup: backup.name,
                    relation: pair.relation(&mut block),
                });
            }
        }
    }
    all
}

/// Whether the state tells what is with a log, and nothing speaks against it.
fn is_settled(survey: &Survey, log: Source) -> bool {
    let record = survey.stored.as_ref().and_then(|stored| stored.state.get(log.log.name));
    let Some(record) = record.filter(|record| record.stamp == log.stamp) else {
        return false;
    };
    match record.fate {
        Fate::Saved => {
            let backup = survey.backup(log.log.name.with_number(record.number));
            backup.is_none_or(|backup| !survey.is_all_damaged(backup))
        }
        Fate::Pruned | Fate::Shrunk | Fate::ShrunkTold => true,
        Fate::Open | Fate::Failed | Fate::Unknown => false,
    }
}

/// The logs that are gone and that no run wrote down as saved, but that are in their backups all the same: the run that saved
/// them was killed. So are those that the server packed since.
fn held(survey: &Survey, source: &Folder, backups: &Folder) -> Vec<LogName> {
    let state = survey.stored.as_ref().map(|stored| &stored.state);
    let records = state.into_iter().flat_map(|state: &State| &state.records);
    let gone = records.filter(|(name, record)| record.fate.is_unsaved() && survey.is_gone(**name, **record));
    gone.filter(|(name, record)| {
        let files = [false, true].map(|packed| LogFile {
            name: name.with_number(record.number),
            packed,
        });
        let packed = survey.source(**name).filter(|source| source.log.packed);
        let packed = packed.and_then(|log| check::length_of(source, log.log));
        let lengths = files
            .into_iter()
            .filter_map(|file| check::length_of(backups, file))
            .chain(packed);
        lengths.max().is_some_and(|length| length >= record.stamp.size)
    })
    .map(|(name, _)| *name)
    .collect()
}
