//! The second reader's part for raw files.

use sip_scan::Damage;

use crate::items::Owned;
use crate::reference::{Open, Place, Record, end_of, is_blank, is_stamp, read_hex};

/// The record of a raw file that is open.
pub(crate) struct RawReader {
    open: Open,
    /// When the last record was, of which that could be read.
    last: Option<String>,
    /// Whether there was any line that may be one of a raw file.
    pub(crate) has_lines: bool,
}

impl RawReader {
    pub(crate) fn new() -> RawReader {
        RawReader {
            open: Open::Nothing,
            last: None,
            has_lines: false,
        }
    }

    /// Takes `line` if it is one of a raw file.
    pub(crate) fn line(&mut self, line: &[u8], place: Place, items: &mut Vec<Owned>) -> bool {
        self.has_lines |= matches!(line.first(), Some(b'M' | b'D' | b'N'));
        match line.first() {
            Some(b'M') if line.get(1).is_some_and(is_blank) => return self.begin(&line[2..], place, items),
            Some(b'D') if line.get(1).is_some_and(is_blank) => self.bytes(&line[1..], place),
            Some(b'N') if line[1..].iter().all(is_blank) => self.end(None, items),
            _ => return false,
        }
        true
    }

    pub(crate) fn is_open(&self) -> bool {
        !matches!(self.open, Open::Nothing)
    }

    /// Its record does not go on in the next file.
    pub(crate) fn end_of_file(&mut self, items: &mut Vec<Owned>) {
        self.end(Some(Damage::RawCut), items);
        self.last = None;
    }

    /// Ends what is open; `cut` is what is wrong with a record that ends so.
    fn end(&mut self, cut: Option<Damage>, items: &mut Vec<Owned>) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing | Open::Skipped => {}
            Open::Unclaimed { place, .. } => items.push(damaged(self.last.clone(), Damage::NoFirstLine, place)),
            Open::Record(mut record) => {
                record.damage = record.first_damage(cut);
                record.size = Some(record.came);
                items.extend(end_of(&record, String::new()));
            }
        }
    }

    fn begin(&mut self, text: &[u8], place: Place, items: &mut Vec<Owned>) -> bool {
        let words: Vec<&[u8]> = text.split(is_blank).filter(|word| !word.is_empty()).collect();
        let Some((number, rest)) = words.split_first() else {
            return false;
        };
        if !number.iter().all(u8::is_ascii_digit) {
            return false;
        }
        self.end(Some(Damage::RawCut), items);
        self.open = Open::Skipped;
        let kind = rest.first().map(|kind| kind.to_ascii_lowercase()).unwrap_or_default();
        let is_sip = kind == b"8a" || kind == b"8b";
        if kind.len() == 2 && !is_sip {
            return true;
        }
        let Some(stamp) = sip_stamp(text) else {
            items.push(damaged(None, Damage::RawHead, place));
            return true;
        };
        self.last = Some(stamp.clone());
        self.open = Open::Record(Record {
            stamp,
            number: None,
            place,
            size: None,
            came: 1,
            bytes: vec![if kind == b"8a" { 0x8a } else { 0x8b }],
            damage: None,
            is_broken: false,
        });
        true
    }

    fn bytes(&mut self, text: &[u8], place: Place) {
        let hex = text.trim_ascii_start();
        let (bytes, bad) = read_hex(text);
        match &mut self.open {
            Open::Record(record) => {
                if (record.came - 1) % 16 > 0 && record.damage.is_none() {
                    record.damage = record.first_damage(Some(Damage::RawCut));
                    record.is_broken = true;
                }
                record.came += bytes.len();
                if !record.is_broken {
                    record.bytes.extend_from_slice(&bytes);
                }
                let bad = bad.or(bytes.is_empty().then_some(Damage::NoHex));
                record.is_broken |= bad.is_some();
                if bad.is_some() {
                    record.damage = record.first_damage(bad);
                }
            }
            Open::Nothing if text.starts_with(b"\t\t") && text[2..].len() == hex.len() && is_byte(hex) => {
                self.open = Open::Unclaimed {
                    stamp: String::new(),
                    place,
                };
            }
            Open::Nothing | Open::Skipped | Open::Unclaimed { .. } => {}
        }
    }
}

/// The stamp of a SIP record, of whose first line `text` follows the `M`.
pub(crate) fn sip_stamp(text: &[u8]) -> Option<String> {
    let words: Vec<&[u8]> = text.split(is_blank).filter(|word| !word.is_empty()).collect();
    match words[..] {
        [number, kind, .., time, date]
            if number.iter().all(u8::is_ascii_digit)
                && matches!(kind.to_ascii_lowercase()[..], [b'8', b'a' | b'b']) =>
        {
            stamp(time, date)
        }
        _ => None,
    }
}

/// Whether `hex` begins with a byte that a blank or the end follows.
fn is_byte(hex: &[u8]) -> bool {
    hex.len() >= 2 && hex[..2].iter().all(u8::is_ascii_hexdigit) && hex.get(2).is_none_or(is_blank)
}

fn damaged(stamp: Option<String>, damage: Damage, place: Place) -> Owned {
    Owned::Damaged {
        stamp,
        place,
        damage,
        process: String::new(),
    }
}

/// `HH:MM:SS.mmm` and `MM/DD/YY` as a log has them.
fn stamp(time: &[u8], date: &[u8]) -> Option<String> {
    let numbers = |text: &[u8], shape: &str| {
        let fits = text.len() == shape.len()
            && text.iter().zip(shape.bytes()).all(|(b, place)| match place {
                b'0' => b.is_ascii_digit(),
                place => *b == place,
            });
        fits.then(|| String::from_utf8(text.to_vec()).expect("ASCII"))
    };
    let (time, date) = (numbers(time, "00:00:00.000")?, numbers(date, "00/00/00")?);
    let (day_and_month, year) = (date[..5].replace('/', ""), &date[6..]);
    let stamp = format!("20{year}{day_and_month}:{}", time.replace([':', '.'], ""));
    is_stamp(stamp.as_bytes()).then_some(stamp)
}
