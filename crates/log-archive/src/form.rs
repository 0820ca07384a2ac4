//! Tells an archive by its first bytes.

use crate::tar::header;

/// What kind of archive something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// tar: of 1979, POSIX or GNU.
    Tar,
    /// zip.
    Zip,
}

/// What a zip begins with: an entry, the end of an empty zip, or the mark of one that was split and put together again.
const ZIP_MARKS: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];

impl Form {
    /// How many bytes [`Form::of`] looks at: one header of a tar.
    pub const LENGTH: usize = header::BLOCK;

    /// The form of what begins with `begin`, which is shorter than [`Form::LENGTH`] only if the whole is. `None` if that
    /// is not an archive.
    pub fn of(begin: &[u8]) -> Option<Form> {
        if ZIP_MARKS.iter().any(|mark| begin.starts_with(mark)) {
            return Some(Form::Zip);
        }
        let block = begin.first_chunk()?;
        (header::has_magic(block) || header::has_sum(block)).then_some(Form::Tar)
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn archives_are_told_by_content() {
        let mut old = tar::Header::new_old();
        old.set_path("2017-0427-084412.log").unwrap();
        old.set_size(0);
        old.set_cksum();
        let mut damaged = tar::Header::new_ustar();
        damaged.set_size(7);
        let log = b"20170427:084412345:1:capro(4711):MED:[MST  53  8a 04 ]\n".repeat(20);
        for (name, bytes, expected) in [
            ("nothing", &b""[..], None),
            ("a log", &log, None),
            ("a short log", b"20170427:084412345:1:", None),
            ("zeros", &[0; 512], None),
            ("all ones", &[0xff; 512], None),
            ("a zip", b"PK\x03\x04", Some(Form::Zip)),
            ("an empty zip", b"PK\x05\x06\0\0", Some(Form::Zip)),
            ("half a mark", b"PK\x03", None),
            ("a tar of 1979", old.as_bytes(), Some(Form::Tar)),
            ("a tar of 1979, cut", &old.as_bytes()[..511], None),
            (
                "a tar whose first header is damaged",
                damaged.as_bytes(),
                Some(Form::Tar),
            ),
        ] {
            assert_eq!(Form::of(bytes), expected, "{name}");
        }
    }
}
