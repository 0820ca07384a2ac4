//! Reads printed tables back into the counts that they show.

use std::collections::BTreeMap;

/// Counts by window, link, type, and IN or OUT; none of them is zero.
pub(crate) type Cells = BTreeMap<(String, String, String, &'static str), u64>;

/// The counts of all tables. Fails on anything that is no table.
pub(crate) fn cells(text: &str) -> Cells {
    let mut cells = Cells::new();
    for table in tables(text) {
        let mut lines = table.lines();
        let mut head = lines.next().unwrap().split_whitespace();
        let window = head.next().unwrap();
        let kinds: Vec<&str> = head.collect();
        if let Some(sides) = lines.next() {
            let sides: Vec<&str> = sides.split_whitespace().collect();
            assert_eq!(sides, ["IN", "OUT"].repeat(kinds.len()), "{table}");
        } else {
            assert_eq!(kinds, [""; 0], "{table}");
        }
        for row in lines {
            let (link, numbers) = row.strip_prefix(' ').unwrap().split_once(' ').unwrap();
            let numbers: Vec<u64> = numbers.split_whitespace().map(|n| n.parse().unwrap()).collect();
            assert_eq!(numbers.len(), 2 * kinds.len(), "{table}");
            for (pair, kind) in numbers.chunks(2).zip(&kinds) {
                for (side, count) in ["IN", "OUT"].into_iter().zip(pair) {
                    let key = (window.to_owned(), link.to_owned(), (*kind).to_owned(), side);
                    let old = if *count == 0 { None } else { cells.insert(key, *count) };
                    assert_eq!(old, None, "a row comes twice in\n{text}");
                }
            }
        }
    }
    cells
}

/// The tables, one by one.
pub(crate) fn tables(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").filter(|table| !table.is_empty())
}

/// The windows, in the order of their tables.
pub(crate) fn windows(text: &str) -> Vec<&str> {
    tables(text)
        .map(|table| table.split_whitespace().next().unwrap())
        .collect()
}

/// How often each type was counted, of all windows, links and directions.
pub(crate) fn kinds(text: &str) -> Vec<(String, u64)> {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for ((_, _, kind, _), count) in cells(text) {
        *kinds.entry(kind).or_default() += count;
    }
    kinds.into_iter().collect()
}

/// The types that were counted, sorted.
pub(crate) fn kind_names(text: &str) -> Vec<String> {
    kinds(text).into_iter().map(|(kind, _)| kind).collect()
}

/// How many messages were counted in all.
pub(crate) fn total(text: &str) -> u64 {
    cells(text).values().sum()
}
