//! Options whose values are words that are known beforehand.

use std::ffi::OsStr;
use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command, Error};

/// How alike two words must be, from 0 to 1, for one to be meant by the other. This is clap's own measure for options.
const ALIKE: f64 = 0.7;

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
                let nearest = nearest(text, &words()).map(|word| format!("; the nearest is {word}"));
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

/// The word nearest to the first in the list `text` that is none of `words`.
fn nearest(text: &str, words: &[String]) -> Option<String> {
    let is_word = |word: &str| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    let mistyped = text.split(['|', ',']).map(str::trim).find(|word| !is_word(word))?;
    let mistyped = mistyped.to_ascii_uppercase();
    let alike = words
        .iter()
        .map(|word| (strsim::jaro(&mistyped, &word.to_ascii_uppercase()), word));
    let (likeness, word) = alike.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (likeness > ALIKE).then(|| word.clone())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_word_to_the_one_that_is_mistyped() {
        let words = ["INVITE", "ReINVITE", "BYE", "CANCEL"].map(str::to_owned);
        for (text, expected) in [
            ("INVTE", Some("INVITE")),
            ("bye, cancle", Some("CANCEL")),
            ("BYE|RE-INVITE", Some("ReINVITE")),
            ("BY", Some("BYE")),
            ("BYE", None),
            ("FOO", None),
            ("", None),
            ("4xx", None),
        ] {
            assert_eq!(nearest(text, &words).as_deref(), expected, "{text}");
        }
    }
}
