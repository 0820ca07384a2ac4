//! Orders what was found by time, and chooses from it by number and time.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::find::Finder;
use crate::found::Found;
use crate::name::LogName;
use crate::range::TimeRange;
use crate::same::without_copies;
use crate::sources::{Candidate, Chosen, Servers, arrange};
use crate::stream::ArchiveStream;

/// Which logs are wanted.
#[derive(Clone, Default, Debug)]
pub struct Request {
    /// Files, folders, patterns that the shell did not expand, or `-` for standard input.
    ///
    /// What exists is taken as it is written, also if it looks like a pattern. A file may have any
    /// name; of a folder only the files that have the name of an ECS log are taken. A file that has no
    /// such name may be an archive, tar or zip, packed by gzip or not, of which the logs are taken, wherever they
    /// lie in it. An archive within an archive is not looked into.
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
    pub logs: Vec<Chosen>,
    /// What could not be found, listed or understood. None of it keeps others from being chosen.
    pub problems: Vec<Error>,
    /// Logs that bear the same name and are different ones.
    pub namesakes: Vec<Namesakes>,
}

/// Logs of two folders that bear the same names, though they are not the same logs: they come from two servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namesakes {
    /// How many names.
    pub count: usize,
    /// The folders, as [`Log::folder`](crate::Log::folder) has them.
    pub folders: [PathBuf; 2],
}

/// How many pairs of folders with namesakes are told apart.
const MAX_NAMESAKES: usize = 16;

/// What a [`Request`] leads to, while some of it may have to be read first.
///
/// ```no_run
/// use std::io::Read;
///
/// let mut inputs = ecs_log::Inputs::new(&ecs_log::Request::default());
/// while let Some(mut archive) = inputs.next_archive() {
///     while let Some(mut log) = archive.next_log() {
///         let mut content = Vec::new();
///         if let Err(cause) = log.read_to_end(&mut content) {
///             println!("{}", log.read_failed(cause));
///         }
///     }
///     inputs.add(archive);
/// }
/// let selection = inputs.select();
/// ```
#[derive(Debug)]
pub struct Inputs {
    finder: Finder,
    last: Option<usize>,
    range: Option<TimeRange>,
}

impl Inputs {
    /// Finds the files, lists folders, and archives that can be read in any order.
    pub fn new(request: &Request) -> Inputs {
        let mut finder = Finder::new();
        for input in &request.inputs {
            finder.add_input(input);
        }
        if request.inputs.is_empty() {
            for folder in &request.folders {
                finder.add_folder(folder);
            }
        }
        Inputs {
            finder,
            last: request.last,
            range: request.range,
        }
    }

    /// Leaves what is no regular file, such as a pipe, as it is: whatever comes from it is one log, and is waited for by
    /// whoever reads it.
    pub fn leave_pipes(&mut self) {
        self.finder.leaves_pipes = true;
    }

    /// The next archive that can be read only once. Its logs must be read now, before it is known which are chosen.
    ///
    /// To find it, what is no regular file, such as a pipe, is opened, and its first bytes are read.
    pub fn next_archive(&mut self) -> Option<ArchiveStream> {
        self.finder.next_archive()
    }

    /// Takes what was found in an archive; what was not read of it is left out.
    pub fn add(&mut self, archive: ArchiveStream) {
        self.finder.take(archive);
    }

    /// Says which of the logs that came by in archives are to be taken where there are copies, by their numbers.
    pub fn prefer(&mut self, is_preferred: &dyn Fn(usize) -> bool) {
        for found in &mut self.finder.found {
            found.preferred = found.log.streamed().is_some_and(is_preferred);
        }
    }

    /// Chooses, as [`select()`] does. Archives that were not read are left as they are.
    pub fn select(mut self) -> Selection {
        self.finder.close();
        let mut all = self.finder.found;
        // The sort is stable and `None` the least, so those without a name stay in front as they were
        // given.
        all.sort_by_key(|found| (found.log.name(), found.order));
        let choice = Choice::last(&in_range(&all, self.range.as_ref()), self.last);
        Selection {
            logs: arrange(choice.candidates(&all), &choice.servers),
            problems: self.finder.problems,
            namesakes: choice.namesakes,
        }
    }
}

/// Chooses logs, where none of them lies in an archive that can be read only once; otherwise, see [`Inputs`].
///
/// Two logs of one name are the same log if their first lines are equal, as far as they are there;
/// then one is taken, plain rather than gzip. Otherwise they come from two servers, and both are
/// taken. Only logs that are chosen by number and time are opened for that.
pub fn select(request: &Request) -> Selection {
    Inputs::new(request).select()
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
            let folder = found.log.folder();
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

/// What was chosen, and what was learnt on the way.
#[derive(Default)]
struct Choice<'a> {
    /// In the order of time.
    chosen: Vec<&'a Found>,
    copies: HashSet<*const Found>,
    servers: Servers<'a>,
    namesakes: Vec<Namesakes>,
}

impl<'a> Choice<'a> {
    /// The last `limit` of them, without copies; no log is opened that comes before.
    fn last(kept: &[&'a Found], limit: Option<usize>) -> Choice<'a> {
        let limit = limit.unwrap_or(usize::MAX);
        let mut choice = Choice::default();
        let same_name = |a: &&Found, b: &&Found| a.log.name().is_some() && a.log.name() == b.log.name();
        for group in kept.chunk_by(same_name).rev() {
            if choice.chosen.len() >= limit {
                break;
            }
            let distinct = without_copies(group);
            note_namesakes(&distinct.differing, &mut choice.namesakes);
            choice.chosen.extend(distinct.kept.into_iter().rev());
            choice
                .copies
                .extend(distinct.dropped.into_iter().map(std::ptr::from_ref));
            for [one, other] in distinct.same_line {
                choice.servers.unite(&one.log, &other.log);
            }
        }
        choice.chosen.truncate(limit);
        choice.chosen.reverse();
        choice
    }

    /// All but the copies, of which the chosen are marked.
    fn candidates(&self, all: &'a [Found]) -> Vec<Candidate<'a>> {
        let mut chosen = self.chosen.iter().peekable();
        let others = all
            .iter()
            .filter(|found| !self.copies.contains(&std::ptr::from_ref(*found)));
        others
            .map(|found| Candidate {
                log: &found.log,
                is_chosen: chosen.next_if(|chosen| std::ptr::eq(**chosen, found)).is_some(),
            })
            .collect()
    }
}

/// Notes the folders in which logs of one name lie.
fn note_namesakes(group: &[&Found], namesakes: &mut Vec<Namesakes>) {
    let folder = |found: &&Found| found.log.folder().unwrap_or(Path::new("")).to_owned();
    let Some((first, others)) = group.split_first() else {
        return;
    };
    for other in others {
        let folders = [folder(first), folder(other)];
        if let Some(known) = namesakes.iter_mut().find(|known| known.folders == folders) {
            known.count = known.count.saturating_add(1);
        } else if namesakes.len() < MAX_NAMESAKES {
            namesakes.push(Namesakes { count: 1, folders });
        }
    }
}

#[cfg(test)]
mod tests;
