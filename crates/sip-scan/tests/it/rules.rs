//! The test data against its truth files; folders with compressed logs are left to the crate that reads those.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sip_scan::{Damage, Direction, Method, StartLine};

use crate::items::{Owned, scan, scan_files, scan_side_by_side};

/// A truth file and its logs, in the order of their names.
struct Case {
    truth: PathBuf,
    logs: Vec<Vec<u8>>,
}

impl Case {
    fn check(&self, items: &[Owned]) {
        let truth = fs::read_to_string(&self.truth).unwrap();
        let truth: Vec<&str> = truth.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(rows(items), truth, "{}", self.truth.display());
    }
}

#[test]
fn logs_are_read_as_their_truth_says() {
    let (cases, compressed) = cases();
    for case in &cases {
        match &case.logs[..] {
            [log] => case.check(&scan([log.as_slice()])),
            logs => {
                let files: Vec<&[u8]> = logs.iter().map(Vec::as_slice).collect();
                case.check(&scan_files(&files, 128 << 10));
            }
        }
    }
    assert_eq!((cases.len(), compressed), (29, 6), "truth files");
}

#[test]
fn logs_side_by_side_are_read_as_their_truth_says() {
    let (cases, _) = cases();
    let mut count = 0;
    for case in cases.iter().filter(|case| case.logs.len() > 1) {
        let files: Vec<&[u8]> = case.logs.iter().map(Vec::as_slice).collect();
        case.check(&scan_side_by_side(&files, 4 << 10));
        count += 1;
    }
    assert_eq!(count, 3, "truth files");
}

/// The cases whose logs are plain, and how many have compressed ones.
fn cases() -> (Vec<Case>, usize) {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let mut folders = vec![testdata];
    let (mut cases, mut compressed) = (Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        let mut paths: Vec<PathBuf> = entries(&folder);
        paths.sort();
        // To open archives is another crate's job.
        folders.extend(
            paths
                .iter()
                .filter(|path| path.is_dir() && !path.ends_with("archives"))
                .cloned(),
        );
        let is_log = |path: &&PathBuf| [".log", ".gz"].iter().any(|end| path.to_string_lossy().ends_with(end));
        let logs: Vec<&PathBuf> = paths.iter().filter(is_log).collect();
        for truth in &paths {
            let own: Vec<Vec<u8>> = if truth.ends_with("TRUTH") {
                logs.iter().map(|path| read(path)).collect()
            } else if truth.extension().is_some_and(|extension| extension == "truth") {
                let of_truth = |path: &&PathBuf| path.file_stem() == truth.file_stem() && *path != truth;
                paths.iter().filter(of_truth).map(|path| read(path)).collect()
            } else {
                continue;
            };
            if own.iter().any(|log| log.starts_with(&[0x1f, 0x8b])) {
                compressed += 1;
            } else {
                cases.push(Case {
                    truth: truth.clone(),
                    logs: own,
                });
            }
        }
    }
    (cases, compressed)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rows of a truth file that `items` come to.
fn rows(items: &[Owned]) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut damages: BTreeMap<String, usize> = BTreeMap::new();
    for item in items {
        let cell = cell(item);
        if let Some(damage) = item.damage() {
            let counted = if cell.is_some() { " counted" } else { "" };
            *damages.entry(format!("{damage}{counted}")).or_default() += 1;
        }
        if let Some(cell) = cell {
            *counts.entry(cell).or_default() += 1;
        }
    }
    let counts = counts.iter().map(|(cell, count)| format!("{cell} {count}"));
    let damages = damages
        .iter()
        .map(|(reason, count)| format!("damaged {count} {reason}"));
    counts.chain(damages).collect()
}

/// Where a message counts, with all requests and the responses 1 to 6.
fn cell(item: &Owned) -> Option<String> {
    let Owned::Message {
        stamp,
        direction,
        source,
        destination,
        start_line,
        cseq,
        to_tag,
        ..
    } = item
    else {
        return None;
    };
    let (kind, port) = match start_line {
        StartLine::Request(method) if *to_tag => (format!("Re{}", name(*method)), destination.port()),
        StartLine::Request(method) => (name(*method), destination.port()),
        StartLine::Response(code @ 100..700) => (code.to_string(), source.port()),
        StartLine::Response(_) => return None,
    };
    let mut ends = [source.ip(), destination.ip()];
    ends.sort();
    let [low, high] = ends;
    let direction = match direction {
        Direction::In => "IN",
        Direction::Out => "OUT",
    };
    let method = name(*cseq);
    Some(format!(
        "{} {low}<-{port}->{high} {direction} {kind} {method}",
        &stamp[..15]
    ))
}

/// The name of a method that a list can name.
fn name(method: Method) -> String {
    match method {
        Method::Other => "other".to_owned(),
        method => format!("{method:?}").to_uppercase(),
    }
}

#[test]
fn every_damage_has_a_reason_of_its_own() {
    let mut reasons: Vec<String> = Damage::ALL.iter().map(Damage::to_string).collect();
    reasons.sort();
    reasons.dedup();
    assert_eq!(reasons.len(), Damage::ALL.len());
}
