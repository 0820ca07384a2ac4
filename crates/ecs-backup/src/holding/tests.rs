//! Holds on small folders: what lies where, and what a kill between two steps leaves.

mod foreign;

use std::fs;
use std::ops::Deref;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::Released;
use crate::error::Error;
use crate::event::{Event, Outcome, Watcher};
use crate::folders::Folders;
use crate::hold::HoldName;
use crate::holds::Keeps;
use crate::plan::Plan;
use crate::survey::Checking;
use crate::testing::{Site, lock, name};

const RANGE: &str = "20170427:084410-20170427:084420";

struct Case(Site);

impl Deref for Case {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.0
    }
}

fn hold_name(name: &str) -> HoldName {
    name.parse().unwrap()
}

impl Case {
    fn new(logs: &[u8]) -> Case {
        Case(Site::new(logs))
    }

    fn carry_out(&self, part: impl FnOnce(Plan) -> Plan) -> Outcome {
        let folders = Folders::prepare(&self.options).unwrap();
        let lock = lock(&folders);
        let plan = part(folders.plan(&self.options, Checking::Newest).unwrap());
        let watcher = Watcher {
            report: &mut |event| {
                if let Event::Failed(error) = event {
                    panic!("{error}");
                }
            },
            is_to_end: &AtomicBool::new(false),
        };
        folders.carry_out(&lock, plan, &self.options, watcher)
    }

    fn run(&self) -> Outcome {
        self.carry_out(|plan| plan)
    }

    /// Only puts it in force, as if it were killed right after that.
    fn begin(&self, hold: &str, range: &str) -> Result<Vec<HoldName>, Error> {
        let folders = Folders::prepare(&self.options).unwrap();
        let lock = lock(&folders);
        folders.hold(&lock, &hold_name(hold), range.parse().unwrap())
    }

    fn hold(&self, hold: &str, range: &str) -> Outcome {
        self.begin(hold, range).unwrap();
        self.carry_out(|plan| plan.of_hold(&hold_name(hold)))
    }

    fn release(&self, hold: &str) -> Result<Released, Error> {
        let folders = Folders::prepare(&self.options).unwrap();
        let lock = lock(&folders);
        folders.release(&lock, &hold_name(hold))
    }

    /// The seconds of the backups in a folder, and numbers behind them that are not 1.
    fn lies(&self, path: &str) -> String {
        let Ok(entries) = fs::read_dir(self.dst(path)) else {
            return "-".to_owned();
        };
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names = Vec::from_iter(names.filter(|name| name.starts_with("20")));
        names.sort();
        Vec::from_iter(
            names
                .iter()
                .map(|name| name.get(14..).unwrap_or_default().trim_end_matches(".log")),
        )
        .join(" ")
    }

    fn content(&self, path: &str, second: u8) -> String {
        fs::read_to_string(self.dst(path).join(name(second))).unwrap()
    }
}

#[test]
fn what_there_is_is_moved_and_what_comes_is_saved_there() {
    let case = Case::new(&[5, 8, 12, 15]);
    case.run();
    case.log(18, "log 18");
    // One is saved there at once; of the others nothing is done.
    case.log(30, "log 30");
    assert_eq!(case.hold("a", RANGE).n_copied, 2);
    assert_eq!(
        (case.lies(""), case.lies("held/a")),
        ("05".into(), "08 12 15 18 30".into())
    );
    case.log(19, "log 19");
    case.log(15, "log 15 goes on");
    case.log(31, "log 31");
    assert_eq!(case.run().n_copied, 3);
    assert_eq!(
        (case.lies(""), case.lies("held/a")),
        ("05 31".into(), "08 12 15 18 19 30".into())
    );
    assert_eq!(case.content("held/a", 15), "log 15 goes on");
    let plan = case.plan();
    assert_eq!(
        (plan.copies().count(), plan.gaps.len(), plan.survey.damaged.len()),
        (0, 0, 0)
    );
    // It is in force already.
    assert_eq!(case.hold("a", RANGE).n_copied, 0);
    assert!(case.begin("a", "20170427").unwrap_err().is_of_hold());
}

#[test]
fn a_lost_state_costs_no_hold() {
    let case = Case::new(&[12, 15, 30]);
    case.run();
    case.hold("a", RANGE);
    for state in crate::names::STATES {
        fs::remove_file(case.dst(state)).unwrap();
    }
    case.log(16, "log 16");
    assert_eq!(case.run().n_copied, 1);
    assert_eq!(
        (case.lies(""), case.lies("held/a")),
        (String::new(), "12 15 16 30".into())
    );
}

#[test]
fn what_a_killed_hold_left_where_it_was_is_known_and_moved_by_the_next_run() {
    let case = Case::new(&[12, 15, 30]);
    case.run();
    case.begin("a", RANGE).unwrap();
    fs::rename(case.dst(&name(12)), case.dst("held/a").join(name(12))).unwrap();
    case.log(15, "log 15 goes on");
    let plan = case.plan();
    assert_eq!((plan.copies().count(), plan.survey.damaged.len()), (1, 0));
    assert_eq!(plan.survey.holds.to_move.len(), 2);
    assert_eq!(case.run().n_copied, 1);
    assert_eq!((case.lies(""), case.lies("held/a")), (String::new(), "12 15 30".into()));
    assert_eq!(case.content("held/a", 15), "log 15 goes on");
}

#[test]
fn a_hold_that_was_killed_before_it_was_in_force_holds_nothing() {
    let case = Case::new(&[12]);
    case.run();
    fs::create_dir_all(case.dst("held/a")).unwrap();
    fs::write(
        case.dst("held/a/.backup_ecs.hold.tmp"),
        "half, and longer than what is written then, by far, I would say",
    )
    .unwrap();
    assert_eq!(case.run().n_copied, 0);
    assert_eq!((case.lies(""), case.lies("held/a")), ("12".into(), String::new()));
    case.hold("a", RANGE);
    assert_eq!((case.lies(""), case.lies("held/a")), (String::new(), "12".into()));
}

#[test]
fn a_hold_that_cannot_be_understood_stays_in_force_until_it_is_named_anew() {
    let case = Case::new(&[12, 30]);
    case.run();
    case.hold("a", RANGE);
    let mut log = "log 12".to_owned();
    for text in ["", "backup_ecs hold 1\norder 1\n", "backup_ecs hold 2\n", "\u{0}"] {
        fs::write(case.dst("held/a/.backup_ecs.hold"), text).unwrap();
        let holds = case.plan().survey.holds;
        let keeps = Vec::from_iter(holds.unknown().map(|hold| hold.keeps));
        assert_eq!(keeps, [Keeps::Unknown], "{text}");
        log.push_str(" goes on");
        case.log(12, &log);
        assert_eq!(case.run().n_copied, 1);
        assert_eq!((case.lies(""), case.lies("held/a")), (String::new(), "12 30".into()));
    }
    case.hold("a", RANGE);
    assert_eq!(case.plan().survey.holds.unknown().count(), 0);
    fs::remove_file(case.dst("held/a/.backup_ecs.hold")).unwrap();
    fs::create_dir(case.dst("held/a/.backup_ecs.hold")).unwrap();
    assert_eq!(case.plan().survey.holds.unknown().count(), 1);
}

#[test]
fn a_release_moves_all_back_and_deletes_nothing() {
    let case = Case::new(&[5, 12, 15, 30]);
    case.run();
    case.hold("a", RANGE);
    // Somebody put another file in the place of one, and one that is no backup into the folder.
    fs::write(case.dst(&name(12)), "other").unwrap();
    fs::write(case.dst("held/a/notes.txt"), "mine").unwrap();
    let released = case.release("a").unwrap();
    assert_eq!((released.moved.len(), released.is_folder_left), (4, true));
    assert_eq!(
        (case.lies(""), case.lies("held/a")),
        ("05 12 12_2 15 30".into(), String::new())
    );
    assert_eq!(
        (case.content("", 12), case.content("", 15)),
        ("other".into(), "log 15".into())
    );
    assert_eq!(case.run().n_copied, 0);
    fs::remove_file(case.dst("held/a/notes.txt")).unwrap();
    assert!(!case.release("a").unwrap().is_folder_left);
    assert!(!case.dst("held").exists());
    assert!(case.release("a").unwrap_err().is_of_hold());
    assert_eq!(case.run().n_copied, 0);
    case.log(12, "log 12 goes on");
    assert_eq!(case.run().n_copied, 1);
    assert_eq!(
        fs::read_to_string(case.dst("2017-0427-084412_2.log")).unwrap(),
        "log 12 goes on"
    );
}

#[test]
fn a_release_that_was_killed_is_finished_by_the_next_and_nothing_comes_back() {
    let case = Case::new(&[12, 15, 30]);
    case.run();
    case.hold("a", RANGE);
    // It got to the first of them.
    fs::remove_file(case.dst("held/a/.backup_ecs.hold")).unwrap();
    fs::rename(case.dst("held/a").join(name(12)), case.dst(&name(12))).unwrap();
    case.log(16, "log 16");
    assert_eq!(case.run().n_copied, 1);
    assert_eq!((case.lies(""), case.lies("held/a")), ("12 16".into(), "15 30".into()));
    case.release("a").unwrap();
    assert_eq!((case.lies(""), case.lies("held")), ("12 15 16 30".into(), "-".into()));
    assert_eq!(case.run().n_copied, 0);
}

#[test]
fn of_two_holds_the_first_has_what_both_hold() {
    let case = Case::new(&[12, 15, 18, 22, 30]);
    case.run();
    case.hold("z", RANGE);
    assert_eq!(
        case.begin("a", "20170427:084415-20170427:084425").unwrap(),
        [hold_name("z")]
    );
    case.run();
    assert_eq!(
        (case.lies("held/z"), case.lies("held/a")),
        ("12 15 18 22".into(), "30".into())
    );
    case.log(16, "log 16");
    case.run();
    assert_eq!(
        (case.lies("held/z"), case.lies("held/a")),
        ("12 15 16 18 22".into(), "30".into())
    );
    // Once the first is released, the other one has it.
    case.release("z").unwrap();
    case.run();
    assert_eq!(
        (case.lies(""), case.lies("held/a")),
        (String::new(), "12 15 16 18 22 30".into())
    );
    assert!(case.begin("b", "20170501").unwrap().is_empty());
}

#[test]
fn a_backup_whose_name_is_taken_in_the_hold_stays_where_it_is() {
    let case = Case::new(&[12, 30]);
    case.run();
    case.hold("a", RANGE);
    fs::write(case.dst(&name(12)), "other").unwrap();
    assert_eq!(case.run().n_copied, 0);
    assert_eq!(
        (case.content("", 12), case.content("held/a", 12)),
        ("other".into(), "log 12".into())
    );
}
