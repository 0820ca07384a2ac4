//! A shell pattern for one name.

use std::fmt;

use globset::{Candidate, ErrorKind, GlobBuilder, GlobSet};

const UNCLOSED_CLASS: &str = "unclosed character class; missing ']'";
const UNCLOSED_BRACES: &str = "unclosed alternatives; missing '}'";
const LONE_BACKSLASH: &str = "nothing follows the last '\\'";
const BACKSLASH_IN_CLASS: &str =
    "within brackets, write ']' first, '-' last and '!' or '^' not first, all without '\\'";
const BACKWARD_RANGE: &str = "a range within brackets runs backwards";
const TOO_LARGE: &str = "it is too long or nested too deeply";

/// A shell pattern for one name, not for a path: `*`, `?`, `[ab]`, `[a-z]`, `[!ab]` and `{a,b}`, and `\` before a
/// character that stands for itself. As in the locale `C`, each byte is a character.
#[derive(Clone, Debug)]
pub struct NamePattern {
    text: String,
    matcher: GlobSet,
}

impl NamePattern {
    /// # Errors
    ///
    /// The text is malformed; the reason in words.
    pub fn new(text: &str) -> Result<NamePattern, &'static str> {
        let glob = as_glob(text)?;
        let mut builder = GlobBuilder::new(&glob);
        builder
            .literal_separator(true)
            .backslash_escape(true)
            .empty_alternates(true);
        let glob = builder.build().map_err(|error| reason(error.kind()))?;
        Ok(NamePattern {
            text: text.to_owned(),
            matcher: GlobSet::new([glob]).map_err(|error| reason(error.kind()))?,
        })
    }

    /// Returns true if and only if the pattern fits the whole name, which need not be UTF-8.
    pub fn is_match(&self, name: &[u8]) -> bool {
        self.matcher.is_match_candidate(&Candidate::from_bytes(name))
    }
}

/// Two patterns are equal if they are written alike.
impl PartialEq for NamePattern {
    fn eq(&self, other: &NamePattern) -> bool {
        self.text == other.text
    }
}

impl Eq for NamePattern {}

/// As it was written.
impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn reason(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRange(..) => BACKWARD_RANGE,
        _ => TOO_LARGE,
    }
}

/// Writes the pattern so that it means to globset what it means to a shell. There braces stand for themselves if there is
/// no comma between them or no partner, `**` is no more than `*`, and `\` works within brackets.
fn as_glob(text: &str) -> Result<String, &'static str> {
    let mut glob = String::with_capacity(text.len());
    // The open braces: where they are written, and whether a comma came since.
    let mut braces: Vec<(usize, bool)> = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => glob.extend(['\\', rest.next().ok_or(LONE_BACKSLASH)?]),
            '*' if glob.ends_with('*') && !glob.ends_with("\\*") => {}
            '[' => push_class(&mut glob, &mut rest)?,
            '{' => {
                braces.push((glob.len(), false));
                glob.push('{');
            }
            '}' => match braces.pop() {
                Some((_, true)) => glob.push('}'),
                alone => {
                    if let Some((open, _)) = alone {
                        glob.insert(open, '\\');
                    }
                    glob.push_str("\\}");
                }
            },
            _ => {
                if let Some((_, has_comma)) = braces.last_mut() {
                    *has_comma |= c == ',';
                }
                glob.push(c);
            }
        }
    }
    if braces.is_empty() {
        Ok(glob)
    } else {
        Err(UNCLOSED_BRACES)
    }
}

/// Writes a set of characters in brackets, of which the first was read.
fn push_class(glob: &mut String, rest: &mut std::str::Chars<'_>) -> Result<(), &'static str> {
    glob.push('[');
    let mut is_first = true;
    while let Some(c) = rest.next() {
        match c {
            '!' | '^' if is_first && glob.ends_with('[') => {
                glob.push('!');
                continue;
            }
            ']' if !is_first => {
                glob.push(']');
                return Ok(());
            }
            '[' => {
                glob.push('[');
                // A named class such as `[:digit:]`.
                let class = rest.as_str().strip_prefix(':').and_then(|class| class.split_once(":]"));
                if let Some((name, after)) = class {
                    glob.extend([":", name, ":]"]);
                    *rest = after.chars();
                }
            }
            '\\' => match rest.next().ok_or(UNCLOSED_CLASS)? {
                ']' | '-' | '!' | '^' => return Err(BACKSLASH_IN_CLASS),
                '[' if rest.as_str().starts_with(':') => return Err(BACKSLASH_IN_CLASS),
                c => glob.push(c),
            },
            c => glob.push(c),
        }
        is_first = false;
    }
    Err(UNCLOSED_CLASS)
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
            ("20*", "020", false),
            ("20**12.log", "2017-0427-084412.log", true),
            ("**", ".a", true),
            ("\\**", "*a", true),
            ("\\**", "a", false),
            ("*08?412*", "2017-0427-084412.log", true),
            ("?", "", false),
            ("?", "ab", false),
            // As many bytes as the locale C has characters.
            ("??", "\u{e4}", true),
            ("20[0-1]7*", "2017-0427-084412.log", true),
            ("[!1]*", "2017", true),
            ("[^2]*", "2017", false),
            ("[!^]", "^", false),
            ("[!!]", "a", true),
            ("[]a]", "]", true),
            ("[!]a]", "]", false),
            ("[a-]", "-", true),
            ("[-a]", "-", true),
            ("[a-c]", "b", true),
            ("[a-c]", "-", false),
            ("[*]", "*", true),
            ("[*]", "a", false),
            ("[\\*]", "*", true),
            ("[\\*]", "\\", false),
            ("[\\\\]", "\\", true),
            ("[{,}]", ",", true),
            ("[[:digit:]]*", "2017", true),
            ("[![:digit:]x]*", "2017", false),
            ("[[]", "[", true),
            ("[[:digit]", "d", true),
            ("{sip,20*}.log", "2017.log", true),
            ("{sip,20*}.log", "sip.log", true),
            ("{sip,{19,20}*}.log", "2017.log", true),
            ("x{a,}y", "xy", true),
            ("x{a,b}}", "xa}", true),
            ("{a}", "{a}", true),
            ("{a}", "a", false),
            ("{a,{b}}", "{b}", true),
            ("{a{b,c}}", "{ac}", true),
            ("{}", "{}", true),
            ("\\{a,b}", "{a,b}", true),
            ("{a\\,b}", "{a,b}", true),
            ("{a\\,b,c}", "a,b", true),
            ("{[,],b}", "b", true),
            ("a,b", "a,b", true),
            ("!a", "!a", true),
            ("!a", "b", false),
            ("!!a", "!!a", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("a}", "a}", true),
            ("a]", "a]", true),
            ("20*", "20\u{fffd}", true),
            ("*.log", "a.log.gz", false),
            ("*.log", ".log", true),
            ("A*", "a", false),
        ] {
            let matcher = NamePattern::new(pattern).unwrap();
            assert_eq!(matcher.is_match(name.as_bytes()), expected, "{pattern} {name}");
            assert_eq!(matcher.to_string(), pattern);
        }
        assert!(NamePattern::new("20*").unwrap().is_match(b"20\xff"));
    }

    #[test]
    fn a_malformed_one_is_refused_with_the_reason() {
        let deep = "{a,".repeat(200) + &"}".repeat(200);
        for (pattern, expected) in [
            ("20[", "unclosed character class; missing ']'"),
            ("20[]", "unclosed character class; missing ']'"),
            ("20[!]", "unclosed character class; missing ']'"),
            ("20[a\\", "unclosed character class; missing ']'"),
            ("20[[:digit:]", "unclosed character class; missing ']'"),
            ("20{17", "unclosed alternatives; missing '}'"),
            ("20{17,{18}", "unclosed alternatives; missing '}'"),
            ("20\\", "nothing follows the last '\\'"),
            (
                "[a\\]]",
                "within brackets, write ']' first, '-' last and '!' or '^' not first, all without '\\'",
            ),
            ("[z-a]", "a range within brackets runs backwards"),
            (&deep, "it is too long or nested too deeply"),
        ] {
            assert_eq!(NamePattern::new(pattern), Err(expected), "{pattern}");
        }
    }
}
