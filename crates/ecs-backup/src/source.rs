//! A log that is open to be copied.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;

use crate::error::{Error, Operation};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::names::LogFile;

/// A log that is open to be copied.
#[derive(Debug)]
pub(crate) struct OpenLog<'a> {
    folder: &'a Folder,
    pub(crate) log: LogFile,
    file: File,
    /// Its state when it was opened.
    pub(crate) metadata: Metadata,
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
        })
    }

    /// Reads the next bytes; 0 at the end.
    pub(crate) fn read(&mut self, block: &mut [u8]) -> Result<usize, Error> {
        loop {
            match self.file.read(block) {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                result => return result.map_err(|cause| cannot_read(self.folder, self.log, cause)),
            }
        }
    }

    /// Whether the log is still as it was when it was opened, and has the `n_read` bytes that were read.
    pub(crate) fn is_unchanged(&self, n_read: u64) -> Result<bool, Error> {
        let now = self.file.metadata();
        let now = now.map_err(|cause| cannot_read(self.folder, self.log, cause))?;
        let state = |metadata: &Metadata| (metadata.len(), metadata.mtime(), metadata.mtime_nsec());
        Ok(n_read == self.metadata.len() && state(&self.metadata) == state(&now))
    }
}

fn cannot_read(folder: &Folder, log: LogFile, cause: io::Error) -> Error {
    Error::io(folder.at(&log.to_string()), Operation::Read, cause)
}
