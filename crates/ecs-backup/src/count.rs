//! Numbers of things, in words.

use std::fmt::Display;

/// `1 log`, `2 logs`.
pub(crate) fn counted<N: Display + PartialEq + From<u8>>(n: N, thing: &str) -> String {
    let plural = if n == N::from(1) { "" } else { "s" };
    format!("{n} {thing}{plural}")
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_thing_is_not_several() {
        let texts = [0_u64, 1, 2].map(|n| counted(n, "log"));
        assert_eq!(texts, ["0 logs", "1 log", "2 logs"]);
    }
}
