//! What holds for every synthetic log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::{Log, Logs, MEBIBYTE};

const MEBIBYTES: u64 = 4;

/// The logs that the tests look at.
static LOGS: LazyLock<Vec<Log>> = LazyLock::new(|| Logs::new(MEBIBYTES).collect());

/// The records in them.
static RECORDS: LazyLock<Vec<Record>> = LazyLock::new(|| records(&LOGS));

/// The hash of all bytes, by `fnv`.
const DIGEST: u64 = 0xcf05_645d_3db6_cb11;

/// A record as it is read from the lines: the SIZE that it announces, and its bytes.
struct Record {
    size: usize,
    bytes: Vec<u8>,
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    let again: Vec<Log> = Logs::new(MEBIBYTES).collect();
    assert_eq!(LOGS.len(), again.len());
    for (a, b) in LOGS.iter().zip(&again) {
        assert_eq!(a.name, b.name);
        assert!(a.bytes == b.bytes, "{} differs", a.name);
    }
}

#[test]
fn the_bytes_are_those_of_the_edition() {
    let bytes = LOGS.iter().flat_map(|log| &log.bytes);
    let digest = bytes.fold(0xcbf2_9ce4_8422_2325, fnv);
    assert_eq!(digest, DIGEST, "other bytes than before: raise `EDITION` in synth.rs");
}

#[test]
fn every_record_has_the_size_that_it_announces() {
    for record in RECORDS.iter() {
        assert_eq!(record.size, record.bytes.len());
    }
}

#[test]
fn a_name_is_the_second_of_the_first_line_and_names_are_in_order() {
    for log in LOGS.iter() {
        let first_line = log.bytes.split(|&byte| byte == b'\n').next().unwrap();
        let (stamp, name) = (digits(first_line), digits(log.name.as_bytes()));
        assert_eq!(name.len(), 14);
        assert!(stamp.starts_with(&name), "{}", log.name);
    }
    assert!(LOGS.is_sorted_by(|a, b| a.name < b.name));
}

#[test]
fn time_and_sequence_never_go_back() {
    let text = text(&LOGS);
    let stamps = text.lines().map(|line| line.split(':').take(2).collect::<Vec<_>>());
    assert!(stamps.is_sorted());
    let numbers = text
        .lines()
        .map(|line| line.split(':').nth(2).unwrap().parse::<u64>().unwrap());
    assert!(numbers.is_sorted_by(|a, b| b - a == 1));
}

#[test]
fn logs_have_the_size_asked_for() {
    let sum: usize = LOGS.iter().map(|log| log.bytes.len()).sum();
    let asked = usize::try_from(MEBIBYTES).unwrap() * MEBIBYTE;
    assert!((asked..asked + 32_768).contains(&sum), "{sum}");
    for log in &LOGS[..LOGS.len() - 1] {
        assert!(
            (MEBIBYTE..MEBIBYTE + 4096).contains(&log.bytes.len()),
            "{}",
            log.bytes.len()
        );
    }
}

#[test]
fn messages_have_the_sizes_of_real_ones() {
    let mut sizes: Vec<usize> = messages().iter().map(String::len).collect();
    sizes.sort_unstable();
    let mean = sizes.iter().sum::<usize>() / sizes.len();
    let (median, largest) = (sizes[sizes.len() / 2], sizes[sizes.len() - 1]);
    assert!((940..=1020).contains(&mean), "mean {mean}");
    assert!((860..=940).contains(&median), "median {median}");
    assert!((2_400..=3_600).contains(&largest), "largest {largest}");
}

#[test]
fn messages_are_whole() {
    for message in messages() {
        let (head, body) = message.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let start = lines.next().unwrap();
        assert!(start.starts_with("SIP/2.0 ") || start.ends_with(" SIP/2.0"), "{start}");
        let headers: BTreeMap<&str, &str> = lines.map(|line| line.split_once(": ").unwrap()).collect();
        for name in ["From", "To", "Call-ID", "CSeq", "Via"] {
            assert!(headers.contains_key(name), "{name} is missing:\n{head}");
        }
        assert_eq!(headers["Content-Length"], body.len().to_string());
    }
}

#[test]
fn every_type_of_message_occurs() {
    let mut types = BTreeSet::new();
    for message in messages() {
        let words: Vec<&str> = message.split(' ').take(2).collect();
        let is_response = words[0] == "SIP/2.0";
        let to = message.lines().find(|line| line.starts_with("To: ")).unwrap();
        let message_type = match words[usize::from(is_response)] {
            "INVITE" if to.contains(";tag=") => "ReINVITE",
            other => other,
        };
        types.insert(message_type.to_owned());
    }
    let expected = "INVITE ReINVITE BYE CANCEL UPDATE NOTIFY SUBSCRIBE PUBLISH ACK PRACK REFER OPTIONS \
                    INFO 100 180 183 200 202 401 404 407 486 487 500 503";
    for message_type in expected.split(' ') {
        assert!(types.contains(message_type), "{message_type} is missing");
    }
}

fn digits(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(u8::is_ascii_digit).collect()
}

fn text(logs: &[Log]) -> String {
    logs.iter().map(|log| String::from_utf8_lossy(&log.bytes)).collect()
}

fn records(logs: &[Log]) -> Vec<Record> {
    let mut done = Vec::new();
    let mut open: BTreeMap<String, Record> = BTreeMap::new();
    for line in text(logs).lines() {
        let (process, rest) = line.split_once(":MED:[").unwrap();
        let process = process.rsplit(':').next().unwrap();
        let words: Vec<&str> = rest.trim_end_matches(']').split_whitespace().collect();
        if words[0] != "MST" {
            continue;
        }
        let bytes = words[2..].iter().map(|word| u8::from_str_radix(word, 16).unwrap());
        if words[1] == "++++" {
            open.get_mut(process).unwrap().bytes.extend(bytes);
        } else {
            let record = Record {
                size: words[1].parse().unwrap(),
                bytes: bytes.collect(),
            };
            done.extend(open.insert(process.to_owned(), record));
        }
    }
    done.extend(open.into_values());
    done
}

fn messages() -> Vec<String> {
    RECORDS
        .iter()
        .filter(|record| matches!(record.bytes[0], 0x8a | 0x8b))
        .map(|record| String::from_utf8(record.bytes[17..].to_vec()).unwrap())
        .collect()
}

/// One step of FNV-1a, a hash that is good enough to see that bytes changed.
fn fnv(hash: u64, byte: &u8) -> u64 {
    (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
}
