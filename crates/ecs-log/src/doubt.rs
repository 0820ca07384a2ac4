//! Why the last minutes of logs cannot be told, in words.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use time::PrimitiveDateTime;

use crate::escape::escape_path;
use crate::find::Request;
use crate::found::Found;
use crate::last_time::{LastLine, LastLines, folder, written};
use crate::moment::stamp_of_time;
use crate::name::LogName;
use crate::pattern::is_pattern;
use crate::same::without_copies;
use crate::set_back::set_backs;

/// How much later a log may have been written to than the one that comes after it by name.
const WRITTEN_TOGETHER: Duration = Duration::from_secs(2);

/// What is looked at in the logs.
pub(crate) struct Looked<'a> {
    pub(crate) request: &'a Request,
    pub(crate) last: &'a LastLines,
    /// Where the range begins.
    pub(crate) first: PrimitiveDateTime,
    /// The time from which on no time may stand twice.
    pub(crate) from: PrimitiveDateTime,
    /// For how long nothing may have been written.
    pub(crate) most_idle: Duration,
    pub(crate) now: SystemTime,
}

impl Looked<'_> {
    /// Why what is looked at may not be the last that the servers wrote: a folder without a log, one to which nothing is written,
    /// or one of which the clock was set back.
    pub(crate) fn doubt(&self) -> Option<String> {
        let lines = self.of_servers();
        let has_several = lines.len() > 1;
        let doubts = lines.into_iter().filter_map(|line| {
            let doubt = self
                .idle(line)
                .or_else(|| self.set_back(line))
                .or_else(|| self.behind(line))?;
            Some(match line.folder.as_deref().filter(|_| has_several) {
                Some(folder) => format!("{}: {doubt}", shown(folder)),
                None => doubt,
            })
        });
        self.empty_folder().or_else(|| doubts.into_iter().next())
    }

    /// A folder that was named and has no log or is not there, where another has one.
    fn empty_folder(&self) -> Option<String> {
        let Request { inputs, folders, .. } = self.request;
        let is_folder = |path: &PathBuf| path.is_dir() || may_be_missing_folder(path);
        let inputs: Vec<PathBuf> = inputs.iter().map(PathBuf::from).filter(is_folder).collect();
        let named = if self.request.inputs.is_empty() {
            folders
        } else {
            &inputs
        };
        let folders: HashSet<&Path> = self
            .last
            .found
            .iter()
            .filter_map(|found| found.log.path()?.parent())
            .collect();
        let is_in = |folder: &Path, named: &Path| {
            let places = || fs::canonicalize(folder).ok().zip(fs::canonicalize(named).ok());
            // The same folder may be named in two ways.
            folder.starts_with(named) || places().is_some_and(|(folder, named)| folder.starts_with(named))
        };
        let has_log = |named: &&PathBuf| folders.iter().any(|folder| is_in(folder, named));
        let empty = named.iter().find(|named| !has_log(named))?;
        Some(format!("{}: no ECS logs", shown(empty)))
    }

    /// The last lines, of the folders of one server one: the last log of a folder of backups may be an older one of the server.
    fn of_servers(&self) -> Vec<&LastLine> {
        let mut lines: Vec<&LastLine> = self.last.lines.iter().collect();
        lines.sort_by_key(|line| (line.log.name(), line.written));
        let is_copied = |place: usize, line: &LastLine| {
            let mut later = lines.iter().skip(place.saturating_add(1));
            later.any(|other| other.folder.is_some() && self.has_copy(line, other))
        };
        let servers = lines.iter().enumerate();
        let servers = servers.filter(|(place, line)| line.folder.is_none() || !is_copied(*place, line));
        servers.map(|(_, line)| *line).collect()
    }

    /// Whether the folder of `other` holds the log of `line`, too.
    fn has_copy(&self, line: &LastLine, other: &LastLine) -> bool {
        let one = self.last.found.iter().find(|found| found.log == line.log);
        let mut same_name = self
            .in_folder(other)
            .filter(|found| found.log.name() == line.log.name());
        one.is_some_and(|one| same_name.any(|found| !without_copies(&[one, found]).pairs.is_empty()))
    }

    fn in_folder(&self, line: &LastLine) -> impl Iterator<Item = &Found> {
        let of_folder = line.folder.clone();
        let found = self.last.found.iter();
        found.filter(move |found| of_folder.is_some() && folder(&found.log) == of_folder)
    }

    fn idle(&self, line: &LastLine) -> Option<String> {
        // A file of the future was written to just now.
        let idle = self.now.duration_since(line.written?).unwrap_or_default();
        let idle = (idle > self.most_idle).then_some(idle)?;
        Some(format!("nothing was written to the newest log for {}", length(idle)))
    }

    /// A folder whose last line is older than all that is looked at, since another folder has newer ones.
    fn behind(&self, line: &LastLine) -> Option<String> {
        let last = stamp_of_time(line.time);
        let last = String::from_utf8_lossy(last.get(..15)?).into_owned();
        (line.time < self.first).then(|| format!("the last line is of {last}, long before those of other folders"))
    }

    fn set_back(&self, line: &LastLine) -> Option<String> {
        let mut later = self
            .in_folder(line)
            .filter_map(|found| Some((written(&found.log)?, found)));
        let together = line.written.and_then(|last| last.checked_add(WRITTEN_TOGETHER));
        let later = later
            .find(|(at, found)| found.log.name() < line.log.name() && together.is_some_and(|together| *at > together));
        if let Some((_, later)) = later {
            let [later, last] =
                [&later.log, &line.log].map(|log| log.name().map_or_else(String::new, |name| name.to_string()));
            return Some(format!(
                "{later} was written to after {last}: was the clock set back? The newest minutes cannot be told"
            ));
        }
        let mut set_backs = set_backs(self.in_folder(line)).into_iter();
        let found = set_backs.find(|found| found.to <= line.time && found.from >= self.from)?;
        let time = |time: PrimitiveDateTime| {
            let (hour, minute, second) = time.as_hms();
            format!("{hour:02}:{minute:02}:{second:02}")
        };
        let (from, to) = (time(found.from), time(found.to));
        Some(format!(
            "the clock was set back from {from} to {to}: the newest minutes cannot be told from older ones"
        ))
    }
}

/// Whether nothing is there, and what was named can be a folder. A log that was named may have been deleted since.
fn may_be_missing_folder(path: &Path) -> bool {
    let is_other = path == Path::new("-") || is_pattern(path.as_os_str());
    !is_other && path.file_name().and_then(LogName::parse).is_none() && !path.exists()
}

/// A folder in words: the empty path is the current one.
pub(crate) fn shown(folder: &Path) -> String {
    match escape_path(folder) {
        folder if folder.is_empty() => ".".to_owned(),
        folder => folder,
    }
}

/// `12 min`: about so long.
fn length(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests;
