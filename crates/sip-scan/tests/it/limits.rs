//! What is over a limit is told once, harms nothing beside it, and takes no memory.

use std::fmt::Write;

use allocation_counter::measure;
use sip_scan::{Beyond, Damage, Item, MAX_LINE, MAX_PROCESSES, MAX_RECORD, Method, Scanner, Want};

use crate::items::{Owned, scan, scan_files};
use crate::lines::{BYE, STAMP, first, further, record};
use crate::reference::Place;

/// The first line of the first file.
const FIRST: Place = (0, 1, 0);

/// A line of `length` bytes without its line end: as many blanks as it takes between `head` and `tail`.
fn stretched(head: &str, tail: &str, length: usize) -> String {
    format!("{head}{}{tail}", " ".repeat(length - head.len() - tail.len()))
}

/// A record on one line of `length` bytes.
fn long_record(length: usize) -> String {
    let line = first("p(1)", record(BYE).len(), &record(BYE));
    let (head, tail) = line.trim_end().split_once("  8a").unwrap_or_default();
    stretched(head, &format!("8a{tail}"), length)
}

fn long_line(process: &str, stamp: Option<&str>, place: Place) -> Owned {
    Owned::Damaged {
        stamp: stamp.map(str::to_string),
        place,
        damage: Damage::LongLine,
        process: process.to_string(),
    }
}

/// The items of `log`, which are the same in blocks of many lengths, of a file's length among them.
#[track_caller]
fn scan_any_way(log: &[u8]) -> Vec<Owned> {
    let items = scan([log]);
    for block in [4000, MAX_LINE - 1, MAX_LINE, MAX_LINE + 1] {
        assert_eq!(scan(log.chunks(block)), items, "blocks of {block}");
    }
    items
}

#[test]
fn the_longest_line_is_read() {
    for line_end in ["", "\n"] {
        let log = long_record(MAX_LINE) + line_end;
        let items = scan_any_way(log.as_bytes());
        assert!(matches!(items[..], [Owned::Message { damage: None, .. }]), "{items:?}");
    }
}

#[test]
fn a_longer_line_is_told() {
    for line_end in ["", "\n"] {
        for length in [MAX_LINE + 1, MAX_LINE + 20, 3 * MAX_LINE] {
            let log = long_record(length) + line_end;
            assert_eq!(scan_any_way(log.as_bytes()), [long_line("p(1)", Some(STAMP), FIRST)]);
        }
    }
    let log = "x".repeat(MAX_LINE + 1) + "\n";
    assert_eq!(scan_any_way(log.as_bytes()), [long_line("", None, FIRST)]);
}

#[test]
fn a_longer_line_cut_near_its_end_is_told_once() {
    let line = long_record(MAX_LINE + 1);
    let log = line.clone() + "\n" + &first("p(1)", record(BYE).len(), &record(BYE));
    for at in line.len() - 3..=line.len() + 3 {
        let (before, after) = log.as_bytes().split_at(at);
        let items = scan([before, after]);
        assert_eq!(items.len(), 2, "cut at {at}");
        assert_eq!(items[0], long_line("p(1)", Some(STAMP), FIRST), "cut at {at}");
    }
}

#[test]
fn a_longer_line_leaves_the_others_as_they_are() {
    let bytes = record(BYE);
    let (head, tail) = bytes.split_at(40);
    let log = first("q(2)", bytes.len(), head) + &long_record(2 * MAX_LINE) + "\n" + &further("q(2)", tail);
    let items = scan_any_way(log.as_bytes());
    assert_eq!(items[0], long_line("p(1)", Some(STAMP), (0, 2, 164)));
    assert!(matches!(items[1..], [Owned::Message { damage: None, .. }]), "{items:?}");
}

/// All lines of the record look alike, but for their hex.
#[test]
fn a_longer_further_line_is_told_like_any_other() {
    let bytes = vec![b'x'; MAX_LINE];
    let log = first("p(1)", 9_000_000, &record(BYE)) + &further("p(1)", b"abc") + &further("p(1)", &bytes);
    let items = scan_any_way(log.as_bytes());
    assert_eq!(items[0], long_line("p(1)", Some(STAMP), (0, 3, 287)));
    assert_eq!(items.len(), 2, "{items:?}");
    assert_eq!(items[1].damage(), Some(Damage::Short));
}

#[test]
fn the_longest_line_may_end_with_its_file() {
    let log = long_record(MAX_LINE);
    let next = first("p(1)", record(BYE).len(), &record(BYE));
    for block in [7, 4096, 2 * MAX_LINE] {
        let items = scan_files(&[log.as_bytes(), next.as_bytes()], block);
        assert_eq!(items.len(), 2, "blocks of {block}");
        assert!(items.iter().all(|item| item.damage().is_none()), "blocks of {block}");
    }
}

#[test]
fn a_longer_line_ends_with_its_file() {
    let log = long_record(MAX_LINE + 1);
    let next = first("p(1)", record(BYE).len(), &record(BYE));
    let items = scan_files(&[log.as_bytes(), next.as_bytes()], 4096);
    assert_eq!(items[0], long_line("p(1)", Some(STAMP), FIRST));
    assert!(matches!(items[1..], [Owned::Message { damage: None, .. }]), "{items:?}");
}

#[test]
fn a_line_of_much_hex_is_read_to_its_end() {
    // Two digits and a blank each: as many bytes as one line can hold.
    let text = BYE.to_string() + "\r\n" + &"x".repeat((MAX_LINE - 200) / 3 - BYE.len());
    let bytes = record(&text);
    let log = first("p(1)", bytes.len(), &bytes);
    assert!(log.len() > MAX_LINE - 300);
    let items = scan_any_way(log.as_bytes());
    assert!(
        matches!(
            items[..],
            [Owned::Message {
                damage: Some(Damage::LongRecord),
                ..
            }]
        ),
        "{items:?}"
    );
}

/// A record whose `CSeq` ends after so many bytes of it, on lines of 64 bytes.
fn record_with_cseq_at(end: usize) -> String {
    let (start, cseq) = BYE.split_once("\r\n").unwrap_or_default();
    let filler = end - 17 - BYE.len() - "Via: \r\n".len();
    let bytes = record(&format!("{start}\r\nVia: {}\r\n{cseq}\r\n", "x".repeat(filler)));
    let (head, tail) = bytes.split_at(64);
    let further: String = tail.chunks(64).map(|bytes| further("p(1)", bytes)).collect();
    first("p(1)", bytes.len(), head) + &further
}

/// A record of `size` bytes, its message whole near their start, on lines of 64 bytes, and a second one behind it.
fn record_of(size: usize) -> String {
    let mut bytes = record(BYE);
    bytes.resize(size, b'x');
    let (head, tail) = bytes.split_at(64);
    let further: String = tail.chunks(64).map(|bytes| further("p(1)", bytes)).collect();
    first("p(1)", bytes.len(), head) + &further + &first("p(1)", record(BYE).len(), &record(BYE))
}

#[test]
fn a_longer_record_counts_and_is_told() {
    let table = [
        (MAX_RECORD - 1, None),
        (MAX_RECORD, None),
        (MAX_RECORD + 1, Some(Damage::LongRecord)),
        (5 * MAX_RECORD, Some(Damage::LongRecord)),
    ];
    for (size, damage) in table {
        let items = scan_any_way(record_of(size).as_bytes());
        let is_message = |item: &Owned| matches!(item, Owned::Message { cseq: Method::Bye, .. });
        assert!(items.iter().all(is_message), "{size}: {items:?}");
        let damages: Vec<_> = items.iter().map(Owned::damage).collect();
        assert_eq!(damages, [damage, None], "{size}");
    }
}

/// Of what is wrong with a record, what comes first is told.
#[test]
fn a_longer_record_that_is_cut_or_broken_is_told_once() {
    let log = record_of(2 * MAX_RECORD);
    let lines: Vec<&str> = log.split_inclusive('\n').collect();
    let n_within = MAX_RECORD / 64;
    let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat().concat();
    let broken = |at: usize| {
        let line = lines[at].replace(" 78]", " 7]");
        [&lines[..at], &[line.as_str()], &lines[at + 1..]].concat().concat()
    };
    let table = [
        (lines[..n_within].concat(), vec![Damage::Short]),
        (lines[..=n_within].concat(), vec![Damage::LongRecord]),
        (without(n_within - 1), vec![Damage::LongRecord]),
        (broken(n_within - 1), vec![Damage::HalfByte]),
        (broken(n_within + 2), vec![Damage::LongRecord]),
    ];
    for (n, (log, want)) in table.iter().enumerate() {
        let damages: Vec<_> = scan_any_way(log.as_bytes()).iter().filter_map(Owned::damage).collect();
        assert_eq!(damages, *want, "{n}");
    }
}

#[test]
fn headers_up_to_the_limit_are_read() {
    for end in [1000, MAX_RECORD - 200, MAX_RECORD - 2] {
        let items = scan([record_with_cseq_at(end).as_bytes()]);
        assert!(
            matches!(
                items[..],
                [Owned::Message {
                    cseq: Method::Bye,
                    damage: None,
                    ..
                }]
            ),
            "{end}: {items:?}"
        );
    }
}

#[test]
fn longer_headers_are_told() {
    for end in [MAX_RECORD + 2, MAX_RECORD + 200, 3 * MAX_RECORD] {
        let log = record_with_cseq_at(end) + &first("p(1)", record(BYE).len(), &record(BYE));
        let items = scan(log.as_bytes().chunks(4096));
        assert_eq!(items[0].damage(), Some(Damage::LongRecord), "{end}");
        assert!(matches!(items[0], Owned::Damaged { .. }), "{end}");
        assert!(
            matches!(items[1..], [Owned::Message { damage: None, .. }]),
            "{end}: {items:?}"
        );
    }
}

#[test]
fn the_largest_size_takes_no_memory_before_its_bytes_come() {
    let bytes = record(BYE);
    let log = first("p(1)", u32::MAX, &bytes) + &further("p(1)", b"\r\n") + &first("p(1)", bytes.len(), &bytes);
    let items = scan_any_way(log.as_bytes());
    let damages: Vec<_> = items.iter().map(Owned::damage).collect();
    assert_eq!(damages, [Some(Damage::Short), None]);
    assert!(items.iter().all(|item| matches!(item, Owned::Message { .. })));

    let log = log.as_bytes();
    let memory = measure(|| {
        let mut scanner = Scanner::new(Want::Head);
        scanner.scan(log, &mut |_: Item<'_>| {});
        let (_, tail) = scanner.end_of_file(&mut |_| {});
        tail.finish(Beyond::Nothing, &mut |_| {});
    });
    assert!(memory.bytes_max < 64 << 10, "{memory:?}");
}

/// More processes than are told apart, each with a record begun.
#[test]
fn no_record_of_many_processes_is_lost() {
    let bytes = record(BYE);
    let count = 3 * MAX_PROCESSES;
    let process = |i: usize| format!("p({i})");
    let mut log = String::new();
    for i in 0..count {
        log += &first(&process(i), 500, &bytes);
    }
    // Only the last of them are still told apart.
    for i in 0..count {
        log += &further(&process(i), &vec![b' '; 500 - bytes.len()]);
    }
    let items = scan_any_way(log.as_bytes());
    let messages = items.iter().filter(|item| matches!(item, Owned::Message { .. }));
    assert_eq!(messages.count(), count);
    let short = items.iter().filter(|item| item.damage() == Some(Damage::Short));
    assert!(short.count() >= count - MAX_PROCESSES);
}

#[test]
fn as_many_processes_as_the_limit_are_told_apart() {
    let bytes = record(BYE);
    let (head, tail) = bytes.split_at(40);
    let mut log = String::new();
    for i in 0..MAX_PROCESSES {
        log += &first(&format!("p({i})"), bytes.len(), head);
    }
    for i in 0..MAX_PROCESSES {
        log += &further(&format!("p({i})"), tail);
    }
    let items = scan_any_way(log.as_bytes());
    assert_eq!(items.len(), MAX_PROCESSES);
    assert!(items.iter().all(|item| item.damage().is_none()), "{items:?}");
}

/// Of those that are told apart, the one that was silent longest makes room.
#[test]
fn a_process_that_speaks_keeps_its_record() {
    let bytes = record(BYE);
    let mut log = first("kept(1)", bytes.len(), &bytes[..40]);
    for i in 0..3 * MAX_PROCESSES {
        log += &first(&format!("p({i})"), bytes.len(), &bytes);
        if i == MAX_PROCESSES / 2 {
            log += &further("kept(1)", &bytes[40..41]);
        }
        if i == MAX_PROCESSES {
            log += &further("kept(1)", &bytes[41..]);
        }
    }
    let items = scan_any_way(log.as_bytes());
    assert_eq!(items.len(), 3 * MAX_PROCESSES + 1);
    assert!(items.iter().all(|item| item.damage().is_none()), "{items:?}");
}

#[test]
fn memory_does_not_grow_with_the_input() {
    let mut scanner = Scanner::new(Want::Head);
    let mut feed = |block: &str, times: usize| {
        measure(|| {
            for _ in 0..times {
                scanner.scan(block.as_bytes(), &mut |_: Item<'_>| {});
            }
        })
        .bytes_max
    };
    let limit = u64::try_from(4 * MAX_LINE).unwrap();
    // One line without end.
    assert!(feed(&"x".repeat(64 << 10), 128) < limit);
    // One record without end, its headers neither, and ever new processes.
    let lines = "\n".to_string() + &first("p(1)", u32::MAX, &record("BYE a SIP/2.0\r\n"));
    assert!(feed(&lines, 1) < limit);
    assert!(feed(&further("p(1)", &[b'x'; 1000]), 5_000) < limit);
    let mut processes = String::new();
    for i in 0..2_000 {
        write!(processes, "{}", first(&format!("p({i})"), 5000, &[0x8a; 1000])).unwrap();
    }
    assert!(feed(&processes, 1) < limit);
}
