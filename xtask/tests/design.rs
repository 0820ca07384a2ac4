//! What `docs/design.md` says of the crates, held against their manifests.

#![expect(clippy::unwrap_used, reason = "a panic fails the test that it happens in")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The crates of the project, and what each depends on beside tests.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let crates = fs::read_dir(crates).unwrap().map(|entry| entry.unwrap());
    crates
        .map(|entry| {
            let manifest = fs::read_to_string(entry.path().join("Cargo.toml")).unwrap();
            let mut is_wanted = false;
            let mut names = Vec::new();
            for line in manifest.lines() {
                if let Some(section) = line.strip_prefix('[') {
                    is_wanted = section.ends_with("dependencies]") && !section.contains("dev-dependencies");
                } else if is_wanted {
                    let name: String = line
                        .chars()
                        .take_while(|c| c.is_alphanumeric() || "-_".contains(*c))
                        .collect();
                    names.extend(Some(name).filter(|name| !name.is_empty()));
                }
            }
            (entry.file_name().into_string().unwrap(), names)
        })
        .collect()
}

#[test]
fn crates_depend_on_what_they_may() {
    let dependencies = dependencies();
    assert!(dependencies.len() >= 6, "{dependencies:?}");
    assert_eq!(dependencies.get("sip-scan").unwrap(), &["memchr"]);
    assert_eq!(dependencies.get("sip-filter").unwrap(), &["sip-scan"]);
    let libraries = [
        "ecs-log",
        "sip-scan",
        "sip-filter",
        "sip-stats",
        "sip-report",
        "ecs-backup",
    ];
    let programs = ["sipstat_cm", "backup_ecs", "xtask"];
    for name in libraries {
        for forbidden in programs.iter().chain(&["clap"]) {
            let of_crate = dependencies.get(name).unwrap();
            assert!(
                !of_crate.iter().any(|name| name == forbidden),
                "{name} depends on {forbidden}"
            );
        }
    }
    for (name, forbidden) in [
        (
            "ecs-log",
            &["sip-scan", "sip-filter", "sip-stats", "sip-report", "ecs-backup"][..],
        ),
        ("sip-stats", &["ecs-log", "sip-report", "ecs-backup"]),
        ("sip-report", &["ecs-log", "ecs-backup"]),
        ("ecs-backup", &["sip-scan", "sip-filter", "sip-stats", "sip-report"]),
        (
            "backup_ecs",
            &["sip-scan", "sip-filter", "sip-stats", "sip-report", "sipstat_cm"],
        ),
        ("sipstat_cm", &["ecs-backup", "backup_ecs"]),
    ] {
        for forbidden in forbidden {
            let of_crate = dependencies.get(name).unwrap();
            assert!(
                !of_crate.iter().any(|name| name == forbidden),
                "{name} depends on {forbidden}"
            );
        }
    }
}
