//! Says what a program was built from: version, commit and target.
//!
//! It is a crate of its own so that one build script serves both programs, and so that a new commit compiles only this
//! crate and them anew.

/// The version, the commit with its date in UTC, and the target, as in
/// `0.1.0 (1a2b3c4d5e 2026-11-25, x86_64-unknown-linux-musl)`.
///
/// `-modified` behind the commit says that the sources were not those of the commit. `unknown` stands for a commit that
/// git could not tell: it is not installed, or the sources are not in a repository of their own.
pub const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (",
    env!("BUILD_COMMIT"),
    ", ",
    env!("BUILD_TARGET"),
    ")"
);

#[cfg(test)]
mod tests {
    use super::VERSION;

    #[test]
    fn it_has_version_commit_and_target() {
        let (version, rest) = VERSION.split_once(" (").unwrap();
        assert_eq!(version, env!("CARGO_PKG_VERSION"));
        let (commit, target) = rest.strip_suffix(')').unwrap().split_once(", ").unwrap();
        assert!(
            target.starts_with(std::env::consts::ARCH) || target.starts_with("i686"),
            "{target}"
        );
        if commit == "unknown" {
            return;
        }
        let (id, date) = commit.split_once(' ').unwrap();
        let id = id.strip_suffix("-modified").unwrap_or(id);
        assert!(
            id.len() == 10 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{id}"
        );
        let form: String = date.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_eq!(form, "0000-00-00");
    }
}
