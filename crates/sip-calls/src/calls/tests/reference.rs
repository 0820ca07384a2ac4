//! Random calls, against a plain reader that looks at all messages again and again.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sip_filter::{Interval, StampRange};
use sip_scan::{Direction, Origin};

use super::talk::{Said, Word, begin, gather_all, take_closed, told};
use crate::gather::CallMessages;
use crate::rows::ClosedCalls;
use crate::time::{Millis, stamp};
use crate::{CallTally, Calls};

/// What the reference knows of a transaction. Times are milliseconds after the calls begin.
#[derive(Clone)]
struct Known {
    /// Its first INVITE.
    invite: Said,
    last_seen: Millis,
    has_response: bool,
    cancelled: Option<Millis>,
    /// The first final response.
    answer: Option<Word>,
    /// When it was decided.
    decided: Option<Millis>,
    /// Its final response was a challenge, and its repetition is waited for.
    waits: bool,
    /// The attempt it belongs to: the place of its first INVITE.
    attempt: usize,
}

/// An attempt, as the reference knows it.
struct Attempted {
    invite: Said,
    outcome: Option<&'static str>,
    code: u16,
    delay: Option<Millis>,
    is_measured: bool,
}

/// All that happens.
#[derive(Clone, Debug)]
struct Story {
    said: Vec<Said>,
    /// Where gaps begin.
    gaps: Vec<Millis>,
    interval: Interval,
    /// From where to where attempts count.
    range: Option<(Millis, Millis)>,
}

struct Reference<'a> {
    story: &'a Story,
    known: Vec<Known>,
    attempts: Vec<Attempted>,
    repeated: Vec<Said>,
}

impl Reference<'_> {
    fn length(&self) -> Millis {
        u64::from(self.story.interval.seconds()) * 1000
    }

    fn limit(&self, known: &Known) -> Millis {
        let length = self.length();
        let first = begin() + self.attempts[known.attempt].invite.at;
        (first / length + 1) * length + 180_000 - begin()
    }

    /// When a transaction ends by itself if nothing more is said.
    fn end(&self, known: &Known) -> (Millis, &'static str) {
        let limit = self.limit(known);
        let timeout = match known.cancelled {
            _ if known.waits => (limit, "challenged"),
            Some(at) => (at + 32_000, "cancelled"),
            None if known.has_response => (limit, "open"),
            None => (known.invite.at + 32_000, "unanswered"),
        };
        match timeout {
            (end, _) if end >= limit && !known.waits => (limit, "open"),
            timeout => timeout,
        }
    }

    fn has_gap(&self, from: Millis, to: Millis) -> bool {
        self.story.gaps.iter().any(|gap| (from..=to).contains(gap))
    }

    fn decide(&mut self, place: usize, outcome: &'static str, at: Millis) {
        let known = &mut self.known[place];
        known.decided = Some(at);
        known.waits = false;
        if let Some(Word::Answer(code, _)) = known.answer {
            self.attempts[known.attempt].code = code;
        }
        self.attempts[known.attempt].outcome = Some(outcome);
    }

    /// Decides what is over before `now`, in the order in which it ends.
    fn pass_time(&mut self, now: Millis) {
        for place in 0..self.known.len() {
            let known = self.known[place].clone();
            let (end, outcome) = self.end(&known);
            if known.decided.is_none() && end < now {
                let is_missed = self.has_gap(known.last_seen, end);
                self.decide(place, if is_missed { "unknown" } else { outcome }, end);
            }
        }
        self.known
            .retain(|known| known.decided.is_none_or(|at| at + 32_000 >= now));
    }

    fn say(&mut self, said: Said) {
        self.pass_time(said.at);
        let is_of_call = |known: &Known| {
            let other = known.invite;
            (other.far, other.direction, other.call_id) == (said.far, said.direction, said.call_id)
        };
        let is_of =
            |known: &Known| is_of_call(known) && (known.invite.cseq, known.invite.branch) == (said.cseq, said.branch);
        let Some(place) = self.known.iter().position(is_of) else {
            if said.word == Word::Invite {
                let challenged = self.known.iter().position(|known| is_of_call(known) && known.waits);
                self.invite(said, challenged);
            }
            return;
        };
        match (said.word, self.known[place].answer) {
            (Word::Invite, _) => self.repeated.push(said),
            (Word::Cancel, None) if self.known[place].decided.is_none() => {
                self.known[place].cancelled.get_or_insert(said.at);
            }
            (word, Some(answer)) if word == answer => self.repeated.push(said),
            (Word::Answer(code, _), None) if self.known[place].decided.is_none() => self.answer(place, code, said),
            _ => {}
        }
        let known = &mut self.known[place];
        known.last_seen = known.last_seen.max(said.at);
    }

    fn invite(&mut self, said: Said, challenged: Option<usize>) {
        let attempt = match challenged {
            Some(place) => {
                self.known[place].waits = false;
                self.known[place].decided = Some(said.at);
                self.known[place].attempt
            }
            None => {
                self.attempts.push(Attempted {
                    invite: said,
                    outcome: None,
                    code: 0,
                    delay: None,
                    is_measured: false,
                });
                self.attempts.len() - 1
            }
        };
        self.known.push(Known {
            invite: said,
            last_seen: said.at,
            has_response: false,
            cancelled: None,
            answer: None,
            decided: None,
            waits: false,
            attempt,
        });
    }

    fn answer(&mut self, place: usize, code: u16, said: Said) {
        let known = self.known[place].clone();
        self.known[place].has_response = true;
        let attempt = &self.attempts[known.attempt];
        if !matches!(code, 100 | 401 | 407) && !attempt.is_measured {
            // The line with which a gap begins stands before it.
            let is_missed = said.at > 0 && self.has_gap(known.last_seen, said.at - 1);
            let attempt = &mut self.attempts[known.attempt];
            attempt.is_measured = true;
            attempt.delay = (!is_missed).then(|| said.at - known.invite.at);
        }
        if code < 200 {
            return;
        }
        self.known[place].answer = Some(said.word);
        if !matches!(code, 401 | 407) {
            return self.decide(place, "final", said.at);
        }
        let is_same =
            |other: &Said| (other.far, other.direction, other.call_id) == (said.far, said.direction, said.call_id);
        if let Some(before) = self
            .known
            .iter()
            .position(|known| known.waits && is_same(&known.invite))
        {
            self.decide(before, "final", said.at);
        }
        self.known[place].waits = true;
    }

    /// What is to be told, a line for each row.
    fn told(mut self) -> String {
        let said = self.story.said.clone();
        said.iter().for_each(|said| self.say(*said));
        let last = said.last().map_or(0, |said| said.at);
        self.pass_time(last);
        for place in 0..self.known.len() {
            let known = self.known[place].clone();
            if known.decided.is_none() {
                let is_missed = self.has_gap(known.last_seen, last);
                self.decide(place, if is_missed { "unknown" } else { "open" }, last);
            }
        }
        let mut rows: BTreeMap<(u64, u8, Direction), (CallTally, Vec<Millis>)> = BTreeMap::new();
        let length = self.length();
        let row = |said: &Said| ((begin() + said.at) / length, said.far, said.direction);
        let counts = |said: &&Said| {
            self.story
                .range
                .is_none_or(|(first, last)| (first..=last).contains(&said.at))
        };
        for attempt in self.attempts.iter().filter(|attempt| counts(&&attempt.invite)) {
            let (tally, delays) = rows.entry(row(&attempt.invite)).or_default();
            count(tally, attempt);
            delays.extend(attempt.delay);
        }
        for said in self.repeated.iter().filter(counts) {
            rows.entry(row(said)).or_default().0.retransmissions += 1;
        }
        let told = rows.into_iter().map(|((window, far, direction), (tally, delays))| {
            let window = stamp(window * length).unwrap();
            line(&window.to_string(), far, direction, (&tally, delays))
        });
        told.collect()
    }
}

/// Counts an attempt.
fn count(tally: &mut CallTally, attempt: &Attempted) {
    tally.attempts += 1;
    let class = usize::from(attempt.code / 100);
    match attempt.outcome {
        Some("final" | "challenged") => match attempt.code {
            200..300 => tally.answered += 1,
            487 => tally.cancelled += 1,
            _ => tally.failed[class - 3] += 1,
        },
        Some("cancelled") => tally.cancelled += 1,
        Some("unanswered") => tally.unanswered += 1,
        Some("unknown") => tally.unknown += 1,
        _ => tally.open += 1,
    }
}

/// What of a row is compared.
fn line(window: &str, far: u8, direction: Direction, (tally, mut delays): (&CallTally, Vec<Millis>)) -> String {
    delays.sort_unstable();
    let rank = |percent: usize| {
        delays
            .get((delays.len() * percent).div_ceil(100).max(1) - 1)
            .map(|delay| three(*delay))
    };
    format!(
        "{window} {far} {direction:?} {} {} {:?} {} {} {} {} {}; {} {:?} {:?} {:?}\n",
        tally.attempts,
        tally.answered,
        tally.failed,
        tally.cancelled,
        tally.unanswered,
        tally.open,
        tally.unknown,
        tally.retransmissions,
        delays.len(),
        rank(50),
        rank(95),
        delays.last().copied()
    )
}

/// A number with all digits after the third 0.
fn three(number: Millis) -> Millis {
    let mut power = 1;
    while number / power >= 1000 {
        power *= 10;
    }
    number / power * power
}

/// The same of what was found.
fn found(closed: &[ClosedCalls]) -> String {
    let rows = closed
        .iter()
        .flat_map(|closed| closed.rows.iter().map(|row| (closed.window, row)));
    let lines = rows.map(|(window, row)| {
        let far = row
            .link
            .unwrap()
            .far()
            .to_string()
            .rsplit('.')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        // Filled up to a whole stamp, as the reference has it.
        let rest: String = "00000000:000000000".chars().skip(window.to_string().len()).collect();
        let window = format!("{window}{rest}");
        let tally = &row.tally;
        let delays = &tally.delays;
        let percent = |percent| delays.percentile(percent).map(Millis::from);
        let text = line(&window, far, row.direction, (tally, Vec::new()));
        let (counts, _) = text.split_once(';').unwrap();
        format!(
            "{counts}; {} {:?} {:?} {:?}\n",
            delays.count(),
            percent(50),
            percent(95),
            delays.longest().map(Millis::from)
        )
    });
    lines.collect()
}

/// Takes the messages as they come out of logs: not in order of time, in several parts.
fn follow(story: &Story, seeds: &[u8]) -> Vec<ClosedCalls> {
    let range = story.range.map(|(first, last)| StampRange {
        first: stamp(begin() + first).unwrap(),
        last: stamp(begin() + last).unwrap(),
    });
    let mut calls = Calls::new(story.interval, range);
    for gap in &story.gaps {
        calls.gap(0, &stamp(begin() + gap).unwrap());
    }
    let gather = gather_all();
    let mut closed = Vec::new();
    let mut seeds = seeds.iter().cycle();
    let mut place = 0;
    while let Some(rest) = story.said.get(place..).filter(|rest| !rest.is_empty()) {
        let length = usize::from(seeds.next().unwrap() % 9).clamp(1, rest.len());
        let mut parts = [CallMessages::default(), CallMessages::default()];
        // The last stand first: a record comes out when it is whole.
        for (offset, said) in rest[..length].iter().enumerate().rev() {
            let part = usize::from(seeds.next().unwrap() % 2);
            said.gather(&gather, &mut parts[part], place + offset);
        }
        for part in parts {
            calls.absorb(part, Origin { source: 0, log: 0 });
            closed.extend(take_closed(&mut calls));
        }
        place += length;
        if let Some(next) = story.said.get(place)
            && *seeds.next().unwrap() > 80
        {
            calls.settle(&next.stamp());
            closed.extend(take_closed(&mut calls));
        }
    }
    calls.finish(None);
    closed.extend(take_closed(&mut calls));
    closed
}

fn any_word() -> impl Strategy<Value = Word> {
    let tag = prop::sample::select(&["a", "b", ""][..]);
    let codes = vec![
        100, 180, 183, 200, 200, 302, 401, 401, 407, 404, 480, 486, 487, 503, 603,
    ];
    prop_oneof![
        4 => Just(Word::Invite),
        1 => Just(Word::Cancel),
        6 => (prop::sample::select(codes), tag).prop_map(|(code, tag)| Word::Answer(code, tag)),
    ]
}

/// A message, and how long after the one before it comes.
fn any_said() -> impl Strategy<Value = (Millis, Said)> {
    let apart = prop_oneof![
        4 => Just(0u64),
        8 => 1..900u64,
        2 => prop::sample::select(vec![31_999, 32_000, 32_001, 60_000, 179_999, 180_000, 180_001]),
    ];
    let of = (
        prop::sample::select(&["x", "y"][..]),
        1..3u32,
        prop::sample::select(&["p", "q"][..]),
        prop::bool::weighted(0.8),
        2..4u8,
    );
    (apart, any_word(), of).prop_map(|(apart, word, (call_id, cseq, branch, is_in, far))| {
        let said = Said {
            at: 0,
            word,
            call_id,
            cseq,
            branch,
            direction: if is_in { Direction::In } else { Direction::Out },
            far: if is_in { far } else { 2 },
        };
        (apart, said)
    })
}

fn any_story() -> impl Strategy<Value = Story> {
    let intervals = vec![
        Interval::Sec,
        Interval::TenSec,
        Interval::Min,
        Interval::TenMin,
        Interval::Hour,
    ];
    let said = prop::collection::vec(any_said(), 1..60);
    let gaps = prop::collection::vec(0..400_000u64, 0..3);
    let range = prop::option::weighted(0.2, (0..100_000u64, 0..200_000u64));
    (said, gaps, prop::sample::select(intervals), range).prop_map(|(said, gaps, interval, range)| {
        let mut now = 0;
        let said = said.into_iter().map(|(apart, said)| {
            now += apart;
            Said { at: now, ..said }
        });
        Story {
            said: said.collect(),
            gaps,
            interval,
            range: range.map(|(first, length)| (first, first + length)),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn calls_are_as_the_plain_reader_has_them(story in any_story(), seeds in prop::collection::vec(any::<u8>(), 1..40)) {
        let reference = Reference { story: &story, known: Vec::new(), attempts: Vec::new(), repeated: Vec::new() };
        let closed = follow(&story, &seeds);
        prop_assert_eq!(found(&closed), reference.told(), "{}", told(&closed));
    }
}
