//! What must be told of, whatever happened to a log: each first line of a SIP record that can be found by its stamp alone.

use sip_scan::{Beyond, Item, Scanner, Tail, Want};

#[cfg(test)]
use crate::lines::{BYE, first, further, record};
use crate::reference::{self, is_blank, is_stamp};

/// Asserts that so many records at least are counted, told as damaged, or told as cut, where nobody knows what stands before
/// the files and behind them.
pub(crate) fn check(files: &[&[u8]], block: usize) {
    let keep_alives = reference::read_files(files).n_keep_alives;
    let mut told = 0;
    let mut take = |item: Item<'_>| told += usize::from(!matches!(item, Item::Lines(_)));
    let mut scanner = Scanner::new(Want::Head);
    let mut tail = Tail::unknown();
    for file in files {
        for block in file.chunks(block) {
            scanner.scan(block, &mut take);
        }
        tail = tail.join(scanner.end_of_file(&mut take), &mut take);
    }
    tail.finish(Beyond::Unknown, &mut take);
    let found = first_lines(&files.concat());
    let show = || {
        files
            .iter()
            .map(|file| file.escape_ascii().to_string())
            .collect::<Vec<_>>()
    };
    assert!(
        told + keep_alives >= found,
        "{told} of {found} records told: {:#?}",
        show()
    );
}

/// How many first lines of SIP records there are in `log`.
pub(crate) fn first_lines(log: &[u8]) -> usize {
    let in_line = |line: &[u8]| {
        let mut starts: Vec<usize> = (0..line.len()).filter(|at| begins_line(&line[*at..])).collect();
        starts.push(line.len());
        let lines = starts.windows(2).map(|ends| &line[ends[0]..ends[1]]);
        lines.filter(|line| is_first(line)).count()
    };
    log.split(|b| *b == b'\n').map(in_line).sum()
}

/// Whether `text` begins with a stamp and a running number.
fn begins_line(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).count();
    text.len() > 19 && is_stamp(&text[..18]) && text[18] == b':' && {
        let n_digits = digits(&text[19..]);
        n_digits > 0 && text.get(19 + n_digits) == Some(&b':')
    }
}

/// Whether the text of `line` is `[MST SIZE 8a` or `8b`, and the type byte is whole.
fn is_first(line: &[u8]) -> bool {
    let open = line.iter().position(|b| *b == b'[').unwrap_or(line.len());
    let Some(text) = line[open..].strip_prefix(b"[MST") else {
        return false;
    };
    let word = |text: &[u8]| -> usize { text.iter().take_while(|b| !is_blank(b)).count() };
    let blanks = |text: &[u8]| -> usize { text.iter().take_while(|b| is_blank(b)).count() };
    let size = &text[blanks(text)..];
    let hex = &size[word(size)..];
    let size = String::from_utf8_lossy(&size[..word(size)]);
    let is_size = size.bytes().all(|b| b.is_ascii_digit()) && size.parse::<u32>().is_ok();
    let hex = &hex[blanks(hex)..];
    let is_sip = matches!(hex, [b'8', b'a' | b'b' | b'A' | b'B', b' ' | b'\t' | b']', ..]);
    blanks(text) > 0 && is_size && is_sip
}

/// A line end was lost before it, and its file ends within it.
#[test]
fn after_a_line_of_a_raw_file() {
    let line = first("p(1)", 99, &record(BYE));
    let raw = "M\t1\t04\t1\t\t08:44:12.350\t04/27/17\nD\t\t04 0a";
    let log = [raw, line.trim_end()].concat();
    check(&[log.as_bytes()], 4000);
    check(&[log.as_bytes(), b"\n"], 4000);
}

/// Wherever the choice of logs cuts them.
#[test]
fn each_cut() {
    let bytes = record(BYE);
    let (head, tail) = bytes.split_at(40);
    let log = first("p(1)", bytes.len(), &bytes) + &first("p(1)", bytes.len(), head) + &further("p(1)", tail);
    for at in 0..=log.len() {
        let (before, after) = log.as_bytes().split_at(at);
        for block in [1, 4000] {
            for files in [&[before, after], [before].as_slice(), &[after]] {
                check(files, block);
            }
        }
    }
}
