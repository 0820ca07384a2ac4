//! Tells an archive by its first bytes.

use super::tar;

/// How many bytes are looked at: one header of a tar.
pub(crate) const LENGTH: usize = 512;

/// What a file or stream is, compression aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Tar,
    Zip,
    /// A log, or nothing that is known.
    Other,
}

/// The form of what begins with `begin`, which is shorter than [`LENGTH`] only if the whole is.
pub(crate) fn of(begin: &[u8]) -> Form {
    // An entry, the end of an empty zip, or the mark of one that was split and put together again.
    let is_zip = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"]
        .iter()
        .any(|mark| begin.starts_with(*mark));
    if is_zip {
        return Form::Zip;
    }
    match begin.first_chunk() {
        Some(block) if tar::has_magic(block) || tar::has_sum(block) => Form::Tar,
        _ => Form::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, of};

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
            ("nothing", &b""[..], Form::Other),
            ("a log", &log, Form::Other),
            ("a short log", b"20170427:084412345:1:", Form::Other),
            ("zeros", &[0; 512], Form::Other),
            ("all ones", &[0xff; 512], Form::Other),
            ("a zip", b"PK\x03\x04", Form::Zip),
            ("an empty zip", b"PK\x05\x06\0\0", Form::Zip),
            ("half a mark", b"PK\x03", Form::Other),
            ("a tar of 1979", old.as_bytes(), Form::Tar),
            ("a tar of 1979, cut", &old.as_bytes()[..511], Form::Other),
            ("a tar whose first header is damaged", damaged.as_bytes(), Form::Tar),
        ] {
            assert_eq!(of(bytes), expected, "{name}");
        }
    }
}
