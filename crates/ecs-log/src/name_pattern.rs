//! A shell pattern for one name.

use std::fmt;

use fast_glob::ErrorKind;

/// A shell pattern for one name, not for a path: `*`, `?`, `[ab]`, `[a-z]`, `[!ab]` and `{a,b}`, and `\` before a
/// character that stands for itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamePattern {
    text: String,
    /// Without what means something to the matcher and nothing to a shell.
    pattern: String,
}

impl NamePattern {
    /// # Errors
    ///
    /// It is malformed; the reason in words.
    pub fn new(text: &str) -> Result<NamePattern, &'static str> {
        // There it would turn the pattern into its opposite.
        let escape = if text.starts_with('!') { "\\" } else { "" };
        let pattern = format!("{escape}{text}");
        match fast_glob::validate(&pattern) {
            Ok(()) => Ok(NamePattern {
                text: text.to_owned(),
                pattern,
            }),
            Err(error) => Err(reason(error.kind)),
        }
    }

    /// Returns true if and only if the whole name is meant. It need not be UTF-8.
    pub fn is_match(&self, name: &[u8]) -> bool {
        fast_glob::glob_match(&self.pattern, name)
    }
}

/// As it was written.
impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn reason(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UnclosedBracket => "unclosed character class; missing ']'",
        ErrorKind::UnclosedBrace => "unclosed alternatives; missing '}'",
        ErrorKind::TrailingBackslash => "nothing follows the last '\\'",
        _ => "more than ten alternatives in braces",
    }
}

#[cfg(test)]
mod tests {
    use super::NamePattern;

    #[test]
    fn it_means_what_a_shell_means() {
        for (pattern, name, expected) in [
            ("20*", "2017-0427-084412.log", true),
            ("*", "", true),
            ("20*", "x20", false),
            ("20**12.log", "2017-0427-084412.log", true),
            ("*08?412*", "2017-0427-084412.log", true),
            ("20[0-1]7*", "2017-0427-084412.log", true),
            ("[!1]*", "2017", true),
            ("[^2]*", "2017", false),
            ("{sip,20*}.log", "2017.log", true),
            ("{sip,{19,20}*}.log", "2017.log", true),
            ("!a", "!a", true),
            ("!a", "b", false),
            ("!!a", "!!a", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("a}", "a}", true),
            ("20*", "20\u{fffd}", true),
        ] {
            let matcher = NamePattern::new(pattern).unwrap();
            assert_eq!(matcher.is_match(name.as_bytes()), expected, "{pattern} {name}");
            assert_eq!(matcher.to_string(), pattern);
        }
        assert!(NamePattern::new("20*").unwrap().is_match(b"20\xff"));
    }

    #[test]
    fn a_malformed_one_is_refused_with_the_reason() {
        for (pattern, expected) in [
            ("20[", "unclosed character class; missing ']'"),
            ("20[]", "unclosed character class; missing ']'"),
            ("20{17", "unclosed alternatives; missing '}'"),
            ("20\\", "nothing follows the last '\\'"),
            (
                "{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}",
                "more than ten alternatives in braces",
            ),
        ] {
            assert_eq!(NamePattern::new(pattern), Err(expected), "{pattern}");
        }
    }
}
