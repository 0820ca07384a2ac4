//! What stands at the start of a file and may belong to records of the file before.

use crate::MAX_START;
use crate::position::Position;

/// What stands at the start of a file and may belong to records of the file before: the first line, if it does not
/// begin with a timestamp, and of each process the further lines before its first first line.
///
/// It takes at most [`MAX_START`] bytes, roughly. Of a process whose lines go on beyond that, the rest is neither message
/// nor damage. Leading lines of which none could be kept are damage.
#[derive(Debug, Default)]
pub struct Head {
    pub(crate) begins: Begins,
    lines: Vec<LeadingLine>,
    /// The text of all lines.
    text: Vec<u8>,
}

/// How a file begins.
#[derive(Debug, Default)]
pub(crate) enum Begins {
    /// It holds nothing.
    #[default]
    Nowhere,
    /// With a line of its own: what the file before ends within ends there.
    WithLine,
    /// With these bytes, up to the first line end. They may go on with a line that the file before ends within. Without
    /// a line end they are all that the file holds.
    Within(Vec<u8>),
}

impl Begins {
    /// With a line that does not begin with a timestamp.
    pub(crate) fn within(line: &[u8], line_end: &[u8]) -> Begins {
        Begins::Within([line.get(..MAX_START).unwrap_or(line), line_end].concat())
    }
}

#[derive(Debug)]
struct LeadingLine {
    position: Position,
    /// Where its text ends.
    end: usize,
}

impl Head {
    /// How many bytes of memory it takes, roughly.
    pub fn bytes(&self) -> usize {
        let begins = match &self.begins {
            Begins::Nowhere | Begins::WithLine => 0,
            Begins::Within(bytes) => bytes.len(),
        };
        let lines = self.lines.len().saturating_mul(size_of::<LeadingLine>());
        begins.saturating_add(lines).saturating_add(self.text.len())
    }

    /// Keeps a leading line, given without its end; false if there is no room.
    #[cold]
    pub(crate) fn keep(&mut self, line: &[u8], position: Position) -> bool {
        let needed = line.len().saturating_add(size_of::<LeadingLine>());
        let has_room = self.bytes().saturating_add(needed) <= MAX_START;
        if has_room {
            self.text.extend_from_slice(line);
            let end = self.text.len();
            self.lines.push(LeadingLine { position, end });
        }
        has_room
    }

    /// The leading lines, without their ends, and where they stand.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (&[u8], Position)> {
        let mut begin = 0;
        self.lines.iter().map(move |line| {
            let text = self.text.get(begin..line.end).unwrap_or_default();
            begin = line.end;
            (text, line.position)
        })
    }

    pub(crate) fn shrink(&mut self) {
        self.lines.shrink_to_fit();
        self.text.shrink_to_fit();
    }
}
