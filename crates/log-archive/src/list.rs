//! Lists the entries of an archive that lies in a file.

use std::fs::File;
use std::io;

use crate::damage::Damage;
use crate::form::Form;
use crate::place::{Packing, Place};
use crate::tar::{TarWalk, seek_past};
use crate::zip_directory;

/// A file in an archive.
pub struct Listed<'a> {
    /// Its name, as the archive has it. It may be anything, also a path that leads out of the archive.
    pub name: &'a [u8],
    place: &'a dyn Fn() -> Result<Place, Damage>,
}

impl Listed<'_> {
    /// Where it lies. For a zip this reads the header in front of the entry, so ask only for entries that are wanted.
    ///
    /// # Errors
    ///
    /// It cannot be read from there.
    pub fn place(&self) -> Result<Place, Damage> {
        (self.place)()
    }
}

impl std::fmt::Debug for Listed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listed")
            .field("name", &self.name.escape_ascii().to_string())
            .finish_non_exhaustive()
    }
}

/// Gives each file in the archive to `take`, and each error on the way; the list may go on after an error.
///
/// Folders, links, devices and the like are passed over.
///
/// # Errors
///
/// A zip has no directory at its end, or a damaged one. What was given to `take` until then may be anything; a
/// [`Stream`](crate::Stream) can read what the file holds.
pub fn list(file: File, form: Form, take: &mut dyn FnMut(io::Result<Listed<'_>>)) -> Result<(), Damage> {
    match form {
        Form::Tar => list_tar(file, take),
        Form::Zip => zip_directory::read(file, &mut |name, place| take(Ok(Listed { name, place })))?,
    }
    Ok(())
}

fn list_tar(file: File, take: &mut dyn FnMut(io::Result<Listed<'_>>)) {
    let mut walk = TarWalk::new(file, seek_past);
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                take(Err(error));
                continue;
            }
        };
        let place = || match entry.is_sparse {
            true => Err(Damage::Sparse),
            false => Ok(Place {
                offset: entry.offset,
                length: entry.length,
                packing: Packing::Plain,
            }),
        };
        take(Ok(Listed {
            name: &entry.name,
            place: &place,
        }));
    }
}

/// Which of `places` share bytes with one before them in the file, as indices in ascending order. A zip may be made in
/// this way so that a few bytes stand for any number of entries.
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
