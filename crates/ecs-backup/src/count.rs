//! Numbers of things, in words.

/// `1 log`, `2 logs`.
pub(crate) fn counted(n: u64, thing: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {thing}{plural}")
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_thing_is_not_several() {
        let texts = [0, 1, 2].map(|n| counted(n, "log"));
        assert_eq!(texts, ["0 logs", "1 log", "2 logs"]);
    }
}
