//! What must hold for any name, range and text at all: the fuzzer tries it, and a test tries what the fuzzer kept.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use ecs_log::{LogName, TimeRange};

/// Reads `input` as a name, as a range of time and as text to show.
pub(crate) fn check(input: &[u8]) {
    if let Some(name) = LogName::parse(OsStr::from_bytes(input)) {
        let plain = name.to_string();
        assert_eq!(input.strip_suffix(b".gz").unwrap_or(input), plain.as_bytes());
        assert_eq!(LogName::parse(OsStr::new(&plain)), Some(name));
        assert!(name.oldest_stamp().as_slice() <= stamp(&plain).as_bytes(), "{plain}");
    }
    // Two names in one input sort as their texts do.
    let mut names = input
        .split(|b| *b == b'\n')
        .filter_map(|name| LogName::parse(OsStr::from_bytes(name)));
    if let (Some(one), Some(two)) = (names.next(), names.next()) {
        assert_eq!(one.cmp(&two), one.to_string().cmp(&two.to_string()));
    }

    if let Ok(text) = str::from_utf8(input) {
        match text.parse::<TimeRange>() {
            Ok(range) => {
                let (first, last) = (range.first_stamp(), range.last_stamp());
                assert!(first <= last, "{text}");
                let (start, end) = text.split_once('-').unwrap_or((text, ""));
                assert!(first.starts_with(start.as_bytes()), "{text}");
                assert!(last.starts_with(end.as_bytes()), "{text}");
            }
            Err(error) => assert!(is_safe(&error.to_string()), "{text:?}"),
        }
    }

    let shown = ecs_log::escape(input);
    assert!(is_safe(&shown), "{shown:?}");
    assert_eq!(ecs_log::escape(shown.as_bytes()), shown, "escaped once is enough");
}

/// The stamp of the first millisecond of a log named so.
fn stamp(name: &str) -> String {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let (date, time) = digits.split_at(8);
    format!("{date}:{time}000")
}

/// Whether nothing in `text` can steer a terminal.
pub(crate) fn is_safe(text: &str) -> bool {
    !text
        .chars()
        .any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read;

    use zip::ZipArchive;

    #[test]
    fn what_the_fuzzer_kept() {
        let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/names_seed_corpus.zip");
        let mut seeds = ZipArchive::new(File::open(seeds).unwrap()).unwrap();
        assert!(seeds.len() > 20, "{} inputs", seeds.len());
        for number in 0..seeds.len() {
            let mut input = Vec::new();
            seeds.by_index(number).unwrap().read_to_end(&mut input).unwrap();
            super::check(&input);
        }
    }
}
