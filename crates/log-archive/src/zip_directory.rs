//! Reads the directory at the end of a zip, entry by entry.

use std::fs::File;

use rawzip::{CompressionMethod, FileReader, ZipArchive, ZipFileHeaderRecord};

use crate::checked::Expected;
use crate::damage::Damage;
use crate::entry::Entry;
use crate::place::{Packing, Place};

/// Bits of a mode that tell what a file is, and those of a regular one (`st_mode`).
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;

/// Gives each file of the directory to `take`. Fails if the directory is not there or is damaged.
pub(crate) fn read(file: File, mut take: impl FnMut(Entry<Place>)) -> Result<(), Damage> {
    let mut buffer = vec![0; rawzip::MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let archive = ZipArchive::from_file(file, &mut buffer).map_err(|_| Damage::NoDirectory)?;
    let mut entries = archive.entries(&mut buffer);
    let mut count = 0u64;
    while let Some(entry) = entries.next_entry().map_err(|_| Damage::NoDirectory)? {
        count = count.saturating_add(1);
        if is_file(&entry) {
            take(Entry {
                name: entry.file_path().as_bytes().to_vec(),
                place: place(&archive, &entry),
            });
        }
    }
    if count < archive.entries_hint() {
        return Err(Damage::NoDirectory);
    }
    Ok(())
}

fn is_file(entry: &ZipFileHeaderRecord<'_>) -> bool {
    // Some programs write no mode at all, which is 0.
    !entry.is_dir() && matches!(entry.mode().value() & KIND, 0 | REGULAR)
}

fn place(archive: &ZipArchive<FileReader>, entry: &ZipFileHeaderRecord<'_>) -> Result<Place, Damage> {
    if entry.flags().is_encrypted() {
        return Err(Damage::Encrypted);
    }
    let expected = Expected {
        length: entry.uncompressed_size_hint(),
        sum: entry.crc32(),
    };
    let packing = match entry.compression_method() {
        CompressionMethod::STORE => Packing::Stored(expected),
        CompressionMethod::DEFLATE => Packing::Deflated(expected),
        other => return Err(Damage::Method(other.as_u16())),
    };
    let local = archive.get_entry(entry.wayfinder()).map_err(|_| Damage::Lost)?;
    let (offset, end) = local.compressed_data_range();
    Ok(Place {
        offset,
        length: end.saturating_sub(offset),
        packing,
    })
}
