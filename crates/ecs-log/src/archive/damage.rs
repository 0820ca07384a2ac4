//! What can be wrong with an archive, or with an entry of it.

use std::error;
use std::fmt;
use std::io;

/// What is wrong with an archive, or with an entry of it.
///
/// It travels within an [`io::Error`] where a reader gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    /// The archive ends within an entry that is named.
    CutEntry,
    /// The archive ends where more should come.
    Cut,
    /// A tar without the zero bytes at its end.
    NoEndMark,
    /// What should be the header of a tar entry is none.
    Header,
    /// The name or attributes of a tar entry are longer than is read.
    LongHeader,
    Sparse,
    Encrypted,
    /// A way of compression that is not read, by its number.
    Method(u16),
    Sum,
    Length,
    /// The compressed bytes of an entry make no sense.
    Packed,
    Overlap,
    NoDirectory,
    /// An entry of a zip of which only its directory, which comes later, says where it ends.
    NoLength,
    /// No entry of a zip begins where the one before ends.
    Lost,
    LongName,
    TooMany,
    NoLogs,
    /// So many more entries with something wrong than are named.
    More(usize),
}

impl Damage {
    /// The kind of the error where a part could be read, which counts.
    pub(crate) fn io_kind(&self) -> Option<io::ErrorKind> {
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
            Damage::LongName => "it has a name over 4 KiB; not read",
            Damage::TooMany => "it holds more logs than can be kept; the rest could not be read",
            Damage::NoLogs => "holds no ECS logs, such as 2017-0427-084412.log",
            Damage::More(count) => return write!(f, "{count} more entries could not be read"),
        })
    }
}

impl error::Error for Damage {}
