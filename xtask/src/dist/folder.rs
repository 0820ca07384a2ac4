//! The folder that a person copies from.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::files;

/// The file with the sums of all others. A folder that has it was made by this task.
const SUMS: &str = "SHA256SUMS";

/// A folder that this task made.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes an empty folder. A folder that this task made there before is deleted, and no other files ever are.
    pub(super) fn make_empty(path: &Path) -> Result<Folder, Error> {
        let at = |cause: io::Error| Error::at(path, &cause);
        let is_empty = match fs::read_dir(path) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(error) => return Err(at(error)),
        };
        if !is_empty {
            if !path.join(SUMS).exists() {
                let path = path.display();
                return Err(Error::failed(format!(
                    "{path}: has other files in it; name another folder with --out"
                )));
            }
            fs::remove_dir_all(path).map_err(at)?;
        }
        fs::create_dir_all(path).map_err(at)?;
        let folder = Folder(path.to_owned());
        // From now on the folder is known as one that this task made, even if a later step fails.
        folder.write(Path::new(SUMS), b"")?;
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Copies the file at `from`.
    pub(super) fn copy(&self, from: &Path, to: &Path) -> Result<(), Error> {
        let to = self.0.join(to);
        if let Some(parent) = to.parent() {
            files::create_folder(parent)?;
        }
        fs::copy(from, &to).map_err(|cause| Error::at(&to, &cause))?;
        Ok(())
    }

    /// Writes a file.
    pub(super) fn write(&self, name: &Path, content: &[u8]) -> Result<(), Error> {
        files::write(&self.0.join(name), content)
    }

    /// Writes the sums of all files in the folder, as `sha256sum --check` reads them.
    pub(super) fn write_sums(&self) -> Result<(), Error> {
        let mut sums = String::new();
        for name in files_below(&self.0)? {
            if name == Path::new(SUMS) {
                continue;
            }
            let content = files::read(&self.0.join(&name))?;
            let digits: String = Sha256::digest(&content)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            sums.push_str(&format!("{digits}  {}\n", name.display()));
        }
        self.write(Path::new(SUMS), sums.as_bytes())
    }
}

/// The paths of all files below `folder`, relative to it, sorted.
pub(super) fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let at = |cause: io::Error| Error::at(&next, &cause);
        for entry in fs::read_dir(&next).map_err(at)? {
            let path = entry.map_err(at)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                files.push(name.to_owned());
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::Folder;

    #[test]
    fn it_takes_its_own_folder_again_and_no_other() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("dist");
        let folder = Folder::make_empty(&path).unwrap();
        folder.write(Path::new("a"), b"abc").unwrap();
        folder.write_sums().unwrap();
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n";
        assert_eq!(fs::read_to_string(path.join("SHA256SUMS")).unwrap(), expected);
        Folder::make_empty(&path).unwrap();
        assert!(!path.join("a").exists());
        fs::remove_file(path.join("SHA256SUMS")).unwrap();
        fs::write(path.join("mine"), "").unwrap();
        assert!(Folder::make_empty(&path).is_err());
        assert!(path.join("mine").exists());
    }
}
