//! Tells what something is that is not a log, by its first bytes.

use std::error;
use std::fmt;

use crate::gzip;

/// What something seems to be that is not a log.
///
/// `Display` says what it is and what to do, to follow the name of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeming {
    /// Compressed by xz.
    Xz,
    /// Compressed by bzip2.
    Bzip2,
    /// Compressed by zstd.
    Zstd,
    /// Compressed by lz4.
    Lz4,
    /// Compressed by compress(1), `.Z`.
    Compress,
    /// Compressed by gzip, again and again.
    Gzip,
    /// An archive of 7-Zip.
    SevenZip,
    /// An archive of RAR.
    Rar,
    /// A zip with the name of a log.
    Zip,
    /// Packets, pcap or pcapng.
    Packets,
    /// Text in UTF-16.
    Utf16,
    /// A program, which may unpack itself.
    Program,
    /// Lines of a log behind something else, such as the name that `grep -H` writes.
    Prefixed,
    /// SIP messages as text, where a log has them in hexadecimal.
    Decoded,
    /// Other text.
    Text,
    /// Other bytes.
    Unknown,
}

/// What begins with these bytes is never a log.
const MARKS: [(&[u8], Seeming); 20] = [
    (b"\xfd7zXZ\0", Seeming::Xz),
    (b"BZh", Seeming::Bzip2),
    (b"\x28\xb5\x2f\xfd", Seeming::Zstd),
    (b"\x04\x22\x4d\x18", Seeming::Lz4),
    (b"\x1f\x9d", Seeming::Compress),
    (&gzip::MAGIC, Seeming::Gzip),
    (b"7z\xbc\xaf\x27\x1c", Seeming::SevenZip),
    (b"Rar!\x1a\x07", Seeming::Rar),
    (b"PK\x03\x04", Seeming::Zip),
    (b"PK\x05\x06", Seeming::Zip),
    (b"\xd4\xc3\xb2\xa1", Seeming::Packets),
    (b"\xa1\xb2\xc3\xd4", Seeming::Packets),
    (b"\x4d\x3c\xb2\xa1", Seeming::Packets),
    (b"\xa1\xb2\x3c\x4d", Seeming::Packets),
    (b"\x0a\x0d\x0d\x0a", Seeming::Packets),
    (b"\xff\xfe", Seeming::Utf16),
    (b"\xfe\xff", Seeming::Utf16),
    (b"2\x000\x00", Seeming::Utf16),
    (b"\x7fELF", Seeming::Program),
    (b"MZ", Seeming::Program),
];

impl Seeming {
    /// How many bytes the longest mark has, by which [`Seeming::by_mark`] goes.
    pub(crate) const LENGTH: usize = 6;

    /// What begins with `begin`, if that cannot be a log.
    pub(crate) fn by_mark(begin: &[u8]) -> Option<Seeming> {
        let marked = MARKS.iter().find(|(mark, _)| begin.starts_with(mark));
        marked.map(|(_, seeming)| *seeming)
    }

    /// What begins with `begin`, of which no line could be read as that of a log. The first 4 KiB are enough.
    pub fn of(begin: &[u8]) -> Seeming {
        let is_text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0x80..);
        if let Some(seeming) = Seeming::by_mark(begin) {
            seeming
        } else if !begin.iter().all(is_text) {
            Seeming::Unknown
        } else if begin.split(|byte| *byte == b'\n').any(has_stamp) {
            Seeming::Prefixed
        } else if begin
            .windows(8)
            .any(|bytes| bytes == b" SIP/2.0" || bytes == b"SIP/2.0 ")
        {
            Seeming::Decoded
        } else {
            Seeming::Text
        }
    }

    /// What it is, and what to do.
    fn words(self) -> (&'static str, &'static str) {
        const UNPACK: &str = "unpack it, and name what was unpacked";
        match self {
            Seeming::Xz => (
                "is compressed by xz",
                "unpack it with `xz -d`, and name what was unpacked",
            ),
            Seeming::Bzip2 => (
                "is compressed by bzip2",
                "unpack it with `bzip2 -d`, and name what was unpacked",
            ),
            Seeming::Zstd => (
                "is compressed by zstd",
                "unpack it with `zstd -d`, and name what was unpacked",
            ),
            Seeming::Lz4 => (
                "is compressed by lz4",
                "unpack it with `lz4 -d`, and name what was unpacked",
            ),
            Seeming::Compress => (
                "is compressed by compress",
                "unpack it with `gzip -d`, and name what was unpacked",
            ),
            Seeming::Gzip => ("is compressed by gzip more than four times over", UNPACK),
            Seeming::SevenZip => ("is an archive of 7-Zip", UNPACK),
            Seeming::Rar => ("is an archive of RAR", UNPACK),
            Seeming::Zip => ("is a zip with the name of a log", "give it a name that ends in .zip"),
            Seeming::Packets => ("holds packets of a network", "name ECS logs instead"),
            Seeming::Utf16 => (
                "is text in UTF-16",
                "convert it with `iconv -f UTF-16 -t UTF-8`, and name the result",
            ),
            Seeming::Program => ("is a program", "if it unpacks itself, name what it unpacks"),
            Seeming::Prefixed => (
                "has something before the time in each line, as `grep -H` writes it",
                "take that away, as `grep -h` does",
            ),
            Seeming::Decoded => ("holds decoded SIP messages", "name the ECS logs that they come from"),
            Seeming::Text => ("is text, but has no line of an ECS log", "check the name"),
            Seeming::Unknown => ("has no line of an ECS log", "check the name"),
        }
    }
}

/// Whether a stamp such as `20170427:084412345:` stands in the line.
fn has_stamp(line: &[u8]) -> bool {
    const FORM: &[u8; 19] = b"00000000:000000000:";
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        form => byte == form,
    };
    line.windows(FORM.len()).any(|bytes| bytes.iter().zip(FORM).all(fits))
}

impl fmt::Display for Seeming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, advice) = self.words();
        write!(f, "{what}, which is not read; {advice}")
    }
}

/// It travels within an [`io::Error`](std::io::Error) where a reader finds it.
impl error::Error for Seeming {}

#[cfg(test)]
mod tests {
    use super::{MARKS, Seeming};

    #[test]
    fn the_first_bytes_tell_what_it_is() {
        let grep = b"2017-0427-084412.log:20170427:084412345:1097:capro(4711):MED:[MST  128  8b ]\n";
        let decoded = b"08:44:12.345 OUT\nBYE sip:b@x SIP/2.0\r\n";
        for (begin, expected) in [
            (&b"\xfd7zXZ\0\0\x04"[..], Seeming::Xz),
            (b"BZh91AY&SY", Seeming::Bzip2),
            (b"\x28\xb5\x2f\xfd\x64\xd2", Seeming::Zstd),
            (b"\x04\x22\x4d\x18\x64", Seeming::Lz4),
            (b"\x1f\x9d\x90", Seeming::Compress),
            (b"\x1f\x8b\x08\0", Seeming::Gzip),
            (b"7z\xbc\xaf\x27\x1c\0", Seeming::SevenZip),
            (b"Rar!\x1a\x07\0", Seeming::Rar),
            (b"PK\x03\x04\x14", Seeming::Zip),
            (b"PK\x05\x06\0", Seeming::Zip),
            (b"\xd4\xc3\xb2\xa1\x02", Seeming::Packets),
            (b"\xa1\xb2\xc3\xd4\0\x02", Seeming::Packets),
            (b"\x4d\x3c\xb2\xa1\x02", Seeming::Packets),
            (b"\xa1\xb2\x3c\x4d\0\x02", Seeming::Packets),
            (b"\x0a\x0d\x0d\x0a", Seeming::Packets),
            (b"\xff\xfe2\0", Seeming::Utf16),
            (b"\xfe\xff\x002", Seeming::Utf16),
            (b"2\x000\x001\0", Seeming::Utf16),
            (b"\x7fELF\x02", Seeming::Program),
            (b"MZ\x90\0", Seeming::Program),
            (grep, Seeming::Prefixed),
            (b"x\n20170427:084412345:", Seeming::Prefixed),
            (decoded, Seeming::Decoded),
            (b"SIP/2.0 200 OK\r\n", Seeming::Decoded),
            (b"20170427:08441234:1097", Seeming::Text),
            (b"K\xc3\xb6ln", Seeming::Text),
            (b"", Seeming::Text),
            (b"\x1b[1m", Seeming::Unknown),
            (b"\0\0\0\0", Seeming::Unknown),
        ] {
            assert_eq!(Seeming::of(begin), expected, "{}", begin.escape_ascii());
            let is_marked = MARKS.iter().any(|(_, seeming)| *seeming == expected);
            assert_eq!(Seeming::by_mark(begin).is_some(), is_marked, "{expected:?}");
        }
        assert_eq!(MARKS.iter().map(|(mark, _)| mark.len()).max(), Some(Seeming::LENGTH));
    }

    #[test]
    fn what_may_stand_at_the_start_of_a_log_is_not_refused() {
        for begin in [
            &b"20170427:084412345:1097:"[..],
            b"\xef\xbb\xbf20170427",
            b"\0\0\0\0\0\0\0\0",
            b"\n",
            b"20",
            b"",
        ] {
            assert_eq!(Seeming::by_mark(begin), None, "{}", begin.escape_ascii());
        }
    }
}
