//! Lists the entries of an archive that lies in a file.

use std::fs::File;
use std::io;

use crate::damage::Damage;
use crate::entry::Entry;
use crate::form::Form;
use crate::place::Place;
use crate::tar::{TarWalk, seek_past};
use crate::zip_directory;

/// Gives each file in the archive to `take`, and each error on the way; after an error more may come.
///
/// Folders, links, devices and the like are passed over.
///
/// # Errors
///
/// A zip has no directory at its end, or a damaged one. What was given to `take` until then may be anything; a
/// [`Stream`](crate::Stream) can read what the file holds.
pub fn list(file: File, form: Form, mut take: impl FnMut(io::Result<Entry<Place>>)) -> Result<(), Damage> {
    match form {
        Form::Tar => TarWalk::new(file, seek_past).for_each(take),
        Form::Zip => zip_directory::read(file, |entry| take(Ok(entry)))?,
    }
    Ok(())
}

/// Which of `places` share bytes with one that begins before them in the file, as indices in ascending order. A zip can be
/// made so that a few bytes stand for any number of entries.
pub fn overlapping<'a>(places: impl IntoIterator<Item = &'a Place>) -> Vec<usize> {
    let mut places: Vec<(usize, &Place)> = places.into_iter().enumerate().collect();
    places.sort_by_key(|(_, place)| (place.offset, place.end()));
    let mut end = 0;
    let mut overlapping = Vec::new();
    for (index, place) in places {
        if place.offset < end {
            overlapping.push(index);
        } else {
            end = place.end();
        }
    }
    overlapping.sort_unstable();
    overlapping
}

#[cfg(test)]
mod tests;
