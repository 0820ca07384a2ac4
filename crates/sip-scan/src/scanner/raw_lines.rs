//! Lines of raw MST files: which of them the scanner takes, and where such a file ends.

use super::Scanner;
use crate::head::Begins;
use crate::item::Take;
use crate::line::holds_dump;
use crate::position::Position;
use crate::raw;
use crate::raw_file::RawFile;

impl Scanner {
    /// Takes `line` if it is one of a raw file; returns whether it is.
    pub(super) fn raw_line(&mut self, line: &[u8], position: Position, take: &mut Take<'_>) -> bool {
        let parsed = raw::parse(line);
        if let Some(line) = parsed {
            let raw = self.raw.get_or_insert_with(|| RawFile::new(self.want));
            raw.line(line, position, take);
        }
        parsed.is_some()
    }

    /// Ends the raw file, if it is one: its records, and its lines, do not go on in another file.
    pub(super) fn end_raw_file(&mut self, take: &mut Take<'_>) {
        let Some(mut raw) = self.raw.take() else {
            return;
        };
        if raw.is_open()
            && !holds_dump(&self.carry)
            && let Some(line) = raw::parse(&self.carry)
        {
            raw.line(line, self.carry_position, take);
            self.begin_head(Begins::WithLine);
            self.carry.clear();
        }
        raw.end(take);
    }
}
