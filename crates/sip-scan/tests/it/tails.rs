//! What a file leaves open at its two ends, and what becomes of it.

use sip_scan::{Beyond, Damage, Head, Item, MAX_FILES_AFTER, MAX_PROCESSES, MAX_START, Messages, Scanner, Tail, Want};

use crate::items::{Owned, scan_files, scan_side_by_side};
use crate::lines::{BYE, STAMP, first, further, record};

const P: &str = "p(1)";

const EDGE: Found = (false, None);

/// What the file leaves open; nothing of it may be handed over.
fn ends(file: &str) -> (Head, Tail) {
    let mut scanner = Scanner::new(Want::Head);
    let mut take = |item: Item<'_>| assert!(matches!(item, Item::Lines(_)), "{item:?}");
    scanner.scan(file.as_bytes(), &mut take);
    scanner.end_of_file(&mut take)
}

/// Whether a message counts, and what is damaged. Neither, if a record is cut where reading begins or ends.
type Found = (bool, Option<Damage>);

/// The damages of the only file after `tail`: of a message that counts, and of what does not.
fn damages(tail: Tail, file: &str, beyond: Beyond) -> Vec<Found> {
    let mut damages = Vec::new();
    let mut take = |item: Item<'_>| {
        damages.extend(match item {
            Item::Message(message) => Some((true, message.damage)),
            Item::Damaged(damaged) => Some((false, Some(damaged.damage))),
            Item::Edge(_) => Some(EDGE),
            Item::Lines(_) => None,
        });
    };
    let mut scanner = Scanner::new(Want::Head);
    scanner.scan(file.as_bytes(), &mut take);
    let ends = scanner.end_of_file(&mut take);
    tail.join(ends, &mut take).finish(beyond, &mut take);
    damages
}

/// A record that is whole, and one that lacks its end.
fn whole() -> String {
    first(P, record(BYE).len(), &record(BYE))
}

fn begun() -> String {
    first(P, record(BYE).len() + 1, &record(BYE))
}

#[test]
fn what_stands_before_decides_of_leading_lines() {
    let file = further(P, b"abc") + &further(P, b"abc");
    let lost = [(false, Some(Damage::NoFirstLine))];
    assert_eq!(damages(Tail::nothing(), &file, Beyond::Nothing), lost);
    assert_eq!(damages(Tail::unknown(), &file, Beyond::Nothing), [EDGE]);
    let two = further("q(2)", b"abc") + &file + &further("q(2)", b"abc");
    assert_eq!(damages(Tail::unknown(), &two, Beyond::Nothing), [EDGE, EDGE]);
    // Once something is known of the process, nothing is excused.
    let file = file.clone() + &whole() + &file;
    let lost = [EDGE, (false, Some(Damage::NoFirstLine)), (true, None)];
    let mut found = damages(Tail::unknown(), &file, Beyond::Nothing);
    found.sort();
    assert_eq!(found, lost);
}

#[test]
fn what_stands_beyond_decides_of_what_is_pending() {
    let cut = begun().replace(" 42 59", " 4");
    let cut = &cut[..cut.find(" 4 ").unwrap() + 2];
    let (begun, whole) = (begun(), whole());
    let table: &[(&str, &[Found], &[Found])] = &[
        (&begun, &[(true, Some(Damage::Short))], &[(true, None)]),
        (begun.trim_end(), &[(true, Some(Damage::Short))], &[(true, None)]),
        (
            &begun.replace(" 42 59", " 41 zz"),
            &[(false, Some(Damage::NoHex))],
            &[(false, Some(Damage::NoHex))],
        ),
        (&first(P, 99, &record("BYE")), &[(false, Some(Damage::Short))], &[EDGE]),
        (cut, &[(false, Some(Damage::HalfByte))], &[EDGE]),
        (
            &begun[..begun.find("8a ").unwrap() + 3],
            &[(false, Some(Damage::Short))],
            &[EDGE],
        ),
        // Nobody knows whether it is SIP.
        (
            &begun[..begun.find("8a ").unwrap() + 1],
            &[(false, Some(Damage::HalfByte))],
            &[],
        ),
        (
            &begun[..begun.find("8a ").unwrap()],
            &[(false, Some(Damage::NoHex))],
            &[],
        ),
        (whole.trim_end(), &[(true, None)], &[(true, None)]),
    ];
    for (file, nothing, unknown) in table {
        assert_eq!(damages(Tail::nothing(), file, Beyond::Nothing), *nothing, "{file}");
        assert_eq!(damages(Tail::nothing(), file, Beyond::Unknown), *unknown, "{file}");
    }
}

#[test]
fn a_tail_tells_whether_it_is_open_and_since_when() {
    let later = |line: String| line.replace(STAMP, "20170427:084412346");
    let since = Some(STAMP);
    let line = whole();
    let table: &[(String, bool, Option<&str>)] = &[
        (String::new(), false, None),
        (further(P, b"abc"), false, None),
        (first(P, 9, &[7]), false, None),
        (begun(), true, since),
        (later(first("q(2)", 99, &record(BYE))) + &begun(), true, since),
        (begun() + &later(first("q(2)", 99, &record(BYE))), true, since),
        (later(begun()) + &line[..40], true, since),
        // As much of the stamp as has come.
        (format!("\n{}", &line[..11]), true, Some("20170427:080000000")),
        ("\nabc".to_string(), true, None),
    ];
    for (file, is_open, oldest) in table {
        let (_, tail) = ends(file);
        assert_eq!(tail.is_open(), *is_open, "{file}");
        assert_eq!(
            tail.oldest().map(|stamp| stamp.to_string()).as_deref(),
            *oldest,
            "{file}"
        );
    }
}

#[test]
fn only_what_is_open_takes_memory() {
    let long = record(&(BYE.to_string() + &"x".repeat(20_000)));
    let of = |size| {
        let mut scanner = Scanner::new(Want::DialogAndText(Messages::ALL));
        scanner.scan(first(P, size, &long).as_bytes(), &mut |_| {});
        scanner.end_of_file(&mut |_| {}).1.bytes()
    };
    assert!(of(long.len()) < 1000);
    assert!(of(long.len() + 1) > 3 * 20_000);
    let (head, tail) = ends("no stamp");
    assert!((8..100).contains(&head.bytes()));
    assert_eq!(tail.bytes(), 0);
    let (head, tail) = ends(&format!("\n{}", &whole()[..50]));
    assert_eq!(head.bytes(), 1);
    assert!(tail.bytes() >= 50);
}

#[test]
fn a_record_goes_on_over_so_many_files() {
    let bytes = record(BYE);
    let (head, tail) = bytes.split_at(40);
    let (first, last) = (first(P, bytes.len(), head), further(P, tail));
    // Those between hold nothing, or a line that is no record's.
    for between in ["", "no record\n"] {
        for after in [1, MAX_FILES_AFTER, MAX_FILES_AFTER + 1] {
            let mut files = vec![between.as_bytes(); after + 1];
            files[0] = first.as_bytes();
            files[after] = last.as_bytes();
            for items in [scan_files(&files, 64), scan_side_by_side(&files, 64)] {
                let found: Vec<_> = items.iter().map(|item| (item.damage(), item.place().0)).collect();
                match after <= MAX_FILES_AFTER {
                    true => assert_eq!(found, [(None, 0)], "{after} files after"),
                    false => assert_eq!(
                        found,
                        [(Some(Damage::Short), 0), (Some(Damage::NoFirstLine), after)],
                        "{after} files after"
                    ),
                }
            }
        }
    }
}

/// The lines of one process fill the head. Another one's are told, for none of them could be kept.
#[test]
fn a_head_is_bounded() {
    let long = further(P, &[b'x'; 1000]).repeat(200) + &further("q(2)", b"abc").repeat(2);
    let mut damages = Vec::new();
    let mut take = |item: Item<'_>| match item {
        Item::Message(message) => damages.push((P.to_string(), message.damage)),
        Item::Damaged(damaged) => {
            let process = String::from_utf8(damaged.process.to_vec()).unwrap();
            damages.push((process, Some(damaged.damage)));
        }
        Item::Edge(_) | Item::Lines(_) => {}
    };
    let mut scanner = Scanner::new(Want::Head);
    scanner.scan(long.as_bytes(), &mut take);
    let ends = scanner.end_of_file(&mut take);
    assert!((MAX_START - 4000..=MAX_START).contains(&ends.0.bytes()));
    scanner.scan(first(P, 1_000_000, &record(BYE)).as_bytes(), &mut take);
    let tail = Tail::nothing().join(scanner.end_of_file(&mut take), &mut take);
    let tail = tail.join(ends, &mut take);
    // The rest of the record is accounted for.
    let tail = tail.join(self::ends(&further(P, b"abc")), &mut take);
    tail.finish(Beyond::Nothing, &mut take);
    let want = [("q(2)", Damage::NoFirstLine), (P, Damage::LongRecord)];
    assert_eq!(
        damages,
        want.map(|(process, damage)| (process.to_string(), Some(damage)))
    );
}

#[test]
fn as_many_processes_are_joined_as_are_told_apart() {
    let begun = |name: &str| {
        (0..MAX_PROCESSES)
            .map(|i| first(&format!("{name}({i})"), 99, &record(BYE)))
            .collect::<String>()
    };
    let (one, two) = (begun("p"), begun("q"));
    let last: String = ["p", "q"]
        .iter()
        .map(|name| further(&format!("{name}(3)"), &[b'x'; 99]))
        .collect();
    let files = [one.as_bytes(), two.as_bytes(), last.as_bytes()];
    let mut expected = scan_files(&files, 4096);
    let mut found = scan_side_by_side(&files, 4096);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    // The record that is finished, those that are not, and a line without a record.
    let count = |damage: Option<Damage>| found.iter().filter(|item| item.damage() == damage).count();
    assert_eq!(count(None), 1);
    assert_eq!(count(Some(Damage::Short)), 2 * MAX_PROCESSES - 1);
    assert_eq!(count(Some(Damage::NoFirstLine)), 1);
    assert!(found.iter().all(|item| !matches!(
        item,
        Owned::Damaged {
            damage: Damage::Short,
            ..
        }
    )));
}

/// A process that comes after others have made it lose its place was seen before, maybe.
#[test]
fn lines_of_a_process_that_lost_its_place_are_told() {
    let whole = |i: usize| first(&format!("p({i})"), record(BYE).len(), &record(BYE));
    let others: String = (0..=MAX_PROCESSES).map(whole).collect();
    let file = others + &further("q(1)", b"abc");
    let found = damages(Tail::unknown(), &file, Beyond::Nothing);
    assert_eq!(found.last(), Some(&(false, Some(Damage::NoFirstLine))));
}

#[test]
fn a_raw_record_ends_with_its_file() {
    let raw = "M\t1\t8a\t1\t\t13:57:12.584\t07/10/23\nD\t\t04 0a";
    let files = [raw.as_bytes(), b"D\t\t0b 0c\nN\n"];
    for items in [scan_files(&files, 64), scan_side_by_side(&files, 64)] {
        let found: Vec<_> = items.iter().map(|item| (item.damage(), item.place())).collect();
        let want = [
            (Some(Damage::RawCut), (0, 1, 0)),
            (Some(Damage::NoFirstLine), (1, 1, 0)),
        ];
        assert_eq!(found, want);
    }
}
