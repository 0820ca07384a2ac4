//! Raw MST files: the same messages as in a log, and what is damaged in them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use sip_scan::Damage;

use crate::items::{Owned, scan};
use crate::lines::{BYE, first, record};
use crate::random_log;

/// Two records that count, with one of another type between, as a server writes them.
fn raw() -> String {
    let head = "H1\tv1\t@(#)logmst\t0.0.0.1\t9/22/03\nH2\tMST_ALL\nH3\tcm1\tinit\t14:07:17\t07/10/23\n";
    let other = "M\t2\t04\t1\t\t13:57:12.600\t07/10/23\nD\t\t0a 0b 0c\nN\n";
    [head, &message("M\t1\t8a"), other, &message("M\t3\t8B")].concat()
}

/// A record of 64 bytes and its type, whose first line begins with `begin`.
fn message(begin: &str) -> String {
    let bytes = record(BYE);
    let lines = bytes[1..].chunks(16).map(|line| {
        let hex: Vec<String> = line.iter().map(|b| format!("{b:02x}")).collect();
        format!("D\t\t{}\n", hex.join(" "))
    });
    let lines: String = lines.collect();
    format!("{begin}\t1\t\t13:57:12.584\t07/10/23\n{lines}N\n")
}

/// What the items are, in short.
fn short(items: &[Owned]) -> Vec<String> {
    items
        .iter()
        .map(|item| match item {
            Owned::Message {
                stamp,
                direction,
                cseq,
                damage,
                ..
            } => {
                let damage = damage.map_or(String::new(), |damage| format!(", {damage}"));
                format!("{stamp} {direction:?} {cseq:?}{damage}")
            }
            Owned::Damaged { stamp, damage, .. } => format!("{} {damage}", stamp.as_deref().unwrap_or("-")),
        })
        .collect()
}

const IN: &str = "20230710:135712584 In Bye";
const OUT: &str = "20230710:135712584 Out Bye";

#[track_caller]
fn check(raw: &str, want: &[&str]) {
    assert_eq!(short(&scan([raw.as_bytes()])), want, "{raw}");
}

#[test]
fn records_of_other_types_stand_between() {
    check(&raw(), &[IN, OUT]);
    check(&raw().replace('\n', "\r\n"), &[IN, OUT]);
    check(&raw().replace('\t', " "), &[IN, OUT]);
    check(raw().trim_end(), &[IN, OUT]);
}

#[test]
fn damage() {
    let raw = raw();
    let cut = "20230710:135712584 In Bye, incomplete raw record";
    let table: &[(&str, &str, &[&str])] = &[
        ("N\nM\t2", "M\t2", &[cut, OUT]),
        (":57:12.584", ":57", &["- unreadable M line", "- unreadable M line"]),
        (
            "M\t1\t8a\t1\t\t13:57:12.584\t07/10/23",
            "M\t1\t8a",
            &["- unreadable M line", OUT],
        ),
        (
            "M\t1\t8a\t1\t\t13:57:12.584\t07/10/23\n",
            "",
            &["- further lines without a first", OUT],
        ),
        (
            "M\t3\t8B\t1\t\t13:57:12.584\t07/10/23\n",
            "",
            &[IN, "20230710:135712584 further lines without a first"],
        ),
        ("D\t\t0a 0b 0c", "D\t\tnonsense", &[IN, OUT]),
        // Within the start line.
        (
            " 70 3a 31 40 65 78 61 6d 70 6c\n",
            " 70\n",
            &["20230710:135712584 incomplete raw record"; 2],
        ),
        (" 6d 70 6c\n", " 6d 70 6\n", &["20230710:135712584 half a byte"; 2]),
        (" 53 49 50", " 53 xx 50", &["20230710:135712584 no hex"; 2]),
    ];
    for (found, replaced, want) in table {
        assert!(raw.contains(found), "{found}");
        check(&raw.replace(found, replaced), want);
    }
    check(
        raw.strip_suffix("N\n").unwrap(),
        &[IN, "20230710:135712584 Out Bye, incomplete raw record"],
    );
}

#[test]
fn text_that_is_no_record_is_no_damage() {
    let log = first("p(1)", record(BYE).len(), &record(BYE));
    for line in ["D not hex", "D 0d 0a", "N", "D", "M", "M 1x", "N 1", "Nothing"] {
        let items = scan([format!("{line}\n{log}{line}\n").as_bytes()]);
        assert_eq!(items.len(), 1, "{line}");
        assert_eq!(items[0].damage(), None, "{line}");
    }
}

#[test]
fn headers_have_their_limit_in_a_record_without_end() {
    let whole = message("M\t1\t8a");
    let (begun, _last_line) = whole.rsplit_once("D\t").unwrap();
    let mut raw = begun.replace(" 43 53 65 71", " 58 53 65 71");
    raw += &"D\t\t61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61\n".repeat(100_000);
    let items = scan([raw.as_bytes()]);
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].damage(), Some(Damage::LongRecord));
}

#[test]
fn a_record_over_the_limit_counts_and_is_told() {
    let whole = message("M\t1\t8a");
    let line = "D\t\t78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78\n";
    let of = |n_lines| whole.replace("0a\nN\n", &format!("0a 0d 0a 78 78\n{}N\n", line.repeat(n_lines)));
    check(&of(4091), &[IN]);
    check(&of(4092), &["20230710:135712584 In Bye, record over 64 KiB"]);
}

/// But for the process and the running number, which a raw file does not have, and for where it stands.
fn without_process(mut items: Vec<Owned>) -> Vec<Owned> {
    for item in &mut items {
        let (Owned::Message { place, .. } | Owned::Damaged { place, .. }) = item;
        *place = (0, 0, 0);
        match item {
            Owned::Message { number, .. } => *number = None,
            Owned::Damaged { process, .. } => process.clear(),
        }
    }
    items
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_raw_file_says_the_same_as_the_log((log, raw) in random_log::sound_and_raw()) {
        prop_assert_eq!(without_process(scan([&*raw])), without_process(scan([&*log])));
    }

    #[test]
    fn blocks_do_not_matter(raw in random_log::damaged_raw(), cuts in vec(any::<Index>(), 0..40)) {
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(raw.len() + 1)).collect();
        ends.extend([0, raw.len()]);
        ends.sort_unstable();
        let blocks = ends.windows(2).map(|ends| &raw[ends[0]..ends[1]]);
        prop_assert_eq!(scan(blocks), scan([&*raw]));
    }
}
