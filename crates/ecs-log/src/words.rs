//! What people are told of inputs, in words.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::escape::escape_path;
use crate::select::Namesakes;

/// Where the logs lie, and that all of them count.
impl fmt::Display for Namesakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => f.write_str("1 log of the same name")?,
            count => write!(f, "{count} logs of the same names")?,
        }
        let [first, second] = self.folders.each_ref().map(|folder| match escape_path(folder) {
            folder if folder.is_empty() => ".".to_owned(),
            folder => folder,
        });
        write!(f, " but other content in {first}")?;
        if first != second {
            write!(f, " and {second}")?;
        }
        f.write_str(": both counted, as of two servers")
    }
}

/// Why a folder cannot be followed: it is not there, or something else is. `None` if it can, or if that is not known.
pub fn why_not_followed(folder: &Path) -> Option<String> {
    let what = match fs::metadata(folder) {
        Ok(metadata) if !metadata.is_dir() => "is not a folder",
        Err(error) if error.kind() == ErrorKind::NotFound => "not found; check the name",
        _ => return None,
    };
    Some(format!("{}: {what}", escape_path(folder)))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn logs_of_the_same_names() {
        let of = |count, folders: [&str; 2]| Namesakes {
            count,
            folders: folders.map(PathBuf::from),
        };
        let all = [of(1, ["", "b"]), of(2, ["a\n", "b"]), of(3, ["a", "a"])];
        insta::assert_snapshot!(all.map(|namesakes| namesakes.to_string()).join("\n"), @r"
        1 log of the same name but other content in . and b: both counted, as of two servers
        2 logs of the same names but other content in a\x0a and b: both counted, as of two servers
        3 logs of the same names but other content in a: both counted, as of two servers
        ");
    }

    #[test]
    fn what_is_not_a_folder_is_not_followed() {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("a");
        fs::write(&file, "").unwrap();
        for (path, expected) in [
            (dir.path(), None),
            (&file, Some("is not a folder")),
            (&dir.path().join("b"), Some("not found; check the name")),
        ] {
            let expected = expected.map(|what| format!("{}: {what}", path.display()));
            assert_eq!(why_not_followed(path), expected);
        }
    }
}
