//! Lists as people write them, and what is said of a word that is not expected.

use std::fmt;

use crate::message_type::{CODES, MessageType};

/// The words of a list, with `|` or `,` between.
pub fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(['|', ',']).map(str::trim)
}

/// The class, the tenth of a class, or the single code that a word stands for: `4`, `4xx`, `48`, `48x` or `482`.
pub(crate) fn codes(word: &str) -> Option<std::ops::Range<u16>> {
    let (digits, n_codes) = match *word.as_bytes() {
        [a] | [a, b'x' | b'X', b'x' | b'X'] => ([a, b'0', b'0'], 100),
        [a, b] | [a, b, b'x' | b'X'] => ([a, b, b'0'], 10),
        [a, b, c] => ([a, b, c], 1),
        _ => return None,
    };
    let add = |code: u16, digit: &u8| digit.is_ascii_digit().then(|| code * 10 + u16::from(digit - b'0'));
    let first = digits.iter().try_fold(0, add).filter(|first| CODES.contains(first))?;
    Some(first..first + n_codes)
}

/// The request that is called so, whatever the case of the letters.
pub(crate) fn request(word: &str) -> Option<MessageType> {
    let is_called = |message_type: &MessageType| message_type.to_string().eq_ignore_ascii_case(word);
    MessageType::REQUESTS.into_iter().find(is_called)
}

/// How alike two words must be, from 0 to 1, for one to be meant by the other. This is clap's own measure for options.
const ALIKE: f64 = 0.7;

/// The word nearest to the first in `list` that is none of `words`; none if it is like none of them.
pub fn nearest<'w>(list: &str, words: &'w [String]) -> Option<&'w str> {
    let is_word = |word: &&str| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    let mistyped = self::words(list).find(|word| !is_word(word))?;
    let likeness = |word: &str| strsim::jaro(&mistyped.to_ascii_uppercase(), &word.to_ascii_uppercase());
    let alike = words.iter().map(|word| (likeness(word), word.as_str()));
    let (likeness, word) = alike.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (likeness > ALIKE).then_some(word)
}

/// A list that cannot be read. The text says what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterError {
    /// No request has this name.
    Request(String),
    /// No response code begins with this.
    Response(String),
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FilterError::Request(word) => {
                write!(f, "`{}` is not a request", word.escape_debug())?;
                if codes(word).is_some() {
                    f.write_str(" but a response code")?;
                }
                f.write_str("; expected ALL, none or a list, with | or , between, of")?;
                let mut requests = MessageType::REQUESTS.iter();
                requests.try_for_each(|message_type| write!(f, " {message_type}"))
            }
            FilterError::Response(word) => {
                let what = match request(word) {
                    Some(_) => "is a request and not a response code",
                    None => "is not the start of a response code",
                };
                write!(
                    f,
                    "`{}` {what}; expected ALL, none or a list, with | or , between, of codes from 100 to 699, of their first \
                     digits, or of classes, such as 482, 48, 4 or 4xx",
                    word.escape_debug()
                )
            }
        }
    }
}

impl std::error::Error for FilterError {}

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
            assert_eq!(nearest(text, &words), expected, "{text}");
        }
    }
}
