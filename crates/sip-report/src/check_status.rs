//! How a check ends.

use std::fmt;

/// How a check ended, with the exit status of the Monitoring Plugins. The worst is the greatest but for `Unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckStatus {
    /// No count raises an alert.
    Ok = 0,
    /// A count raises the lesser alert.
    Warning = 1,
    /// A count raises the greater alert.
    Critical = 2,
    /// The logs do not tell.
    Unknown = 3,
}

impl CheckStatus {
    /// The exit status of the program.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The line that says so, and why. What stands behind a `|` would be read as numbers, so there is none in it.
    pub fn line(self, text: &str) -> String {
        format!("SIPSTAT {self}: {}", text.replace('|', r"\x7c"))
    }
}

impl fmt::Display for CheckStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CheckStatus::Ok => "OK",
            CheckStatus::Warning => "WARNING",
            CheckStatus::Critical => "CRITICAL",
            CheckStatus::Unknown => "UNKNOWN",
        })
    }
}
