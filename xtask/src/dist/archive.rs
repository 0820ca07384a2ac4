//! Archives with the same bytes wherever and whenever they are made: all files have one time, and no owner.

use std::io::{self, Cursor, Write};
use std::path::Path;

use flate2::{Compression, GzBuilder};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A file that is to be packed.
#[derive(Debug)]
pub(crate) struct PackedFile {
    /// Its name in the archive.
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
    pub(crate) is_program: bool,
}

impl PackedFile {
    /// A file that is not a program.
    pub(crate) fn text(name: String, content: Vec<u8>) -> PackedFile {
        PackedFile {
            name,
            content,
            is_program: false,
        }
    }

    fn mode(&self) -> u32 {
        if self.is_program { 0o755 } else { 0o644 }
    }
}

/// A tar within gzip. `time`, in seconds of the Unix epoch, is that of all files.
pub(crate) fn tar_gz(files: &[PackedFile], time: u64) -> io::Result<Vec<u8>> {
    let packer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    tar(packer, files, time)?.finish()
}

/// Writes a tar to `out`, and gives `out` back.
pub(crate) fn tar<W: Write>(out: W, files: &[PackedFile], time: u64) -> io::Result<W> {
    let mut tar = tar::Builder::new(out);
    for file in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(u64::try_from(file.content.len()).map_err(io::Error::other)?);
        header.set_mode(file.mode());
        header.set_mtime(time);
        header.set_uid(0);
        header.set_gid(0);
        tar.append_data(&mut header, Path::new(&file.name), file.content.as_slice())?;
    }
    tar.into_inner()
}

/// A zip. All files have the first time that a zip can hold: times in a zip are local ones, and the place is not known.
pub(crate) fn zip(files: &[PackedFile]) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(DateTime::default())
            .unix_permissions(file.mode());
        zip.start_file(file.name.as_str(), options)?;
        zip.write_all(&file.content)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::{PackedFile, tar_gz, zip};

    fn files() -> [PackedFile; 2] {
        let file = |name: &str, is_program| PackedFile {
            name: name.to_owned(),
            content: name.repeat(100).into_bytes(),
            is_program,
        };
        [file("a/program", true), file("a/text", false)]
    }

    #[test]
    fn a_tar_has_all_with_its_mode_and_time() {
        let bytes = tar_gz(&files(), 1_500_000_000).unwrap();
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
        let mut found = Vec::new();
        for entry in tar.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut content = String::new();
            entry.read_to_string(&mut content).unwrap();
            let header = entry.header();
            let path = header.path().unwrap().to_str().unwrap().to_owned();
            assert_eq!(content, path.repeat(100));
            found.push((path, header.mode().unwrap(), header.mtime().unwrap()));
        }
        let expected = [("a/program", 0o755), ("a/text", 0o644)];
        assert_eq!(
            found,
            expected.map(|(path, mode)| (path.to_owned(), mode, 1_500_000_000))
        );
    }

    #[test]
    fn a_zip_has_all() {
        let bytes = zip(&files()).unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        for file in files() {
            let mut entry = zip.by_name(&file.name).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            assert_eq!(content, file.content);
        }
        assert_eq!(zip.len(), 2);
    }
}
