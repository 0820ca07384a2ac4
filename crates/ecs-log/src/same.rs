//! Tells copies of one log from logs of two servers that bear the same name.

use std::io::{self, BufRead, BufReader, Read};

use crate::found::{Found, MAX_HEAD};

/// Logs of one name, without copies.
#[derive(Debug)]
pub(crate) struct Distinct<'a> {
    /// One of each set of copies, in the order given.
    pub(crate) kept: Vec<&'a Found>,
    /// The others.
    pub(crate) dropped: Vec<&'a Found>,
    /// Pairs of copies that both have a whole first line, the same one.
    pub(crate) same_line: Vec<[&'a Found; 2]>,
    /// Those that are known not to be copies of one another.
    pub(crate) differing: Vec<&'a Found>,
}

/// Tells copies in `group`, which is logs of one name; they are opened if there are two or more.
///
/// Of copies one that is preferred is kept, else the longer beginning, then the plain one, then the first. What cannot
/// be read is kept: opening it says why.
pub(crate) fn without_copies<'a>(group: &[&'a Found]) -> Distinct<'a> {
    let mut distinct = Distinct {
        kept: group.to_vec(),
        dropped: Vec::new(),
        same_line: Vec::new(),
        differing: Vec::new(),
    };
    if group.len() < 2 {
        return distinct;
    }
    let mut by_preference = group.to_vec();
    by_preference.sort_by_key(|found| (!found.preferred, found.log.has_gzip_name()));
    let mut kept: Vec<(&Found, Option<Head>)> = Vec::new();
    for found in by_preference {
        let head = Head::of(found).ok();
        let copy = kept.iter_mut().find(|(_, other)| match (&head, other) {
            (Some(head), Some(other)) => head.is_copy_of(other),
            _ => false,
        });
        let Some(copy) = copy else {
            kept.push((found, head));
            continue;
        };
        if head == copy.1 && head.as_ref().is_some_and(|head| !head.is_cut()) {
            distinct.same_line.push([copy.0, found]);
        }
        if head > copy.1 && !copy.0.preferred {
            distinct.dropped.push(copy.0);
            *copy = (found, head);
        } else {
            distinct.dropped.push(found);
        }
    }
    kept.sort_by_key(|(found, _)| group.iter().position(|other| std::ptr::eq(*found, *other)));
    let known = kept.iter().filter(|(_, head)| head.is_some());
    distinct.differing = known.map(|(found, _)| *found).collect();
    distinct.kept = kept.into_iter().map(|(found, _)| found).collect();
    distinct
}

/// The first line of a log, as far as it is compared.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Head(Vec<u8>);

impl Head {
    fn of(found: &Found) -> io::Result<Head> {
        if let Some(head) = &found.head {
            return Ok(Head(head.clone()));
        }
        if !found.regular {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let reader = found.log.open().map_err(io::Error::other)?;
        let mut line = Vec::new();
        let limit = u64::try_from(MAX_HEAD).unwrap_or(u64::MAX);
        BufReader::with_capacity(MAX_HEAD, reader.take(limit)).read_until(b'\n', &mut line)?;
        Ok(Head(line))
    }

    /// Of two copies the one may have been made while the log was in its first line, or empty.
    fn is_copy_of(&self, other: &Head) -> bool {
        self.0 == other.0
            || (self.is_cut() && other.0.starts_with(&self.0))
            || (other.is_cut() && self.0.starts_with(&other.0))
    }

    fn is_cut(&self) -> bool {
        !self.0.ends_with(b"\n") && self.0.len() < MAX_HEAD
    }
}
