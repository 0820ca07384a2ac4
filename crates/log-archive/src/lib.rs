//! The entries of a tar or a zip, from a file or a stream, in bounded memory. Nothing is ever written.
//!
//! [`Form::of`] tells an archive by its first bytes. Of an archive that lies in a file, [`list()`] gives the place of each
//! entry, which can then be opened alone and in any order. What can be read only once, such as a pipe or a tar within a
//! gzip, is a [`Stream`]. What is wrong with an archive, or with an entry of it, is a [`Damage`].
//!
//! ```no_run
//! use std::fs::File;
//! use std::io::Read;
//! use std::path::Path;
//!
//! let path = Path::new("logs.tar");
//! log_archive::list(File::open(path)?, log_archive::Form::Tar, |entry| {
//!     if let Ok(log_archive::Entry { name, place: Ok(place) }) = entry {
//!         let mut content = Vec::new();
//!         let read = place.open(path).and_then(|mut reader| reader.read_to_end(&mut content));
//!         println!("{}: {read:?}", name.escape_ascii());
//!     }
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checked;
mod damage;
mod entry;
mod form;
mod list;
mod place;
mod source;
mod stream;
mod tar;
mod zip_directory;
mod zip_stream;

pub use crate::damage::Damage;
pub use crate::entry::Entry;
pub use crate::form::Form;
pub use crate::list::{list, overlapping};
pub use crate::place::{EntryReader, Place};
pub use crate::stream::Stream;
