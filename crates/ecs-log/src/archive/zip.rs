//! Reads the directory of a zip, entry by entry.

use std::fs::File;

use rawzip::{CompressionMethod, FileReader, ZipArchive, ZipFileHeaderRecord};

use super::{Damage, Zipped};

/// Where an entry lies: offset and length of its bytes in the file, and how they are packed.
pub(crate) type Place = (u64, u64, Zipped);

/// Bits of a mode that tell what a file is, and those of a regular one.
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;

/// Gives each file of the directory to `take`, its place where that is asked for. False if the directory is not
/// there, or is damaged.
pub(crate) fn list(file: File, mut take: impl FnMut(&[u8], &dyn Fn() -> Result<Place, Damage>)) -> bool {
    let mut buffer = vec![0; rawzip::MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let Ok(archive) = ZipArchive::from_file(file, &mut buffer) else {
        return false;
    };
    let mut entries = archive.entries(&mut buffer);
    let mut count = 0u64;
    loop {
        match entries.next_entry() {
            Ok(Some(entry)) => {
                count = count.saturating_add(1);
                if is_file(&entry) {
                    take(entry.file_path().as_bytes(), &|| place(&archive, &entry));
                }
            }
            Ok(None) => return count >= archive.entries_hint(),
            Err(_) => return false,
        }
    }
}

fn is_file(entry: &ZipFileHeaderRecord<'_>) -> bool {
    // Zero if whoever wrote it did not care.
    !entry.is_dir() && matches!(entry.mode().value() & KIND, 0 | REGULAR)
}

fn place(archive: &ZipArchive<FileReader>, entry: &ZipFileHeaderRecord<'_>) -> Result<Place, Damage> {
    if entry.flags().is_encrypted() {
        return Err(Damage::Encrypted);
    }
    let zipped = Zipped {
        is_deflated: is_deflated(entry.compression_method())?,
        length: entry.uncompressed_size_hint(),
        sum: entry.crc32(),
    };
    let local = archive.get_entry(entry.wayfinder()).map_err(|_| Damage::Lost)?;
    let (offset, end) = local.compressed_data_range();
    Ok((offset, end.saturating_sub(offset), zipped))
}

/// Whether an entry is deflated, or else stored as it is.
pub(super) fn is_deflated(method: CompressionMethod) -> Result<bool, Damage> {
    match method {
        CompressionMethod::STORE => Ok(false),
        CompressionMethod::DEFLATE => Ok(true),
        other => Err(Damage::Method(other.as_u16())),
    }
}
