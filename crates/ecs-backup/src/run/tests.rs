//! Whole runs on small folders, with what they report.

mod lost;
mod state;

use std::fs;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};

use ecs_log::LogName;

use crate::event::{Event, Outcome, Watcher};
use crate::folder::Folder;
use crate::folders::Folders;
use crate::gap::{Gap, GapBegin, GapEnd};
use crate::history::{LastRun, RunEnd};
use crate::names::STATES;
use crate::notices::HowFar;
use crate::options::Form;
use crate::plan::Plan;
use crate::state_file::{self, Place};
use crate::survey::Checking;
use crate::testing::{NOW, Site, lock, name};

struct Case {
    site: Site,
    /// The run is asked to end as soon as it tells anything.
    ends_early: bool,
    /// What it tells at its end cannot be written.
    is_unheard: bool,
}

impl Deref for Case {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

impl Case {
    /// With logs of these seconds.
    fn new(logs: &[u8]) -> Case {
        let site = Site::new(logs);
        fs::create_dir(&site.options.destination).unwrap();
        Case {
            site,
            ends_early: false,
            is_unheard: false,
        }
    }

    fn backup(&self, second: u8, content: &str) {
        fs::write(self.dst(&name(second)), content).unwrap();
    }

    /// Something under the final name that can be neither replaced nor deleted.
    fn block(&self, second: u8) {
        fs::create_dir_all(self.dst(&name(second)).join("x")).unwrap();
    }

    fn contents(&self) -> Vec<String> {
        let mut contents = Vec::new();
        for name in self.files() {
            contents.push(fs::read_to_string(self.dst(&name)).unwrap());
        }
        contents
    }

    fn copy_states(&self, end: &str) {
        for state in STATES {
            fs::copy(self.dst(state), self.root.path().join(format!("{state}.{end}"))).unwrap();
        }
    }

    fn restore_states(&self, end: &str) {
        for state in STATES {
            fs::copy(self.root.path().join(format!("{state}.{end}")), self.dst(state)).unwrap();
        }
    }

    fn run(&self) -> Ran {
        self.run_after(|_| {})
    }

    /// Lets something happen between the plan and the run.
    fn run_after(&self, meanwhile: impl FnOnce(&Plan)) -> Ran {
        let folders = Folders::prepare(&self.options).unwrap();
        let lock = lock(&folders);
        let plan = folders.plan(&self.options, Checking::Newest).unwrap();
        meanwhile(&plan);
        let (mut said, mut ended) = (Vec::new(), None);
        let is_to_end = AtomicBool::new(false);
        let watcher = Watcher {
            report: &mut |event| {
                if let Event::Ends { how_far, is_told, .. } = event {
                    *is_told = !self.is_unheard;
                    return ended = Some(how_far);
                }
                said.push(word(&event));
                is_to_end.store(self.ends_early, Ordering::Relaxed);
            },
            is_to_end: &is_to_end,
        };
        let outcome = folders.carry_out(&lock, plan, &self.options, watcher);
        Ran { said, outcome, ended }
    }

    /// What is in the folder of backups, without lock and state.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root.path().join("dst")).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.retain(|name| !name.starts_with(".backup_ecs."));
        names.sort();
        names
    }
}

struct Ran {
    said: Vec<String>,
    outcome: Outcome,
    ended: Option<HowFar>,
}

/// What happened, and to the log of which second.
fn word(event: &Event<'_>) -> String {
    match event {
        Event::Copied {
            file, read, written, ..
        } => {
            let number = file.name.number();
            let number = if number > 1 {
                format!("_{number}")
            } else {
                String::new()
            };
            format!("copied {}{number} {read} {written}", file.name.begun().second())
        }
        Event::Pruned { backup, .. } => format!("pruned {}", backup.name.begun().second()),
        Event::Held { file, hold } => format!("held {} {hold}", file.name.begun().second()),
        Event::Vanished(log) => format!("vanished {}", log.name.begun().second()),
        Event::Lost(gap) => format!("lost {gap}"),
        Event::NoFreeRoom(log) => format!("no free room {}", log.name.begun().second()),
        Event::GoneAgain { n, .. } => format!("{n} gone again"),
        Event::Ends { .. } => unreachable!("it is passed over"),
        Event::Failed(error) => format!("failed {}", error.path().file_name().unwrap().display()),
    }
}

#[test]
fn all_is_saved_oldest_first_and_counted() {
    let case = Case::new(&[1, 2, 10]);
    let ran = case.run();
    assert_eq!(ran.said, ["copied 1 5 5", "copied 2 5 5", "copied 10 6 6"]);
    assert_eq!(ran.ended, Some(HowFar::Saved));
    assert_eq!(case.run().ended, Some(HowFar::Looked));
    let expected = Outcome {
        n_copied: 3,
        read: 16,
        written: 16,
        percent: ran.outcome.percent,
        ..Outcome::default()
    };
    assert_eq!(ran.outcome, expected);
    assert!(ran.outcome.percent.is_some());
    assert_eq!(case.files(), [name(1), name(2), name(10)]);
    assert!(case.run().said.is_empty());
}

#[test]
fn a_log_that_fails_in_a_batch_is_told_once_and_the_others_are_saved_in_order() {
    let case = Case::new(&[1, 2, 3, 4, 5, 6]);
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
    fs::remove_dir_all(case.dst(&name(3))).unwrap();
    assert_eq!(
        case.run().said,
        ["copied 3 5 5".to_owned(), format!("failed {}", name(5))]
    );
}

#[test]
fn a_log_that_is_gone_is_told_once_and_the_others_are_saved() {
    let case = Case::new(&[1, 2, 3]);
    let ran = case.run_after(|_| fs::remove_file(case.options.source.join(name(2))).unwrap());
    let lost = "lost from 2017-04-27 08:44:02 to 2017-04-27 08:44:03";
    assert_eq!(ran.said, ["copied 1 5 5", "vanished 2", "copied 3 5 5", lost]);
    assert_eq!(ran.outcome.n_failed, 1);
    assert!(case.plan().gaps.is_empty());
}

#[test]
fn a_backup_is_replaced_whatever_its_form_by_a_log_that_holds_all_of_it() {
    let mut case = Case::new(&[1]);
    case.backup(1, "lo");
    case.site.options.form = Form::Gzip(crate::options::Level::default());
    let ran = case.run();
    assert_eq!((ran.outcome.n_copied, ran.outcome.n_failed), (1, 0));
    assert_eq!(case.files(), [format!("{}.gz", name(1))]);
}

#[test]
fn what_another_log_left_is_kept_and_each_gets_a_name_of_its_own() {
    let case = Case::new(&[1]);
    case.backup(1, "other");
    for content in ["log 1", "log two", "third"] {
        case.log(1, content);
        case.run();
    }
    assert_eq!(case.contents(), ["other", "log 1", "log two", "third"]);
    assert!(case.run().said.is_empty());
    // The one that it is now goes on.
    case.log(1, "third goes on");
    assert_eq!(case.run().said, ["copied 1_4 13 13"]);
    assert_eq!(case.contents(), ["other", "log 1", "log two", "third goes on"]);
}

#[test]
fn a_backup_that_appears_meanwhile_is_kept() {
    let case = Case::new(&[1, 2]);
    let ran = case.run_after(|_| case.backup(1, "somebody's"));
    assert_eq!(ran.said, ["copied 1_2 5 5", "copied 2 5 5"]);
    assert_eq!(case.contents(), ["somebody's", "log 1", "log 2"]);
    assert!(case.run().said.is_empty());
}

#[test]
fn a_log_that_was_emptied_or_cut_leaves_its_backup_as_it_is() {
    let case = Case::new(&[1, 2]);
    case.run();
    case.log(1, "");
    case.log(2, "lo");
    for shrunk in [0, 2, 0] {
        assert_eq!(case.plan().shrunk.len(), shrunk);
        assert!(case.run().said.is_empty());
        assert_eq!(case.contents(), ["log 1", "log 2"]);
    }
    case.log(2, "log 2 goes on");
    assert_eq!(case.run().said, ["copied 2 13 13"]);
}

#[test]
fn a_backup_that_somebody_removed_comes_back_where_there_is_room() {
    let case = Case::new(&[1, 2]);
    case.run();
    fs::remove_file(case.dst(&name(1))).unwrap();
    assert_eq!(case.run().said, ["copied 1 5 5"]);
}

#[test]
fn a_run_that_is_asked_to_end_makes_sure_what_it_copied_and_the_next_does_the_rest() {
    let mut case = Case::new(&Vec::from_iter(1..=50));
    case.ends_early = true;
    // The first batch is told, and then no other log is begun.
    let ran = case.run();
    assert_eq!(ran.ended, Some(HowFar::NotToEnd));
    let saved = ran.said.len();
    assert!((1..50).contains(&saved), "{saved}");
    assert_eq!(case.files().len(), saved);
    case.ends_early = false;
    assert_eq!(case.run().said.len(), 50 - saved);
    assert_eq!(case.files().len(), 50);
    assert!(case.plan().gaps.is_empty());
}
