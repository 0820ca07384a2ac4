//! The names in a folder of backups: which of them are ours, and what they mean.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;

use ecs_log::LogName;

/// The file that is locked.
pub(crate) const LOCK: &str = ".backup_ecs.lock";

/// The two files of the state.
pub(crate) const STATES: [&str; 2] = [".backup_ecs.state.1", ".backup_ecs.state.2"];

const TEMP_END: &[u8] = b".tmp";
const UNSAVED_END: &[u8] = b".unsaved";

/// A log as a file: plain, or with `.gz` behind its name. `Display` gives the name of the file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LogFile {
    /// When the log was begun.
    pub name: LogName,
    /// Whether the name ends in `.gz`.
    pub packed: bool,
}

impl LogFile {
    /// `None` if the name is not that of a log.
    pub(crate) fn parse(name: &[u8]) -> Option<LogFile> {
        LogName::parse(OsStr::from_bytes(name)).map(|log| LogFile {
            name: log,
            packed: name.ends_with(b".gz"),
        })
    }
}

impl fmt::Display for LogFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.name, if self.packed { ".gz" } else { "" })
    }
}

/// The meaning of a name in one of the folders.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Meaning {
    Log(LogFile),
    /// A copy that was not finished.
    Temp,
    /// A note: the log was seen and is not saved yet.
    Unsaved(LogName),
    Other,
}

pub(crate) fn meaning(name: &[u8]) -> Meaning {
    if let Some(file) = LogFile::parse(name) {
        return Meaning::Log(file);
    }
    let Some(hidden) = name.strip_prefix(b".") else {
        return Meaning::Other;
    };
    if let Some(name) = hidden.strip_suffix(UNSAVED_END) {
        return LogFile::parse(name)
            .filter(|file| !file.packed)
            .map_or(Meaning::Other, |file| Meaning::Unsaved(file.name));
    }
    let stem = hidden.strip_suffix(TEMP_END);
    let parts = stem.and_then(|stem| {
        let dot = stem.iter().rposition(|byte| *byte == b'.')?;
        stem.split_at_checked(dot)
    });
    match parts {
        Some((name, number)) if LogFile::parse(name).is_some() && is_number(number) => Meaning::Temp,
        _ => Meaning::Other,
    }
}

/// `.PID-N`.
fn is_number(text: &[u8]) -> bool {
    text.len() > 1 && text.iter().skip(1).all(|byte| byte.is_ascii_digit() || *byte == b'-')
}

/// The temporary name of the copy that becomes `file`. The process `pid` tries another name with each `attempt`.
pub(crate) fn temp(file: LogFile, pid: u32, attempt: u32) -> String {
    format!(".{file}.{pid}-{attempt}.tmp")
}

/// The name of the note that a log is not saved yet.
pub(crate) fn unsaved(name: LogName) -> String {
    format!(".{name}.unsaved")
}

#[cfg(test)]
mod tests {
    use super::{LogFile, Meaning, meaning, temp, unsaved};

    #[test]
    fn our_own_names_are_known_again() {
        for text in ["2017-0427-084412.log", "2017-0427-084412.log.gz"] {
            let file: LogFile = LogFile::parse(text.as_bytes()).unwrap();
            assert_eq!(file.to_string(), text);
            assert_eq!(meaning(text.as_bytes()), Meaning::Log(file));
            assert_eq!(meaning(temp(file, 4711, 12).as_bytes()), Meaning::Temp);
            assert_eq!(meaning(unsaved(file.name).as_bytes()), Meaning::Unsaved(file.name));
        }
    }

    #[test]
    fn all_other_names_are_somebody_elses() {
        for name in [
            "",
            ".",
            "..",
            ".tmp",
            ".unsaved",
            "2019-report.pdf",
            "2017-0427-084412.log.bz2",
            ".2017-0427-084412.log",
            ".2017-0427-084412.log.tmp",
            ".2017-0427-084412.log..tmp",
            ".2017-0427-084412.log.x.tmp",
            "2017-0427-084412.log.1-1.tmp",
            ".2017-0427-084412.log.gz.unsaved",
            ".2019-report.pdf.1-1.tmp",
            ".backup_ecs.lock",
            ".backup_ecs.state.1",
        ] {
            assert_eq!(meaning(name.as_bytes()), Meaning::Other, "{name}");
        }
        assert_eq!(meaning(b"\xff\xfe"), Meaning::Other);
    }
}
