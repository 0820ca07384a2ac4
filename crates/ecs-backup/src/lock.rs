//! One run at a time: a lock, which the kernel releases when its holder dies.

use std::fs::File;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use fs2::FileExt;

use crate::error::{Error, Operation};
use crate::folder::Folder;
use crate::names::LOCK;

/// How long to sleep between two tries.
const TRY_EVERY: Duration = Duration::from_millis(200);

/// While this exists, no other run works in the folder of backups.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// `None` if another run held the lock for all of `wait`.
    pub(crate) fn take(folder: &Folder, wait: Duration) -> Result<Option<Lock>, Error> {
        let file = folder.open_or_make(LOCK, Operation::Lock)?;
        let begin = Instant::now();
        loop {
            match file.try_lock_exclusive() {
                Ok(()) => return Ok(Some(Lock { _file: file })),
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                Err(cause) => return Err(Error::io(folder.at(LOCK), Operation::Lock, cause)),
            }
            let left = wait.saturating_sub(begin.elapsed());
            if left.is_zero() {
                return Ok(None);
            }
            thread::sleep(left.min(TRY_EVERY));
        }
    }
}
