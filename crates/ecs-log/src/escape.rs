//! Names and paths as text that cannot steer a terminal.

use std::ffi::OsString;
use std::path::Path;

/// The path as one line of text that is safe to show.
///
/// Control characters (C0, DEL, C1), characters that turn the direction of text, and bytes that are not UTF-8 are escaped, as
/// `\x1b` or `\u{202e}`. Everything else stays as it is, also a backslash.
pub fn escape_path(path: &Path) -> String {
    escape(path.as_os_str().as_encoded_bytes())
}

/// Any bytes as one line of text that is safe to show. The rules are those of [`escape_path`].
pub fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\0'..='\x1f' | '\x7f' => text.push_str(&format!("\\x{:02x}", u32::from(c))),
                '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    text.extend(c.escape_unicode());
                }
                _ => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

/// A command line as people type it, safe to show: words that a shell would not take as they are stand in quotes.
pub fn escape_words(program: &str, words: &[OsString]) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=+.,:/@%".contains(c);
    let mut text = program.to_owned();
    for word in words {
        let word = escape(word.as_encoded_bytes());
        text += &if !word.is_empty() && word.chars().all(is_plain) {
            format!(" {word}")
        } else {
            format!(" '{word}'")
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::Path;

    use super::{escape, escape_path, escape_words};

    #[test]
    fn a_command_line_as_people_type_it() {
        let words = ["-n100", "--requests=INVITE|BYE", "a b", "", "\u{1b}", "20170427:0844"].map(OsString::from);
        let expected = r"sipstat_cm -n100 '--requests=INVITE|BYE' 'a b' '' '\x1b' 20170427:0844";
        assert_eq!(escape_words("sipstat_cm", &words), expected);
        assert_eq!(escape_words("sipstat_cm", &[]), "sipstat_cm");
    }

    #[test]
    fn every_single_byte_is_printable_ascii() {
        for byte in 0..=255_u8 {
            let expected = match byte {
                b' '..=b'~' => char::from(byte).to_string(),
                _ => format!("\\x{byte:02x}"),
            };
            assert_eq!(escape(&[b'a', byte, b'z']), format!("a{expected}z"));
        }
    }

    #[test]
    fn characters_that_steer_a_terminal_are_escaped_and_others_are_not() {
        for (path, expected) in [
            ("/var/log/ecs/2017-0427-084412.log", "/var/log/ecs/2017-0427-084412.log"),
            ("Köln/日志 1", "Köln/日志 1"),
            (r"C:\logs", r"C:\logs"),
            ("a\u{1b}]0;x\u{7}\n", r"a\x1b]0;x\x07\x0a"),
            ("\u{7f}\u{80}\u{9f}\u{a0}", "\\x7f\\u{80}\\u{9f}\u{a0}"),
            ("\u{2029}\u{202a}\u{202e}\u{202f}", "\u{2029}\\u{202a}\\u{202e}\u{202f}"),
            ("\u{2065}\u{2066}\u{2069}\u{206a}", "\u{2065}\\u{2066}\\u{2069}\u{206a}"),
        ] {
            assert_eq!(escape_path(Path::new(path)), expected);
        }
    }

    #[test]
    fn bytes_that_are_no_utf8_are_escaped_one_by_one() {
        assert_eq!(escape(b"a\xc3(\xe6\x97"), r"a\xc3(\xe6\x97");
    }
}
