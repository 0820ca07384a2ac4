//! Options whose values are words that are known beforehand.

use std::ffi::OsStr;
use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command, Error};

/// Reads a word, or a list of words with `|` or `,` between. Completions offer the words. A word that is none of them is
/// answered with the nearest.
#[derive(Debug)]
pub(super) struct Words<T> {
    words: fn() -> Vec<String>,
    value: PhantomData<fn() -> T>,
}

impl<T> Words<T> {
    pub(super) fn new(words: fn() -> Vec<String>) -> Words<T> {
        let value = PhantomData;
        Words { words, value }
    }
}

impl<T> Clone for Words<T> {
    fn clone(&self) -> Words<T> {
        Words::new(self.words)
    }
}

impl<T> TypedValueParser for Words<T>
where
    T: FromStr<Err: Display> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        let words = self.words;
        let read = move |text: &str| {
            text.parse().map_err(|error: T::Err| {
                let nearest = sip_filter::nearest(text, &words()).map(|word| format!("; the nearest is {word}"));
                format!("{error}{}", nearest.unwrap_or_default())
            })
        };
        read.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.words)().into_iter().map(PossibleValue::new)))
    }
}

/// A list as it was written, and what it stands for.
#[derive(Clone, Debug)]
pub(super) struct Listed<T> {
    pub(super) text: String,
    pub(super) value: T,
}

impl<T: FromStr> FromStr for Listed<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Listed<T>, T::Err> {
        let (text, value) = (text.to_owned(), text.parse()?);
        Ok(Listed { text, value })
    }
}
