//! One open folder. All files in it are reached through its descriptor, so that nobody can put another folder in its place.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use rustix::process::Gid;

use crate::acl;
use crate::error::{Error, Operation};
use crate::holds::{self, Holds};
use crate::names::LogFile;
use crate::room::DiskUse;

/// One open folder.
#[derive(Debug)]
pub(crate) struct Folder {
    fd: OwnedFd,
    path: PathBuf,
    /// Empty where no name stands for a file in the folder of a hold.
    holds: Holds,
}

impl Folder {
    /// Opens a folder. The path may be a link to a folder.
    pub(crate) fn open(path: &Path) -> Result<Folder, Error> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = rustix::fs::open(path, flags, Mode::empty())
            .map_err(|cause| Error::io(path.to_owned(), Operation::Open, cause.into()))?;
        Ok(Folder {
            fd,
            path: path.to_owned(),
            holds: Holds::default(),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.path.join(self.place(name).as_ref())
    }

    fn fail(&self, name: &str, operation: Operation) -> impl FnOnce(Errno) -> Error {
        let path = self.at(name);
        move |cause| Error::io(path, operation, cause.into())
    }

    /// The same folder, in which the names of backups that lie in the folder of a hold stand for those.
    pub(crate) fn with_holds(&self, holds: Holds) -> Result<Folder, Error> {
        let fd = self.fd.try_clone();
        Ok(Folder {
            fd: fd.map_err(|cause| Error::io(self.path.clone(), Operation::Open, cause))?,
            path: self.path.clone(),
            holds,
        })
    }

    /// The path in this folder of the file of this name.
    fn place<'a>(&self, name: &'a str) -> Cow<'a, str> {
        let held = LogFile::parse(name.as_bytes()).and_then(|file| self.holds.path(file));
        held.map_or(Cow::Borrowed(name), Cow::Owned)
    }

    /// Calls `see` with the name of each regular file. A link is not one, whatever it leads to.
    pub(crate) fn for_each_file(&self, mut see: impl FnMut(&[u8])) -> Result<(), Error> {
        self.for_each(|name, is| {
            if is == FileType::RegularFile {
                see(name)
            }
        })
    }

    /// Calls `see` with the name of each folder in it, `.` and `..` too.
    pub(crate) fn for_each_folder(&self, mut see: impl FnMut(&[u8])) -> Result<(), Error> {
        self.for_each(|name, is| {
            if is == FileType::Directory {
                see(name)
            }
        })
    }

    /// Calls `see` with each name and what bears it.
    pub(crate) fn for_each(&self, mut see: impl FnMut(&[u8], FileType)) -> Result<(), Error> {
        let fail = |cause: Errno| Error::io(self.path.clone(), Operation::List, cause.into());
        for entry in Dir::read_from(&self.fd).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let found = match entry.file_type() {
                // Some file systems do not tell the type here.
                FileType::Unknown => match rustix::fs::statat(&self.fd, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                    Err(Errno::NOENT) => continue,
                    Err(cause) => return Err(fail(cause)),
                },
                known => known,
            };
            see(entry.file_name().to_bytes(), found);
        }
        Ok(())
    }

    /// Opens a folder in this one. Links are not followed.
    pub(crate) fn open_folder(&self, name: &str) -> Result<Folder, Error> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(&self.fd, name, flags, Mode::empty()).map_err(self.fail(name, Operation::Open))?;
        Ok(Folder {
            fd,
            path: self.at(name),
            holds: Holds::default(),
        })
    }

    /// Opens a folder in this one, and makes it if it is missing. It gets group and permissions of this one.
    pub(crate) fn open_or_make_folder(&self, name: &str) -> Result<Folder, Error> {
        let mode = self.permissions()? & 0o755 | 0o700;
        match rustix::fs::mkdirat(&self.fd, name, Mode::RWXU) {
            Ok(()) => {
                let folder = self.open_folder(name)?;
                // Where this fails, only its owner may enter it.
                let _ = folder.give(self.stat()?.st_gid, mode);
                self.sync_if_it_can()?;
                Ok(folder)
            }
            Err(Errno::EXIST) => self.open_folder(name),
            Err(cause) => Err(self.fail(name, Operation::Make)(cause)),
        }
    }

    /// Removes a folder in this one if nothing is in it.
    pub(crate) fn remove_folder(&self, name: &str) -> Result<(), Error> {
        rustix::fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR).map_err(self.fail(name, Operation::Delete))
    }

    /// What its owner, its group and everybody may do, without access control lists.
    pub(crate) fn permissions(&self) -> Result<u32, Error> {
        let mode = Mode::from_raw_mode(self.stat()?.st_mode).bits() & 0o777;
        Ok(acl::mode_without_acl(&self.fd, mode))
    }

    /// The state of the folder itself.
    pub(crate) fn stat(&self) -> Result<Stat, Error> {
        rustix::fs::fstat(&self.fd).map_err(|cause| Error::io(self.path.clone(), Operation::Look, cause.into()))
    }

    /// The state of a file. Links are not followed.
    pub(crate) fn stat_file(&self, name: &str) -> Result<Stat, Error> {
        let place = self.place(name);
        rustix::fs::statat(&self.fd, place.as_ref(), AtFlags::SYMLINK_NOFOLLOW)
            .map_err(self.fail(name, Operation::Look))
    }

    /// Opens a regular file for reading. Links are not followed, and a pipe is not waited for.
    pub(crate) fn open_file(&self, name: &str) -> Result<File, Error> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        self.open_regular(name, flags, Mode::empty(), Operation::Open)
    }

    /// Opens a file for reading and writing. If it is missing it is made, and only its owner may open it.
    pub(crate) fn open_or_make(&self, name: &str, operation: Operation) -> Result<File, Error> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        self.open_regular(name, flags, Mode::RUSR | Mode::WUSR, operation)
    }

    fn open_regular(&self, name: &str, flags: OFlags, mode: Mode, operation: Operation) -> Result<File, Error> {
        let place = self.place(name);
        let fd = rustix::fs::openat(&self.fd, place.as_ref(), flags, mode).map_err(self.fail(name, operation))?;
        let stat = rustix::fs::fstat(&fd).map_err(self.fail(name, Operation::Look))?;
        if !is_regular(&stat) {
            return Err(Error::not_regular(self.at(name)));
        }
        Ok(File::from(fd))
    }

    /// Makes a new file. Fails if there is anything under that name.
    pub(crate) fn make_file(&self, name: &str, mode: Mode) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(rustix::fs::openat(&self.fd, name, flags, mode)?))
    }

    pub(crate) fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        let place = self.place(to);
        rustix::fs::renameat(&self.fd, from, &self.fd, place.as_ref()).map_err(self.fail(to, Operation::Rename))
    }

    /// Deletes a regular file, never a folder or a link. A file that is gone already counts as deleted.
    pub(crate) fn delete(&self, name: &str) -> Result<(), Error> {
        match self.stat_file(name) {
            Ok(stat) if !is_regular(&stat) => return Err(Error::not_regular(self.at(name))),
            Err(error) if !error.is_not_found() => return Err(error),
            Ok(_) | Err(_) => {}
        }
        match rustix::fs::unlinkat(&self.fd, self.place(name).as_ref(), AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(cause) => Err(self.fail(name, Operation::Delete)(cause)),
        }
    }

    /// Flushes the folder itself to disk, and those of the holds. After that the names in it survive a power cut.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        for hold in self.holds.all() {
            self.open_folder(&holds::folder(&hold.name))?.sync()?;
        }
        rustix::fs::fsync(&self.fd).map_err(|cause| Error::io(self.path.clone(), Operation::Sync, cause.into()))
    }

    /// The same, where the file system can flush folders.
    pub(crate) fn sync_if_it_can(&self) -> Result<(), Error> {
        self.sync()
            .or_else(|error| if error.is_unflushable() { Ok(()) } else { Err(error) })
    }

    /// Gives the folder a group and a mode. Where it gets another group, that may do what everybody may.
    pub(crate) fn give(&self, group: u32, mode: u32) -> Result<(), Errno> {
        let is_given = rustix::fs::fchown(&self.fd, None, Some(Gid::from_raw(group))).is_ok();
        let mode = if is_given && acl::remove(&self.fd) {
            mode
        } else {
            everybodys(mode)
        };
        rustix::fs::fchmod(&self.fd, Mode::from_raw_mode(mode))
    }

    /// Whether the user of the process may do that in the folder.
    pub(crate) fn access(&self, access: Access) -> Result<(), Error> {
        rustix::fs::accessat(&self.fd, ".", access, AtFlags::empty())
            .map_err(|cause| Error::io(self.path.clone(), Operation::Write, cause.into()))
    }

    pub(crate) fn disk_use(&self) -> Result<DiskUse, Error> {
        let stat = rustix::fs::fstatvfs(&self.fd)
            .map_err(|cause| Error::io(self.path.clone(), Operation::Measure, cause.into()))?;
        Ok(DiskUse {
            block_bytes: stat.f_frsize,
            blocks: stat.f_blocks,
            free: stat.f_bfree,
            available: stat.f_bavail,
            can_make_file: stat.f_files == 0 || stat.f_favail > 0,
        })
    }
}

/// The mode in which the group may do no more than everybody.
pub(crate) fn everybodys(mode: u32) -> u32 {
    mode & (0o707 | ((mode & 0o007) << 3))
}

pub(crate) fn is_regular(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
}

/// What a file takes on disk, in bytes.
pub(crate) fn allocated(stat: &Stat) -> u64 {
    // `st_blocks` counts units of 512 bytes on every file system.
    u64::try_from(stat.st_blocks).unwrap_or(0).saturating_mul(512)
}

/// How many bytes are freed if the file is deleted: none if it has a second name, a hard link.
pub(crate) fn frees(stat: &Stat) -> u64 {
    if stat.st_nlink == 1 { allocated(stat) } else { 0 }
}

/// The size of a file, in bytes.
pub(crate) fn size(stat: &Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or(0)
}
