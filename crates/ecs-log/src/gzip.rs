//! Reads a gzip file to its end, through all of its members.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// The first bytes of every member (RFC 1952, 2.3.1).
pub(crate) const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The plain bytes of all members.
///
/// Zero bytes after a member are padding, as gzip(1) takes them. Anything else there is damage. Damage is an error of kind
/// `InvalidData` or `UnexpectedEof`, and the end follows it.
#[derive(Debug)]
pub struct GzipReader<R> {
    /// `None` at the end, and after damage.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> GzipReader<R> {
    /// Reads `source` from the start of a member on.
    pub fn new(source: R) -> GzipReader<R> {
        GzipReader {
            member: Some(GzDecoder::new(source)),
        }
    }
}

impl<R: BufRead> Read for GzipReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        while let Some(mut member) = self.member.take() {
            let n_read = member.read(buf).map_err(damage)?;
            if n_read > 0 {
                self.member = Some(member);
                return Ok(n_read);
            }
            let mut source = member.into_inner();
            if has_member(&mut source)? {
                self.member = Some(GzDecoder::new(source));
            }
        }
        Ok(0)
    }
}

/// Skips zero bytes. Returns whether a member begins after them.
fn has_member(source: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let block = source.fill_buf()?;
        if block.is_empty() {
            return Ok(false);
        }
        let n_zeros = block.iter().take_while(|byte| **byte == 0).count();
        let after = block.get(n_zeros).copied();
        source.consume(n_zeros);
        match after {
            Some(first) if first == MAGIC[0] => return Ok(true),
            Some(_) => {
                let reason = "something else follows its end";
                return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
            }
            None => {}
        }
    }
}

/// Tells what the decoder found wrong from errors of the system, which stay as they are.
fn damage(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::InvalidInput if error.raw_os_error().is_none() => {
            io::Error::new(io::ErrorKind::InvalidData, error)
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read};

    use super::GzipReader;
    use crate::testing::gzip;

    /// Reads to the end or the first error, and makes sure that nothing comes after an error.
    fn read(bytes: &[u8]) -> (Vec<u8>, Option<ErrorKind>) {
        let mut reader = GzipReader::new(bytes);
        let mut content = Vec::new();
        let error = reader.read_to_end(&mut content).err();
        assert_eq!(reader.read(&mut [0; 8]).unwrap(), 0);
        (content, error.map(|error| error.kind()))
    }

    #[test]
    fn all_members_are_read_and_what_follows_them_is_judged() {
        let (a, b) = (gzip("first\n"), gzip("second\n"));
        let zeros = [0; 1000];
        let mut wrong_sum = a.clone();
        let place = wrong_sum.len() - 8;
        wrong_sum[place] ^= 1;
        for (name, bytes, content, error) in [
            ("one", a.clone(), "first\n", None),
            ("two", [&a[..], &b].concat(), "first\nsecond\n", None),
            (
                "an empty one between",
                [&a[..], &gzip(""), &b].concat(),
                "first\nsecond\n",
                None,
            ),
            ("padding", [&a[..], &zeros].concat(), "first\n", None),
            (
                "padding between",
                [&a[..], &zeros, &b].concat(),
                "first\nsecond\n",
                None,
            ),
            (
                "garbage",
                [&a[..], b"garbage"].concat(),
                "first\n",
                Some(ErrorKind::InvalidData),
            ),
            ("a wrong sum", wrong_sum, "first\n", Some(ErrorKind::InvalidData)),
            ("only the magic", a[..2].to_vec(), "", Some(ErrorKind::UnexpectedEof)),
            (
                "no sum",
                a[..a.len() - 3].to_vec(),
                "first\n",
                Some(ErrorKind::UnexpectedEof),
            ),
        ] {
            assert_eq!(read(&bytes), (content.as_bytes().to_vec(), error), "{name}");
        }
    }

    #[test]
    fn of_a_cut_file_the_good_part_comes_first() {
        let lines: String = (0..20_000).map(|n| format!("{}\n", n * n)).collect();
        let whole = gzip(&lines);
        let (content, error) = read(&whole[..whole.len() / 2]);
        assert_eq!(error, Some(ErrorKind::UnexpectedEof));
        assert!(content.len() > lines.len() / 4, "only {} bytes", content.len());
        assert!(lines.as_bytes().starts_with(&content));
    }

    #[test]
    fn broken_data_is_damage() {
        let mut bytes = gzip("first\n");
        // The type of the first block, which then is one that does not exist.
        bytes[10] |= 0b110;
        assert_eq!(read(&bytes), (Vec::new(), Some(ErrorKind::InvalidData)));
    }
}
