//! The same logs say the same in every form in which they may arrive.

use std::path::PathBuf;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use zip::CompressionMethod;

use crate::harness::{Run, Said, TestDir, gzip, sipstat};
use crate::jobs::{Random, log_name, traffic};
use crate::wrap::{Named, tar, tar_gz, zip, zip_from_a_pipe};

/// A way to give logs to the program.
enum Input {
    Path(PathBuf),
    Stdin(Vec<u8>),
}

impl Input {
    fn add_to(&self, run: Run) -> Run {
        match self {
            Input::Path(path) => run.arg(path),
            Input::Stdin(content) => run.arg("-").stdin(content.clone()),
        }
    }
}

/// The logs in a folder of their own.
fn folder(dir: &TestDir, name: &str, logs: &[Named]) -> Input {
    for (log, content) in logs {
        dir.file(format!("{name}/{log}"), content);
    }
    Input::Path(dir.folder(name))
}

/// Every other log compressed, under the name that it then has.
fn packed(logs: &[Named]) -> Vec<Named> {
    let pack = |(n, (name, content)): (usize, &Named)| match n % 2 {
        0 => (format!("{name}.gz"), gzip(content)),
        _ => (name.clone(), content.clone()),
    };
    logs.iter().enumerate().map(pack).collect()
}

/// Deep in an archive, and in any order, as GNU tar takes the files of a folder.
fn shuffled(logs: &[Named], random: &mut Random) -> Vec<Named> {
    let in_folder = |(name, content): &Named| (format!("var/log/ecs/{name}"), content.clone());
    let mut logs: Vec<Named> = logs.iter().map(in_folder).collect();
    for n in (1..logs.len()).rev() {
        logs.swap(n, usize::try_from(random.below(n as u64 + 1)).unwrap());
    }
    logs
}

/// Every form, with its name.
fn forms(dir: &TestDir, logs: &[Named], random: &mut Random) -> Vec<(&'static str, Input)> {
    let mixed = shuffled(logs, random);
    let mixed_packed = shuffled(&packed(logs), random);
    let mut forms = vec![
        ("a folder of gzips", folder(dir, "packed", &packed(logs))),
        (
            "a zip from a pipe, in a pipe",
            Input::Stdin(zip_from_a_pipe(&mixed, CompressionMethod::Deflated)),
        ),
    ];
    for (name, bytes) in [
        ("a tar", tar(&mixed)),
        ("a tar of gzips", tar(&mixed_packed)),
        ("a tar.gz", tar_gz(&mixed)),
        ("a tar.gz of gzips", tar_gz(&mixed_packed)),
        ("a zip", zip(&mixed)),
        ("a zip of gzips", zip(&mixed_packed)),
        ("a zip in a gzip", gzip(zip(&mixed))),
    ] {
        // Content tells what it is.
        forms.push((name, Input::Path(dir.file(name, &bytes))));
        forms.push((name, Input::Stdin(bytes)));
    }
    let stored = zip_from_a_pipe(&mixed, CompressionMethod::Stored);
    forms.push(("a stored zip from a pipe", Input::Path(dir.file("stored", stored))));
    forms
}

/// Runs with all forms of the logs; all must say what the folder says.
#[track_caller]
fn check(logs: &[Named], options: &[&str], status: i32) -> Said {
    let dir = TestDir::new();
    let run = || sipstat().args(options);
    let expected = folder(&dir, "plain", logs).add_to(run().arg("-j1")).exits(status);
    for (name, input) in forms(&dir, logs, &mut Random(5)) {
        for jobs in ["-j1", "-j2"] {
            let said = input.add_to(run().arg(jobs)).exits(status);
            assert_eq!(said.stderr, expected.stderr, "{name} {jobs}");
            assert!(
                said.stdout == expected.stdout,
                "{name} {jobs}\n{}\n{}",
                said.stdout,
                expected.stdout
            );
        }
    }
    expected
}

/// Cuts one log into many, at these parts of a thousand.
fn cut(content: &[u8], cuts: &[usize]) -> Vec<Named> {
    let mut cuts = cuts.to_vec();
    cuts.sort_unstable();
    let mut begin = 0;
    let ends = cuts.iter().map(|cut| content.len() * cut / 1000).chain([content.len()]);
    ends.enumerate()
        .map(|(n, end)| (log_name(n), content[std::mem::replace(&mut begin, end)..end].to_vec()))
        .collect()
}

#[test]
fn many_logs() {
    let content = traffic(&mut Random(3), 60).concat();
    let cuts: Vec<usize> = (1..60).map(|n| n * 1000 / 60).collect();
    let logs = cut(content.as_bytes(), &cuts);
    let all = &["--requests=ALL", "--responses=ALL", "-iSEC"][..];
    let said = check(&logs, all, 0);
    assert!(said.stderr.contains(" records damaged: "), "{}", said.stderr);
    let last = check(&logs, &[all, &["-n7"]].concat(), 0);
    assert!(last.stdout.len() < said.stdout.len() / 4);
    let range = check(&logs, &[all, &["-t20170427:080010-20170427:080020"]].concat(), 0);
    assert_eq!(crate::tables::windows(&range.stdout).len(), 11);
    check(&logs, &[all, &["-n3", "-t20170427:080010-20170427:080020"]].concat(), 0);
}

proptest! {
    // Each case runs the program some 40 times.
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn logs_cut_anywhere(seed in any::<u64>(), cuts in vec(0..1000usize, 0..12), seconds in 1..6u64) {
        let content = traffic(&mut Random(seed), seconds).concat();
        check(&cut(content.as_bytes(), &cuts), &["--requests=ALL", "--responses=ALL", "-iSEC"], 0);
    }

    #[test]
    fn logs_named_in_any_order_whatever_happened_to_them(
        (seed, cuts) in (any::<u64>(), vec(0..1000usize, 1..6)),
        harms in vec((any::<Index>(), any::<Index>(), prop_oneof![Just(None), any::<u8>().prop_map(Some)]), 0..4),
        order in any::<u64>(),
    ) {
        let mut logs = cut(traffic(&mut Random(seed), 4).concat().as_bytes(), &cuts);
        for (log, at, byte) in harms {
            let (_, content) = log.get_mut(&mut logs);
            match (content.len(), byte) {
                (0, _) => {}
                // A byte becomes another one, or all behind a place is missing.
                (length, Some(byte)) => content[at.index(length)] = byte,
                (length, None) => content.truncate(at.index(length)),
            }
        }
        let dir = TestDir::new();
        let run = |logs: &[Named]| {
            let paths: Vec<PathBuf> = logs.iter().map(|(name, content)| dir.file(name, content)).collect();
            sipstat().args(["--requests=ALL", "--responses=ALL", "-iSEC"]).args(paths).command().output().unwrap()
        };
        let expected = run(&logs);
        let mut random = Random(order);
        for n in (1..logs.len()).rev() {
            logs.swap(n, usize::try_from(random.below(n as u64 + 1)).unwrap());
        }
        prop_assert_eq!(run(&logs), expected);
    }
}
