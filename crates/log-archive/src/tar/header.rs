//! What the headers of a tar say of an entry.

use tar::{Header, PaxExtensions};

/// A tar consists of blocks of this many bytes.
pub(crate) const BLOCK: usize = 512;

/// What headers say of the entry that follows them, because its own header has no room for it.
#[derive(Debug, Default)]
pub(super) struct Extended {
    pub(super) name: Option<Vec<u8>>,
    pub(super) length: Option<u64>,
    pub(super) is_sparse: bool,
}

impl Extended {
    /// Takes the long name that GNU tar writes as an entry of its own. A zero byte ends it.
    pub(super) fn take_name(&mut self, mut name: Vec<u8>) {
        name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
        self.name = Some(name);
    }

    /// Takes the attributes of POSIX (pax), and those by which GNU tar writes sparse files.
    pub(super) fn take_attributes(&mut self, attributes: &[u8]) {
        for attribute in PaxExtensions::new(attributes).flatten() {
            let value = attribute.value_bytes();
            match attribute.key_bytes() {
                b"GNU.sparse.name" => {
                    self.is_sparse = true;
                    self.name = Some(value.to_owned());
                }
                b"path" if !self.is_sparse => self.name = Some(value.to_owned()),
                b"size" => self.length = attribute.value().ok().and_then(|value| value.parse().ok()),
                key if key.starts_with(b"GNU.sparse.") => self.is_sparse = true,
                _ => {}
            }
        }
    }
}

/// How many zero bytes follow `length` bytes, up to the end of their last block.
pub(super) fn padding(length: u64) -> u64 {
    let block = BLOCK as u64;
    (block - length % block) % block
}

/// Whether the block has the mark of POSIX or GNU.
pub(crate) fn has_magic(block: &[u8; BLOCK]) -> bool {
    block.get(257..262) == Some(b"ustar")
}

/// Whether the checksum in the block is that of its bytes. Some old programs added them up as signed numbers.
pub(crate) fn has_sum(block: &[u8; BLOCK]) -> bool {
    const FIELD: std::ops::Range<usize> = 148..156;
    let Ok(sum) = Header::from_byte_slice(block).cksum() else {
        return false;
    };
    let bytes = || {
        let field = |(place, byte): (usize, &u8)| if FIELD.contains(&place) { b' ' } else { *byte };
        block.iter().enumerate().map(field)
    };
    let unsigned: u32 = bytes().map(u32::from).sum();
    let signed: i32 = bytes().map(|byte| i32::from(byte.cast_signed())).sum();
    sum == unsigned || i32::try_from(sum) == Ok(signed)
}
