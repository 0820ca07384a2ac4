//! What is told, shown and answered, without a process.

mod at_work;

use std::cell::Cell;
use std::fs;
use std::ops::Deref;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::{Audience, End, Manner, Operator, Request};
use crate::folders::Folders;
use crate::names::LOCK;
use crate::notices::Reader;
use crate::survey::Checking;
use crate::testing::{NOW, Site, lock, name};

const RANGE: &str = "20170427:084410-20170427:084420";

/// At a terminal.
const PERSON: Manner = Manner {
    reader: Reader::Terminal,
    is_verbose: false,
    is_dry_run: false,
    checking: Checking::Newest,
    wait: Duration::ZERO,
};
const DRY: Manner = Manner {
    is_dry_run: true,
    ..PERSON
};
const MAIL: Manner = Manner {
    reader: Reader::Mail,
    ..PERSON
};
const LOG: Manner = Manner {
    reader: Reader::Log,
    is_verbose: true,
    ..PERSON
};

/// Writes down what it hears.
#[derive(Default)]
struct Ear {
    heard: String,
    is_closed: bool,
}

impl Audience for Ear {
    fn tell(&mut self, line: &str) -> bool {
        self.heard.push_str(&format!("! {line}\n"));
        !self.is_closed
    }

    fn show(&mut self, text: &str) {
        self.heard.push_str(text);
    }

    fn answer(&mut self, text: &str) -> bool {
        self.heard.push_str(text);
        !self.is_closed
    }
}

struct Case {
    site: Site,
}

impl Deref for Case {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

impl Case {
    /// With logs of these seconds, which are saved.
    fn saved(logs: &[u8]) -> Case {
        let case = Case { site: Site::new(logs) };
        assert_eq!(case.run(MAIL, Request::BackUp).0, End::Well);
        case
    }

    fn ask(&self, manner: Manner, request: &Request, ear: &mut Ear) -> End {
        let has_begun = Cell::new(false);
        let is_to_end = AtomicBool::new(false);
        let operator = Operator {
            options: &self.options,
            manner,
            audience: ear,
            begin: &|| {
                has_begun.set(true);
                &is_to_end
            },
        };
        let end = operator.run(request);
        assert!(!has_begun.get() || !manner.is_dry_run && !matches!(end, End::Refused | End::Locked));
        end
    }

    /// How it ends, and what is said, with the folders as `SRC` and `DST`.
    fn run(&self, manner: Manner, request: Request) -> (End, String) {
        let mut ear = Ear::default();
        let end = self.ask(manner, &request, &mut ear);
        let root = self.root.path().to_str().unwrap();
        let heard = ear.heard.replace(&format!("{root}/src"), "SRC");
        (end, heard.replace(&format!("{root}/dst"), "DST"))
    }

    fn said(&self, manner: Manner, request: Request) -> String {
        let (end, heard) = self.run(manner, request);
        format!("{end:?}\n{heard}")
    }

    /// The seconds of the backups in a folder.
    fn lies(&self, path: &str) -> Vec<String> {
        let entries = fs::read_dir(self.dst(path)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names = Vec::from_iter(names.filter(|name| name.starts_with("20")));
        names.sort();
        names
    }
}

fn hold(range: &str, name: &str) -> Request {
    Request::Hold {
        range: range.parse().unwrap(),
        name: name.parse().unwrap(),
    }
}

fn release(name: &str) -> Request {
    let name = name.parse().unwrap();
    Request::Release { name }
}

#[test]
fn a_dry_run_of_a_release_says_what_would_go_back_and_changes_nothing() {
    let case = Case::saved(&[1, 12, 15, 30]);
    case.run(PERSON, hold(RANGE, "a"));
    fs::write(case.dst(&name(12)), "another").unwrap();
    let before = case.lies("held/a");
    insta::assert_snapshot!(case.said(DRY, release("a")), @"
    Well
    move held/a/2017-0427-084401.log back
    move held/a/2017-0427-084412.log back as 2017-0427-084412_2.log, since there is another of this name
    move held/a/2017-0427-084415.log back
    move held/a/2017-0427-084430.log back
    ");
    assert_eq!((case.lies("held/a"), case.lies("").len()), (before, 1));
    insta::assert_snapshot!(case.said(PERSON, release("a")), @"
    Well
    ! DST/held/a/2017-0427-084412.log: there is another backup of this name; it is 2017-0427-084412_2.log now
    DST/held/a: 4 backups moved back from there
    ");
    assert_eq!(case.lies("").len(), 5);
    insta::assert_snapshot!(case.said(DRY, release("a")), @"
    Refused
    ! DST/held/a: there is no such hold; backup_ecs status shows which there are
    ");
}

#[test]
fn a_dry_run_of_a_hold_refuses_and_tells_what_the_hold_itself_would() {
    let case = Case::saved(&[1, 12, 15, 30]);
    assert_eq!(case.run(PERSON, hold(RANGE, "a")).0, End::Well);
    let wider = "20170427:084410-20170427:084430";
    for manner in [DRY, PERSON] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(case.said(manner, hold(wider, "a")), @"
            Refused
            ! DST/held/a: it holds another range: 20170427:084410-20170427:084420; backup_ecs status shows which there are
            ");
        }
    }
    let told = |manner| {
        let said = case.said(manner, hold(wider, "b"));
        said.lines()
            .filter(|line| line.starts_with('!'))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(told(DRY), told(PERSON));
    assert_eq!(told(DRY).len(), 1);
}

#[test]
fn what_a_killed_release_left_is_held_anew_and_a_dry_run_shows_that() {
    let case = Case::saved(&[1, 12, 15, 30]);
    case.run(PERSON, hold(RANGE, "a"));
    fs::remove_file(case.dst("held/a/.backup_ecs.hold")).unwrap();
    fs::rename(case.dst("held/a").join(name(12)), case.dst(&name(12))).unwrap();
    let would = case.said(DRY, hold(RANGE, "a"));
    insta::assert_snapshot!(would.split(';').next().unwrap(), @"
    Well
    move 2017-0427-084412.log to held/a
    0 of 0 logs to copy as they are
    ");
    insta::assert_snapshot!(case.said(PERSON, hold(RANGE, "a")), @"
    Well
    DST/held/a: 1 backup moved there, 0 logs saved there
    read them with sipstat_cm -d DST/held/a; -d DST does not read them
    ");
}

#[test]
fn a_hold_that_begins_a_folder_says_so_and_saves_what_is_of_the_range_only() {
    let case = Case {
        site: Site::new(&[1, 12, 30, 40]),
    };
    let (end, heard) = case.run(PERSON, hold(RANGE, "a"));
    assert_eq!(end, End::Well);
    assert!(
        heard.starts_with("! DST: there are no backups yet, they begin here"),
        "{heard}"
    );
    assert_eq!(case.lies("held/a"), [name(1), name(12), name(30)]);
    assert!(case.lies("").is_empty());
}

#[test]
fn another_server_is_refused_by_each_that_would_save() {
    let mut case = Case::saved(&[1, 12]);
    case.site.options.host = "acm-2".to_owned();
    for second in [1, 12] {
        case.log(second, "of the other server");
    }
    for (manner, request) in [
        (DRY, Request::BackUp),
        (MAIL, Request::BackUp),
        (DRY, hold(RANGE, "a")),
        (PERSON, hold(RANGE, "a")),
    ] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(case.said(manner, request), @"
            Refused
            ! DST: it has the backups of another server, acm-1; name another folder with --dst, or, if this one is to go on there, remove .backup_ecs.state.1 and .2 there
            ");
        }
    }
    assert!(!case.dst("held").exists());
}

#[test]
fn an_answer_that_cannot_be_written_is_no_good_end() {
    let case = Case::saved(&[1, 12]);
    for (manner, request) in [
        (DRY, Request::BackUp),
        (PERSON, Request::Status),
        (DRY, hold(RANGE, "a")),
        (PERSON, hold(RANGE, "a")),
        (DRY, release("a")),
        (PERSON, release("a")),
    ] {
        let mut ear = Ear {
            is_closed: true,
            ..Ear::default()
        };
        assert_eq!(case.ask(manner, &request, &mut ear), End::Incomplete, "{request:?}");
        assert!(!ear.heard.is_empty());
    }
    assert_eq!(case.lies(""), [name(1), name(12)]);
}

#[test]
fn what_happens_is_shown_where_that_is_wanted() {
    let case = Case {
        site: Site::new(&[1, 2]),
    };
    fs::write(case.options.source.join("2017.txt"), "").unwrap();
    let (end, heard) = case.run(LOG, Request::BackUp);
    let heard = heard.split(", use").next().unwrap().split_once('\n').unwrap().1;
    assert_eq!(end, End::Well);
    insta::assert_snapshot!(heard, @"
    pass over 2017.txt: its name is not that of a log
    copied 2017-0427-084401.log: it has no backup, 5 bytes, 5 as backup
    copied 2017-0427-084402.log: it has no backup, 5 bytes, 5 as backup
    2 files, 10 bytes, 10 as backups, ratio 100.0 %, 0 pruned
    ");
    assert_eq!(case.run(MAIL, Request::BackUp), (End::Well, String::new()));
}
