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
