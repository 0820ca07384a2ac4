//! A log that is open to be copied.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};

use crate::error::{Error, Operation};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::names::LogFile;
use crate::state::Stamp;

/// A log that is open to be copied.
#[derive(Debug)]
pub(crate) struct OpenLog<'a> {
    folder: &'a Folder,
    pub(crate) log: LogFile,
    file: File,
    /// Its state when it was opened.
    pub(crate) metadata: Metadata,
    /// How many bytes of it were read.
    n_read: u64,
}

impl<'a> OpenLog<'a> {
    pub(crate) fn open(folder: &'a Folder, log: LogFile) -> Result<OpenLog<'a>, Failure> {
        let file = match folder.open_file(&log.to_string()) {
            Ok(file) => file,
            Err(error) if error.is_not_found() => return Err(Failure::Vanished),
            Err(error) => return Err(error.into()),
        };
        let metadata = file.metadata().map_err(|cause| cannot_read(folder, log, cause))?;
        Ok(OpenLog {
            folder,
            log,
            file,
            metadata,
            n_read: 0,
        })
    }

    /// Reads the next bytes; 0 at the end. The log ends where it ended when it was opened: what is written to it after that is
    /// for the next run.
    pub(crate) fn read(&mut self, block: &mut [u8]) -> Result<usize, Error> {
        let left = self.metadata.len().saturating_sub(self.n_read);
        let n_most = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
        let block = block.get_mut(..n_most).unwrap_or_default();
        loop {
            match self.file.read(block) {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Ok(n) => {
                    self.n_read = self.n_read.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
                    return Ok(n);
                }
                Err(cause) => return Err(cannot_read(self.folder, self.log, cause)),
            }
        }
    }

    /// Whether the log was read to where it ended when it was opened, and nothing but its end was written to since.
    pub(crate) fn is_whole(&self) -> Result<bool, Error> {
        let now = self.file.metadata();
        let now = now.map_err(|cause| cannot_read(self.folder, self.log, cause))?;
        let (before, now) = (Stamp::from(&self.metadata), Stamp::from(&now));
        Ok(self.n_read == before.size && (now.size > before.size || now == before))
    }
}

impl AsFd for OpenLog<'_> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

fn cannot_read(folder: &Folder, log: LogFile, cause: io::Error) -> Error {
    Error::io(folder.at(&log.to_string()), Operation::Read, cause)
}
