//! The state as text, with a checksum at its end:
//!
//! ```text
//! backup_ecs state 1
//! generation 12
//! host acm-1
//! range 2017-0427-080000.log 2017-0427-084412.log
//! damaged 2017-0427-080105.log.gz
//! told 1493282652 saved /src/20* /: no room left to make /dst: no room left to make
//! untold with 2017-0427-080000.log 2017-0427-080500.log
//! run 1493282700 ended 12 0 0
//! losses 1
//! lost with 2017-0427-080000.log 2017-0427-080500.log
//! log 2017-0427-084412.log 1048576 1493282652.123456789 4711 1 saved
//! end 89abcdef
//! ```
//!
//! Of the last run: when it began, and if it ended how, and how many logs it saved, deleted and failed to save. Of a loss: with
//! or after which log it begins (`untold`: it could not be told), and the first log after it, or, behind `=`, the last that is lost. The words of `told` stand between tabs. Of a log: its name, its
//! size in bytes, when it was changed last, its inode, the number of its backup, and what became of it. What follows the end
//! is not read.

use std::ffi::OsStr;
use std::fmt::Write as _;

use ecs_log::LogName;
use flate2::Crc;

use super::{Fate, Record, Stamp, State};
use crate::history::text::{gap, gap_words};
use crate::names::LogFile;
use crate::notices::{Ends, Fault, Lasting};
use crate::order::Range;

/// The first line.
const BEGIN: &str = "backup_ecs state 1\n";

const FATES: [(&str, Fate); 7] = [
    ("open", Fate::Open),
    ("saved", Fate::Saved),
    ("failed", Fate::Failed),
    ("pruned", Fate::Pruned),
    ("shrunk", Fate::Shrunk),
    ("shrunk-told", Fate::ShrunkTold),
    ("unknown", Fate::Unknown),
];

const ENDS: [(&str, Ends); 2] = [("looked", Ends::Looked), ("saved", Ends::Saved)];

fn word_of<T: PartialEq, const N: usize>(words: [(&'static str, T); N], meant: &T) -> Option<&'static str> {
    let mut words = words.into_iter();
    words.find(|(_, meaning)| meaning == meant).map(|(word, _)| word)
}

fn meaning_of<T, const N: usize>(words: [(&'static str, T); N], written: &str) -> Option<T> {
    let mut words = words.into_iter();
    words.find(|(word, _)| *word == written).map(|(_, meaning)| meaning)
}

impl State {
    /// The text of the state, with the number of times that it was written.
    pub(crate) fn to_text(&self, generation: u64) -> String {
        let mut text = format!("{BEGIN}generation {generation}\n");
        if !self.host.is_empty() {
            let _ = writeln!(text, "host {}", ecs_log::escape(self.host.as_bytes()));
        }
        if let Some(stuck) = self.stuck {
            let _ = writeln!(text, "stuck {stuck}");
        }
        for Range { first, last } in self.order.ranges() {
            let _ = writeln!(text, "range {first} {last}");
        }
        for file in &self.damaged {
            let _ = writeln!(text, "damaged {file}");
        }
        for (Fault { logs, fault }, lasting) in &self.told.0 {
            let Lasting { told, ends, what } = lasting;
            let ends = word_of(ENDS, ends).unwrap_or_default();
            let _ = writeln!(text, "told {told}\t{ends}\t{logs}\t{fault}\t{what}");
        }
        for gap in &self.untold {
            let _ = writeln!(text, "untold {}", gap_words(*gap));
        }
        self.history.to_text(&mut text);
        for (name, record) in &self.records {
            let Record { stamp, number, fate } = record;
            let fate = word_of(FATES, fate).unwrap_or("open");
            let _ = writeln!(
                text,
                "log {name} {} {}.{:09} {} {number} {fate}",
                stamp.size, stamp.seconds, stamp.nanoseconds, stamp.inode
            );
        }
        let sum = sum(text.as_bytes());
        let _ = writeln!(text, "end {sum:08x}");
        text
    }

    /// The state and its generation; `None` if the text is not one that was written whole.
    pub(crate) fn from_text(bytes: &[u8]) -> Option<(State, u64)> {
        let body_end = find_end(bytes)?;
        let body = std::str::from_utf8(bytes.get(..body_end)?).ok()?;
        let mut lines = body.strip_prefix(BEGIN)?.lines();
        let generation = lines.next()?.strip_prefix("generation ")?.parse().ok()?;
        let mut state = State::default();
        for line in lines {
            if let Some(words) = line.strip_prefix("log ") {
                let (name, record) = record(words)?;
                state.records.insert(name, record);
            } else if let Some(host) = line.strip_prefix("host ") {
                state.host = host.to_owned();
            } else if let Some(seconds) = line.strip_prefix("stuck ") {
                state.stuck = Some(seconds.parse().ok()?);
            } else if let Some(names) = line.strip_prefix("range ") {
                let (first, last) = names.split_once(' ')?;
                let range = Range {
                    first: name(first)?,
                    last: name(last)?,
                };
                state.order.push(range);
            } else if let Some(file) = line.strip_prefix("damaged ") {
                state.damaged.insert(LogFile::parse(file.as_bytes())?);
            } else if let Some(words) = line.strip_prefix("told ") {
                let (fault, lasting) = lasting(words)?;
                state.told.0.insert(fault, lasting);
            } else if let Some(words) = line.strip_prefix("untold ") {
                state.untold.push(gap(words)?);
            } else {
                state.history.add_line(line)?;
            }
        }
        Some((state, generation))
    }
}

/// Where the line with the checksum begins, if that fits what stands before it.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(5).position(|window| window == b"\nend ")?;
    let body_end = end.checked_add(1)?;
    let line = bytes.get(body_end..)?.strip_prefix(b"end ")?;
    let digits = line.get(..8).filter(|_| line.get(8) == Some(&b'\n'))?;
    let written = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (written == sum(bytes.get(..body_end)?)).then_some(body_end)
}

fn name(word: &str) -> Option<LogName> {
    LogName::parse(OsStr::new(word))
}

fn lasting(words: &str) -> Option<(Fault, Lasting)> {
    let mut words = words.splitn(5, '\t');
    let told = words.next()?.parse().ok()?;
    let ends = meaning_of(ENDS, words.next()?)?;
    let fault = Fault {
        logs: words.next()?.to_owned(),
        fault: words.next()?.to_owned(),
    };
    let what = words.next()?.to_owned();
    Some((fault, Lasting { told, ends, what }))
}

fn record(words: &str) -> Option<(LogName, Record)> {
    let mut words = words.split(' ');
    let name = name(words.next()?)?;
    let size = words.next()?.parse().ok()?;
    let (seconds, nanoseconds) = words.next()?.split_once('.')?;
    let stamp = Stamp {
        size,
        seconds: seconds.parse().ok()?,
        nanoseconds: nanoseconds.parse().ok()?,
        inode: words.next()?.parse().ok()?,
    };
    let number = words.next()?.parse().ok()?;
    let fate = meaning_of(FATES, words.next()?)?;
    Some((name, Record { stamp, number, fate }))
}

fn sum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}
