//! A flat row of keys and values, and how it is written as a line of JSON and as a line of CSV.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::Formatter;
use sip_filter::Names;

/// What stands under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Number(u64),
    Flag(bool),
    /// A number with one digit after the point: 987 is 98.7.
    Tenths(u64),
    /// Nothing is known: `null`, and in CSV an empty field.
    Unknown,
}

/// Keys and values in the order in which they are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a>(pub(crate) &'a [(&'static str, Value<'a>)]);

/// A window that can be written as rows.
pub(crate) trait Rows {
    /// The keys of each row, in order.
    const KEYS: &'static [&'static str];

    /// Hands over each row, in order, with the names that addresses have.
    fn rows(&self, names: &Names, take: &mut dyn FnMut(&Row<'_>) -> io::Result<()>) -> io::Result<()>;
}

impl Row<'_> {
    /// Writes a line of JSON. It is ASCII: all else is escaped, so that a name that the input made up cannot steer a terminal.
    pub(crate) fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let mut json = serde_json::Serializer::with_formatter(&mut *out, Ascii);
        self.serialize(&mut json)?;
        out.write_all(b"\n")
    }

    /// Writes a line of CSV.
    pub(crate) fn write_csv(&self, out: &mut csv::Writer<impl Write>) -> csv::Result<()> {
        for (key, value) in self.0 {
            match value {
                Value::Text(name) if *key == "name" && is_formula(name.as_bytes()) => {
                    out.write_field(format!("'{name}"))?
                }
                Value::Text(text) => out.write_field(text)?,
                Value::Number(number) => out.write_field(number.to_string())?,
                Value::Flag(flag) => out.write_field(if *flag { "true" } else { "false" })?,
                Value::Tenths(number) => out.write_field(format!("{}.{}", number / 10, number % 10))?,
                Value::Unknown => out.write_field("")?,
            }
        }
        out.write_record(None::<&[u8]>)
    }
}

/// Whether a spreadsheet would take a text that somebody else wrote for a formula.
pub(crate) fn is_formula(text: &[u8]) -> bool {
    match text {
        [b'=' | b'@', ..] => true,
        [b'+' | b'-', rest @ ..] => !rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// A writer of CSV (RFC 4180, but for line ends, which are LF).
pub(crate) fn csv_writer<W: Write>(out: W) -> csv::Writer<W> {
    let lf = csv::Terminator::Any(b'\n');
    csv::WriterBuilder::new().terminator(lf).from_writer(out)
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Number(number) => serializer.serialize_u64(*number),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            // A ratio in per mille is exact as a float, and is written with its one digit.
            Value::Tenths(number) => {
                serializer.serialize_f64(f64::from(u32::try_from(*number).unwrap_or(u32::MAX)) / 10.0)
            }
            Value::Unknown => serializer.serialize_unit(),
        }
    }
}

/// Writes strings in ASCII, and numbers with a fraction without the tables that make the shortest one of any number.
struct Ascii;

impl Formatter for Ascii {
    /// Ratios are the only numbers with a fraction, and have one digit of it ([`Value::Tenths`]).
    fn write_f64<W: ?Sized + Write>(&mut self, out: &mut W, value: f64) -> io::Result<()> {
        write!(out, "{value:.1}")
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let is_plain = |b: u8| b.is_ascii() && b != 0x7f;
        if fragment.bytes().all(is_plain) {
            return out.write_all(fragment.as_bytes());
        }
        let mut units = [0; 2];
        for c in fragment.chars() {
            if u8::try_from(c).is_ok_and(is_plain) {
                write!(out, "{c}")?;
            } else {
                c.encode_utf16(&mut units)
                    .iter()
                    .try_for_each(|unit| write!(out, "\\u{unit:04x}"))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Row<'_> = Row(&[
        ("v", Value::Number(1)),
        ("text", Value::Text("a,\"b\"")),
        ("odd", Value::Text("\u{1b}[2J\n\u{9b}\u{7f}\u{202e}ü\u{1f4a9}")),
        ("most", Value::Number(u64::MAX)),
        ("flag", Value::Flag(true)),
        ("ratio", Value::Tenths(987)),
        ("all", Value::Tenths(1000)),
        ("none", Value::Unknown),
    ]);

    #[test]
    fn a_line_of_json_is_ascii_and_says_the_same() {
        let mut out = Vec::new();
        ROW.write_json(&mut out).unwrap();
        let line = String::from_utf8(out).unwrap();
        assert!(
            line.strip_suffix('\n')
                .unwrap()
                .bytes()
                .all(|b| (0x20..0x7f).contains(&b)),
            "{line}"
        );
        insta::assert_snapshot!(line);
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        for (key, value) in ROW.0 {
            let expected = match value {
                Value::Text(text) => (*text).into(),
                Value::Number(number) => (*number).into(),
                Value::Flag(flag) => (*flag).into(),
                Value::Tenths(987) => 98.7.into(),
                Value::Tenths(_) => 100.0.into(),
                Value::Unknown => serde_json::Value::Null,
            };
            assert_eq!(read[*key], expected, "{key}");
        }
    }

    /// Of names that somebody else may have written; no other text begins so.
    #[test]
    fn a_name_is_no_formula() {
        for (name, expected) in [
            ("=1+1", "'=1+1"),
            ("@a", "'@a"),
            ("+a", "'+a"),
            ("-a1", "'-a1"),
            ("+4989", "+4989"),
            ("-1", "-1"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            let row = Row(&[
                ("v", Value::Number(1)),
                ("name", Value::Text(name)),
                ("type", Value::Text("=x")),
            ]);
            let mut out = csv_writer(Vec::new());
            row.write_csv(&mut out).unwrap();
            let text = String::from_utf8(out.into_inner().unwrap()).unwrap();
            assert_eq!(text, format!("1,{expected},=x\n"));
        }
    }

    #[test]
    fn a_line_of_csv_quotes_what_must_be() {
        let mut out = csv_writer(Vec::new());
        ROW.write_csv(&mut out).unwrap();
        let text = String::from_utf8(out.into_inner().unwrap()).unwrap();
        insta::assert_snapshot!(text.escape_debug().to_string().replace("\\n", "\n"));
    }
}
