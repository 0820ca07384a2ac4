//! The header in front of an entry of a zip.

use std::io::{self, Read};

use rawzip::CompressionMethod;

use crate::checked::Expected;
use crate::damage::Damage;
use crate::entry::Entry;
use crate::source::{read_bytes, read_u16, read_u32};

/// Says that a length has no room in 32 bits and stands elsewhere.
const ELSEWHERE: u32 = u32::MAX;

/// The header in front of an entry (APPNOTE.TXT, 4.3.7), without its mark.
pub(super) struct Header {
    is_encrypted: bool,
    /// Lengths and checksum stand behind the entry.
    pub(super) has_descriptor: bool,
    /// Lengths are written in 64 bits.
    pub(super) is_zip64: bool,
    method: u16,
    pub(super) packed_length: u64,
    pub(super) expected: Expected,
    name: Vec<u8>,
}

impl Header {
    pub(super) fn read(source: &mut impl Read) -> io::Result<Header> {
        let [_, flags, method, _, _] = [(); 5].map(|()| read_u16(source));
        let (flags, method) = (flags?, method?);
        let (sum, packed_length, length) = (read_u32(source)?, read_u32(source)?, read_u32(source)?);
        let (name_length, extra_length) = (read_u16(source)?, read_u16(source)?);
        let name = read_bytes(source, name_length)?;
        let extra = read_bytes(source, extra_length)?;
        let mut header = Header {
            is_encrypted: flags & 1 != 0,
            has_descriptor: flags & (1 << 3) != 0,
            is_zip64: false,
            method,
            packed_length: packed_length.into(),
            expected: Expected {
                length: length.into(),
                sum,
            },
            name,
        };
        if let Some(mut wide) = zip64(&extra) {
            header.is_zip64 = true;
            for (short, field) in [
                (length, &mut header.expected.length),
                (packed_length, &mut header.packed_length),
            ] {
                if let Some((value, rest)) = wide.split_first_chunk().filter(|_| short == ELSEWHERE) {
                    (*field, wide) = (u64::from_le_bytes(*value), rest);
                }
            }
        }
        Ok(header)
    }

    /// The entry, and whether it is deflated.
    pub(super) fn entry(&self) -> (Entry<()>, bool) {
        let method = CompressionMethod::new(self.method);
        let is_deflated = method == CompressionMethod::DEFLATE;
        // A folder has no bytes, whatever its header says of what follows.
        let is_folder = self.name.ends_with(b"/");
        let place = match method {
            _ if self.is_encrypted => Err(Damage::Encrypted),
            CompressionMethod::STORE if self.has_descriptor && !is_folder => Err(Damage::NoLength),
            CompressionMethod::STORE | CompressionMethod::DEFLATE => Ok(()),
            _ => Err(Damage::Method(self.method)),
        };
        let name = self.name.clone();
        (Entry { name, place }, is_deflated)
    }
}

/// The field of an entry that has the lengths that need 64 bits (APPNOTE.TXT, 4.5.3).
fn zip64(mut extra: &[u8]) -> Option<&[u8]> {
    while let Some(([a, b, c, d], rest)) = extra.split_first_chunk() {
        let length = usize::from(u16::from_le_bytes([*c, *d]));
        let (field, after) = rest.split_at_checked(length)?;
        if u16::from_le_bytes([*a, *b]) == 1 {
            return Some(field);
        }
        extra = after;
    }
    None
}
