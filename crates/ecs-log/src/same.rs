//! Tells copies of one log from logs of two servers that bear the same name.

use std::io::{self, BufRead, BufReader, Read};

use crate::found::{Fate, Found, MAX_FIRST_LINE};

/// Logs of one name, without copies.
#[derive(Debug)]
pub(crate) struct Distinct<'a> {
    /// One of each set of copies, in the order given.
    pub(crate) kept: Vec<&'a Found>,
    /// Those that are known not to be copies of one another.
    pub(crate) differing: Vec<&'a Found>,
    /// Pairs of copies that have the same whole first line.
    pub(crate) pairs: Vec<[&'a Found; 2]>,
}

/// Finds and marks the copies in `group`, which is logs of one name. They are opened if there are two or more.
///
/// Of copies one that is preferred is kept, else the one of which more of the first line is there, then the plain one, then
/// the first. What cannot be read is kept: opening it says why.
pub(crate) fn without_copies<'a>(group: &[&'a Found]) -> Distinct<'a> {
    let mut pairs = Vec::new();
    let mut kept: Vec<(&Found, Option<FirstLine>)> = Vec::new();
    let mut by_preference = group.to_vec();
    by_preference.sort_by_key(|found| (!found.is_preferred, found.log.has_gzip_name()));
    for found in by_preference {
        let line = if group.len() < 2 {
            None
        } else {
            FirstLine::of(found).ok()
        };
        let copy = kept.iter_mut().find(|(_, other)| match (&line, other) {
            (Some(line), Some(other)) => line.is_copy_of(other),
            _ => false,
        });
        let Some(copy) = copy else {
            kept.push((found, line));
            continue;
        };
        if line == copy.1 && line.as_ref().is_some_and(|line| !line.is_cut()) {
            pairs.push([copy.0, found]);
        }
        if line > copy.1 && !copy.0.is_preferred {
            copy.0.fate.set(Fate::Copy);
            *copy = (found, line);
        } else {
            found.fate.set(Fate::Copy);
        }
    }
    kept.sort_by_key(|(found, _)| group.iter().position(|other| std::ptr::eq(*found, *other)));
    let known = kept.iter().filter(|(_, line)| line.is_some());
    Distinct {
        differing: known.map(|(found, _)| *found).collect(),
        kept: kept.into_iter().map(|(found, _)| found).collect(),
        pairs,
    }
}

/// The start of the first line of a log, as far as it is compared.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct FirstLine(Vec<u8>);

impl FirstLine {
    fn of(found: &Found) -> io::Result<FirstLine> {
        if let Some(line) = &found.first_line {
            return Ok(FirstLine(line.clone()));
        }
        if !found.is_regular {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let reader = found.log.open().map_err(io::Error::other)?;
        let mut line = Vec::new();
        let limit = u64::try_from(MAX_FIRST_LINE).unwrap_or(u64::MAX);
        BufReader::with_capacity(MAX_FIRST_LINE, reader.take(limit)).read_until(b'\n', &mut line)?;
        Ok(FirstLine(line))
    }

    /// A copy may have been made while the log was empty or its first line was being written.
    fn is_copy_of(&self, other: &FirstLine) -> bool {
        self.0 == other.0
            || (self.is_cut() && other.0.starts_with(&self.0))
            || (other.is_cut() && self.0.starts_with(&other.0))
    }

    fn is_cut(&self) -> bool {
        !self.0.ends_with(b"\n") && self.0.len() < MAX_FIRST_LINE
    }
}
