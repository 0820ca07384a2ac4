//! What went wrong, and with which file or folder.

#[cfg(test)]
mod tests;

use std::error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use ecs_log::escape_path;
use rustix::io::Errno;

use crate::bytes::Bytes;
use crate::hold::HoldRange;
use crate::room::DiskUse;

/// What went wrong, and with which file or folder.
///
/// `Display` gives `PATH: WHAT` in one line that is safe to show. [`source`](error::Error::source) has the cause, if there is
/// one.
#[derive(Debug)]
pub struct Error {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Io(Operation, io::Error),
    NotRegular,
    SameFolder,
    OpenToAll,
    KeepsChanging,
    /// Under this name another range is held.
    HeldOtherwise(HoldRange),
    NoSuchHold,
    /// How much of the partition is ours, in bytes.
    NoRoom {
        disk: DiskUse,
        ours: u64,
    },
    /// How large the file would be, in bytes.
    NeverFits {
        disk: DiskUse,
        need: u64,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operation {
    Make,
    Open,
    List,
    Look,
    Lock,
    Read,
    Write,
    Rename,
    Sync,
    Delete,
    Measure,
}

impl Operation {
    fn failed(self) -> &'static str {
        match self {
            Operation::Make => "cannot make the folder",
            Operation::Open => "cannot open",
            Operation::List => "cannot list the folder",
            Operation::Look => "cannot look at it",
            Operation::Lock => "cannot lock",
            Operation::Read => "cannot read",
            Operation::Write => "cannot write",
            Operation::Rename => "cannot give it its final name",
            Operation::Sync => "cannot flush to disk",
            Operation::Delete => "cannot delete",
            Operation::Measure => "cannot tell how full the partition is",
        }
    }
}

impl Error {
    /// The file or folder concerned.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The kind of the system's error, if there is one.
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match &self.kind {
            Kind::Io(_, cause) => Some(cause.kind()),
            _ => None,
        }
    }

    /// Returns true if and only if there is no room and none can be made.
    pub fn is_no_room(&self) -> bool {
        matches!(self.kind, Kind::NoRoom { .. } | Kind::NeverFits { .. })
    }

    /// Returns true if and only if the folder of the logs and that of the backups are the same.
    pub fn is_same_folder(&self) -> bool {
        matches!(self.kind, Kind::SameFolder)
    }

    /// Returns true if and only if everybody may write to the folder of backups.
    pub fn is_open_to_all(&self) -> bool {
        matches!(self.kind, Kind::OpenToAll)
    }

    /// Returns true if and only if a name that is needed belongs to something else: a folder, a link, a pipe.
    pub fn is_in_the_way(&self) -> bool {
        match &self.kind {
            Kind::NotRegular => true,
            Kind::Io(_, cause) => {
                let is_link = cause.raw_os_error() == Some(Errno::LOOP.raw_os_error());
                is_link || matches!(cause.kind(), io::ErrorKind::IsADirectory | io::ErrorKind::AlreadyExists)
            }
            _ => false,
        }
    }

    /// Returns true if and only if a hold is not there, or is there with another range.
    pub fn is_of_hold(&self) -> bool {
        matches!(self.kind, Kind::HeldOtherwise(_) | Kind::NoSuchHold)
    }

    /// Whether something else than a folder has the name of a folder.
    pub(crate) fn is_no_folder(&self) -> bool {
        match &self.kind {
            Kind::Io(_, cause) => {
                let is_link = cause.raw_os_error() == Some(Errno::LOOP.raw_os_error());
                is_link || cause.kind() == io::ErrorKind::NotADirectory
            }
            _ => false,
        }
    }

    pub(crate) fn errno(&self) -> Option<Errno> {
        match &self.kind {
            Kind::Io(_, cause) => cause.raw_os_error().map(Errno::from_raw_os_error),
            _ => None,
        }
    }

    /// Returns true if and only if the file system says that it does not flush folders.
    pub(crate) fn is_unflushable(&self) -> bool {
        let is_so = matches!(self.errno(), Some(Errno::INVAL | Errno::NOTSUP | Errno::NOSYS));
        is_so && matches!(self.kind, Kind::Io(Operation::Sync, _))
    }

    /// What went wrong, without where and how much.
    pub(crate) fn fault(&self) -> &'static str {
        match &self.kind {
            Kind::Io(operation, _) => operation.failed(),
            Kind::NotRegular => "is no regular file",
            Kind::SameFolder => "is the folder of the logs themselves",
            Kind::OpenToAll => "everybody may write to it",
            Kind::HeldOtherwise(_) => "it holds another range",
            Kind::NoSuchHold => "there is no such hold",
            Kind::KeepsChanging => "changed each time while it was read",
            Kind::NoRoom { .. } => "no room left to make",
            Kind::NeverFits { .. } => "no room can be made for it",
        }
    }

    pub(crate) fn is_not_found(&self) -> bool {
        self.io_kind() == Some(io::ErrorKind::NotFound)
    }

    pub(crate) fn io(path: PathBuf, operation: Operation, cause: io::Error) -> Error {
        Error {
            path,
            kind: Kind::Io(operation, cause),
        }
    }

    pub(crate) fn not_regular(path: PathBuf) -> Error {
        Error {
            path,
            kind: Kind::NotRegular,
        }
    }

    pub(crate) fn same_folder(path: PathBuf) -> Error {
        Error {
            path,
            kind: Kind::SameFolder,
        }
    }

    pub(crate) fn open_to_all(path: PathBuf) -> Error {
        Error {
            path,
            kind: Kind::OpenToAll,
        }
    }

    pub(crate) fn keeps_changing(path: PathBuf) -> Error {
        Error {
            path,
            kind: Kind::KeepsChanging,
        }
    }

    pub(crate) fn held_otherwise(path: PathBuf, range: HoldRange) -> Error {
        let kind = Kind::HeldOtherwise(range);
        Error { path, kind }
    }

    pub(crate) fn no_such_hold(path: PathBuf) -> Error {
        let kind = Kind::NoSuchHold;
        Error { path, kind }
    }

    pub(crate) fn no_room(path: PathBuf, disk: DiskUse, ours: u64) -> Error {
        Error {
            path,
            kind: Kind::NoRoom { disk, ours },
        }
    }

    pub(crate) fn never_fits(path: PathBuf, disk: DiskUse, need: u64) -> Error {
        Error {
            path,
            kind: Kind::NeverFits { disk, need },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", escape_path(&self.path))?;
        f.write_str(self.fault())?;
        match &self.kind {
            Kind::HeldOtherwise(range) => write!(f, ": {range}"),
            Kind::NoRoom { disk, ours } => write!(
                f,
                ": the partition is {} % full, {} of it are backups that may go no further, {} are not ours",
                disk.percent(),
                Bytes(*ours),
                Bytes(disk.used_bytes().saturating_sub(*ours)),
            ),
            Kind::NeverFits { disk, need } => write!(
                f,
                ": it takes about {}, of which {} are free, and deleting backups would not do",
                Bytes(*need),
                Bytes(disk.available_bytes()),
            ),
            _ => Ok(()),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.kind {
            Kind::Io(_, cause) => Some(cause),
            _ => None,
        }
    }
}
