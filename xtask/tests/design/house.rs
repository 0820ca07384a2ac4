//! Which crate may depend on which.

use serde_json::Value;

/// A crate, and what it may depend on.
pub(crate) struct Room {
    pub(crate) name: &'static str,
    /// Crates of the workspace, also in tests.
    pub(crate) knows: &'static [&'static str],
    /// Crates of others, tests apart. `None`: a program or a tool, which may use what it needs.
    pub(crate) uses: Option<&'static [&'static str]>,
}

const fn library(name: &'static str, knows: &'static [&'static str], uses: &'static [&'static str]) -> Room {
    let uses = Some(uses);
    Room { name, knows, uses }
}

const fn program(name: &'static str, knows: &'static [&'static str]) -> Room {
    let uses = None;
    Room { name, knows, uses }
}

/// All crates, in the order of the way of the data: none knows one that stands below it.
pub(crate) const HOUSE: [Room; 17] = [
    library("build-info", &[], &[]),
    library("this-process", &[], &["ctrlc", "rustix", "signal-hook"]),
    library("whole-file", &[], &[]),
    library("log-archive", &[], &["flate2", "rawzip", "tar"]),
    library("ecs-log", &["log-archive"], &["flate2", "globset", "time"]),
    library("sip-scan", &[], &["memchr"]),
    library("ecs-trace", &["ecs-log", "sip-scan"], &["rustix", "time"]),
    library("sip-filter", &["sip-scan"], &["strsim"]),
    library("sip-stats", &["sip-filter", "sip-scan"], &["time"]),
    library("sip-calls", &["sip-filter", "sip-scan"], &["slab", "time"]),
    library("sip-pcap", &["sip-filter", "sip-scan"], &["etherparse", "time"]),
    library(
        "sip-report",
        &["sip-calls", "sip-filter", "sip-scan", "sip-stats"],
        &["anstyle", "askama", "csv", "serde", "serde_json", "time"],
    ),
    library("ecs-backup", &["ecs-log"], &["flate2", "fs2", "nix", "rustix", "time"]),
    program(
        "sipstat_cm",
        &[
            "build-info",
            "ecs-log",
            "ecs-trace",
            "log-archive",
            "sip-calls",
            "sip-filter",
            "sip-pcap",
            "sip-report",
            "sip-scan",
            "sip-stats",
            "this-process",
            "whole-file",
        ],
    ),
    program("backup_ecs", &["build-info", "ecs-backup", "ecs-log"]),
    program("pages", &["backup_ecs", "sipstat_cm"]),
    program("xtask", &[]),
];

/// A crate as its manifest has it.
pub(crate) struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

struct Dependency {
    name: String,
    in_tests_only: bool,
}

impl Package {
    /// Reads what `cargo metadata` says of a package.
    pub(crate) fn of(package: &Value) -> Option<Package> {
        let dependencies = package["dependencies"].as_array()?.iter().map(|dependency| {
            Some(Dependency {
                name: dependency["name"].as_str()?.to_owned(),
                in_tests_only: dependency["kind"] == "dev",
            })
        });
        Some(Package {
            name: package["name"].as_str()?.to_owned(),
            dependencies: dependencies.collect::<Option<_>>()?,
        })
    }
}

/// A line for each crate that is not in the house, and for each dependency that the house forbids.
pub(crate) fn complaints(packages: &[Package], house: &[Room]) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in packages {
        let Some(room) = house.iter().find(|room| room.name == package.name) else {
            complaints.push(format!(
                "{} is not in the table of xtask/tests/design/house.rs",
                package.name
            ));
            continue;
        };
        for Dependency { name, in_tests_only } in &package.dependencies {
            let is_ours = packages.iter().any(|other| other.name == *name);
            let may_be = match room.uses {
                _ if is_ours => room.knows.contains(&name.as_str()),
                Some(uses) if !in_tests_only => uses.contains(&name.as_str()),
                _ => true,
            };
            if !may_be {
                complaints.push(format!("{} must not depend on {name}", package.name));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{HOUSE, Package, Room, complaints, library, program};

    /// `bin` may know `lib`, which may use memchr.
    const SMALL_HOUSE: [Room; 3] = [
        library("lib", &[], &["memchr"]),
        program("bin", &["lib"]),
        library("gone", &[], &[]),
    ];

    fn found(dependencies_of_lib: Value, dependencies_of_bin: Value) -> Vec<String> {
        let package = |name: &str, dependencies| Package::of(&json!({"name": name, "dependencies": dependencies}));
        let packages = [package("lib", dependencies_of_lib), package("bin", dependencies_of_bin)];
        complaints(&packages.map(Option::unwrap), &SMALL_HOUSE)
    }

    #[test]
    fn what_the_house_allows() {
        let lib = json!([{"name": "memchr", "kind": null}, {"name": "insta", "kind": "dev"}]);
        let bin = json!([{"name": "lib", "kind": null}, {"name": "clap", "kind": null}]);
        assert!(found(lib, bin).is_empty());
    }

    #[test]
    fn what_the_house_forbids() {
        let lib = json!([{"name": "clap", "kind": null}, {"name": "cc", "kind": "build"}]);
        assert_eq!(
            found(lib, json!([])),
            ["lib must not depend on clap", "lib must not depend on cc"]
        );
        let arrow_upwards = ["lib must not depend on bin"];
        assert_eq!(found(json!([{"name": "bin", "kind": null}]), json!([])), arrow_upwards);
        assert_eq!(found(json!([{"name": "bin", "kind": "dev"}]), json!([])), arrow_upwards);
    }

    #[test]
    fn a_crate_that_is_not_in_the_table() {
        let package = Package::of(&json!({"name": "new", "dependencies": []})).unwrap();
        let expected = ["new is not in the table of xtask/tests/design/house.rs"];
        assert_eq!(complaints(&[package], &SMALL_HOUSE), expected);
    }

    #[test]
    fn no_arrow_of_the_table_runs_upwards() {
        for (n_above, room) in HOUSE.iter().enumerate() {
            let above: Vec<&str> = HOUSE.iter().take(n_above).map(|room| room.name).collect();
            for known in room.knows {
                assert!(
                    above.contains(known),
                    "{} knows {known}, which stands below it",
                    room.name
                );
            }
        }
    }
}
