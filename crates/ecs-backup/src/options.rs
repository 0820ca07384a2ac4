//! What is to be backed up, to where, and how much room it may take.

use std::error;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use ecs_log::{LogName, NamePattern};

use crate::names::LogFile;

/// What is to be backed up, to where, and how much room it may take.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the server; empty if it is not known.
    pub host: String,
    /// The folder the server writes its logs to.
    pub source: PathBuf,
    /// The folder of backups.
    pub destination: PathBuf,
    /// Which logs to back up. Backups of other logs are not touched.
    pub files: Files,
    /// If the partition of `destination` is so full, the oldest backups are deleted.
    pub max_use: Percent,
    /// How copies are written.
    pub form: Form,
    /// How many backups are never deleted. With 0 the newest can go too, and with it the knowledge of what was saved last.
    pub keep_min: usize,
    /// When the run began, in seconds since 1970.
    pub now: i64,
}

/// How copies are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Uncompressed.
    Plain,
    /// As gzip. The name ends in `.gz`.
    Gzip(Level),
}

/// The compression level of gzip: 0 compresses nothing, 9 is the slowest. By default 4.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level(u8);

impl Level {
    /// `None` above 9.
    pub fn new(level: u8) -> Option<Level> {
        (level <= 9).then_some(Level(level))
    }

    /// From 0 to 9.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl FromStr for Level {
    type Err = OutOfRange;

    /// # Errors
    ///
    /// It is not a whole number from 0 to 9.
    fn from_str(text: &str) -> Result<Level, OutOfRange> {
        let level = text.parse().ok().and_then(Level::new);
        level.ok_or(OutOfRange("a whole number from 0 to 9 is allowed"))
    }
}

impl Default for Level {
    fn default() -> Level {
        Level(4)
    }
}

/// A share of a partition, from 1 to 100 per cent. By default 90.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Percent(u8);

impl Percent {
    /// `None` for 0, which nothing could satisfy, and above 100.
    pub fn new(percent: u8) -> Option<Percent> {
        (1..=100).contains(&percent).then_some(Percent(percent))
    }

    /// From 1 to 100.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl FromStr for Percent {
    type Err = OutOfRange;

    /// # Errors
    ///
    /// It is not a whole number from 1 to 100.
    fn from_str(text: &str) -> Result<Percent, OutOfRange> {
        let percent = text.parse().ok().and_then(Percent::new);
        percent.ok_or(OutOfRange("a whole number from 1 to 100 is allowed"))
    }
}

/// What is allowed where a number is not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutOfRange(&'static str);

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl error::Error for OutOfRange {}

impl Default for Percent {
    fn default() -> Percent {
        Percent(90)
    }
}

/// A shell pattern for the names of logs, such as `20*`.
///
/// It is matched against the name that the log has on the server, so that it matches a log if it matches its backup.
#[derive(Clone, Debug)]
pub struct Files(NamePattern);

impl Files {
    /// Returns true if and only if the log is to be backed up.
    pub fn is_match(&self, name: LogName) -> bool {
        self.0.is_match(name.with_number(1).to_string().as_bytes())
    }

    /// The same for a file with the name `file_name`. To write the names of a million backups anew takes longer than to list them.
    pub(crate) fn is_match_file(&self, file: LogFile, file_name: &[u8]) -> bool {
        match file.name.number() {
            1 => self.is_match_name(file_name.strip_suffix(b".gz").unwrap_or(file_name)),
            _ => self.is_match(file.name),
        }
    }

    /// The same for any name in the source folder.
    pub(crate) fn is_match_name(&self, name: &[u8]) -> bool {
        self.0.is_match(name)
    }
}

impl fmt::Display for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Files {
    type Err = FilesError;

    /// # Errors
    ///
    /// The pattern is empty or malformed, or has a `/`. It is for names, not for paths.
    fn from_str(text: &str) -> Result<Files, FilesError> {
        if text.is_empty() || text.contains('/') {
            return Err(FilesError("it is for names of files, such as 20*, without /"));
        }
        NamePattern::new(text).map(Files).map_err(FilesError)
    }
}

/// Why a pattern is not valid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FilesError(&'static str);

impl fmt::Display for FilesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed pattern: {}", self.0)
    }
}

impl error::Error for FilesError {}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use ecs_log::LogName;

    use crate::names::LogFile;

    use super::{Files, Level, Percent};

    #[test]
    fn a_log_and_its_backup_match_together() {
        let name = LogName::parse(OsStr::new("2017-0427-084412.log")).unwrap();
        for (pattern, expected) in [
            ("20*", true),
            ("2017-04*.log", true),
            ("*12.log", true),
            ("2018*", false),
        ] {
            let files: Files = pattern.parse().unwrap();
            assert_eq!(files.is_match(name), expected, "{pattern}");
            assert_eq!(files.is_match(name.with_number(2)), expected, "{pattern}");
            for (number, packed) in [(1, false), (1, true), (2, false), (2, true)] {
                let file = LogFile {
                    name: name.with_number(number),
                    packed,
                };
                let is_match = files.is_match_file(file, file.to_string().as_bytes());
                assert_eq!(is_match, expected, "{pattern} {file}");
            }
        }
        assert_eq!("20*".parse::<Files>().unwrap().to_string(), "20*");
    }

    #[test]
    fn patterns_that_are_none_are_errors() {
        for pattern in ["", "20[", "/var/log/ecs/20*"] {
            assert!(pattern.parse::<Files>().is_err(), "{pattern}");
        }
    }

    #[test]
    fn values_have_limits() {
        assert_eq!((Percent::new(0), Percent::new(101)), (None, None));
        assert_eq!(Percent::new(100).map(Percent::get), Some(100));
        assert_eq!((Level::new(10), Level::new(0).map(Level::get)), (None, Some(0)));
        for text in ["0", "101", "", "90%", "-1"] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
        assert_eq!("7".parse(), Ok(Level(7)));
        assert!("10".parse::<Level>().is_err());
    }
}
