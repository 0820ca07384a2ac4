//! The file in the folder of a hold that says what is held. So a hold outlasts the state.
//!
//! ```text
//! backup_ecs hold 1
//! order 1
//! range 20170427:020000000 20170427:022059999
//! ```

use std::io::{self, Read, Write};

use crate::error::{Error, Operation};
use crate::folder::Folder;
use crate::hold::HoldRange;

/// Its name.
pub(crate) const HOLD: &str = ".backup_ecs.hold";
/// Under this name it is written.
const TEMP: &str = ".backup_ecs.hold.tmp";
const BEGIN: &str = "backup_ecs hold 1\n";
/// A longer file is not ours, in bytes.
const MOST: u64 = 4096;

/// What is held, and the place of the hold among others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct HoldFile {
    pub(crate) range: HoldRange,
    pub(crate) order: u64,
}

impl HoldFile {
    /// `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// It cannot be read, or not be understood.
    pub(crate) fn read(folder: &Folder) -> Result<Option<HoldFile>, Error> {
        // Most faults are over in a moment.
        match HoldFile::try_read(folder).or_else(|_| HoldFile::try_read(folder)) {
            Err(error) if error.is_not_found() => Ok(None),
            read => read.map(Some),
        }
    }

    fn try_read(folder: &Folder) -> Result<HoldFile, Error> {
        let fail = |cause| Error::io(folder.at(HOLD), Operation::Read, cause);
        let mut text = String::new();
        folder
            .open_file(HOLD)?
            .take(MOST)
            .read_to_string(&mut text)
            .map_err(fail)?;
        HoldFile::from_text(&text).ok_or_else(|| fail(io::ErrorKind::InvalidData.into()))
    }

    /// Puts the hold in force: the file is there, whole and on disk, or it is not there.
    pub(crate) fn write(self, folder: &Folder) -> Result<(), Error> {
        let mut file = folder.open_or_make(TEMP, Operation::Write)?;
        let written = file
            .set_len(0)
            .and_then(|()| file.write_all(self.to_text().as_bytes()))
            .and_then(|()| file.sync_all());
        written.map_err(|cause| Error::io(folder.at(TEMP), Operation::Write, cause))?;
        folder.rename(TEMP, HOLD)?;
        folder.sync_if_it_can()
    }

    /// Takes the hold out of force.
    pub(crate) fn remove(folder: &Folder) -> Result<(), Error> {
        folder.delete(TEMP)?;
        folder.delete(HOLD)?;
        folder.sync_if_it_can()
    }

    fn to_text(self) -> String {
        format!("{BEGIN}order {}\nrange {}\n", self.order, self.range.to_words())
    }

    fn from_text(text: &str) -> Option<HoldFile> {
        let mut lines = text.strip_prefix(BEGIN)?.lines();
        Some(HoldFile {
            order: lines.next()?.strip_prefix("order ")?.parse().ok()?,
            range: HoldRange::from_words(lines.next()?.strip_prefix("range ")?)?,
        })
    }
}
