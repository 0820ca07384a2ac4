//! Holds the content of a log against a backup, as far as both go.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, BufReader, Read};

use ecs_log::GzipReader;

use crate::error::Error;
use crate::folder::Folder;
use crate::names::LogFile;

/// How much of a backup is read at a time, in bytes.
const BLOCK: usize = 64 * 1024;

/// How a log and a backup that bears its name are related.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Relation {
    /// Their contents are the same.
    Same,
    /// The log begins with all of the backup, and goes on.
    LogGoesOn,
    /// The backup is cut short, and up to there it is the beginning of the log, or all of it.
    BackupIsCut,
    /// The log is the beginning of the backup.
    BackupGoesOn,
    /// The checksum of the backup or its packed data is wrong. What can be read of it may be the beginning of the log, or differ.
    BackupIsWrong,
    /// Their contents differ, and the backup is whole, or has no checksum that could tell.
    Differs,
    /// One of them could not be read.
    Unknown,
}

impl Relation {
    /// Returns true if and only if a copy of the log holds all that can be read of the backup.
    pub(crate) fn holds_all(self) -> bool {
        matches!(self, Relation::Same | Relation::LogGoesOn | Relation::BackupIsCut)
    }
}

/// Opens a file to be read as it is, or unpacked.
pub(crate) fn content(folder: &Folder, file: LogFile, is_unpacked: bool) -> Result<Box<dyn Read>, Error> {
    let file = Uninterrupted(folder.open_file(&file.to_string())?);
    Ok(if is_unpacked {
        Box::new(GzipReader::new(BufReader::with_capacity(BLOCK, file)))
    } else {
        Box::new(file)
    })
}

/// The content of a backup, which is read along with that of a log.
pub(crate) struct Along {
    content: Box<dyn Read>,
    block: Vec<u8>,
    /// What is known before the end.
    relation: Option<io::Result<Relation>>,
}

impl Along {
    /// Opens a backup to be compared with a log. `None` if there is none.
    ///
    /// A log that is packed already is compared as it is. From a plain backup it always differs.
    pub(crate) fn open(backups: &Folder, file: LogFile, is_log_packed: bool) -> Result<Option<Along>, Error> {
        let content = match content(backups, file, file.packed && !is_log_packed) {
            Ok(content) => content,
            Err(error) if error.is_not_found() || error.is_in_the_way() => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(Along {
            content,
            block: vec![0; BLOCK],
            relation: (is_log_packed && !file.packed).then_some(Ok(Relation::Differs)),
        }))
    }

    /// Takes the next bytes of the log.
    pub(crate) fn take(&mut self, mut log: &[u8]) {
        while self.relation.is_none() && !log.is_empty() {
            let n_most = log.len().min(self.block.len());
            let block = self.block.get_mut(..n_most).unwrap_or_default();
            match self.content.read(block) {
                Ok(0) => self.relation = Some(Ok(Relation::LogGoesOn)),
                Ok(n) => {
                    let (part, rest) = log.split_at_checked(n).unwrap_or((log, &[]));
                    if block.get(..n) != Some(part) {
                        self.relation = Some(self.differs());
                    }
                    log = rest;
                }
                Err(cause) => self.relation = Some(of_error(cause)),
            }
        }
    }

    /// Reads a backup that differs to its end, where its checksum stands: damage may decode to other text.
    fn differs(&mut self) -> io::Result<Relation> {
        match io::copy(&mut self.content, &mut io::sink()) {
            Ok(_) => Ok(Relation::Differs),
            Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => Ok(Relation::Differs),
            Err(cause) => of_error(cause),
        }
    }

    /// Tells how they are related, after the end of the log.
    ///
    /// # Errors
    ///
    /// The backup cannot be read.
    pub(crate) fn finish(mut self) -> io::Result<Relation> {
        self.relation.unwrap_or_else(|| {
            let mut block = [0];
            match self.content.read(&mut block) {
                Ok(0) => Ok(Relation::Same),
                Ok(_) => Ok(Relation::BackupGoesOn),
                Err(cause) => of_error(cause),
            }
        })
    }
}

fn of_error(cause: io::Error) -> io::Result<Relation> {
    match cause.kind() {
        io::ErrorKind::UnexpectedEof => Ok(Relation::BackupIsCut),
        io::ErrorKind::InvalidData => Ok(Relation::BackupIsWrong),
        _ => Err(cause),
    }
}

/// Reads again where a signal interrupted it. The decoder would take an interruption for damage.
pub(crate) struct Uninterrupted(pub(crate) File);

impl Read for Uninterrupted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buf) {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}
