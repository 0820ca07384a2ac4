//! Asks git for the commit that is built. Whatever git cannot tell is `unknown`, and never an error.
#![allow(clippy::print_stdout, reason = "it is how a build script speaks to Cargo")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many digits of a commit are enough to find it.
const N_DIGITS: usize = 10;

/// What the programs are made of, from the root on, in the words of git.
const SOURCES: [&str; 5] = [
    ":(glob)crates/*/src/**",
    ":(glob)crates/*/build.rs",
    ":(glob)crates/*/Cargo.toml",
    "Cargo.toml",
    "Cargo.lock",
];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = env::var("TARGET").unwrap_or_else(|_| "unknown".to_owned());
    let commit = commit(&root);
    if commit.is_some() {
        watch(&root);
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=BUILD_TARGET={target}");
    println!(
        "cargo::rustc-env=BUILD_COMMIT={}",
        commit.as_deref().unwrap_or("unknown")
    );
}

/// Such as `1a2b3c4d5e 2026-11-25`.
fn commit(root: &Path) -> Option<String> {
    // Sources that were unpacked within another project's repository have none of its commits.
    if !git(root, &["rev-parse", "--show-prefix"])?.is_empty() {
        return None;
    }
    let commit = git(
        root,
        &[
            "log",
            "-1",
            "--no-show-signature",
            "--format=%H %cd",
            "--date=format-local:%Y-%m-%d",
        ],
    )?;
    let (id, date) = commit.split_once(' ')?;
    let id = id.get(..N_DIGITS)?;
    let mut status = vec!["--no-optional-locks", "status", "--porcelain", "--"];
    status.extend(SOURCES);
    let modified = if git(root, &status)?.is_empty() {
        ""
    } else {
        "-modified"
    };
    Some(format!("{id}{modified} {date}"))
}

/// What git prints, without the line's end; `None` if it fails, or is not there.
fn git(root: &Path, args: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    // Set where a hook of git builds.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    let output = command.env("TZ", "UTC").arg("-C").arg(root).args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}

/// Has Cargo come back when another commit is checked out, or a source changes: nothing else can change the answer.
fn watch(root: &Path) {
    let crates = fs::read_dir(root.join("crates")).into_iter().flatten().flatten();
    let in_crates = crates.flat_map(|entry| ["src", "build.rs", "Cargo.toml"].map(|name| entry.path().join(name)));
    let in_root = ["Cargo.toml", "Cargo.lock"].map(|name| root.join(name));
    // A branch that moves leaves `HEAD` as it is, but is noted in its log.
    let of_git = ["HEAD", "logs/HEAD"].iter().filter_map(|name| {
        let path = git(root, &["rev-parse", "--git-path", name])?;
        Some(root.join(path))
    });
    let mut paths: Vec<PathBuf> = in_crates.chain(in_root).chain(of_git).collect();
    // One that is not there would be taken for changed each time.
    paths.retain(|path| path.exists());
    paths.sort();
    for path in paths {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}
