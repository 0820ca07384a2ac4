//! Joins what one file leaves open at its end with what stands at the start of the next.

use super::{LineStart, Scanner};
use crate::MAX_PROCESSES;
use crate::head::{Begins, Head};
use crate::item::{Damage, Item, Take};
use crate::line::holds_dump;
use crate::tail::{Beyond, CutLine, Tail};

impl Tail {
    /// Joins what the next file of the same source leaves open at its two ends. Hands over the records that its head
    /// completes, and as damage the leading lines that nothing claims.
    ///
    /// A record goes on over at most [`MAX_FILES_AFTER`](crate::MAX_FILES_AFTER) files after the one in which it begins.
    /// A file that holds nothing counts among them, but changes nothing else.
    #[must_use]
    pub fn join(self, (head, next): (Head, Tail), take: &mut Take<'_>) -> Tail {
        let mut scanner = Scanner::new(self.want.and(next.want));
        scanner.resume(self);
        scanner.read_head(&head, take);
        let (_, mut joined) = scanner.leave_file(take);
        for open in next.processes {
            if let Some(index) = joined.processes.iter().position(|other| other.name == open.name) {
                joined.processes.remove(index).end(take);
            }
            joined.processes.push(open);
        }
        while joined.processes.len() > MAX_PROCESSES {
            joined.processes.remove(0).end(take);
        }
        joined.line = next.line.or(joined.line);
        joined
    }

    /// No file follows: hands over what is pending.
    pub fn finish(self, beyond: Beyond, take: &mut Take<'_>) {
        let mut scanner = Scanner::new(self.want);
        match beyond {
            Beyond::Nothing => {
                scanner.load(self);
                scanner.finish(take);
            }
            Beyond::Unknown => {
                let line = self.line.map(CutLine::up_to_whole_bytes);
                scanner.load(Tail { line, ..self });
                scanner.finish(&mut |item| match item {
                    Item::Message(mut message) => {
                        message.damage = message.damage.filter(|damage| *damage != Damage::Short);
                        take(Item::Message(message));
                    }
                    Item::Damaged(damaged) if damaged.damage == Damage::Short => take(Item::Edge(damaged)),
                    item => take(item),
                });
            }
        }
    }
}

impl Scanner {
    /// Reads what was kept of the start of a file, as the file that follows.
    fn read_head(&mut self, head: &Head, take: &mut Take<'_>) {
        match (&head.begins, self.line_start) {
            (Begins::Nowhere, _) => return,
            (Begins::WithLine, LineStart::CutAt(end)) => self.take_carry(end, take),
            (Begins::WithLine, _) => {}
            // It may be of a raw file, and was read as that. No line was cut before it.
            (Begins::Within(text), LineStart::Carried) if text.ends_with(b"\n") && !holds_dump(text) => {}
            (Begins::Within(text), _) => self.read(text, take),
        }
        for (line, position) in head.lines() {
            self.progress.line = position.line;
            self.line(line, position, take);
        }
    }
}
