//! Whole runs on small folders, with what they report.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use crate::event::{Event, Outcome};
use crate::folders::Folders;
use crate::options::{Form, Options, Percent};
use crate::plan::{Plan, plan};
use crate::survey::Checking;

struct Case {
    root: TempDir,
    options: Options,
}

impl Case {
    /// With logs of these seconds, the last of which is being written.
    fn new(logs: &[u8]) -> Case {
        let root = TempDir::new().unwrap();
        let (source, destination) = (root.path().join("src"), root.path().join("dst"));
        fs::create_dir(&source).unwrap();
        fs::create_dir(&destination).unwrap();
        for second in logs {
            fs::write(source.join(name(*second)), format!("log {second}")).unwrap();
        }
        let options = Options {
            source,
            destination,
            files: "20*".parse().unwrap(),
            max_use: Percent::new(100).unwrap(),
            form: Form::Plain,
            keep_min: 1,
        };
        Case { root, options }
    }

    fn dst(&self, name: &str) -> PathBuf {
        self.root.path().join("dst").join(name)
    }

    fn backup(&self, second: u8, content: &str) {
        fs::write(self.dst(&name(second)), content).unwrap();
    }

    /// Something under the final name that can be neither replaced nor deleted.
    fn block(&self, second: u8) {
        fs::create_dir_all(self.dst(&name(second)).join("x")).unwrap();
    }

    fn run(&self) -> Ran {
        self.run_after(|_| {})
    }

    /// Lets something happen between the plan and the run.
    fn run_after(&self, meanwhile: impl FnOnce(&Plan)) -> Ran {
        let folders = Folders::prepare(&self.options).unwrap();
        let lock = folders.lock(Duration::ZERO).unwrap().unwrap();
        let plan = plan(folders.survey(&self.options, Checking::Newest).unwrap(), &self.options);
        meanwhile(&plan);
        let mut said = Vec::new();
        let outcome = folders.carry_out(&lock, plan, &self.options, &mut |event| said.push(word(&event)));
        Ran { said, outcome }
    }

    /// What is in the folder of backups, without the lock.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root.path().join("dst")).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.retain(|name| name != ".backup_ecs.lock");
        names.sort();
        names
    }
}

struct Ran {
    said: Vec<String>,
    outcome: Outcome,
}

fn name(second: u8) -> String {
    format!("2017-0427-0844{second:02}.log")
}

/// What happened, and to the log of which second.
fn word(event: &Event<'_>) -> String {
    match event {
        Event::Copied {
            file, read, written, ..
        } => {
            format!("copied {} {read} {written}", file.name.begun().second())
        }
        Event::Pruned { backup, .. } => format!("pruned {}", backup.name.begun().second()),
        Event::Vanished(log) => format!("vanished {}", log.name.begun().second()),
        Event::TooOld(log) => format!("too old {}", log.name.begun().second()),
        Event::Failed(error) => format!("failed {}", error.path().file_name().unwrap().display()),
    }
}

#[test]
fn all_is_saved_oldest_first_and_counted() {
    let case = Case::new(&[1, 2, 10, 11]);
    let ran = case.run();
    assert_eq!(ran.said, ["copied 1 5 5", "copied 2 5 5", "copied 10 6 6"]);
    assert_eq!(
        ran.outcome,
        Outcome {
            n_copied: 3,
            read: 16,
            written: 16,
            percent: ran.outcome.percent,
            ..Outcome::default()
        }
    );
    assert!(ran.outcome.percent.is_some());
    assert_eq!(
        case.files(),
        [".2017-0427-084411.log.unsaved".into(), name(1), name(2), name(10)]
    );
    assert!(case.run().said.is_empty());
}

#[test]
fn a_log_that_fails_in_a_batch_is_told_once_and_the_others_are_saved_in_order() {
    let case = Case::new(&[1, 2, 3, 4, 5, 6, 7]);
    case.block(3);
    case.block(5);
    let ran = case.run();
    let expected = [
        "copied 1 5 5",
        "copied 2 5 5",
        &format!("failed {}", name(3)),
        "copied 4 5 5",
        &format!("failed {}", name(5)),
        "copied 6 5 5",
    ];
    assert_eq!(ran.said, expected);
    assert_eq!((ran.outcome.n_copied, ran.outcome.n_failed), (4, 2));
    assert!(!case.files().iter().any(|name| name.ends_with(".tmp")));
}

#[test]
fn a_log_older_than_all_backups_that_fails_is_noted_and_tried_again() {
    let case = Case::new(&[1, 2, 3]);
    case.block(1);
    assert_eq!(case.run().said, [format!("failed {}", name(1)), "copied 2 5 5".into()]);
    assert!(case.files().contains(&format!(".{}.unsaved", name(1))));
    fs::remove_dir_all(case.dst(&name(1))).unwrap();
    assert_eq!(case.run().said, ["copied 1 5 5"]);
    assert!(!case.files().contains(&format!(".{}.unsaved", name(1))));
}

#[test]
fn a_log_that_is_gone_is_told_and_the_others_are_saved() {
    let case = Case::new(&[1, 2, 3, 4]);
    let ran = case.run_after(|_| fs::remove_file(case.options.source.join(name(2))).unwrap());
    assert_eq!(ran.said, ["copied 1 5 5", "vanished 2", "copied 3 5 5"]);
    assert_eq!(ran.outcome.n_failed, 1);
}

#[test]
fn a_damaged_backup_is_replaced_whatever_its_form() {
    let mut case = Case::new(&[1, 2]);
    case.backup(1, "lo");
    case.options.form = Form::Gzip(crate::options::Level::default());
    let ran = case.run();
    assert_eq!((ran.outcome.n_copied, ran.outcome.n_failed), (1, 0));
    let packed = format!("{}.gz", name(1));
    assert!(case.files().contains(&packed) && !case.files().contains(&name(1)));
}

#[test]
fn what_a_killed_run_left_is_removed() {
    let case = Case::new(&[1]);
    let stale = format!(".{}.4711-0.tmp", name(1));
    fs::write(case.dst(&stale), "half").unwrap();
    assert!(case.run().said.is_empty());
    assert!(!case.files().contains(&stale));
    // It cannot be removed: that is told, and counts.
    fs::write(case.dst(&stale), "half").unwrap();
    let ran = case.run_after(|_| {
        fs::remove_file(case.dst(&stale)).unwrap();
        fs::create_dir(case.dst(&stale)).unwrap();
    });
    assert_eq!((ran.said, ran.outcome.n_failed), (vec![format!("failed {stale}")], 1));
}

#[test]
fn above_the_limit_the_oldest_go_down_to_those_that_must_stay() {
    let mut case = Case::new(&[8, 9]);
    (1..5).for_each(|second| case.backup(second, "log"));
    // Every partition that a test runs on is as full as that.
    case.options.max_use = Percent::new(1).unwrap();
    case.options.keep_min = 2;
    let ran = case.run();
    assert_eq!(ran.said, ["pruned 1", "pruned 2", "failed dst"]);
    assert_eq!((ran.outcome.n_pruned, ran.outcome.n_failed), (2, 1));
}
