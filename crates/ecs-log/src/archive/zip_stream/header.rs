//! The header before an entry of a zip.

use std::io::{self, Read};

use rawzip::CompressionMethod;

use super::{ZipEntry, is_cut};
use crate::archive::Damage;
use crate::archive::zip::is_deflated;

/// A length that stands elsewhere, as it has no room in 32 bits.
const ELSEWHERE: u32 = u32::MAX;

/// The header before an entry (APPNOTE.TXT, 4.3.7), behind its mark.
pub(super) struct Header {
    is_encrypted: bool,
    pub(super) has_descriptor: bool,
    pub(super) is_zip64: bool,
    method: u16,
    pub(super) sum: u32,
    pub(super) packed_length: u64,
    pub(super) length: u64,
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
            sum,
            packed_length: packed_length.into(),
            length: length.into(),
            name,
        };
        if let Some(mut wide) = zip64(&extra) {
            header.is_zip64 = true;
            for (short, field) in [(length, &mut header.length), (packed_length, &mut header.packed_length)] {
                if let Some((value, rest)) = wide.split_first_chunk().filter(|_| short == ELSEWHERE) {
                    (*field, wide) = (u64::from_le_bytes(*value), rest);
                }
            }
        }
        Ok(header)
    }

    /// The entry, and whether it is deflated.
    pub(super) fn entry(&self) -> (ZipEntry, bool) {
        let method = is_deflated(CompressionMethod::new(self.method));
        // A folder has no bytes, whatever its header says of what follows.
        let is_folder = self.name.ends_with(b"/");
        let damage = match &method {
            _ if self.is_encrypted => Some(Damage::Encrypted),
            Err(damage) => Some(damage.clone()),
            Ok(false) if self.has_descriptor && !is_folder => Some(Damage::NoLength),
            Ok(_) => None,
        };
        let name = self.name.clone();
        (ZipEntry { name, damage }, method == Ok(true))
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

pub(super) fn read<const N: usize>(source: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    match source.read_exact(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) if is_cut(&error) => Err(Damage::Cut.into()),
        Err(error) => Err(error),
    }
}

fn read_u16(source: &mut impl Read) -> io::Result<u16> {
    read(source).map(u16::from_le_bytes)
}

pub(super) fn read_u32(source: &mut impl Read) -> io::Result<u32> {
    read(source).map(u32::from_le_bytes)
}

fn read_bytes(source: &mut impl Read, length: u16) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.by_ref().take(length.into()).read_to_end(&mut bytes)?;
    if bytes.len() < usize::from(length) {
        return Err(Damage::Cut.into());
    }
    Ok(bytes)
}
