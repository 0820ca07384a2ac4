//! What stands in the logs: it tells of which log it is, and how long.

use std::io::Read;

use flate2::read::MultiGzDecoder;

/// A log is a number of lines of one identity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Content {
    pub(crate) id: u64,
    pub(crate) n_lines: u64,
}

impl Content {
    pub(crate) fn text(self) -> String {
        (0..self.n_lines)
            .map(|line| format!("log {} line {line}\n", self.id))
            .collect()
    }

    /// The content of a file. All of it must be that of one log, from its beginning.
    pub(crate) fn read(bytes: &[u8], is_packed: bool) -> Option<Content> {
        let mut text = String::new();
        if is_packed {
            MultiGzDecoder::new(bytes).read_to_string(&mut text).unwrap();
        } else {
            text.push_str(std::str::from_utf8(bytes).unwrap());
        }
        let id = text.split(' ').nth(1)?.parse().unwrap();
        let n_lines = u64::try_from(text.lines().count()).unwrap();
        let content = Content { id, n_lines };
        assert_eq!(content.text(), text, "a backup is whole, bit for bit");
        Some(content)
    }
}
