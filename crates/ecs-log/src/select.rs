//! Sorts by time what was found, and chooses from it by number and time.

mod numbered;
mod span;
mod spans;

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::find::{Inputs, Request};
use crate::found::{Fate, Found};
use crate::range::TimeRange;
use crate::same::without_copies;
use crate::sources::{Chosen, Servers, arrange};
use span::Span;
use spans::spans;

/// Which logs were chosen, and what could not be looked at.
#[derive(Default, Debug)]
pub struct Selection {
    /// Each log once: first those without the name of an ECS log in the order in which they were given, then the others by
    /// time.
    pub logs: Vec<Chosen>,
    /// What could not be found, listed or understood. The other logs are chosen all the same.
    pub problems: Vec<Error>,
    /// What is there and was not asked for, though it may have been meant.
    pub passed_over: Vec<Error>,
    /// Logs that have the same name and are not copies of one another.
    pub namesakes: Vec<Namesakes>,
}

/// Logs of two folders that have the same names and are not copies of one another. They come from two servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namesakes {
    /// How many names.
    pub count: usize,
    /// The folders, as [`Log::folder`](crate::Log::folder) has them.
    pub folders: [PathBuf; 2],
}

/// How many pairs of folders with namesakes are told apart.
const MAX_NAMESAKES: usize = 16;

impl Inputs {
    /// Chooses, as [`select()`] does. Archives that were not read are left as they are.
    pub fn select(mut self) -> Selection {
        self.close();
        let mut all = self.found;
        // `None` is the least, so logs without a name come first.
        all.sort_by_key(|found| (found.log.name(), found.order));
        let choice = Choice::last(&in_range(&all, self.request.range.as_ref()), self.request.last);
        Selection {
            logs: arrange(&all, &choice.servers),
            problems: self.problems,
            passed_over: self.passed_over,
            namesakes: choice.namesakes,
        }
    }
}

/// Chooses logs. If some may lie in an archive that can be read only once, use [`Inputs`] instead.
///
/// Two logs of one name are copies if one is the beginning of the other. Then the one that holds most is taken, of equal ones
/// the plain one. Otherwise they come from two servers, and both are taken. To tell, only logs are opened that are chosen by
/// number and time.
pub fn select(request: &Request) -> Selection {
    Inputs::new(request).select()
}

/// The logs that may be chosen, and can hold a part of the range.
fn in_range<'a>(all: &'a [Found], range: Option<&TimeRange>) -> Vec<&'a Found> {
    let Some(range) = range else {
        return all.iter().filter(|found| !found.is_context).collect();
    };
    let can_hold = |span: &Span| span.first <= range.last() && span.last.is_none_or(|last| last >= range.first());
    let with_spans = all.iter().zip(spans(all));
    let held = with_spans.filter(|(_, span)| span.as_ref().is_none_or(can_hold));
    held.map(|(found, _)| found).filter(|found| !found.is_context).collect()
}

/// What was learnt when the logs were chosen.
#[derive(Default)]
struct Choice<'a> {
    servers: Servers<'a>,
    namesakes: Vec<Namesakes>,
}

impl<'a> Choice<'a> {
    /// Marks the last `limit` of `logs` as chosen, without copies. Logs before them are not opened.
    fn last(logs: &[&'a Found], limit: Option<usize>) -> Choice<'a> {
        let mut left = limit.unwrap_or(usize::MAX);
        let mut choice = Choice::default();
        let same_name = |a: &&Found, b: &&Found| a.log.name().is_some() && a.log.name() == b.log.name();
        for group in logs.chunk_by(same_name).rev() {
            if left == 0 {
                break;
            }
            let distinct = without_copies(group);
            note_namesakes(&distinct.differing, &mut choice.namesakes);
            for found in distinct.kept.into_iter().rev().take(left) {
                found.fate.set(Fate::Chosen);
                left = left.saturating_sub(1);
            }
            for [one, other] in distinct.pairs {
                choice.servers.unite(&one.log, &other.log);
            }
        }
        choice
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
