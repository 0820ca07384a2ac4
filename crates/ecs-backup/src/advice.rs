//! What people can do about an error, as the end of the line that tells of it.

use std::error::Error as _;
use std::io::ErrorKind;
use std::path::Path;

use ecs_log::{escape, escape_path};
use rustix::io::Errno;

use crate::error::Error;
use crate::notices::Notice;
use crate::options::Options;

/// A run that failed to do something is followed by another.
pub(crate) const NEXT_RUN: &str = "; the next run tries again";

impl Error {
    /// One line for people: what went wrong, and what to do.
    ///
    /// Where nothing else can be done about it, `otherwise` is what follows.
    pub(crate) fn notice(&self, options: &Options, otherwise: &'static str) -> Notice {
        let cause = self.source().map_or_else(String::new, |cause| {
            format!(": {}", escape(cause.to_string().as_bytes()))
        });
        let folder = self.path().parent().unwrap_or(Path::new(""));
        let fault = format!("{}: {}{cause}", escape_path(folder), self.fault());
        Notice::once(
            fault,
            format!("{self}{cause}"),
            self.advice(options).unwrap_or(otherwise),
        )
    }

    fn advice(&self, options: &Options) -> Option<&'static str> {
        let is_of_logs = self.path().starts_with(&options.source) && !self.path().starts_with(&options.destination);
        let errno = self.errno();
        Some(match self.io_kind() {
            _ if self.is_no_room() => "; free space there, or name another folder with --dst",
            _ if self.is_same_folder() => "; name another folder with --dst",
            _ if self.is_open_to_all() => "; take write permission from others with chmod o-w",
            _ if self.is_in_the_way() => "; move what has this name out of the way",
            _ if errno == Some(Errno::NOLCK) => {
                "; its file system gives no locks: start lockd, or name another folder with --dst"
            }
            _ if self.is_unflushable() => {
                "; its file system cannot promise that names survive a power cut: name another folder with --dst"
            }
            Some(ErrorKind::PermissionDenied) if is_of_logs => "; run it as root or as a user of group susers",
            Some(ErrorKind::PermissionDenied) => {
                "; run it as the user whose backups these are, or name another folder with --dst"
            }
            Some(ErrorKind::NotFound | ErrorKind::NotADirectory) if self.path() == options.source => {
                "; name the folder of the logs with --src"
            }
            _ if self.is_of_hold() => "; backup_ecs status shows which there are",
            Some(ErrorKind::NotFound) if self.path() == options.destination => {
                "; name the folder of the backups with --dst"
            }
            Some(ErrorKind::NotADirectory) if self.path() == options.destination => {
                "; name a folder for the backups with --dst"
            }
            Some(ErrorKind::ReadOnlyFilesystem) => "; mount it for writing, or name another folder with --dst",
            Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => {
                "; free space there, or name another folder with --dst"
            }
            Some(ErrorKind::FileTooLarge) => "; raise the limit for the size of files, which ulimit -f shows",
            // Of the folder of holds.
            Some(ErrorKind::NotADirectory) => "; move what has this name out of the way",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;

    use rustix::io::Errno;

    use super::NEXT_RUN;
    use crate::error::{Error, Operation};
    use crate::notices::{HowFar, Notices, Reader, Told};
    use crate::room::DiskUse;
    use crate::testing;

    #[test]
    fn each_says_what_to_do_and_those_with_one_fault_are_one_line() {
        let io = |path: &str, operation, errno: Errno| Error::io(path.into(), operation, errno.into());
        let options = testing::options(Path::new("/"));
        let disk = DiskUse {
            block_bytes: 4096,
            blocks: 1000,
            free: 30,
            available: 20,
            can_make_file: true,
        };
        let errors = [
            io("/src/a", Operation::Open, Errno::ACCESS),
            io("/src/b", Operation::Open, Errno::ACCESS),
            io("/src/c", Operation::Read, Errno::ACCESS),
            io("/dst/a", Operation::Open, Errno::ACCESS),
            io("/src", Operation::Open, Errno::NOENT),
            io("/dst", Operation::Open, Errno::NOTDIR),
            io("/dst/.lock", Operation::Lock, Errno::NOLCK),
            io("/dst", Operation::Sync, Errno::INVAL),
            io("/dst", Operation::Sync, Errno::IO),
            io("/dst/a", Operation::Write, Errno::NOSPC),
            io("/dst/a", Operation::Write, Errno::FBIG),
            io("/dst/a", Operation::Write, Errno::ROFS),
            io("/dst/a", Operation::Rename, Errno::ISDIR),
            Error::no_room("/dst".into(), disk, 12_345),
            Error::no_room("/dst".into(), disk, 123),
            Error::same_folder("/dst".into()),
            Error::open_to_all("/dst".into()),
            Error::not_regular("/dst/a".into()),
            Error::io("/dst/a".into(), Operation::Read, io::ErrorKind::Other.into()),
        ];
        let mut notices = Notices::new(Reader::Mail, "20*", 0);
        errors
            .iter()
            .for_each(|error| notices.add(error.notice(&options, NEXT_RUN)));
        let lines = notices.lines(HowFar::NotToEnd, &mut Told::default());
        insta::assert_snapshot!(lines.join("\n"), @r"
        /src/a: cannot open: Permission denied (os error 13), and so for 1 more; run it as root or as a user of group susers
        /src/c: cannot read: Permission denied (os error 13); run it as root or as a user of group susers
        /dst/a: cannot open: Permission denied (os error 13); run it as the user whose backups these are, or name another folder with --dst
        /src: cannot open: No such file or directory (os error 2); name the folder of the logs with --src
        /dst: cannot open: Not a directory (os error 20); name a folder for the backups with --dst
        /dst/.lock: cannot lock: No locks available (os error 37); its file system gives no locks: start lockd, or name another folder with --dst
        /dst: cannot flush to disk: Invalid argument (os error 22); its file system cannot promise that names survive a power cut: name another folder with --dst
        /dst: cannot flush to disk: Input/output error (os error 5); the next run tries again
        /dst/a: cannot write: No space left on device (os error 28); free space there, or name another folder with --dst
        /dst/a: cannot write: File too large (os error 27); raise the limit for the size of files, which ulimit -f shows
        /dst/a: cannot write: Read-only file system (os error 30); mount it for writing, or name another folder with --dst
        /dst/a: cannot give it its final name: Is a directory (os error 21); move what has this name out of the way
        /dst: no room left to make: the partition is 98 % full, 12 kB of it are backups that may go no further, 3960 kB are not ours, and so for 1 more; free space there, or name another folder with --dst
        /dst: is the folder of the logs themselves; name another folder with --dst
        /dst: everybody may write to it; take write permission from others with chmod o-w
        /dst/a: is no regular file; move what has this name out of the way
        /dst/a: cannot read: other error; the next run tries again
        ");
    }
}
