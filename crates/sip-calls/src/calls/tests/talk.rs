//! Messages of calls, as short as they can be written, and what becomes of them.

use std::fmt::Write;

use sip_filter::{Interval, StampRange};
use sip_scan::{Dialog, Direction, Gather, Item, Message, Method, Origin, Position, Stamp, StartLine};

use crate::gather::{CallMessages, GatherCalls};
use crate::rows::ClosedCalls;
use crate::testing;
use crate::time::{Millis, millis, stamp};
use crate::{CallTally, Calls};

/// When calls begin: at the start of a minute.
pub(super) const BEGIN: &str = "20170427:084400000";

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Invite,
    Cancel,
    /// A response, with the tag of its `To`.
    Answer(u16, &'static str),
}

/// A message of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    /// Milliseconds after [`BEGIN`].
    pub(super) at: Millis,
    pub(super) word: Word,
    pub(super) call_id: &'static str,
    pub(super) cseq: u32,
    pub(super) branch: &'static str,
    /// Which way the INVITE went.
    pub(super) direction: Direction,
    /// The last number of the far address.
    pub(super) far: u8,
}

pub(super) fn begin() -> Millis {
    millis(&testing::stamp(BEGIN))
}

impl Said {
    pub(super) fn stamp(&self) -> Stamp {
        stamp(begin() + self.at).unwrap()
    }

    /// Gathers the message, which stands at `place` in its log.
    pub(super) fn gather(&self, gather: &GatherCalls, part: &mut CallMessages, place: usize) {
        let (start_line, cseq, to_tag) = match self.word {
            Word::Invite => (StartLine::Request(Method::Invite), Method::Invite, None),
            Word::Cancel => (StartLine::Request(Method::Cancel), Method::Cancel, None),
            Word::Answer(code, tag) => (StartLine::Response(code), Method::Invite, Some(tag.as_bytes())),
        };
        let is_in = matches!(start_line, StartLine::Request(_)) == (self.direction == Direction::In);
        let (near, far) = ("10.1.1.1:5061", format!("10.2.2.{}:5061", self.far));
        let (ends, direction) = match is_in {
            true => (format!("{far}>{near}"), Direction::In),
            false => (format!("{near}>{far}"), Direction::Out),
        };
        let dialog = Dialog {
            call_id: Some(self.call_id.as_bytes()),
            from_tag: Some(b"f"),
            to_tag,
            cseq_number: Some(self.cseq),
            branch: Some(self.branch.as_bytes()),
        };
        let message = Message {
            stamp: self.stamp(),
            direction,
            position: Position {
                offset: u64::try_from(place).unwrap(),
                ..Position::default()
            },
            dialog: Some(dialog),
            ..testing::message(BEGIN, &ends, start_line, cseq)
        };
        gather.take(part, &Item::Message(message));
    }
}

/// One call that comes in: `0 INVITE, 20 100, 500 180, 3000 200`, in milliseconds. After a word may stand the number of `CSeq`, which is the
/// branch too (`INVITE/2`), and after a code the tag of `To` (`200 b`).
pub(super) fn parse(text: &'static str) -> Vec<Said> {
    let said = |words: &'static str| {
        let mut words = words.split(' ').filter(|word| !word.is_empty());
        let at = words.next().unwrap().parse().unwrap();
        let word = words.next().unwrap();
        let (word, cseq) = word.split_once('/').unwrap_or((word, "1"));
        Said {
            at,
            word: match word {
                "INVITE" => Word::Invite,
                "CANCEL" => Word::Cancel,
                code => Word::Answer(code.parse().unwrap(), words.next().unwrap_or("a")),
            },
            call_id: "one",
            cseq: cseq.parse().unwrap(),
            branch: cseq,
            direction: Direction::In,
            far: 2,
        }
    };
    text.split(',').map(said).collect()
}

/// All windows that are closed by now.
pub(super) fn take_closed(calls: &mut Calls) -> Vec<ClosedCalls> {
    std::iter::from_fn(|| calls.next_closed()).collect()
}

/// All windows, of messages that come in one part.
pub(super) fn closed(calls: &mut Calls, said: &[Said]) -> Vec<ClosedCalls> {
    let (gather, mut part) = (GatherCalls::default(), CallMessages::default());
    for (place, said) in said.iter().enumerate() {
        said.gather(&gather, &mut part, place);
    }
    calls.absorb(part, Origin { source: 0, log: 0 });
    let mut closed = take_closed(calls);
    calls.finish(None);
    closed.extend(take_closed(calls));
    closed
}

/// Each row in a line: `20170427:0844 10.2.2.2 In: attempts 1 answered 1`.
pub(super) fn told(closed: &[ClosedCalls]) -> String {
    let mut text = String::new();
    for ClosedCalls { window, rows, .. } in closed {
        for row in rows {
            let link = row.link.map_or("others".to_owned(), |link| link.far().to_string());
            writeln!(text, "{window} {link} {:?}: {}", row.direction, counts(&row.tally)).unwrap();
        }
    }
    text
}

/// The same of a call as [`parse`] makes it, without what all have in common: `44: attempts 1 answered 1`.
pub(super) fn told_of_one(calls: &mut Calls, text: &'static str) -> String {
    let told = told(&closed(calls, &parse(text)));
    let told = told.replace("20170427:08", "").replace(" 10.2.2.2 In", "");
    told.trim_end().replace('\n', "; ")
}

/// What is not 0.
pub(super) fn counts(tally: &CallTally) -> String {
    let [f3, f4, f5, f6] = tally.failed;
    let delays = &tally.delays;
    let percent = |percent| delays.percentile(percent).unwrap_or_default().to_string();
    let longest = delays.longest().unwrap_or_default();
    let delays = match delays.count() {
        0 => String::new(),
        1 => format!(" delay {longest}"),
        count => format!(" delays {count}: {} {} {longest}", percent(50), percent(95)),
    };
    let all = [
        ("attempts", tally.attempts),
        ("answered", tally.answered),
        ("3xx", f3),
        ("4xx", f4),
        ("5xx", f5),
        ("6xx", f6),
        ("cancelled", tally.cancelled),
        ("unanswered", tally.unanswered),
        ("open", tally.open),
        ("unknown", tally.unknown),
        ("declined", tally.declined),
        ("ineffective", tally.ineffective),
        ("again", tally.retransmissions),
    ];
    let all = all.into_iter().filter(|(_, count)| *count > 0);
    let all: Vec<String> = all.map(|(name, count)| format!("{name} {count}")).collect();
    all.join(" ") + &delays
}

pub(super) fn in_minutes(range: Option<StampRange>) -> Calls {
    Calls::new(Interval::Min, range)
}
