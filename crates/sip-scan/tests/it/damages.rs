//! Single cases that are easily got wrong: what is damage, how many of it, and what is nobody's line.

use sip_scan::{Beyond, Damage, Item, Scanner, Tail, Want};

use crate::items::{Owned, scan, scan_lines, scan_side_by_side};
use crate::lines::{BYE, STAMP, first, further, record};

const P: &str = "p(1)";

/// What the items are, in short: the `CSeq`'s method of a message, the reason of a damage.
fn short(items: &[Owned]) -> Vec<String> {
    items
        .iter()
        .map(|item| match item {
            Owned::Message { cseq, damage, .. } => {
                let damage = damage.map_or(String::new(), |damage| format!(", {damage}"));
                format!("{cseq:?}{damage}")
            }
            Owned::Damaged { damage, .. } => damage.to_string(),
        })
        .collect()
}

#[track_caller]
fn check(log: &str, want: &[&str]) {
    assert_eq!(short(&scan([log.as_bytes()])), want, "{log}");
}

/// The two files read side by side.
#[track_caller]
fn check_files(files: [&str; 2], want: &[&str]) {
    let mut items = scan_side_by_side(&files.map(str::as_bytes), 64);
    items.sort_by_key(Owned::place);
    assert_eq!(short(&items), want, "{files:?}");
}

#[test]
fn a_line_without_a_process_is_nobodys() {
    let bytes = record(BYE);
    let (head, tail) = bytes.split_at(bytes.len() - 5);
    let line = format!("{STAMP}:0d 0a 0d 0a 0d]\n");
    let log = first(P, bytes.len(), head) + &line + &further(P, tail);
    check(&log, &["Bye"]);
}

#[test]
fn a_line_without_a_process_does_not_finish_a_record() {
    let bytes = record(BYE);
    let (head, tail) = bytes.split_at(bytes.len() - 5);
    let hex: Vec<String> = tail.iter().map(|b| format!("{b:02x}")).collect();
    let line = format!("{STAMP}:{}]\n", hex.join(" "));
    check(&(first(P, bytes.len(), head) + &line), &["shorter than its SIZE"]);
}

/// Also where so many lines follow that SIZE bytes have come.
#[test]
fn what_follows_a_bad_digit_is_the_same_damage() {
    let bytes = record(BYE);
    let log = first(P, bytes.len(), &bytes).replace(" 0d 0a]", " 0d zz]");
    let log = log + &further(P, b"\r\n") + &further(P, b"\r\n") + &further(P, b"\r\n");
    check(&log, &["no hex"]);
    check(&(log + &first(P, bytes.len(), &bytes)), &["no hex", "Bye"]);
}

#[test]
fn a_bad_size_comes_before_what_the_message_lacks() {
    check(&first(P, "12x", &record("GET / HTTP/1.1\r\n\r\n")), &["no SIZE"]);
    check(&first(P, "12x", &record("BYE a SIP/2.0\r\n\r\n")), &["no SIZE"]);
    check(&first(P, "12x", &record(BYE)), &["Bye, no SIZE"]);
}

#[test]
fn keep_alives_are_neither_message_nor_damage() {
    for text in ["\r\n", "\r\n\r\n", "\n"] {
        let bytes = record(text);
        check(&first(P, bytes.len(), &bytes), &[]);
        check(&first(P, bytes.len() + 1, &bytes), &["shorter than its SIZE"]);
    }
    // Nothing at all, and half of a line end, are none.
    for text in ["", "\r", "\r\n\r"] {
        let bytes = record(text);
        check(&first(P, bytes.len(), &bytes), &["no SIP start line"]);
    }
}

#[test]
fn a_message_counts_after_line_ends_and_with_blanks_after_its_version() {
    for text in [
        "\r\nBYE a SIP/2.0\r\nCSeq: 1 BYE\r\n",
        "\r\n\r\nSIP/2.0 200 OK\r\nCSeq: 1 BYE\r\n",
        "BYE a SIP/2.0  \r\nCSeq: 1 BYE\r\n",
        "SIP/2.0  200 OK\r\nCSeq: 1 BYE\r\n",
    ] {
        let bytes = record(text);
        check(&first(P, bytes.len(), &bytes), &["Bye"]);
    }
}

/// It is told before all that stands behind it.
#[test]
fn a_cseq_number_out_of_range_counts_and_is_told() {
    for number in ["2147483648", "4294967296", "36893488147419103232"] {
        let bytes = record(&format!("BYE a SIP/2.0\r\nCSeq: {number} BYE\r\n"));
        let line = first(P, bytes.len(), &bytes);
        check(&line, &["Bye, CSeq number out of range"]);
        check(&first(P, 500, &bytes), &["Bye, CSeq number out of range"]);
        check(&first(P, "x", &bytes), &["Bye, no SIZE"]);
    }
    let bytes = record("BYE a SIP/2.0\r\nCSeq: 2147483647 BYE\r\n");
    check(&first(P, bytes.len(), &bytes), &["Bye"]);
}

/// Over TCP. The headers may end anywhere in a line, and be cut where one ends.
#[test]
fn a_second_message_in_a_record_is_told() {
    let head = "BYE a SIP/2.0\r\nCSeq: 1 BYE\r\nContent-Length: 5\r\n";
    let response = "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP a\r\nCSeq: 1 BYE\r\n\r\n";
    let second = "Bye, second message in one record";
    let table = [
        (format!("{head}\r\n"), "Bye"),
        (format!("{head}\r\nv=0\r\n"), "Bye"),
        (format!("{head}\r\n{response}"), second),
        (format!("{head}\r\nv=0\r\n{response}"), second),
        (format!("{head}\r\n\r\n{BYE}"), second),
        (format!("{head}\r\n{head}"), second),
        // A body need not end with a line end.
        (format!("{head}\r\n<x/>{BYE}"), second),
        (format!("{head}\r\nv=0{response}"), second),
        (format!("{head}\r\na SIP/2.0 b {response}"), second),
        (
            format!("{head}\r\n{}{response}", "SIP/2.0 200 OK\r\n\r\n".repeat(15)),
            second,
        ),
        (
            format!("{head}\r\n{}{response}", "SIP/2.0 200 OK\r\n\r\n".repeat(16)),
            "Bye",
        ),
        (
            format!("{head}\r\nOK SIP/2.0\r\nGET a SIP/2.0\r\n\r\n{response}"),
            second,
        ),
        // A part of a message as a body (RFC 3420).
        (format!("{head}\r\nSIP/2.0 200 OK\r\n"), "Bye"),
        (format!("{head}\r\nSIP/2.0 200 OK\r\nVia: SIP/2.0/TCP a\r\n\r\n"), "Bye"),
        (format!("{head}Via: SIP/2.0/TCP a\r\n\r\nCSeq: 1 BYE\r\n"), "Bye"),
    ];
    for (text, want) in table {
        for padding in 0..500 {
            let text = text.replace("Content-Length", &("x".repeat(padding) + ": \r\nContent-Length"));
            let bytes = record(&text);
            let (start, rest) = bytes.split_at(64);
            let lines = rest.chunks(64).map(|bytes| further(P, bytes));
            check(&(first(P, bytes.len(), start) + &lines.collect::<String>()), &[want]);
            // Bytes beyond SIZE are not the record's.
            let size = bytes.len() - response.len();
            if want == second && size > 300 && text.ends_with(response) {
                let lines = rest
                    .chunks(64)
                    .map(|bytes| further(P, bytes))
                    .take(size.div_ceil(64) - 1);
                check(&(first(P, size, start) + &lines.collect::<String>()), &["Bye"]);
            }
        }
    }
}

#[test]
fn a_dump_line_that_cannot_be_used_is_told() {
    let bytes = record(BYE);
    let line = first(P, bytes.len(), &bytes);
    let long = "x".repeat(61) + "(1)";
    for (bad, reason) in [
        (line.replace("20170427:", "2017042x:"), "unreadable time stamp"),
        (line.replace("20170427:", "20171327:"), "unreadable time stamp"),
        (line.replace(":084412345", ":254412345"), "unreadable time stamp"),
        (line.replace(":p(1):MED:", ""), "unreadable process"),
        (line.replace(":p(1):", ":p[1):"), "unreadable process"),
        (line.replace(P, &(long.clone() + "x")), "process name over 64 bytes"),
        (line.replace(P, &long), "Bye"),
    ] {
        check(&(bad.clone() + &line), &[reason, "Bye"]);
        check_files([&bad, &line], &[reason, "Bye"]);
    }
    let other = line.replace("[MST", "[IPEVT [MST");
    check(&(other + &line), &["Bye"]);
}

/// A line that reading begins within is no damage.
#[test]
fn a_line_that_is_cut_at_its_start_is_told_only_where_nothing_stands_before() {
    let bytes = record(BYE);
    let line = first(P, bytes.len(), &bytes);
    for (tail, want) in [(Tail::nothing(), 2), (Tail::unknown(), 1)] {
        let mut count = 0;
        let mut take = |item: Item<'_>| count += usize::from(!matches!(item, Item::Lines(_)));
        let mut scanner = Scanner::new(Want::Head);
        scanner.resume(tail);
        scanner.scan((line[9..].to_string() + &line).as_bytes(), &mut take);
        let (_, tail) = scanner.end_of_file(&mut take);
        tail.finish(Beyond::Nothing, &mut take);
        assert_eq!(count, want);
    }
}

#[test]
fn what_stands_before_a_stamp_costs_nothing_behind_it() {
    let bytes = record(BYE);
    let line = first(P, bytes.len(), &bytes);
    for before in ["\u{feff}", &"\0".repeat(4096), "cm1.log:", "x\0"] {
        check(&(before.to_string() + &line + before + &line), &["Bye", "Bye"]);
        check_files(
            [&(before.to_string() + &line), &(before.to_string() + &line)],
            &["Bye", "Bye"],
        );
        // The record goes on in the lines of a file that is read alone.
        let (head, tail) = bytes.split_at(40);
        let one = before.to_string() + &first(P, bytes.len(), head) + &further(P, tail);
        check_files([&one, &line], &["Bye", "Bye"]);
    }
}

/// Wherever the line before is cut, also within its stamp.
#[test]
fn a_lost_line_end_does_not_swallow_the_next_line() {
    let bytes = record(BYE);
    let line = first(P, bytes.len(), &bytes);
    let next = line.replace("BYE", "ACK").replace(STAMP, "20170427:184413000");
    for length in 0..line.len() {
        let log = line[..length].to_string() + &next + &line;
        let items = scan([log.as_bytes()]);
        let stamps: Vec<_> = items
            .iter()
            .map(|item| (item.stamp().unwrap_or_default(), item.damage()))
            .collect();
        assert!(
            stamps.contains(&("20170427:184413000".to_string(), None)),
            "{length}: {items:?}"
        );
        assert!(stamps.contains(&(STAMP.to_string(), None)), "{length}: {items:?}");
        let is_told = line[..length].contains("[MST ");
        assert_eq!(items.len(), if is_told { 3 } else { 2 }, "{length}: {items:?}");
        // As from a pipe, `cat` of files, and as files of which the first is cut.
        let mut files = scan_side_by_side(&[&line.as_bytes()[..length], (next.clone() + &line).as_bytes()], 64);
        files.sort_by_key(Owned::place);
        assert_eq!(short(&files).len(), items.len(), "{length}: {files:?}");
    }
}

#[test]
fn a_bad_digit_behind_size_is_no_damage() {
    let bytes = record(BYE);
    check(&first(P, bytes.len(), &bytes).replace(']', " zz]"), &["Bye"]);
}

#[test]
fn a_message_without_start_line_stays_so_where_more_is_damaged() {
    let bytes = record("GET / HTTP/1.1\r\n\r\n");
    check(&first(P, 500, &bytes), &["no SIP start line"]);
    check(&first(P, 500, &bytes).replace(']', " zz]"), &["no SIP start line"]);
}

#[test]
fn a_cut_line_is_no_damage_but_the_record_is_short() {
    let bytes = record(BYE);
    let (head, tail) = bytes.split_at(30);
    let log = first(P, bytes.len(), head).replace(" 61]", "") + &further(P, tail);
    check(&log, &["Bye, shorter than its SIZE"]);
}

#[test]
fn a_record_of_another_type_cut_in_its_first_line_takes_its_further_lines() {
    let log = first(P, 6, &[7, 1, 2]) + &further(P, &[3, 4, 5]);
    let bytes = record(BYE);
    for at in 1..log.len() {
        let (one, two) = log.split_at(at);
        check_files([one, &(two.to_string() + &first(P, bytes.len(), &bytes))], &["Bye"]);
    }
}

#[test]
fn a_cut_further_line_without_a_first_is_not_lost() {
    let log = further(P, b"abc");
    let bytes = record(BYE);
    for at in 1..log.len() {
        let (one, two) = log.split_at(at);
        let want = ["further lines without a first", "Bye"];
        check_files([one, &(two.to_string() + &first(P, bytes.len(), &bytes))], &want);
    }
}

/// The record takes a line that is cut between the files, and one of the two after it.
#[test]
fn lines_left_over_after_a_cut_line_are_not_lost() {
    let bytes = record(BYE);
    let size = bytes.len();
    let one = first(P, size, &bytes[..size - 6]);
    let line = further(P, &bytes[size - 6..size - 3]);
    let (cut, rest) = line.split_at(50);
    let two = rest.to_string() + &further(P, &bytes[size - 3..]) + &further(P, b"abc");
    check_files([&(one + cut), &two], &["Bye", "further lines without a first"]);
}

/// A record of another type, and after it one whose first line is cut between the files and whose SIZE is too small.
#[test]
fn lines_left_over_after_a_cut_first_line_are_not_lost() {
    let bytes = record(BYE);
    let line = first(P, bytes.len(), &bytes);
    let (cut, rest) = line.split_at(60);
    let one = first(P, 6, &[7, 1, 2]) + cut;
    let two = rest.to_string() + &further(P, b"abc");
    check_files([&one, &two], &["Bye", "further lines without a first"]);
}

/// The second file ends within a line that goes on with the record of the first: as the newest does while it grows.
#[test]
fn the_last_line_of_the_next_file_may_lack_its_end() {
    let bytes = record(BYE);
    let one = first(P, bytes.len(), &bytes[..40]);
    let two = further(P, &bytes[40..50]) + &further(P, &bytes[50..]);
    for lost in [1, 2, 3] {
        let two = &two[..two.len() - lost];
        let items = scan_side_by_side(&[one.as_bytes(), two.as_bytes()], 64);
        assert_eq!(items.len(), 1, "{lost} bytes lost: {items:?}");
        assert_ne!(items[0].damage(), Some(Damage::NoFirstLine), "{lost} bytes lost");
    }
}

/// The last line has no line end, and no record takes it.
#[test]
fn a_last_line_left_over_is_not_lost() {
    let bytes = record(BYE);
    let one = first(P, bytes.len(), &bytes[..40]);
    let two = further(P, &bytes[40..]) + &further(P, b"abc");
    let want = ["Bye", "further lines without a first"];
    check_files([&one, &two], &want);
    check_files([&one, two.trim_end()], &want);
}

/// A log that is cut within the running number of its last line ends with the line before: a part of the number tells nothing.
#[test]
fn a_running_number_that_is_cut_is_not_that_of_the_last_line() {
    let log = "20170427:084412000:99:p(1):MED:[a]\n20170427:084413000:100:p(1):MED:[b]";
    for (kept, number, line) in [(0, 99, 1), (1, 99, 1), (3, 99, 1), (4, 100, 2)] {
        let end = log.find("100:").unwrap() + kept;
        let (before, last) = log[..end].split_at(end - kept);
        for blocks in [vec![&log[..end]], vec![before, last]] {
            let last = scan_lines(blocks.into_iter().map(str::as_bytes)).unwrap().last;
            assert_eq!((last.number, last.line), (Some(number), line), "{kept} digits kept");
        }
    }
}

/// The second file ends where the record of the first does; what is left over stands in the third.
#[test]
fn lines_left_over_in_the_file_after_the_next_are_not_lost() {
    let bytes = record(BYE);
    let files = [
        first(P, bytes.len(), &bytes[..40]),
        further(P, &bytes[40..]),
        further(P, b"abc"),
    ];
    let files: Vec<&[u8]> = files.iter().map(String::as_bytes).collect();
    let want = ["Bye", "further lines without a first"];
    assert_eq!(short(&scan_side_by_side(&files, 64)), want);
}
