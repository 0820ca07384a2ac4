//! What `docs/design.md` says of the crates and their files, held against the manifests and the sources.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic fails the test that it happens in"
)]

mod circles;
mod house;
mod modules;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::circles::References;
use crate::house::{HOUSE, Package, complaints};
use crate::modules::Modules;

#[test]
fn crates_depend_on_what_they_may() {
    let packages: Vec<Package> = workspace()
        .iter()
        .map(|package| Package::of(package).unwrap())
        .collect();
    let wrong = complaints(&packages, &HOUSE);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_files_use_one_another_in_a_circle() {
    let mut wrong = Vec::new();
    for package in workspace() {
        for root in sources(&package) {
            let references = Modules::read(&root, &|path| fs::read_to_string(path).ok()).references();
            wrong.extend(circles::of(&references).iter().map(|circle| shown(circle, &references)));
        }
    }
    assert!(wrong.is_empty(), "\nin a circle:\n{}", wrong.join("\n"));
}

/// The packages of the workspace, as `cargo metadata` describes them.
fn workspace() -> Vec<Value> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    command.args([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--offline",
        "--manifest-path",
    ]);
    let output = command.arg(manifest).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// The first source file of the library and of each program in a package.
fn sources(package: &Value) -> Vec<PathBuf> {
    let targets = package["targets"].as_array().unwrap().iter();
    let is_shipped = |target: &&Value| target["kind"][0] == "lib" || target["kind"][0] == "bin";
    targets
        .filter(is_shipped)
        .map(|target| target["src_path"].as_str().unwrap().into())
        .collect()
}

/// A circle, with what each of its files uses of it.
fn shown(circle: &[PathBuf], references: &References<PathBuf>) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let name = |file: &PathBuf| file.strip_prefix(root).unwrap_or(file).display().to_string();
    let lines = circle.iter().map(|file| {
        let used: Vec<String> = circle
            .iter()
            .filter(|other| references[file].contains(*other))
            .map(name)
            .collect();
        format!("  {} uses {}\n", name(file), used.join(", "))
    });
    lines.collect()
}
