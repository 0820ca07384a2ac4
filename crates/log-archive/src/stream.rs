//! An archive that is read once, from its start to its end.

use std::io::{self, BufRead, Read};

use crate::entry::Entry;
use crate::form::Form;
use crate::source::read_past;
use crate::tar::TarWalk;
use crate::zip_stream::ZipWalk;

/// An archive that is read once, from its start to its end. Reading gives the bytes of the entry that came last.
///
/// If the entry is damaged, a [`Damage`](crate::Damage) comes within the [`io::Error`], after the bytes that could be read.
#[derive(Debug)]
pub struct Stream<R>(Walk<R>);

#[derive(Debug)]
enum Walk<R> {
    Tar(Box<TarWalk<R>>),
    Zip(Box<ZipWalk<R>>),
}

impl<R: BufRead> Stream<R> {
    /// Reads `source` as an archive of the given form.
    pub fn new(form: Form, source: R) -> Stream<R> {
        Stream(match form {
            Form::Tar => Walk::Tar(Box::new(TarWalk::new(source, read_past))),
            Form::Zip => Walk::Zip(Box::new(ZipWalk::new(source))),
        })
    }

    /// The next file, after all that is left of the one before was passed over. `None` at the end.
    ///
    /// An error may stand between two files: something could not be read there.
    pub fn next_entry(&mut self) -> Option<io::Result<Entry<()>>> {
        match &mut self.0 {
            Walk::Tar(walk) => Some(walk.next()?.map(|entry| Entry {
                name: entry.name,
                place: entry.place.map(drop),
            })),
            Walk::Zip(walk) => walk.next(),
        }
    }

    /// Whether nothing more can be read: the end was reached, or an error was given that the archive cannot be read beyond.
    pub fn is_over(&self) -> bool {
        match &self.0 {
            Walk::Tar(walk) => walk.is_over(),
            Walk::Zip(walk) => walk.is_over(),
        }
    }
}

impl<R: BufRead> Read for Stream<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Walk::Tar(walk) => walk.read(buf),
            Walk::Zip(walk) => walk.read(buf),
        }
    }
}
