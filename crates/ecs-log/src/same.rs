//! Tells copies of one log from logs of two servers that bear the same name.

use std::io::{self, BufRead, BufReader, Read};

use crate::find::Found;

/// How much of a log is compared at most, in bytes.
const MAX_HEAD: u16 = 4096;

/// Leaves one of each set of copies, in the order given.
///
/// `group` is logs of one name; they are opened if there are two or more. Of copies the longer
/// beginning is kept, then the plain one, then the first. What cannot be read is kept: opening it
/// says why.
pub(crate) fn without_copies<'a>(group: &[&'a Found]) -> Vec<&'a Found> {
    if group.len() < 2 {
        return group.to_vec();
    }
    let mut by_preference = group.to_vec();
    by_preference.sort_by_key(|found| found.log.has_gzip_name());
    let mut kept: Vec<(&Found, Option<Head>)> = Vec::new();
    for found in by_preference {
        let head = Head::of(found).ok();
        let copy = kept.iter_mut().find(|(_, other)| match (&head, other) {
            (Some(head), Some(other)) => head.is_copy_of(other),
            _ => false,
        });
        match copy {
            Some(copy) if head > copy.1 => *copy = (found, head),
            Some(_) => {}
            None => kept.push((found, head)),
        }
    }
    let mut kept = kept.into_iter().map(|(found, _)| found).collect::<Vec<_>>();
    kept.sort_by_key(|found| group.iter().position(|other| std::ptr::eq(*found, *other)));
    kept
}

/// The first line of a log, as far as it is compared.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Head(Vec<u8>);

impl Head {
    fn of(found: &Found) -> io::Result<Head> {
        if !found.regular {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let reader = found.log.open().map_err(io::Error::other)?;
        let mut line = Vec::new();
        let limit = usize::from(MAX_HEAD);
        BufReader::with_capacity(limit, reader.take(MAX_HEAD.into())).read_until(b'\n', &mut line)?;
        Ok(Head(line))
    }

    /// Of two copies the one may have been made while the log was in its first line, or empty.
    fn is_copy_of(&self, other: &Head) -> bool {
        self.0 == other.0
            || (self.is_cut() && other.0.starts_with(&self.0))
            || (other.is_cut() && self.0.starts_with(&other.0))
    }

    fn is_cut(&self) -> bool {
        !self.0.ends_with(b"\n") && self.0.len() < usize::from(MAX_HEAD)
    }
}
