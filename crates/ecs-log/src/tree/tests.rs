use std::fs;
use std::path::Path;

use super::{MAX_FOLDERS, Search};
use crate::testing::{folder, write};

/// The logs and the problems of a folder with these files, a line each.
fn found(files: &[&str]) -> String {
    let dir = folder();
    for file in files {
        write(&dir, file, "");
    }
    shown(dir.path())
}

fn shown(folder: &Path) -> String {
    let (mut problems, mut passed_over) = (Vec::new(), Vec::new());
    let mut search = Search {
        is_named: &|folder| folder.ends_with("named"),
        problems: &mut problems,
        passed_over: &mut passed_over,
    };
    let logs = search.logs(folder);
    let mut lines: Vec<String> = logs.iter().map(|path| path.display().to_string()).collect();
    lines.extend(problems.iter().map(|error| format!("! {error}")));
    lines.extend(passed_over.iter().map(|error| format!("~ {error}")));
    lines.join("\n").replace(folder.to_str().unwrap(), "DIR")
}

const A: &str = "2017-0427-084412.log";
const B: &str = "2017-0427-084413.log.gz";

#[test]
fn what_is_passed_over_is_told_once() {
    let files = [
        A,
        B,
        "messages",
        "2017-0427-084412.log.xz",
        "2017-0427-084414.LOG",
        "cm1-2017-0427-084415.log",
    ];
    insta::assert_snapshot!(found(&files), @"
    DIR/2017-0427-084412.log
    DIR/2017-0427-084413.log.gz
    ! DIR: 3 files such as 2017-0427-084412.log.xz are not read, as their names are not those of ECS logs; rename or unpack them, or name the files themselves
    ");
    insta::assert_snapshot!(found(&[A, "2017-0427-084412.log.xz"]), @"
    DIR/2017-0427-084412.log
    ! DIR: 2017-0427-084412.log.xz is not read, as its name is not that of an ECS log; rename or unpack it, or name the file itself
    ");
    insta::assert_snapshot!(found(&["2017-0427-084412.log.xz"]), @"! DIR: 2017-0427-084412.log.xz is not read, as its name is not that of an ECS log; rename or unpack it, or name the file itself");
    insta::assert_snapshot!(found(&["messages", ".2017-0427-084412.log.gz.17-0.tmp"]), @"");
}

#[test]
fn folders_with_logs_are_read_if_the_folder_itself_has_none() {
    let a = |folder: &str| format!("{folder}/{A}");
    let files = ["two/var/log/ecs", "one", "one/more", "a/b/c/d/e/f/g/h/i"].map(a);
    let files: Vec<&str> = files.iter().map(String::as_str).chain(["two/readme"]).collect();
    insta::assert_snapshot!(found(&files), @"
    DIR/one/2017-0427-084412.log
    DIR/two/var/log/ecs/2017-0427-084412.log
    ~ DIR/one: the logs in its folder more are not read; name that folder too
    ");
    let with_own = [&files[..], &[A]].concat();
    insta::assert_snapshot!(found(&with_own), @"
    DIR/2017-0427-084412.log
    ~ DIR: the logs in its folder one are not read; name that folder too
    ");
    insta::assert_snapshot!(found(&[A, &a("old"), &a("older"), &a("named"), "empty/messages"]), @"
    DIR/2017-0427-084412.log
    ~ DIR: the logs in 2 of its folders, such as old, are not read; name those folders too
    ");
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_not_followed() {
    let dir = folder();
    write(&dir, &format!("a/{A}"), "");
    std::os::unix::fs::symlink(dir.path(), dir.path().join("b")).unwrap();
    std::os::unix::fs::symlink(dir.path(), dir.path().join("a/c")).unwrap();
    assert_eq!(shown(dir.path()), format!("DIR/a/{A}"));
}

#[test]
fn no_more_than_so_many_folders_are_looked_into() {
    let dir = folder();
    for number in 0..MAX_FOLDERS {
        fs::create_dir(dir.path().join(format!("{number:04}"))).unwrap();
    }
    write(&dir, &format!("0000/{A}"), "");
    let expected = format!("DIR/0000/{A}\n! DIR: has too many folders to look for logs in; name those that hold logs");
    assert_eq!(shown(dir.path()), expected);
}

#[test]
fn a_folder_that_is_not_there_is_a_problem() {
    let dir = folder();
    assert_eq!(shown(&dir.path().join("gone")), "! DIR: not found");
}
