//! What keeps a run from doing what is planned, as far as that shows without changing anything.

use std::collections::BTreeMap;
use std::path::Path;

use ecs_log::LogName;
use rustix::fs::{Access, AtFlags};

use crate::error::{Error, Operation};
use crate::folders::Folders;
use crate::options::Options;
use crate::plan::Plan;

/// What keeps a run from doing what is planned.
#[derive(Default, Debug)]
pub(crate) struct Foreseen {
    /// Why nothing can be written to the folder of backups, or that cannot be made.
    pub(crate) unwritable: Option<Error>,
    /// The logs that cannot be opened.
    pub(crate) unreadable: BTreeMap<LogName, Error>,
}

impl Folders {
    /// Looks whether the logs to copy can be read, and their backups be written.
    pub(crate) fn foresee(&self, plan: &Plan, options: &Options) -> Foreseen {
        let unreadable = plan.copies().filter_map(|copy| {
            let error = self.source.open_file(&copy.log.to_string()).err()?;
            Some((copy.log.name, error))
        });
        Foreseen {
            unwritable: self.unwritable(options),
            unreadable: unreadable.collect(),
        }
    }

    fn unwritable(&self, options: &Options) -> Option<Error> {
        let may = Access::WRITE_OK | Access::EXEC_OK;
        if let Some(backups) = &self.backups {
            return backups.access(may).err();
        }
        // It is made, with the folders above it.
        let above = options.destination.ancestors().skip(1);
        let above = above.map(|path| if path == Path::new("") { Path::new(".") } else { path });
        let there = above.into_iter().find(|path| path.exists())?;
        let access = rustix::fs::accessat(rustix::fs::CWD, there, may, AtFlags::empty());
        let fail = |cause: rustix::io::Errno| Error::io(options.destination.clone(), Operation::Make, cause.into());
        access.map_err(fail).err()
    }
}
