//! Tells copies of one log from logs of two servers that bear the same name.

mod content;

use std::cmp::Ordering;

use crate::found::{Fate, Found};
use content::Content;

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
/// Two logs are copies if one is the beginning of the other. Of copies one that is preferred is kept, else the one that
/// holds most, then one that can be read to its end, then the plain one, then the first. Where an error comes before the
/// end of the first line, the log is kept: opening it says why.
pub(crate) fn without_copies<'a>(group: &[&'a Found]) -> Distinct<'a> {
    let mut pairs = Vec::new();
    let mut kept: Vec<(&Found, Option<Content>)> = Vec::new();
    let mut by_preference = group.to_vec();
    by_preference.sort_by_key(|found| (!found.is_preferred, found.log.has_gzip_name()));
    for found in by_preference {
        let content = if group.len() < 2 { None } else { Content::of(found) };
        let copy = kept.iter_mut().find_map(|copy| {
            let order = content.as_ref()?.compare(copy.1.as_ref()?)?;
            Some((copy, order))
        });
        let Some((copy, order)) = copy else {
            kept.push((found, content));
            continue;
        };
        if let (Some(one), Some(other)) = (&content, &copy.1)
            && one.has_first_line_of(other)
        {
            pairs.push([copy.0, found]);
        }
        if order == Ordering::Greater && !copy.0.is_preferred {
            copy.0.fate.set(Fate::Copy);
            *copy = (found, content);
        } else {
            found.fate.set(Fate::Copy);
        }
    }
    kept.sort_by_key(|(found, _)| group.iter().position(|other| std::ptr::eq(*found, *other)));
    let known = kept.iter().filter(|(_, content)| content.is_some());
    Distinct {
        differing: known.map(|(found, _)| *found).collect(),
        kept: kept.into_iter().map(|(found, _)| found).collect(),
        pairs,
    }
}
