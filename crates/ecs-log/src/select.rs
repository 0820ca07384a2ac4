//! Orders what was found by time, and chooses from it by number and time.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::find::{Finder, Found};
use crate::log::Log;
use crate::name::LogName;
use crate::range::TimeRange;
use crate::same::without_copies;

/// Which logs are wanted.
#[derive(Clone, Default, Debug)]
pub struct Request {
    /// Files, folders, patterns that the shell did not expand, or `-` for standard input.
    ///
    /// What exists is taken as it is written, also if it looks like a pattern. A file may have any
    /// name; of a folder only the files that have the name of an ECS log are taken.
    pub inputs: Vec<OsString>,
    /// The folders that are listed if `inputs` is empty.
    pub folders: Vec<PathBuf>,
    /// Only this many, the newest. By default, all.
    pub last: Option<usize>,
    /// Only those that can hold a part of this range. By default, all.
    pub range: Option<TimeRange>,
}

/// Which logs were chosen, and what could not be looked at.
#[derive(Default, Debug)]
pub struct Selection {
    /// Each log once: first those without the name of an ECS log as they were given, then the
    /// others by time.
    pub logs: Vec<Log>,
    /// The log after the last one chosen, if the range left it out.
    ///
    /// It is there only to finish a record that the last one begins.
    pub next: Option<Log>,
    /// Whether a log before the first named one chosen exists, but was left out.
    pub earlier: bool,
    /// What could not be found, listed or understood. None of it keeps others from being chosen.
    pub problems: Vec<Error>,
}

/// Chooses logs.
///
/// Two logs of one name are the same log if their first lines are equal, as far as they are there;
/// then one is taken, plain rather than gzip. Otherwise they come from two servers, and both are
/// taken. Only logs that are chosen by number and time are opened for that.
pub fn select(request: &Request) -> Selection {
    let mut finder = Finder::default();
    for input in &request.inputs {
        finder.add_input(input);
    }
    if request.inputs.is_empty() {
        for folder in &request.folders {
            finder.add_folder(folder);
        }
    }
    let mut all = finder.found;
    // The sort is stable and `None` the least, so those without a name stay in front as they were
    // given.
    all.sort_by_key(|found| found.log.name());
    let chosen = last(&in_range(&all, request.range.as_ref()), request.last);
    Selection {
        next: next(&all, &chosen).cloned(),
        earlier: has_earlier(&all, &chosen),
        logs: chosen.into_iter().cloned().collect(),
        problems: finder.problems,
    }
}

/// Those that can hold a part of the range: begun before it ends, and not followed before it
/// starts.
fn in_range<'a>(all: &'a [Found], range: Option<&TimeRange>) -> Vec<&'a Found> {
    let Some(range) = range else {
        return all.iter().collect();
    };
    all.iter()
        .zip(followed_at(all))
        .filter(|(found, following)| {
            let Some(name) = found.log.name() else {
                return true;
            };
            // A name is cut to the second, so a log may go on within the second in which the next
            // is begun.
            name.begun() <= range.last_second()
                && following.is_none_or(|following| following.begun() >= range.first_second())
        })
        .map(|(found, _)| found)
        .collect()
}

/// For each log, the next later name in its folder.
///
/// Another folder may hold the logs of another server, which say nothing of when this one's ended.
fn followed_at(all: &[Found]) -> Vec<Option<LogName>> {
    let mut latest: HashMap<Option<&Path>, (LogName, Option<LogName>)> = HashMap::new();
    let mut following: Vec<Option<LogName>> = all
        .iter()
        .rev()
        .map(|found| {
            let name = found.log.name()?;
            let folder = found.log.path().and_then(Path::parent);
            let (seen, after) = latest.entry(folder).or_insert((name, None));
            if *seen != name {
                (*seen, *after) = (name, Some(*seen));
            }
            *after
        })
        .collect();
    following.reverse();
    following
}

/// The last `limit` of them, without copies; no log is opened that comes before.
fn last<'a>(kept: &[&'a Found], limit: Option<usize>) -> Vec<&'a Log> {
    let limit = limit.unwrap_or(usize::MAX);
    let mut chosen: Vec<&Log> = Vec::new();
    let same_name = |a: &&Found, b: &&Found| a.log.name().is_some() && a.log.name() == b.log.name();
    for group in kept.chunk_by(same_name).rev() {
        if chosen.len() >= limit {
            break;
        }
        chosen.extend(without_copies(group).iter().rev().map(|found| &found.log));
    }
    chosen.truncate(limit);
    chosen.reverse();
    chosen
}

/// The first log after the last one chosen, plain if there is a choice.
fn next<'a>(all: &'a [Found], chosen: &[&Log]) -> Option<&'a Log> {
    let last = chosen.last()?.name()?;
    all.iter()
        .map(|found| &found.log)
        .filter(|log| log.name() > Some(last))
        .min_by_key(|log| (log.name(), log.has_gzip_name()))
}

fn has_earlier(all: &[Found], chosen: &[&Log]) -> bool {
    let first = chosen.iter().find_map(|log| log.name());
    all.iter()
        .any(|found| found.log.name().is_some() && found.log.name() < first)
}

#[cfg(test)]
mod tests;
