//! Random logs, sound and damaged.

use std::fmt;
use std::ops::Deref;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const STAMPS: [&str; 3] = ["20170427:084412345", "20170427:084412346", "20170427:084413000"];
const PROCESSES: [&str; 4] = ["capro(4711)", "capro(4712)", "lxhost(4711)", "p(1)"];

/// A log that a failed test shows as text.
#[derive(Clone)]
pub(crate) struct Log(Vec<u8>);

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

impl Deref for Log {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// A log as a server writes it.
pub(crate) fn sound() -> impl Strategy<Value = Log> {
    lines().prop_map(|lines| Log(lines.concat()))
}

/// A log with up to four faults.
pub(crate) fn damaged() -> impl Strategy<Value = Log> {
    (lines(), vec(fault(), 0..5), any::<bool>()).prop_map(|(mut lines, faults, is_cut)| {
        for fault in faults {
            fault.apply(&mut lines);
        }
        let mut log = lines.concat();
        if is_cut && log.ends_with(b"\n") {
            log.pop();
        }
        Log(log)
    })
}

/// The same records as a server writes them into its log, one after the other, and into a raw file.
pub(crate) fn sound_and_raw() -> impl Strategy<Value = (Log, Log)> {
    vec(record(), 0..8).prop_map(|records| {
        let lines = records.iter().flat_map(Record::lines);
        let log = lines.map(|line| line.replacen("NUMBER", "1", 1)).collect::<String>();
        let head = "H1\tv1\t@(#)logmst\t0.0.0.1\t9/22/03\nH2\tMST_ALL\n".to_string();
        let raw = records.iter().zip(1..).map(|(record, number)| record.raw(number));
        let raw = head + &raw.collect::<String>();
        (Log(log.into_bytes()), Log(raw.into_bytes()))
    })
}

/// A raw file with lines lost, cut or put in from elsewhere.
pub(crate) fn damaged_raw() -> impl Strategy<Value = Log> {
    let odd = select(vec![
        "N",
        "D\t\t",
        "D\t\t0a zz",
        "D\t\t0a 0",
        "M\t9\t8a",
        "D",
        "M",
        "M\t1\t04\t1\t\tx\ty",
        "\r",
    ]);
    let faults = vec((any::<Index>(), prop_oneof![Just(None), odd.prop_map(Some)]), 0..6);
    (sound_and_raw(), faults, any::<Index>()).prop_map(|((_, raw), faults, cut)| {
        let mut lines: Vec<&[u8]> = raw.split_inclusive(|b| *b == b'\n').collect();
        let odd_lines: Vec<_> = faults
            .iter()
            .map(|(at, odd)| (at, odd.map(|odd| format!("{odd}\n"))))
            .collect();
        for (at, odd) in &odd_lines {
            let at = at.index(lines.len());
            match odd {
                Some(odd) => lines.insert(at, odd.as_bytes()),
                None if lines.len() > 1 => drop(lines.remove(at)),
                None => {}
            }
        }
        let mut raw = lines.concat();
        raw.truncate(cut.index(raw.len() * 4).max(raw.len() / 2));
        Log(raw)
    })
}

/// Pieces of lines in any order: what no server writes.
pub(crate) fn pieces() -> impl Strategy<Value = Log> {
    vec(piece(), 0..60).prop_map(|pieces| Log(pieces.concat().into_bytes()))
}

/// The same with pieces of raw files between.
pub(crate) fn mixed_pieces() -> impl Strategy<Value = Log> {
    let raw = select(vec![
        "M\t1\t8a\t1\t\t08:44:12.345\t04/27/17\n",
        "M\t1\t",
        "D\t\t",
        "N\n",
        "\t",
        "D ",
    ]);
    vec(prop_oneof![8 => piece(), 1 => raw], 0..60).prop_map(|pieces| Log(pieces.concat().into_bytes()))
}

fn piece() -> impl Strategy<Value = &'static str> {
    let bye = "8a 04 0a 02 02 02 13 ce 04 0a 01 01 01 9c bb 00 02 42 59 45 20 61 20 53 49 50 2f 32 2e 30 0a ";
    let cseq = "43 53 65 71 3a 31 20 42 59 45 0a ";
    let first = "20170427:084412345:1:p(1):MED:[MST  55  ";
    let further = "20170427:084412345:2:p(1):MED:[MST  ++++  ";
    prop_oneof![
        4 => select(vec![first, further, "]\n", "\n", "20170427:084412345:"]),
        3 => select(vec![bye, cseq, "8a ", "8b ", "0a ", "20 ", "54 4f 3a 61 0a ", "07 "]),
        2 => select(vec!["]", "[", ":", "1:", "p(1):", "MED:[", "MST", " ", "\t", "++++", "12 ", "0 ", "\r\n", "A", "é"]),
        1 => select(vec!["20170427:084413000:3:q(1):MED:[MST ", "20170427:", "084412345", ":1:p(1):MED:[MST  ++++  "]),
    ]
}

/// Bytes of all values.
pub(crate) fn bytes() -> impl Strategy<Value = Log> {
    vec(any::<u8>(), 0..2000).prop_map(Log)
}

/// The lines of a sound log, each with its line end.
fn lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    (vec(record(), 0..10), vec(0..12usize, 1..30), 1..9_999_999u32).prop_map(|(records, turns, first_number)| {
        let mut queues: [Vec<String>; PROCESSES.len()] = Default::default();
        for record in &records {
            queues[record.process].extend(record.lines());
        }
        for queue in &mut queues {
            queue.reverse();
        }
        let mut lines = Vec::new();
        for turn in turns.iter().cycle() {
            let mut places = (0..PROCESSES.len()).map(|i| (turn + i) % PROCESSES.len());
            let Some(queue) = places.find(|i| !queues[*i].is_empty()) else {
                break;
            };
            let number = u32::try_from(lines.len()).map_or(0, |count| first_number + count);
            // More turns for lines that belong together; now and then a line that is none of them.
            for _ in 0..=*turn {
                let Some(line) = queues[queue].pop() else { break };
                lines.push(line.replacen("NUMBER", &number.to_string(), 1).into_bytes());
            }
            if turn % 3 == 1 {
                let other = "IPEVT IPT_DISC board=PROCR ip=10.1.1.40 net_reg= 1 ext= 5108";
                lines.push(format!("{}:{number}:{}:MED:[{other}]\n", STAMPS[0], PROCESSES[queue]).into_bytes());
            }
        }
        lines
    })
}

#[derive(Clone, Debug)]
struct Record {
    process: usize,
    stamp: &'static str,
    bytes: Vec<u8>,
    /// Bytes of each line in turn.
    widths: Vec<usize>,
    upper: bool,
    blank: &'static str,
}

impl Record {
    /// Its lines, with a word where the number belongs.
    fn lines(&self) -> Vec<String> {
        let mut rest = self.bytes.as_slice();
        let mut lines = Vec::new();
        // A long one does not take more than some hundred lines.
        let least = self.bytes.len() / 200;
        for width in self.widths.iter().cycle() {
            let (bytes, after) = rest.split_at((*width).max(least).min(rest.len()));
            rest = after;
            let digits = bytes.iter().map(|b| {
                if self.upper {
                    format!("{b:02X}")
                } else {
                    format!("{b:02x}")
                }
            });
            let hex = digits.collect::<Vec<_>>().join(self.blank);
            let (stamp, process) = (self.stamp, PROCESSES[self.process]);
            let place = match lines.is_empty() {
                true => self.bytes.len().to_string(),
                false => "++++".to_string(),
            };
            lines.push(format!("{stamp}:NUMBER:{process}:MED:[MST  {place}  {hex}]\n"));
            if rest.is_empty() {
                break;
            }
        }
        lines
    }
}

impl Record {
    /// The record in a raw file.
    fn raw(&self, number: usize) -> String {
        let digits = |text: &str| -> Vec<String> {
            let pairs = text.as_bytes().chunks(2);
            pairs.map(|pair| pair.escape_ascii().to_string()).collect()
        };
        let (date, time) = self.stamp.split_once(':').unwrap();
        let [_, year, month, day] = &digits(date)[..] else {
            panic!("{date}")
        };
        let [hour, minute, second, ..] = &digits(time)[..] else {
            panic!("{time}")
        };
        let millis = &time[6..];
        let hex = |b: &u8| match self.upper {
            true => format!("{b:02X}"),
            false => format!("{b:02x}"),
        };
        let (kind, bytes) = self.bytes.split_first().unwrap();
        let kind = hex(kind);
        let mut raw = format!("M\t{number}\t{kind}\t1\t\t{hour}:{minute}:{second}.{millis}\t{month}/{day}/{year}\n");
        for line in bytes.chunks(16) {
            let hex: Vec<String> = line.iter().map(hex).collect();
            raw += &format!("D\t\t{}\n", hex.join(" "));
        }
        raw + "N\n"
    }
}

fn record() -> impl Strategy<Value = Record> {
    let kind = prop_oneof![5 => Just(0x8a), 5 => Just(0x8b), 1 => any::<u8>()];
    let bytes = (kind, any::<[u8; 16]>(), message()).prop_map(|(kind, ends, message)| {
        let mut bytes = vec![kind];
        bytes.extend(ends);
        bytes.extend(message);
        bytes
    });
    let widths = prop_oneof![3 => Just(vec![64]), 1 => vec(1..90usize, 1..8), 1 => Just(vec![10_000])];
    let blank = prop_oneof![8 => Just(" "), 1 => Just("  "), 1 => Just("\t")];
    (
        0..PROCESSES.len(),
        select(&STAMPS[..]),
        bytes,
        widths,
        any::<bool>(),
        blank,
    )
        .prop_map(|(process, stamp, bytes, widths, upper, blank)| Record {
            process,
            stamp,
            bytes,
            widths,
            upper,
            blank,
        })
}

fn message() -> impl Strategy<Value = Vec<u8>> {
    let method = select(vec![
        "INVITE",
        "INVITE",
        "INVITE",
        "BYE",
        "CANCEL",
        "UPDATE",
        "NOTIFY",
        "SUBSCRIBE",
        "PUBLISH",
        "ACK",
        "PRACK",
        "REFER",
        "OPTIONS",
        "INFO",
        "PING",
        "REGISTER",
        "MESSAGE",
        "invite",
        "FOO",
        "X-1.2",
    ]);
    let before = prop_oneof![12 => Just(""), 1 => select(vec!["\r\n", "\r\n\r\n", "\n", "\r\r\n"])];
    let start = prop_oneof![
        8 => method.prop_map(|method| format!("{method} sip:1@example.com SIP/2.0")),
        4 => (0..1000u16).prop_map(|code| format!("SIP/2.0 {code:03} A phrase")),
        1 => select(vec![
            "sip/2.0 200", "SIP/2.0 2000 x", "SIP/2.0  200 OK", "SIP/2.0", "GET / HTTP/1.1", "", "INVITE  SIP/2.0",
            "INVITE a b sip/2.0", "INVITE a SIP/2.0 ", "BYE a SIP/2.0 \t", "SIP/2.0 \t 200 OK", "SIP/2.0  ", " INVITE a SIP/2.0", "INVITE a", "SIP/2.0 180",
        ]).prop_map(str::to_string),
    ];
    let line_end = prop_oneof![6 => Just("\r\n"), 1 => Just("\n")];
    let body = prop_oneof![
        30 => Just("".to_string()),
        10 => Just("CSeq: 7 ACK\r\nTo: <sip:z@example.com>;tag=9\r\n\r\n".to_string()),
        10 => (0..400usize).prop_map(|length| "v=0\r\n".repeat(length / 5)),
        10 => (0..200usize, vec(second(), 1..4)).prop_map(|(length, parts)| "v=0\r\n".repeat(length / 5) + &parts.concat()),
        // About the longest record, and over it.
        1 => (65_000..66_500usize).prop_map(|length| "x".repeat(length)),
    ];
    let end = prop_oneof![8 => Just(true), 1 => Just(false)];
    let message = (start, vec(header(), 0..8), line_end, end, body, 0..4u8).prop_map(
        |(start, headers, line_end, end, body, usual)| {
            let mut lines = vec![start];
            if usual > 0 {
                let headers = [
                    "From: <sip:2@example.com>;tag=1",
                    "To: <sip:1@example.com>",
                    "Call-ID: 5f0c7e",
                ];
                lines.extend(headers.map(str::to_string));
            }
            if usual > 1 {
                lines.push("CSeq: 9 INVITE".to_string());
            }
            lines.extend(headers);
            if end {
                lines.push(String::new());
            }
            lines.join(line_end) + line_end + &body
        },
    );
    let message = prop_oneof![20 => message, 1 => Just(String::new())];
    (before, message).prop_map(|(before, message)| (before.to_string() + &message).into_bytes())
}

/// What may follow the first message, or be its body.
fn second() -> impl Strategy<Value = &'static str> {
    select(vec![
        "BYE sip:1@example.com SIP/2.0\r\nVia: SIP/2.0/TCP a\r\nCSeq: 1 BYE\r\n\r\n",
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP a\r\nCSeq: 7 ACK\r\n\r\n",
        "SIP/2.0 200 OK\r\nCSeq: 7 ACK\r\n",
        "SIP/2.0 200 OK\r\n",
        "SIP/2.0 180 Ringing\nVia: a\r\n\r\n",
        "\r\n",
        "BYE a SIP/2.0\r\nCSeq: 1 BYE",
        "BYE a SIP/2.0\r\nCSeq: BYE\r\n",
        "Via: SIP/2.0/TCP a\r\n",
        "x SIP/2.0 ",
        "<a>BYE a SIP/2.0\r\n",
        " ",
        "x",
    ])
}

fn header() -> impl Strategy<Value = String> {
    let to_name = select(vec!["To", "t", "TO", "T ", "tO\t", "To-x", "Too", "To\r\n "]);
    let cseq_name = select(vec!["CSeq", "CSEQ", "cseq ", "CSeq\t", "CSeqs", "C", "CSeq\r\n "]);
    prop_oneof![
        4 => (to_name, vec(to_piece(), 0..6)).prop_map(|(name, value)| format!("{name}:{}", value.concat())),
        4 => (cseq_name, vec(cseq_piece(), 0..4)).prop_map(|(name, value)| format!("{name}:{}", value.concat())),
        2 => (cseq_name_right(), select(vec!["INVITE", "BYE", "FOO"])).prop_map(|(name, method)| format!("{name}: 1 {method}")),
        2 => (1..300usize).prop_map(|length| format!("Via: {}", "x".repeat(length))),
        1 => select(vec![" ;tag=3", "\t1 BYE", " ", "no colon", ": 1 BYE", "\r", "a\n b"]).prop_map(str::to_string),
    ]
}

fn cseq_name_right() -> impl Strategy<Value = &'static str> {
    select(vec!["CSeq", "cseq", "CSEQ "])
}

fn to_piece() -> impl Strategy<Value = &'static str> {
    select(vec![
        " ",
        "\r\n ",
        "\n\t",
        "\"A\"",
        "\"a;tag=1",
        "\\\"",
        "\"",
        "<sip:1@example.com>",
        "<sip:1@a;tag=2>",
        "<",
        ">",
        ";tag=5",
        "; TAG = 6",
        ";tag",
        ";tagged=1",
        ";x=y",
        ";x=\";tag=1\"",
        ";",
        "tag=",
        "sip:1@a",
        ",",
    ])
}

fn cseq_piece() -> impl Strategy<Value = &'static str> {
    select(vec![
        " ",
        "\t",
        "\r\n ",
        "1",
        " 2147483647 ",
        "2147483648",
        "36893488147419103232 ",
        "007 ",
        "INVITE",
        " ACK",
        "BYE ",
        "FOO",
        "x(1)",
        "-1",
    ])
}

/// Something that goes wrong with a log. Places are parts of the whole.
#[derive(Clone, Debug)]
enum Fault {
    Byte(Index, Index, u8),
    Delete(Index),
    Double(Index),
    Swap(Index, Index),
    Cut(Index, Index),
    LoseByte(Index, Index),
    LoseEnd(Index, Index),
    Size(Index, String),
    Insert(Index, String),
}

fn fault() -> impl Strategy<Value = Fault> {
    let b = prop_oneof![
        3 => select(b"0123456789abcdefABCDEF".to_vec()),
        3 => select(b" \t\r\n][:+zM".to_vec()),
        1 => any::<u8>(),
    ];
    let size = prop_oneof![
        4 => (0..900u32).prop_map(|size| size.to_string()),
        1 => select(vec!["4294967295", "4294967296", "", "12x", "+5", "+++", "-1"]).prop_map(str::to_string),
    ];
    let (stamp, process) = (STAMPS[0], PROCESSES[0]);
    let line = select(vec![
        "\n".to_string(),
        format!("{stamp}:4e 54 41 0d 0a]\n"),
        format!("{stamp}:1:{process}:MED:[MST  ++++  ]\n"),
        format!("{stamp}:1:{process}:MED:[MST  ++++  43 53 65 71 3a 31 20 42 59 45 0d 0a zz]\n"),
        format!("{stamp}:1:{process}:MED:[MST  ++++  43 5]\r\n"),
        format!("{stamp}:1:{process}:MED:[MST  ++++  43 5 4]\n"),
        format!("{stamp}:1:{process}:MED:[MST  5  01 02 03 04 05]\n"),
        format!("{stamp}:1:{process}:MED:[MST  99  01 02 03 04 05]\n"),
        format!("{stamp}:1:{process}:MED:[MST  99  ]\n"),
        format!("{stamp}:1:{process}:MED:[MST]\n"),
        format!("{stamp}:1:{process}:[MST ++++ 0a]\n"),
        format!("{stamp}:1:{process}[MST ++++ 0a]\n"),
        format!("{stamp}::{process}::[MST ++++ 0a 0b\n"),
        format!("{stamp}:1::MED:[MST ++++ 0a 0b]\n"),
        "20170427:08441234x:1:capro(4711):MED:[MST  ++++  0a]\n".to_string(),
        "20171327:084412345:1:capro(4711):MED:[MST  99  8a]\n".to_string(),
        "20170427:084460345:1:capro(4711):MED:[MST  ++++  0a]\n".to_string(),
        format!("\u{feff}{stamp}:1:{process}:MED:[MST  99  8a]\n"),
        format!("{stamp}:1:{process}{}:MED:[MST  99  8a]\n", "x".repeat(64)),
        format!("{stamp}:1:{process}:MED:[IPEVT [MST  99  8a]\n"),
    ]);
    let place = any::<Index>;
    prop_oneof![
        3 => (place(), place(), b).prop_map(|(line, at, b)| Fault::Byte(line, at, b)),
        2 => place().prop_map(Fault::Delete),
        2 => place().prop_map(Fault::Double),
        1 => (place(), place()).prop_map(|(a, b)| Fault::Swap(a, b)),
        2 => (place(), place()).prop_map(|(line, at)| Fault::Cut(line, at)),
        2 => (place(), place()).prop_map(|(line, at)| Fault::LoseByte(line, at)),
        2 => (place(), place()).prop_map(|(line, at)| Fault::LoseEnd(line, at)),
        3 => (place(), size).prop_map(|(line, size)| Fault::Size(line, size)),
        3 => (place(), line).prop_map(|(line, text)| Fault::Insert(line, text)),
    ]
}

impl Fault {
    fn apply(self, lines: &mut Vec<Vec<u8>>) {
        if lines.is_empty() {
            return;
        }
        let count = lines.len();
        match self {
            Fault::Byte(line, at, b) => {
                let line = &mut lines[line.index(count)];
                let at = at.index(line.len());
                line[at] = b;
            }
            Fault::Delete(line) => drop(lines.remove(line.index(count))),
            Fault::Double(line) => lines.insert(line.index(count), lines[line.index(count)].clone()),
            Fault::Swap(a, b) => lines.swap(a.index(count), b.index(count)),
            Fault::Cut(line, at) => {
                let line = &mut lines[line.index(count)];
                line.truncate(at.index(line.len()));
                // No line is ever without a byte here: the faults that follow find one.
                line.push(b'\n');
            }
            Fault::LoseEnd(line, at) => {
                let line = &mut lines[line.index(count)];
                line.truncate(at.index(line.len()).max(1));
            }
            Fault::LoseByte(line, at) => {
                let line = &mut lines[line.index(count)];
                if line.len() > 1 {
                    line.remove(at.index(line.len()));
                }
            }
            Fault::Size(line, size) => {
                // The next first line, from there on.
                let from = line.index(count);
                for line in &mut lines[from..] {
                    let text = String::from_utf8_lossy(line).into_owned();
                    if let Some((head, tail)) = text.split_once("[MST  ")
                        && let Some((old, hex)) = tail.split_once(' ')
                        && old != "++++"
                    {
                        *line = format!("{head}[MST  {size} {hex}").into_bytes();
                        break;
                    }
                }
            }
            Fault::Insert(line, text) => lines.insert(line.index(count), text.into_bytes()),
        }
    }
}
