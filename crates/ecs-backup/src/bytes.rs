//! Numbers of bytes, in words.

use std::fmt;

/// A number of bytes as people say it, with decimal units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            n @ 0..10_000 => write!(f, "{n} bytes"),
            n @ 10_000..10_000_000 => write!(f, "{} kB", n / 1000),
            n @ 10_000_000..10_000_000_000 => write!(f, "{} MB", n / 1_000_000),
            n => write!(f, "{} GB", n / 1_000_000_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bytes;

    #[test]
    fn a_number_has_two_to_four_digits_and_a_unit() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (9_999, "9999 bytes"),
            (10_000, "10 kB"),
            (9_999_999, "9999 kB"),
            (10_000_000, "10 MB"),
            (9_999_999_999, "9999 MB"),
            (10_000_000_000, "10 GB"),
        ] {
            assert_eq!(Bytes(bytes).to_string(), expected);
        }
    }
}
