//! Logs that strangers wrote to do harm.

use sip_filter::Interval;
use sip_scan::{Direction, Gather, Item, Message, Method, Origin, StartLine};

use super::talk::{Said, Word, begin, closed, in_minutes, parse, take_closed, told};
use crate::gather::{Answer, CallMessages, GatherCalls, Kind, Record};
use crate::time::Millis;
use crate::transactions::Transactions;
use crate::{CallTally, Calls, Missed};

const ORIGIN: Origin = Origin { source: 0, log: 0 };

fn all(closed: &[crate::ClosedCalls]) -> CallTally {
    let mut sum = CallTally::default();
    for row in closed.iter().flat_map(|closed| &closed.rows) {
        sum.merge(&row.tally);
    }
    sum
}

/// INVITEs, each of another transaction, one each `apart` milliseconds; their link is that of `part`.
fn invites(part: &CallMessages, count: u64, apart: Millis) -> CallMessages {
    let records = (0..count).map(|number| Record {
        time: begin() + number * apart,
        offset: number,
        transaction: number,
        call: number,
        ..part.records[0]
    });
    let records = records.collect();
    let mut part = part.clone();
    part.records = records;
    part
}

fn one_invite() -> CallMessages {
    let (gather, mut part) = (GatherCalls::default(), CallMessages::default());
    parse("0 INVITE")[0].gather(&gather, &mut part, 0);
    part
}

#[test]
fn a_million_open_transactions() {
    let one = one_invite();
    let mut calls = Calls::new(Interval::Min, None);
    // All within the time in which a response may come.
    for part in 0..10 {
        let mut invites = invites(&one, 100_000, 0);
        for record in &mut invites.records {
            record.transaction += part * 100_000;
            record.call = record.transaction;
            record.time += part;
        }
        calls.absorb(invites, ORIGIN);
        assert!(take_closed(&mut calls).is_empty());
    }
    calls.finish(None);
    let closed = take_closed(&mut calls);
    let missed = Missed {
        evicted: 800_000,
        late: 0,
    };
    assert_eq!(calls.missed(), missed);
    assert_eq!(
        told(&closed),
        "20170427:0844 10.2.2.2 In: attempts 1000000 open 1000000\n"
    );
}

#[test]
fn there_is_room_for_as_many_as_are_promised() {
    let max = u64::try_from(Transactions::MAX).unwrap();
    for (count, evicted) in [(max, 0), (max + 1, 1)] {
        let mut calls = Calls::new(Interval::Min, None);
        calls.absorb(invites(&one_invite(), count, 0), ORIGIN);
        calls.finish(None);
        let sum = all(&take_closed(&mut calls));
        assert_eq!((sum.attempts, sum.open), (count, count));
        assert_eq!(calls.missed().evicted, evicted);
    }
}

#[test]
fn what_is_forgotten_soonest_makes_room_and_is_not_told_where_it_is_decided() {
    let max = u64::try_from(Transactions::MAX).unwrap();
    let mut part = invites(&one_invite(), max + 1, 0);
    // All but the first come a millisecond later, and the first is decided by then.
    part.records.iter_mut().skip(1).for_each(|record| record.time += 1);
    let answer = Answer { code: 404, to_tag: 0 };
    part.records.push(Record {
        kind: Kind::Response(answer),
        ..part.records[0]
    });
    let mut calls = Calls::new(Interval::Min, None);
    calls.absorb(part, ORIGIN);
    calls.finish(None);
    let text = told(&take_closed(&mut calls));
    assert_eq!(
        text,
        "20170427:0844 10.2.2.2 In: attempts 200001 4xx 1 open 200000 delay 0\n"
    );
    assert_eq!(calls.missed(), Missed::default());
}

#[test]
fn more_than_can_be_held_is_taken_before_its_time() {
    let mut calls = Calls::new(Interval::Sec, None);
    // Nobody says what is settled, as where logs come through a pipe.
    calls.absorb(invites(&one_invite(), 400_000, 1), ORIGIN);
    let mut closed = take_closed(&mut calls);
    assert!(!closed.is_empty());
    calls.finish(None);
    closed.extend(take_closed(&mut calls));
    assert_eq!(closed.len(), 400);
    let sum = all(&closed);
    assert_eq!((sum.attempts, sum.unanswered, sum.open), (400_000, 367_999, 32_001));
    assert_eq!(calls.missed(), Missed::default());
}

#[test]
fn an_invite_that_comes_after_its_window_is_late() {
    let (gather, mut calls) = (GatherCalls::default(), in_minutes(None));
    let absorb = |calls: &mut Calls, text: &'static str| {
        let mut part = CallMessages::default();
        parse(text).iter().for_each(|said| said.gather(&gather, &mut part, 0));
        calls.absorb(part, ORIGIN);
        calls.settle(&parse("60000 INVITE")[0].stamp());
        told(&take_closed(calls))
    };
    assert_eq!(
        absorb(&mut calls, "0 INVITE, 1 404"),
        "20170427:0844 10.2.2.2 In: attempts 1 4xx 1 delay 1\n"
    );
    assert_eq!(absorb(&mut calls, "10 INVITE/2, 10 404/2"), "");
    assert_eq!(calls.missed(), Missed { evicted: 0, late: 1 });
}

#[test]
fn so_many_links_that_some_have_a_common_row() {
    let (gather, mut part) = (GatherCalls::default(), CallMessages::default());
    let invite = crate::testing::message(
        "20170427:084400",
        "10.2.2.2:1>10.1.1.1:1",
        StartLine::Request(Method::Invite),
        Method::Invite,
    );
    for number in 0..30_000u16 {
        let message = Message {
            destination: ([10, 1, 1, 1], number).into(),
            dialog: Some(Default::default()),
            ..invite
        };
        gather.take(&mut part, &Item::Message(message));
    }
    let mut calls = in_minutes(None);
    calls.absorb(part, ORIGIN);
    calls.finish(None);
    let closed = take_closed(&mut calls);
    let [window] = &closed[..] else {
        panic!("one window");
    };
    assert_eq!(window.rows.len(), 20_001);
    let last = window.rows.last().unwrap();
    assert_eq!((last.link, last.tally.attempts), (None, 10_000));
    assert_eq!(all(&closed).attempts, 30_000);
}

#[test]
fn identifiers_that_hash_to_the_same_in_one_run_do_not_in_another() {
    let hash = |gather: &GatherCalls| {
        let mut part = CallMessages::default();
        parse("0 INVITE")[0].gather(gather, &mut part, 0);
        part.records[0].transaction
    };
    let gather = GatherCalls::default();
    assert_eq!(hash(&gather), hash(&gather.clone()));
    assert_ne!(hash(&gather), hash(&GatherCalls::default()));
}

/// What differs in one of these alone is another transaction.
#[test]
fn what_tells_transactions_apart() {
    let one = parse("0 INVITE")[0];
    let others = [
        Said { call_id: "on", ..one },
        Said { call_id: "onef", ..one },
        Said { cseq: 11, ..one },
        Said { branch: "11", ..one },
        Said { far: 3, ..one },
        Said {
            direction: Direction::Out,
            ..one
        },
    ];
    for other in others {
        for far in [[one, other], [other, one]] {
            let answer = Said {
                word: Word::Answer(404, "a"),
                ..far[1]
            };
            let sum = all(&closed(&mut in_minutes(None), &[far[0], far[1], answer, answer]));
            assert_eq!(
                (sum.attempts, sum.failed, sum.open, sum.retransmissions),
                (2, [0, 1, 0, 0], 1, 1),
                "{other:?}"
            );
        }
    }
}

#[test]
fn long_identifiers_take_no_more_memory() {
    let long: &'static str = Box::leak("x".repeat(60_000).into_boxed_str());
    let other: &'static str = Box::leak(format!("{}y", "x".repeat(59_999)).into_boxed_str());
    let (gather, mut part) = (GatherCalls::default(), CallMessages::default());
    let said: Vec<Said> = parse("0 INVITE, 1 200")
        .into_iter()
        .flat_map(|said| [long, other].map(|call_id| Said { call_id, ..said }))
        .collect();
    said.iter().for_each(|said| said.gather(&gather, &mut part, 0));
    assert!(GatherCalls::held(&part) < 1000);
    let sum = all(&closed(&mut in_minutes(None), &said));
    assert_eq!((sum.attempts, sum.answered), (2, 2));
}
