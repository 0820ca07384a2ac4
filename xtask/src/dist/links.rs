//! Links in texts that are packed: a link to a file that is not packed becomes plain text.

use std::path::{Component, Path, PathBuf};

/// The Markdown `text` without links that would lead nowhere. It lies in `folder`, and `is_packed` tells which files lie beside it.
pub(super) fn without_dead_links(text: &str, folder: &Path, is_packed: impl Fn(&Path) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, target, after)) = first_link(rest) {
        out.push_str(before);
        let file = target.split('#').next().unwrap_or_default();
        let is_alive = file.is_empty() || file.contains("://") || is_packed(&resolved(&folder.join(file)));
        if is_alive {
            out.push_str(&format!("[{name}]({target})"));
        } else {
            out.push_str(name);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What stands before the first `[name](target)`, its two parts, and what stands behind it.
fn first_link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (head, tail) = text.split_once("](")?;
    let (before, name) = head.rsplit_once('[')?;
    let (target, after) = tail.split_once(')')?;
    Some((before, name, target, after))
}

/// The path without `..`.
fn resolved(path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                resolved.pop();
            }
            Component::CurDir => {}
            part => resolved.push(part),
        }
    }
    resolved
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::without_dead_links;

    #[test]
    fn links_that_lead_nowhere_are_text() {
        let table = [
            ("see [a](docs/a.md), [b](docs/b.md).", "", "see [a](docs/a.md), b."),
            (
                "[here](#part) and [there](a.md#part)",
                "docs",
                "[here](#part) and [there](a.md#part)",
            ),
            (
                "[up](../README.md) [down](../crates/x.rs)",
                "docs",
                "[up](../README.md) down",
            ),
            ("[web](https://example.org/a)", "", "[web](https://example.org/a)"),
            ("a[0] (none) [open](", "", "a[0] (none) [open]("),
            ("`a[0]` then [b](docs/b.md)", "", "`a[0]` then b"),
        ];
        let is_packed = |path: &Path| [Path::new("README.md"), Path::new("docs/a.md")].contains(&path);
        for (text, folder, expected) in table {
            assert_eq!(without_dead_links(text, Path::new(folder), is_packed), expected);
        }
    }
}
