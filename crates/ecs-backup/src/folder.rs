//! One open folder: everything in it is reached through its descriptor, so that nobody can put another in its place.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::error::{Error, Operation};
use crate::room::DiskUse;

/// One open folder.
#[derive(Debug)]
pub(crate) struct Folder {
    fd: OwnedFd,
    path: PathBuf,
}

impl Folder {
    /// Opens a folder; a link to one will do, since whoever names it means it.
    pub(crate) fn open(path: &Path) -> Result<Folder, Error> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = rustix::fs::open(path, flags, Mode::empty())
            .map_err(|cause| Error::io(path.to_owned(), Operation::Open, cause.into()))?;
        Ok(Folder {
            fd,
            path: path.to_owned(),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn fail(&self, name: &str, operation: Operation) -> impl FnOnce(Errno) -> Error {
        let path = self.at(name);
        move |cause| Error::io(path, operation, cause.into())
    }

    /// Calls `see` with the name of each regular file. Links are none, whatever they lead to.
    pub(crate) fn for_each_file(&self, mut see: impl FnMut(&[u8])) -> Result<(), Error> {
        let fail = |cause: Errno| Error::io(self.path.clone(), Operation::List, cause.into());
        for entry in Dir::read_from(&self.fd).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let is_file = match entry.file_type() {
                FileType::RegularFile => true,
                // Some file systems do not tell.
                FileType::Unknown => match rustix::fs::statat(&self.fd, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(stat) => is_regular(&stat),
                    Err(Errno::NOENT) => false,
                    Err(cause) => return Err(fail(cause)),
                },
                _ => false,
            };
            if is_file {
                see(entry.file_name().to_bytes());
            }
        }
        Ok(())
    }

    /// What the folder itself is.
    pub(crate) fn stat(&self) -> Result<Stat, Error> {
        rustix::fs::fstat(&self.fd).map_err(|cause| Error::io(self.path.clone(), Operation::Look, cause.into()))
    }

    /// What stands under a name: a link is a link.
    pub(crate) fn stat_file(&self, name: &str) -> Result<Stat, Error> {
        rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW).map_err(self.fail(name, Operation::Look))
    }

    /// Opens a regular file for reading, through no link, and without waiting where it is a pipe.
    pub(crate) fn open_file(&self, name: &str) -> Result<File, Error> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        self.open_regular(name, flags, Mode::empty(), Operation::Open)
    }

    /// Opens a file that may be there already, or makes it with owner's permissions only.
    pub(crate) fn open_or_make(&self, name: &str) -> Result<File, Error> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        self.open_regular(name, flags, Mode::RUSR | Mode::WUSR, Operation::Lock)
    }

    fn open_regular(&self, name: &str, flags: OFlags, mode: Mode, operation: Operation) -> Result<File, Error> {
        let fd = rustix::fs::openat(&self.fd, name, flags, mode).map_err(self.fail(name, operation))?;
        let stat = rustix::fs::fstat(&fd).map_err(self.fail(name, Operation::Look))?;
        if !is_regular(&stat) {
            return Err(Error::not_regular(self.at(name)));
        }
        Ok(File::from(fd))
    }

    /// Makes a file that nobody could have put there before.
    pub(crate) fn make_file(&self, name: &str, mode: Mode) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(rustix::fs::openat(&self.fd, name, flags, mode)?))
    }

    pub(crate) fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        rustix::fs::renameat(&self.fd, from, &self.fd, to).map_err(self.fail(to, Operation::Rename))
    }

    /// Deletes a regular file; never a folder, a link or what it leads to. One that is gone already is deleted.
    pub(crate) fn delete(&self, name: &str) -> Result<Deleted, Error> {
        let stat = match self.stat_file(name) {
            Ok(stat) if is_regular(&stat) => Some(stat),
            Ok(_) => return Err(Error::not_regular(self.at(name))),
            // Then this finds nothing either.
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(error),
        };
        match rustix::fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(stat.map_or_else(Deleted::default, |stat| Deleted {
                bytes: allocated(&stat),
                frees: stat.st_nlink == 1 && allocated(&stat) > 0,
            })),
            Err(cause) => Err(self.fail(name, Operation::Delete)(cause)),
        }
    }

    /// Flushes the folder itself to disk: after this the names in it stay, whatever happens.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        match rustix::fs::fsync(&self.fd) {
            // Some file systems have no such thing for folders, and need none.
            Ok(()) | Err(Errno::INVAL | Errno::NOTSUP | Errno::NOSYS) => Ok(()),
            Err(cause) => Err(Error::io(self.path.clone(), Operation::Sync, cause.into())),
        }
    }

    pub(crate) fn disk_use(&self) -> Result<DiskUse, Error> {
        let stat = rustix::fs::fstatvfs(&self.fd)
            .map_err(|cause| Error::io(self.path.clone(), Operation::Measure, cause.into()))?;
        Ok(DiskUse {
            block_bytes: stat.f_frsize,
            blocks: stat.f_blocks,
            free: stat.f_bfree,
            available: stat.f_bavail,
        })
    }
}

/// What went with a deleted file.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Deleted {
    /// What it took on disk, in bytes.
    pub(crate) bytes: u64,
    /// Whether the partition should be less full now: it had no second name.
    pub(crate) frees: bool,
}

pub(crate) fn is_regular(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
}

/// What a file takes on disk, in bytes.
pub(crate) fn allocated(stat: &Stat) -> u64 {
    // The unit is 512 bytes everywhere, whatever the file system's own.
    u64::try_from(stat.st_blocks).unwrap_or(0).saturating_mul(512)
}

/// The size of a file, in bytes.
pub(crate) fn size(stat: &Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or(0)
}
