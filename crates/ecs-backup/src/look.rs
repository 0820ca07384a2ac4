//! Looks at both folders.

use crate::check;
use crate::error::Error;
use crate::folders::Folders;
use crate::options::Options;
use crate::survey::{self, Checking, Survey};

impl Folders {
    /// Looks at what is there, and changes nothing.
    ///
    /// # Errors
    ///
    /// A folder cannot be listed to its end, or the use of the partition cannot be read. Half a list would lead to wrong
    /// decisions.
    pub fn survey(&self, options: &Options, checking: Checking) -> Result<Survey, Error> {
        let mut survey = Survey {
            sources: survey::sources(&self.source, &options.files)?,
            ..Survey::default()
        };
        if let Some(backups) = &self.backups {
            survey::add_backups(&mut survey, backups, &options.files)?;
            survey::add_disk(&mut survey, backups, options)?;
            let newest = check::newest(&survey, &self.source, backups);
            survey.damaged = match checking {
                Checking::Newest => newest,
                Checking::All => check::all(&survey, newest, backups),
            };
        }
        Ok(survey)
    }
}
