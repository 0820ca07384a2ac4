//! A log that is an entry of an archive.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::sync::Arc;

use log_archive::Place;

use crate::name::LogName;
use crate::open::LogReader;

/// A log that is an entry of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ArchivedLog {
    /// The file of the archive; `None` is standard input.
    pub(crate) archive: Option<Arc<Path>>,
    /// The archive and the folder within as one path.
    pub(crate) folder: Arc<Path>,
    /// Its name, as the archive has it.
    pub(crate) name: Box<[u8]>,
    pub(crate) content: Content,
}

/// Where the bytes of an entry are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// In the archive's file.
    InFile(Place),
    /// They came by in a stream; the number counts the logs of all streams.
    Streamed(usize),
}

impl ArchivedLog {
    /// Opens it, unless it came by in a stream.
    pub(crate) fn open(&self) -> io::Result<LogReader> {
        match (&self.archive, &self.content) {
            (Some(archive), Content::InFile(place)) => LogReader::new(place.open(archive)?),
            _ => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

/// The last part of a name in an archive. Some programs for Windows write backslashes.
pub(crate) fn file_name(name: &[u8]) -> &[u8] {
    name.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or(name)
}

/// Whether an entry of this name is a log: an ECS log, whose name is given back, or a raw file of messages, which has none.
pub(crate) fn wanted(name: &[u8]) -> Option<Option<LogName>> {
    let name = file_name(name);
    match LogName::of_bytes(name) {
        Some(log) => Some(Some(log)),
        None => (name.len() > 2 && name.ends_with(b".M")).then_some(None),
    }
}

/// The archive and the folder of an entry as one path. Logs with the same such path are of one server.
pub(crate) fn folder(archive: Option<&Path>, name: &[u8]) -> OsString {
    let folder = name.strip_suffix(file_name(name)).unwrap_or_default();
    let mut path = archive.map_or_else(|| "-".into(), |archive| archive.as_os_str().to_owned());
    path.push("/");
    path.push(os_string(folder));
    path
}

#[cfg(unix)]
fn os_string(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).to_owned()
}

#[cfg(not(unix))]
fn os_string(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{folder, wanted};

    #[test]
    fn the_last_part_of_a_name_says_whether_it_is_wanted() {
        for (name, expected) in [
            ("2017-0427-084412.log", true),
            ("var/log/ecs/2017-0427-084412.log", true),
            ("/var/log/ecs/2017-0427-084412.log.gz", true),
            ("../../2017-0427-084412.log", true),
            (r"logs\ecs\2017-0427-084412.log", true),
            ("trace.M", true),
            ("a/b/trace.M", true),
            ("", false),
            (".M", false),
            ("a/.M", false),
            ("trace.m", false),
            ("2017-0427-084412.log/", false),
            ("2017-0427-084412.log/messages", false),
            ("2017-0427-240000.log", false),
        ] {
            assert_eq!(wanted(name.as_bytes()).is_some(), expected, "{name}");
        }
    }

    #[test]
    fn no_name_leads_out_of_its_archive() {
        for (name, expected) in [
            ("2017-0427-084412.log", "a.zip/"),
            ("ecs/2017-0427-084412.log", "a.zip/ecs/"),
            ("/etc/2017-0427-084412.log", "a.zip//etc/"),
            ("../2017-0427-084412.log", "a.zip/../"),
        ] {
            assert_eq!(folder(Some(Path::new("a.zip")), name.as_bytes()), expected);
        }
    }
}
