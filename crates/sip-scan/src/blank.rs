//! Blanks: spaces and tabs.

pub(crate) fn is_blank(b: &u8) -> bool {
    matches!(b, b' ' | b'\t')
}

pub(crate) fn skip_blanks(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [b' ' | b'\t', after @ ..] = rest {
        rest = after;
    }
    rest
}
