//! A second reader of the format, plain and slow: the whole input in memory, one line after the other.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use sip_scan::{Damage, Direction, MAX_FILES_AFTER, MAX_NAME, MAX_RECORD, Method, StartLine};

use crate::items::Owned;
use crate::reference_raw::{RawReader, sip_stamp};

/// What one reading finds.
pub(crate) struct Reading {
    pub(crate) items: Vec<Owned>,
    /// Of the messages among them, but for those of raw files.
    pub(crate) texts: Vec<Vec<u8>>,
    /// How many processes had a dump line.
    pub(crate) n_processes: usize,
    /// How many records were keep-alives, which are not told.
    pub(crate) n_keep_alives: usize,
    /// Whether there was a line of a raw file.
    pub(crate) has_raw: bool,
}

/// What is in one input.
pub(crate) fn read(input: &[u8]) -> Reading {
    read_files(&[input])
}

/// The items of files that follow one another.
pub(crate) fn read_files(files: &[&[u8]]) -> Reading {
    let mut reader = Reader {
        items: Vec::new(),
        texts: Vec::new(),
        processes: Vec::new(),
        names: BTreeSet::new(),
        n_keep_alives: 0,
        raw: RawReader::new(),
        cut: None,
    };
    for (number, file) in files.iter().enumerate() {
        reader.file(number, file);
        reader.end_of_file(number);
    }
    reader.take_cut_line();
    reader.raw.end_of_file(&mut reader.items);
    while !reader.processes.is_empty() {
        reader.end(0);
        reader.processes.remove(0);
    }
    Reading {
        items: reader.items,
        texts: reader.texts,
        n_processes: reader.names.len(),
        n_keep_alives: reader.n_keep_alives,
        has_raw: reader.raw.has_lines,
    }
}

/// Stamp, running number and number in the file of a line.
type Mark = (String, Option<u32>, u64);

/// The first and the last line that begin with a stamp, or a SIP record of a raw file.
pub(crate) fn first_and_last(file: &[u8]) -> Option<[Mark; 2]> {
    let mut lines: Vec<_> = file.split(|b| *b == b'\n').zip(1..).collect();
    // The last line has no end. It may be cut within its running number.
    lines.pop_if(|(line, _)| begins_line(line) && line[19..].iter().all(u8::is_ascii_digit));
    let mut marks = lines.into_iter().filter_map(|(line, place)| {
        if begins_line(line) {
            // Without a colon after it, the number may be cut.
            let colon = line[19..].iter().position(|b| *b == b':');
            let number = colon.and_then(|colon| number(&line[19..19 + colon]));
            return Some((String::from_utf8_lossy(&line[..18]).into_owned(), number, place));
        }
        match line.strip_suffix(b"\r").unwrap_or(line) {
            [b'M', blank, rest @ ..] if is_blank(blank) => Some((sip_stamp(rest)?, None, place)),
            _ => None,
        }
    });
    let first = marks.next()?;
    let last = marks.next_back().unwrap_or_else(|| first.clone());
    Some([first, last])
}

/// Where a line stands: its file, its number in it, and how many bytes of the file stand before it.
pub(crate) type Place = (usize, u64, u64);

struct Reader {
    items: Vec<Owned>,
    texts: Vec<Vec<u8>>,
    /// The one that was silent longest first.
    processes: Vec<Process>,
    /// Of all processes that had a dump line.
    names: BTreeSet<Vec<u8>>,
    n_keep_alives: usize,
    raw: RawReader,
    /// The line that the last file ended within.
    cut: Option<(Vec<u8>, Place)>,
}

struct Process {
    name: Vec<u8>,
    open: Open,
}

pub(crate) enum Open {
    Nothing,
    /// No SIP, or what follows on a spot where bytes cannot be read.
    Skipped,
    Unclaimed {
        stamp: String,
        place: Place,
    },
    Record(Record),
}

pub(crate) struct Record {
    pub(crate) stamp: String,
    pub(crate) number: Option<u32>,
    pub(crate) place: Place,
    pub(crate) size: Option<usize>,
    pub(crate) came: usize,
    /// Those that came before the first bad spot.
    pub(crate) bytes: Vec<u8>,
    pub(crate) damage: Option<Damage>,
    pub(crate) is_broken: bool,
}

impl Record {
    /// What is wrong with it first, if `damage` is as far as it has come.
    pub(crate) fn first_damage(&self, damage: Option<Damage>) -> Option<Damage> {
        let size = self.size.unwrap_or(usize::MAX);
        let is_long = self.came.min(size) > MAX_RECORD;
        self.damage.or(is_long.then_some(Damage::LongRecord)).or(damage)
    }
}

impl Reader {
    fn file(&mut self, number: usize, file: &[u8]) {
        if file.is_empty() {
            return;
        }
        if begins_line(file) {
            self.take_cut_line();
        }
        let mut offset = 0;
        for (line, i) in file.split_inclusive(|b| *b == b'\n').zip(1..) {
            let (mut text, place) = self.cut.take().unwrap_or((Vec::new(), (number, i, offset)));
            text.extend_from_slice(line);
            offset += u64::try_from(line.len()).expect("64 bits");
            match text.strip_suffix(b"\n") {
                Some(line) => self.line(line, place, true),
                None => self.cut = Some((text, place)),
            }
        }
    }

    fn end_of_file(&mut self, number: usize) {
        // The lines of a raw file do not go on in the next one.
        if let Some((line, place)) = self.cut.take_if(|(line, _)| self.raw.is_open() && !holds_dump(line))
            && !self.raw.line(&line, place, &mut self.items)
        {
            self.cut = Some((line, place));
        }
        self.raw.end_of_file(&mut self.items);
        for i in 0..self.processes.len() {
            match &self.processes[i].open {
                Open::Unclaimed { .. } => {
                    self.end(i);
                    self.processes[i].open = Open::Skipped;
                }
                Open::Record(record) if record.place.0 + MAX_FILES_AFTER <= number => {
                    self.end(i);
                }
                _ => {}
            }
        }
    }

    /// The line that the last file ended within ends there.
    fn take_cut_line(&mut self) {
        if let Some((line, place)) = self.cut.take() {
            self.line(&line, place, false);
        }
    }

    /// Takes a line. Whether its process is the one now that spoke last is asked only of whole lines.
    fn line(&mut self, line: &[u8], place: Place, is_whole: bool) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !holds_dump(line) {
            self.raw.line(line, place, &mut self.items);
            return;
        }
        let mut start = 0;
        for at in 1..line.len() {
            let is_overlap = at - start < 19;
            let number = line.get(at + 19).is_some_and(u8::is_ascii_digit);
            if at > start && begins_line(&line[at..]) && (number || !is_overlap) {
                self.one_line(&line[start..at], place, is_whole);
                start = at;
            }
        }
        self.one_line(&line[start..], place, is_whole);
    }

    /// Takes what stands from one stamp up to the next.
    fn one_line(&mut self, line: &[u8], place: Place, is_whole: bool) {
        if self.raw.line(line, place, &mut self.items) {
            return;
        }
        if !begins_line(line) {
            if holds_dump(line) {
                self.unusable(line, place, Damage::NoStamp);
            }
            return;
        }
        let stamp = String::from_utf8(line[..18].to_vec()).expect("digits and a colon");
        let Some(open) = line.iter().skip(19).position(|b| *b == b'[') else {
            return;
        };
        let (head, text) = (&line[19..19 + open], &line[19 + open + 1..]);
        let parts: Vec<&[u8]> = head.splitn(3, |b| *b == b':').collect();
        let is_dump = text.starts_with(b"MST") && text.get(3).is_some_and(is_blank);
        let is_other = head.ends_with(b":") && head.iter().filter(|b| **b == b':').count() >= 3;
        let [_, name, _level] = parts[..] else {
            if is_dump || holds_dump(line) {
                self.unusable(line, place, Damage::NoProcess);
            }
            return;
        };
        if !is_dump {
            if !is_other && holds_dump(line) {
                self.unusable(line, place, Damage::NoProcess);
            }
            return;
        }
        if name.len() > MAX_NAME {
            return self.unusable(line, place, Damage::LongName);
        }
        let text = &text[text[3..].iter().take_while(|b| is_blank(b)).count() + 3..];
        let word_end = text
            .iter()
            .position(|b| is_blank(b) || *b == b']')
            .unwrap_or(text.len());
        let (word, hex) = text.split_at(word_end);

        let i = self.process(name, is_whole);
        if word == b"++++" {
            self.further_line(i, (stamp, place), hex);
        } else {
            self.end(i);
            let size = number(word).map(|size| usize::try_from(size).expect("32 bits"));
            self.processes[i].open = Open::Record(Record {
                stamp,
                number: number(parts[0]),
                place,
                size,
                came: 0,
                bytes: Vec::new(),
                damage: size.is_none().then_some(Damage::NoSize),
                is_broken: false,
            });
            self.bytes(i, hex);
        }
    }

    /// Tells a line with a dump that cannot be used.
    fn unusable(&mut self, line: &[u8], place: Place, damage: Damage) {
        let stamp = (damage != Damage::NoStamp || line.len() >= 18 && is_stamp(&line[..18]))
            .then(|| line[..18].escape_ascii().to_string());
        self.items.push(Owned::Damaged {
            stamp,
            place,
            damage,
            process: String::new(),
        });
    }

    /// The place of a process.
    fn process(&mut self, name: &[u8], is_last: bool) -> usize {
        self.names.insert(name.to_vec());
        let found = self.processes.iter().position(|process| process.name == name);
        match found {
            Some(i) if !is_last => return i,
            Some(i) => {
                let process = self.processes.remove(i);
                self.processes.push(process);
            }
            None => self.processes.push(Process {
                name: name.to_vec(),
                open: Open::Nothing,
            }),
        }
        self.processes.len() - 1
    }

    fn further_line(&mut self, i: usize, (stamp, place): (String, Place), hex: &[u8]) {
        let process = &mut self.processes[i];
        match &mut process.open {
            Open::Nothing => process.open = Open::Unclaimed { stamp, place },
            Open::Skipped | Open::Unclaimed { .. } => {}
            Open::Record(_) => self.bytes(i, hex),
        }
    }

    /// Adds a line's bytes to the open record.
    fn bytes(&mut self, i: usize, hex: &[u8]) {
        let Open::Record(record) = &mut self.processes[i].open else {
            return;
        };
        let (bytes, mut bad) = read_hex(hex);
        if bytes.is_empty() && bad.is_none() {
            bad = Some(Damage::NoHex);
        }
        let is_first = record.bytes.is_empty() && !record.is_broken;
        if is_first && bytes.first().is_some_and(|kind| *kind != 0x8a && *kind != 0x8b) {
            // Without a SIZE before it, it is not known to be the type.
            match record.size {
                Some(_) => self.processes[i].open = Open::Skipped,
                None => record.is_broken = true,
            }
            return;
        }
        record.came += bytes.len();
        if !record.is_broken {
            record.bytes.extend_from_slice(&bytes);
        }
        if let Some(size) = record.size {
            record.bytes.truncate(size);
        }
        let is_whole = record.size.is_some_and(|size| record.came >= size);
        if bad.is_some() && !is_whole {
            record.is_broken = true;
            record.damage = record.first_damage(bad);
        }
        if is_whole {
            self.end(i);
        }
    }

    /// Ends what is open.
    fn end(&mut self, i: usize) {
        let process = &mut self.processes[i];
        let name = process.name.escape_ascii().to_string();
        match std::mem::replace(&mut process.open, Open::Nothing) {
            Open::Nothing | Open::Skipped => {}
            Open::Unclaimed { stamp, place } => self.items.push(Owned::Damaged {
                stamp: Some(stamp),
                place,
                damage: Damage::NoFirstLine,
                process: name,
            }),
            Open::Record(record) => {
                if record.is_broken {
                    process.open = Open::Skipped;
                }
                let item = end_of(&record, name);
                if matches!(item, Some(Owned::Message { .. })) {
                    self.texts.push(without_leading_line_ends(text_of(&record)).to_vec());
                }
                self.n_keep_alives += usize::from(item.is_none());
                self.items.extend(item);
            }
        }
    }
}

/// What the record comes to; nothing if it is a keep-alive.
pub(crate) fn end_of(record: &Record, process: String) -> Option<Owned> {
    let is_short = record.size.is_some_and(|size| record.came < size);
    let damage = record.first_damage(is_short.then_some(Damage::Short));
    let bytes = &record.bytes;
    let text = without_leading_line_ends(text_of(record));
    if text.is_empty() && !text_of(record).is_empty() && damage.is_none() {
        return None;
    }
    let reason = match decode(text) {
        Decoded::Counts {
            start_line,
            cseq,
            to_tag,
            is_in_range,
        } => {
            return Some(Owned::Message {
                stamp: record.stamp.clone(),
                number: record.number,
                place: record.place,
                direction: if bytes[0] == 0x8a {
                    Direction::In
                } else {
                    Direction::Out
                },
                source: end(&bytes[2..8]),
                destination: end(&bytes[9..15]),
                transport: bytes[16],
                start_line,
                cseq,
                to_tag,
                damage: match damage {
                    Some(Damage::NoSize) => damage,
                    _ if !is_in_range => Some(Damage::CseqRange),
                    None if has_second(text) => Some(Damage::SecondMessage),
                    _ => damage,
                },
            });
        }
        // SIZE stands before the message.
        Decoded::Wrong(_) if damage == Some(Damage::NoSize) => Damage::NoSize,
        Decoded::Wrong(reason) => reason,
        Decoded::Misses(reason) => damage.unwrap_or(reason),
    };
    Some(Owned::Damaged {
        stamp: Some(record.stamp.clone()),
        place: record.place,
        damage: reason,
        process,
    })
}

/// Whether a message begins on a line after the empty one that ends the headers.
fn has_second(text: &[u8]) -> bool {
    let Some(end) = text.windows(3).position(|three| three == b"\n\r\n") else {
        return false;
    };
    let (mut rest, mut tried) = (&text[end + 3..], 0);
    while let Some(at) = rest.windows(7).position(|seven| seven == b"SIP/2.0") {
        let end = &rest[at + 7..];
        let begin = match end {
            [b'/', ..] => None,
            [b' ', b'1'..=b'9', ..] => Some(at),
            _ => request_line(&rest[..at]),
        };
        let Some(begin) = begin else {
            rest = end;
            continue;
        };
        if matches!(decode(&rest[begin..]), Decoded::Counts { .. }) {
            return true;
        }
        tried += 1;
        if tried == 16 {
            break;
        }
        rest = end;
    }
    false
}

/// Where a method begins that a blank, a URI and a blank follow.
fn request_line(before: &[u8]) -> Option<usize> {
    let uri = before.strip_suffix(b" ")?;
    let method = &uri[..uri.iter().rposition(|b| *b == b' ')?];
    let token = method.iter().rev().take_while(|b| is_token(b)).count();
    (token > 0).then_some(method.len() - token)
}

/// The text from the first line on that is not empty.
fn without_leading_line_ends(text: &[u8]) -> &[u8] {
    let empty = text
        .split_inclusive(|b| *b == b'\n')
        .take_while(|line| matches!(*line, b"\n" | b"\r\n"));
    &text[empty.map(<[u8]>::len).sum()..]
}

/// As much of the message as is read.
fn text_of(record: &Record) -> &[u8] {
    let bytes = record.bytes.get(..MAX_RECORD).unwrap_or(&record.bytes);
    bytes.get(17..).unwrap_or_default()
}

fn end(bytes: &[u8]) -> SocketAddr {
    let [a, b, c, d, p, q] = bytes[..] else {
        panic!("six bytes");
    };
    SocketAddr::from(([a, b, c, d], u16::from(p) * 256 + u16::from(q)))
}

enum Decoded {
    Counts {
        start_line: StartLine,
        cseq: Method,
        to_tag: bool,
        is_in_range: bool,
    },
    /// What was read says so.
    Wrong(Damage),
    /// It ends before that has come.
    Misses(Damage),
}

fn decode(text: &[u8]) -> Decoded {
    let mut lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
    let tail = lines.pop_if(|line| !line.ends_with(b"\n")).unwrap_or_default();
    let Some(first) = lines.first() else {
        return Decoded::Misses(Damage::NoStartLine);
    };
    let Some(start_line) = start_line(without_line_end(first)) else {
        return Decoded::Wrong(Damage::NoStartLine);
    };
    let is_invite = start_line == StartLine::Request(Method::Invite);
    let (mut cseq, mut to_tag) = (None, None);
    let mut i = 1;
    while i < lines.len() {
        if without_line_end(lines[i]).is_empty() {
            if cseq.is_none() {
                return Decoded::Wrong(Damage::NoCseq);
            }
            break;
        }
        let mut header = lines[i].to_vec();
        i += 1;
        while i < lines.len() && is_blank(&lines[i][0]) {
            header.extend_from_slice(lines[i]);
            i += 1;
        }
        if i == lines.len() && tail.first().is_some_and(is_blank) {
            break;
        }
        let header = without_line_end(&header);
        let Some(colon) = header.iter().position(|b| *b == b':') else {
            continue;
        };
        let mut name = header[..colon].to_ascii_lowercase();
        while name.last().is_some_and(is_blank) {
            name.pop();
        }
        let value = &header[colon + 1..];
        if name == b"cseq" && cseq.is_none() {
            cseq = method_of(value);
            if cseq.is_none() {
                return Decoded::Wrong(Damage::NoCseq);
            }
        }
        if (name == b"to" || name == b"t") && is_invite && to_tag.is_none() {
            to_tag = Some(has_tag(value));
        }
    }
    match cseq {
        Some((cseq, is_in_range)) => Decoded::Counts {
            start_line,
            cseq,
            to_tag: to_tag.unwrap_or(false),
            is_in_range,
        },
        None => Decoded::Misses(Damage::NoCseq),
    }
}

fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn start_line(line: &[u8]) -> Option<StartLine> {
    if line.len() >= 7 && line[..7].eq_ignore_ascii_case(b"SIP/2.0") {
        let blanks = line[7..].iter().take_while(|b| is_blank(b)).count();
        let code = &line[7 + blanks.saturating_sub(1)..];
        let is_shaped = code.len() >= 4
            && line[7] == b' '
            && is_blank(&code[0])
            && (b'1'..=b'9').contains(&code[1])
            && code[2..4].iter().all(u8::is_ascii_digit)
            && (code.len() == 4 || code[4] == b' ');
        let code = String::from_utf8_lossy(code.get(1..4)?).into_owned();
        return is_shaped.then(|| StartLine::Response(code.parse().expect("three digits")));
    }
    let end = line.iter().rposition(|b| !is_blank(b)).map_or(0, |last| last + 1);
    let line = &line[..end];
    let method: Vec<u8> = line.iter().copied().take_while(is_token).collect();
    let rest = &line[method.len()..];
    // A blank, a URI of one character at least, a blank, the version.
    let is_shaped = !method.is_empty()
        && rest.len() >= 1 + 1 + 1 + 7
        && rest[0] == b' '
        && rest[rest.len() - 8] == b' '
        && rest[rest.len() - 7..].eq_ignore_ascii_case(b"SIP/2.0");
    is_shaped.then(|| StartLine::Request(method_named(&method)))
}

fn is_token(b: &u8) -> bool {
    b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(b)
}

fn method_named(name: &[u8]) -> Method {
    let methods: [(&[u8], Method); 15] = [
        (b"INVITE", Method::Invite),
        (b"BYE", Method::Bye),
        (b"CANCEL", Method::Cancel),
        (b"UPDATE", Method::Update),
        (b"NOTIFY", Method::Notify),
        (b"SUBSCRIBE", Method::Subscribe),
        (b"PUBLISH", Method::Publish),
        (b"ACK", Method::Ack),
        (b"PRACK", Method::Prack),
        (b"REFER", Method::Refer),
        (b"OPTIONS", Method::Options),
        (b"INFO", Method::Info),
        (b"PING", Method::Ping),
        (b"REGISTER", Method::Register),
        (b"MESSAGE", Method::Message),
    ];
    let found = methods.iter().find(|(known, _)| *known == name);
    found.map_or(Method::Other, |(_, method)| *method)
}

/// The method of a `CSeq`'s value, and whether its number is in the range.
fn method_of(value: &[u8]) -> Option<(Method, bool)> {
    let words: Vec<&[u8]> = value
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .collect();
    match words[..] {
        [count, name] if count.iter().all(u8::is_ascii_digit) && name.iter().all(is_token) => {
            Some((method_named(name), number(count).is_some_and(|number| number < 1 << 31)))
        }
        _ => None,
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    let digits = String::from_utf8(digits.to_vec()).ok()?;
    let is_plain = digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| is_plain)
}

/// Whether a parameter of a `To`'s value is `tag`.
fn has_tag(value: &[u8]) -> bool {
    // One character stands for each quoted string, and for what angle brackets hold.
    let mut plain = Vec::new();
    let mut i = 0;
    while i < value.len() {
        plain.push(value[i]);
        match value[i] {
            b'"' => {
                i += 1;
                while i < value.len() && value[i] != b'"' {
                    i += if value[i] == b'\\' { 2 } else { 1 };
                }
            }
            b'<' => {
                while i < value.len() && value[i] != b'>' {
                    i += 1;
                }
            }
            _ => {}
        }
        i += 1;
    }
    plain.split(|b| *b == b';').skip(1).any(|parameter| {
        let equals = parameter.iter().position(|b| *b == b'=');
        equals.is_some_and(|equals| parameter[..equals].trim_ascii().eq_ignore_ascii_case(b"tag"))
    })
}

/// The bytes before the first bad spot, and what that is.
pub(crate) fn read_hex(text: &[u8]) -> (Vec<u8>, Option<Damage>) {
    let mut bytes = Vec::new();
    let mut i = 0;
    loop {
        while text.get(i).is_some_and(is_blank) {
            i += 1;
        }
        let digit = |i: usize| text.get(i).and_then(|b| char::from(*b).to_digit(16));
        match (text.get(i), digit(i), digit(i + 1)) {
            (None | Some(b']'), _, _) => return (bytes, None),
            (_, Some(high), Some(low)) => bytes.push(u8::try_from(high * 16 + low).expect("two digits")),
            (_, Some(_), None) if matches!(text.get(i + 1), None | Some(b']')) => {
                return (bytes, Some(Damage::HalfByte));
            }
            _ => return (bytes, Some(Damage::NoHex)),
        }
        i += 2;
    }
}

/// Whether a dump stands anywhere in the line.
fn holds_dump(line: &[u8]) -> bool {
    line.windows(5)
        .any(|five| five.starts_with(b"[MST") && is_blank(&five[4]))
}

/// Whether a stamp and a colon begin it.
fn begins_line(text: &[u8]) -> bool {
    text.len() > 18 && is_stamp(&text[..18]) && text[18] == b':'
}

pub(crate) fn is_stamp(text: &[u8]) -> bool {
    let is_shaped = text
        .iter()
        .enumerate()
        .all(|(i, b)| if i == 8 { *b == b':' } else { b.is_ascii_digit() });
    let number =
        |from: usize, to: usize| -> usize { String::from_utf8_lossy(&text[from..to]).parse().expect("digits") };
    if !is_shaped {
        return false;
    }
    let (year, month, day) = (number(0, 4), number(4, 6), number(6, 8));
    let is_leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    let days = [
        0,
        31,
        if is_leap { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let last = days.get(month).copied().unwrap_or(0);
    day >= 1 && day <= last && number(9, 11) < 24 && number(11, 13) < 60 && number(13, 15) < 60
}

pub(crate) fn is_blank(b: &u8) -> bool {
    *b == b' ' || *b == b'\t'
}
