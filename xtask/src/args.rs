//! Reads the words of the command line, and prints the results of a task.

use std::env;
use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::ExitCode;
use std::vec;

use crate::error::Error;

/// The words that are still to be read.
#[derive(Debug)]
pub(crate) struct Words(vec::IntoIter<String>);

impl Words {
    /// The arguments of this process, without its name.
    pub(crate) fn of_this_process() -> Result<Self, Error> {
        let words: Result<Vec<String>, _> = env::args_os().skip(1).map(|word| word.into_string()).collect();
        match words {
            Ok(words) => Ok(Self(words.into_iter())),
            Err(word) => Err(Error::usage(format!("{word:?} is not UTF-8"))),
        }
    }

    /// The next word, if there is one.
    pub(crate) fn next(&mut self) -> Option<String> {
        self.0.next()
    }

    /// The word that belongs to `option`.
    pub(crate) fn value_of(&mut self, option: &str) -> Result<String, Error> {
        self.next()
            .ok_or_else(|| Error::usage(format!("`{option}` needs a value")))
    }

    /// The number that belongs to `option`, which must be in `range`.
    pub(crate) fn number_of(&mut self, option: &str, range: RangeInclusive<u64>) -> Result<u64, Error> {
        let value = self.value_of(option)?;
        value
            .parse()
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                let (low, high) = (range.start(), range.end());
                Error::usage(format!("`{option}` needs a number from {low} to {high}, not `{value}`"))
            })
    }
}

/// The error for an argument that the task does not have.
pub(crate) fn unexpected(word: &str) -> Error {
    Error::usage(format!("unexpected argument `{word}`, see `cargo xtask help`"))
}

/// Writes `text` to standard output.
pub(crate) fn print(text: &str) -> Result<ExitCode, Error> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map(|()| ExitCode::SUCCESS)
        .map_err(|cause| Error::at(Path::new("standard output"), &cause))
}

/// Tells a person what is being done. It does not matter if the text cannot be written.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "xtask: {text}");
}
