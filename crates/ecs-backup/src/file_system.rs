//! On which file system a folder lies, by the system's own list.

use std::fmt;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A file system, as it is mounted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FileSystem {
    kind: String,
    device: String,
    mounted_at: String,
}

impl FileSystem {
    /// The file system of a folder that is there, or of the folder in which it will be made; `None` if the system does not tell.
    pub(crate) fn of(folder: &Path) -> Option<FileSystem> {
        let mounts = fs::read("/proc/self/mounts").ok()?;
        let mut above = folder.ancestors().map(|path| match path.as_os_str().is_empty() {
            true => Path::new("."),
            false => path,
        });
        let there: PathBuf = above.find_map(|path| path.canonicalize().ok())?;
        find(&mounts, there.as_os_str().as_bytes())
    }
}

/// The one that is mounted nearest to the path. Of several at the same place the last hides the others.
fn find(mounts: &[u8], path: &[u8]) -> Option<FileSystem> {
    let mut found: Option<(usize, FileSystem)> = None;
    for line in mounts.split(|byte| *byte == b'\n') {
        let mut words = line.split(|byte| *byte == b' ').map(unescaped);
        let (Some(device), Some(at), Some(kind)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let length = at.strip_suffix(b"/").unwrap_or(&at).len();
        let is_below = path.starts_with(&at) && matches!(path.get(length), None | Some(b'/'));
        if is_below && found.as_ref().is_none_or(|(longest, _)| *longest <= length) {
            let [kind, device, mounted_at] = [kind, device, at].map(|word| ecs_log::escape(&word));
            let file_system = FileSystem {
                kind,
                device,
                mounted_at,
            };
            found = Some((length, file_system));
        }
    }
    found.map(|(_, file_system)| file_system)
}

/// A word of the list, in which blanks, line feeds and backslashes stand as three octal digits behind a backslash.
fn unescaped(word: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = word;
    while let Some((first, others)) = rest.split_first() {
        let digits = others.get(..3).filter(|_| *first == b'\\');
        let byte = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = match byte {
            Some(_) => others.get(3..).unwrap_or_default(),
            None => others,
        };
    }
    bytes
}

impl fmt::Display for FileSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FileSystem {
            kind,
            device,
            mounted_at,
        } = self;
        write!(f, "{device} at {mounted_at} ({kind})")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{FileSystem, find};

    #[test]
    fn the_nearest_mount_is_found() {
        let mounts = b"rootfs / rootfs rw 0 0\n/dev/sda1 / ext3 rw 0 0\nnas:/a\\040b /var/home nfs rw 0 0\n\
                       /dev/sdb /var/home/my\\040disk xfs rw 0 0\nbad line\n";
        for (path, expected) in [
            ("/", "/dev/sda1 at / (ext3)"),
            ("/var", "/dev/sda1 at / (ext3)"),
            ("/var/home", "nas:/a b at /var/home (nfs)"),
            ("/var/homes", "/dev/sda1 at / (ext3)"),
            ("/var/home/my disk/ecs", "/dev/sdb at /var/home/my disk (xfs)"),
            ("/var/home/my", "nas:/a b at /var/home (nfs)"),
        ] {
            let found = find(mounts, path.as_bytes()).map(|found| found.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{path}");
        }
        assert_eq!(find(b"", b"/"), None);
    }

    #[test]
    fn a_folder_that_is_still_to_be_made_is_on_that_of_the_one_above() {
        let root = tempfile::tempdir().unwrap();
        let there = FileSystem::of(root.path());
        assert_eq!(FileSystem::of(&root.path().join("a/b")), there);
        assert_eq!(
            FileSystem::of(Path::new("no-such-folder")),
            FileSystem::of(Path::new("."))
        );
        assert!(there.is_some() || !Path::new("/proc/self/mounts").exists());
    }
}
