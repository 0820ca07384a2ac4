//! What can be wrong with an archive, or with an entry of it.

use std::error;
use std::fmt;
use std::io;

/// What is wrong with an archive, or with an entry of it.
///
/// Where a reader gives it, it comes within an [`io::Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The archive ends within this entry.
    CutEntry,
    /// The archive ends where more should come.
    Cut,
    /// A tar does not have the zero bytes that should stand at its end.
    NoEndMark,
    /// A block of a tar should be the header of an entry and is not.
    Header,
    /// The name or the attributes of a tar entry are longer than 64 KiB.
    LongHeader,
    /// An entry of a tar is stored as a sparse file, with its holes left out.
    Sparse,
    /// An entry of a zip is encrypted.
    Encrypted,
    /// An entry of a zip is compressed in a way that is not read; its number is that of APPNOTE.TXT, 4.4.5.
    Method(u16),
    /// The bytes of an entry do not have the checksum that the zip gives for them.
    Sum,
    /// An entry does not have the length that the zip gives for it.
    Length,
    /// The compressed bytes of an entry cannot be uncompressed.
    Packed,
    /// An entry shares bytes with another one.
    Overlap,
    /// A zip has no directory at its end, or it is damaged.
    NoDirectory,
    /// Only the directory at the end of a zip says where this entry ends, and a stream has not come there yet.
    NoLength,
    /// No entry of a zip begins where one should.
    Lost,
}

impl Damage {
    /// `UnexpectedEof` or `InvalidData` where the part that could be read counts; `None` where nothing could be read.
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match self {
            Damage::CutEntry | Damage::Cut | Damage::NoEndMark => Some(io::ErrorKind::UnexpectedEof),
            Damage::Sum | Damage::Length | Damage::Packed | Damage::Lost => Some(io::ErrorKind::InvalidData),
            _ => None,
        }
    }
}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> io::Error {
        io::Error::new(damage.io_kind().unwrap_or(io::ErrorKind::InvalidData), damage)
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Damage::CutEntry => "the archive is cut off within it",
            Damage::Cut => "the archive is cut off",
            Damage::NoEndMark => "the archive is cut off, for its end mark is missing",
            Damage::Header => "the header of an entry is damaged; that entry could not be read",
            Damage::LongHeader => "an entry has a header over 64 KiB; its name may be cut",
            Damage::Sparse => "it is stored as a sparse file, which is not read; make the archive without --sparse",
            Damage::Encrypted => "it is encrypted; unpack it, and name what was unpacked",
            Damage::Method(method) => {
                let name = rawzip::CompressionMethod::new(*method).name().unwrap_or("unknown");
                return write!(
                    f,
                    "it is compressed by method {method} ({name}), which is not read; unpack it, and name what was unpacked"
                );
            }
            Damage::Sum => "damaged: its checksum does not fit",
            Damage::Length => "damaged: its length is not what the archive says",
            Damage::Packed => "damaged: it cannot be uncompressed to its end",
            Damage::Overlap => "it shares bytes with another entry; not read",
            Damage::NoDirectory => "the zip has no readable directory at its end; what its start holds is read",
            Damage::NoLength => "where it ends is not known in a pipe, so the rest could not be read; name the file instead",
            Damage::Lost => "damaged zip: no entry begins where one should, so the rest could not be read",
        })
    }
}

impl error::Error for Damage {}

/// Whether the compressed bytes of an entry are damaged.
pub(crate) fn is_packed(error: &io::Error) -> bool {
    error.get_ref().and_then(|cause| cause.downcast_ref()) == Some(&Damage::Packed)
}

/// Whether a source just ended. A source that is itself damaged, such as a gzip that is cut off, says more than that.
pub(crate) fn is_cut(error: &io::Error) -> bool {
    let says_more = error.get_ref().is_some_and(|cause| !cause.is::<Damage>());
    error.kind() == io::ErrorKind::UnexpectedEof && !says_more
}
