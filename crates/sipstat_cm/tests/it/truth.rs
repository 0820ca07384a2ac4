//! Every truth file of the test data against what the program prints.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Said, logs_in, sipstat, testdata};
use crate::tables::{Cells, cells};

/// Damage by reason: all, and of these the counted.
type Damages = BTreeMap<String, (u64, u64)>;

/// What a right reader finds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Truth {
    cells: Cells,
    damages: Damages,
}

impl Truth {
    fn read(path: &Path) -> Truth {
        let mut truth = Truth::default();
        for line in fs::read_to_string(path).unwrap().lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match *words.as_slice() {
                [] | ["#", ..] => {}
                ["damaged", count, ref reason @ ..] => truth.add_damage(count.parse().unwrap(), &reason.join(" ")),
                [second, link, side, kind, _method, count] => {
                    let side = if side == "IN" { "IN" } else { "OUT" };
                    let key = (second.to_owned(), link.to_owned(), kind.to_owned(), side);
                    *truth.cells.entry(key).or_default() += count.parse::<u64>().unwrap();
                }
                _ => panic!("{}: {line}", path.display()),
            }
        }
        truth
    }

    fn add_damage(&mut self, count: u64, reason: &str) {
        let counted = reason.strip_suffix(" counted");
        let damage = self.damages.entry(counted.unwrap_or(reason).to_owned()).or_default();
        damage.0 += count;
        if counted.is_some() {
            damage.1 += count;
        }
    }

    fn of(said: &Said) -> Truth {
        Truth {
            cells: cells(&said.stdout),
            damages: damages(&said.stderr),
        }
    }
}

/// Reads `sipstat_cm: 3 of 9 records damaged: 2 no hex (1 of them counted), 1 no CSeq`.
fn damages(stderr: &str) -> Damages {
    let line = stderr.lines().find_map(|line| line.split_once(" records damaged: "));
    let mut damages = Damages::new();
    for part in line.iter().flat_map(|(_, list)| list.split(", ")) {
        let part = part.split("; ").next().unwrap();
        let (count, reason) = part.split_once(' ').unwrap();
        let reason = ["run of ", "runs of "]
            .iter()
            .find_map(|run| reason.strip_prefix(run))
            .unwrap_or(reason);
        let (reason, counted) = reason.split_once(" (").unwrap_or((reason, "0"));
        let counted = counted.trim_end_matches(" of them counted)").parse().unwrap();
        damages.insert(reason.to_owned(), (count.parse().unwrap(), counted));
    }
    if let Some((head, _)) = line {
        let total = head.split_whitespace().nth(1).unwrap();
        let sum: u64 = damages.values().map(|(all, _)| all).sum();
        assert_eq!(total, sum.to_string(), "{stderr}");
    }
    damages
}

/// The truth files below `folder`.
pub(crate) fn truth_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(truth_files(&path));
        } else if path.ends_with("TRUTH") || path.extension().is_some_and(|end| end == "truth") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// How many truth files there are, so that none is passed over.
const TRUTHS: usize = 40;

#[test]
fn each_log_holds_what_its_truth_says() {
    let files = truth_files(&testdata(""));
    assert_eq!(files.len(), TRUTHS);
    let wrong: Vec<String> = files.iter().filter_map(|path| check(path).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files in a folder but for its truth.
fn archives_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| !path.ends_with("TRUTH")).collect()
}

/// The logs that a truth file belongs to.
pub(crate) fn inputs_of(path: &Path) -> Vec<PathBuf> {
    if path.ends_with("TRUTH") {
        let folder = path.parent().unwrap();
        let logs = logs_in(folder);
        if logs.is_empty() { archives_in(folder) } else { logs }
    } else {
        ["log", "M"]
            .map(|end| path.with_extension(end))
            .into_iter()
            .filter(|path| path.exists())
            .collect()
    }
}

/// Runs the program on the logs that a truth file belongs to.
fn check(path: &Path) -> Result<(), String> {
    let (folder, inputs) = (path.parent().unwrap(), inputs_of(path));
    let is_cut_short = folder.ends_with("cut-short");
    let run = sipstat().args(["--requests=ALL", "--responses=ALL", "-i", "SEC"]);
    let said = run.args(inputs).exits(i32::from(is_cut_short));
    let (truth, found) = (Truth::read(path), Truth::of(&said));
    if truth.damages.is_empty() != said.stderr.is_empty() && !is_cut_short || truth != found {
        return Err(format!(
            "{}\n{truth:?}, found\n{found:?}\n{}",
            path.display(),
            said.stderr
        ));
    }
    Ok(())
}

#[test]
fn longer_windows_hold_the_sums_of_seconds() {
    let truth = Truth::read(&testdata("rules/windows/TRUTH"));
    for (interval, length) in [("TENSEC", 14), ("MIN", 13), ("TENMIN", 12), ("HOUR", 11), ("DAY", 8)] {
        let mut sums = Cells::new();
        for ((second, link, kind, side), count) in &truth.cells {
            let key = (second[..length].to_owned(), link.clone(), kind.clone(), *side);
            *sums.entry(key).or_default() += count;
        }
        let run = sipstat().args(["--requests=ALL", "--responses=ALL", "-i", interval]);
        let said = run.arg(testdata("rules/windows")).success();
        assert_eq!(cells(&said.stdout), sums, "{interval}");
    }
}
