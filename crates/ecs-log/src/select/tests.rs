use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Request, Selection, select};
use crate::log::Log;
use crate::sources::Role;
use crate::testdir::{TestDir, gzip};

/// Writes logs with a first line of their own each, so that none is a copy of another.
fn logs(dir: &TestDir, names: &[&str]) {
    for name in names {
        dir.file(name, format!("{name}\n"));
    }
}

/// Inputs below the folder, as a person would name them.
fn inputs(dir: &TestDir, names: &[&str]) -> Request {
    let path = |name: &&str| match *name {
        "-" => OsString::from("-"),
        name => dir.path().join(name).into_os_string(),
    };
    Request {
        inputs: names.iter().map(path).collect(),
        ..Request::default()
    }
}

fn ranged(mut request: Request, range: &str) -> Request {
    request.range = Some(range.parse().expect(range));
    request
}

fn last(mut request: Request, n: usize) -> Request {
    request.last = Some(n);
    request
}

/// A log as its path below the folder.
fn short(dir: &TestDir, log: &Log) -> String {
    match log.path() {
        Some(path) => path.strip_prefix(dir.path()).unwrap().display().to_string(),
        None => "-".to_owned(),
    }
}

fn counted(selection: &Selection) -> impl Iterator<Item = &Log> {
    let counted = selection.logs.iter().filter(|chosen| chosen.role == Role::Counted);
    counted.map(|chosen| &chosen.log)
}

fn chosen(dir: &TestDir, selection: &Selection) -> Vec<String> {
    counted(selection).map(|log| short(dir, log)).collect()
}

fn problems(dir: &TestDir, selection: &Selection) -> Vec<String> {
    let folder = format!("{}/", dir.path().display());
    selection
        .problems
        .iter()
        .map(|error| error.to_string().replace(&folder, ""))
        .collect()
}

#[track_caller]
fn check(dir: &TestDir, request: &Request, expected: &[&str]) -> Selection {
    let selection = select(request);
    assert_eq!(chosen(dir, &selection), expected);
    assert_eq!(problems(dir, &selection), Vec::<String>::new());
    selection
}

#[track_caller]
fn check_problem(dir: &TestDir, names: &[&str], expected: &[&str], problem: &str) {
    let selection = select(&inputs(dir, names));
    assert_eq!(chosen(dir, &selection), expected);
    assert_eq!(problems(dir, &selection), [problem]);
}

const A: &str = "2017-0427-080000.log";
const B: &str = "2017-0427-081000.log";
const C: &str = "2017-0427-082000.log";
const D: &str = "2017-0427-083000.log";

#[test]
fn a_folder_gives_its_ecs_logs_by_time() {
    let dir = TestDir::new();
    logs(
        &dir,
        &[C, A, B, "messages", "2017-0427-240000.log", "2017-0427-080000.log.bz2"],
    );
    logs(&dir, &["below/2017-0427-081500.log"]);
    fs::create_dir(dir.path().join(D)).unwrap();
    check(&dir, &inputs(&dir, &[""]), &[A, B, C]);

    let folders = Request {
        folders: vec![dir.path().to_owned(), dir.path().join("below")],
        ..Request::default()
    };
    check(&dir, &folders, &[A, B, "below/2017-0427-081500.log", C]);
}

#[test]
fn folders_count_only_without_inputs() {
    let dir = TestDir::new();
    logs(&dir, &["in/2017-0427-080000.log", "out/2017-0427-081000.log"]);
    let mut request = inputs(&dir, &["in"]);
    request.folders.push(dir.path().join("out"));
    check(&dir, &request, &["in/2017-0427-080000.log"]);
}

#[test]
fn nothing_asked_is_nothing_chosen() {
    let dir = TestDir::new();
    check(&dir, &Request::default(), &[]);
    check(&dir, &inputs(&dir, &[""]), &[]);
}

#[test]
fn a_folder_that_cannot_be_listed_is_a_problem_and_the_rest_goes_on() {
    let dir = TestDir::new();
    logs(&dir, &[A, "file"]);
    let selection = select(&Request {
        folders: ["file", "gone", ""].iter().map(|name| dir.path().join(name)).collect(),
        ..Request::default()
    });
    assert_eq!(chosen(&dir, &selection), [A]);
    assert_eq!(problems(&dir, &selection), ["file: is not a folder", "gone: not found"]);
    let kinds: Vec<_> = selection.problems.iter().map(super::Error::io_kind).collect();
    assert_eq!(
        kinds,
        [Some(io::ErrorKind::NotADirectory), Some(io::ErrorKind::NotFound)]
    );
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_a_problem() {
    use std::os::unix::fs::PermissionsExt;

    let dir = TestDir::new();
    logs(&dir, &["locked/2017-0427-080000.log"]);
    let locked = dir.path().join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let selection = select(&inputs(&dir, &["locked"]));
    // Nothing is locked to the superuser.
    let expected: &[&str] = match fs::read_dir(&locked) {
        Ok(_) => &[],
        Err(_) => &["locked: permission denied"],
    };
    let found = problems(&dir, &selection);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(found, expected);
}

#[test]
fn inputs_without_an_ecs_name_come_first_as_given() {
    let dir = TestDir::new();
    logs(&dir, &[A, B, "z", "a.log"]);
    check(
        &dir,
        &inputs(&dir, &[B, "z", "-", A, "a.log", "-"]),
        &["z", "-", "a.log", A, B],
    );
}

#[test]
fn stdin_has_neither_path_nor_name() {
    let dir = TestDir::new();
    let selection = check(&dir, &inputs(&dir, &["-", "-"]), &["-"]);
    let log = &selection.logs.first().unwrap().log;
    assert!(log.is_stdin() && log.name().is_none() && log.path().is_none());
    assert_eq!(log.to_string(), "standard input");
}

#[test]
fn what_does_not_exist_is_a_problem() {
    let dir = TestDir::new();
    logs(&dir, &[A]);
    check_problem(&dir, &["gone", A], &[A], "gone: not found");
    check_problem(
        &dir,
        &["20[", A],
        &[A],
        "20[: malformed pattern: unclosed character class; missing ']'",
    );
    check_problem(&dir, &["19*", A], &[A], "19*: no file matches the pattern");
    check_problem(&dir, &["gone/20*", A], &[A], "gone: not found");
    check_problem(&dir, &["go*/20*", A], &[A], "go*/20*: no file matches the pattern");
}

#[test]
fn patterns_match_files_of_any_name() {
    let dir = TestDir::new();
    logs(
        &dir,
        &[
            A,
            B,
            C,
            D,
            "sip.log",
            ".hidden.log",
            "x/2017-0427-084000.log",
            "y/other",
        ],
    );
    fs::create_dir(dir.path().join("folder.log")).unwrap();
    for (pattern, expected) in [
        ("*.log", &["sip.log", A, B, C, D][..]),
        (".*.log", &[".hidden.log"]),
        ("20*08[12]*", &[B, C]),
        ("2017-0427-08?000.log", &[A, B, C, D]),
        ("{sip,2017-0427-080000}.log", &["sip.log", A]),
        ("*/2*", &["x/2017-0427-084000.log"]),
        ("*/other", &["y/other"]),
        ("./[xy]/*", &["y/other", "x/2017-0427-084000.log"]),
    ] {
        check(&dir, &inputs(&dir, &[pattern]), expected);
    }
}

#[test]
fn what_exists_is_no_pattern() {
    let dir = TestDir::new();
    logs(&dir, &["log[1]", "log1", "old[1]/log2", "old1/log3"]);
    check(&dir, &inputs(&dir, &["log[1]"]), &["log[1]"]);
    check(&dir, &inputs(&dir, &["old[1]/*"]), &["old[1]/log2"]);
}

#[test]
fn a_path_that_is_named_twice_is_one_log() {
    let dir = TestDir::new();
    logs(&dir, &[A, B, "other", "below/x"]);
    let names = [B, "other", "below/../other", "", A, "*", "./2017-0427-081000.log"];
    check(&dir, &inputs(&dir, &names), &["other", A, B]);
}

#[cfg(unix)]
#[test]
fn a_link_and_its_target_are_one_log() {
    let dir = TestDir::new();
    logs(&dir, &[A, "x/2017-0427-081000.log"]);
    std::os::unix::fs::symlink(dir.path().join(A), dir.path().join("newest")).unwrap();
    std::os::unix::fs::symlink(dir.path().join("x").join(B), dir.path().join(B)).unwrap();
    check(&dir, &inputs(&dir, &["", "newest", "x"]), &[A, B]);
}

#[cfg(unix)]
#[test]
fn only_a_name_given_in_full_can_be_more_than_a_regular_file() {
    let dir = TestDir::new();
    logs(&dir, &[A]);
    let _socket = std::os::unix::net::UnixListener::bind(dir.path().join(B)).unwrap();
    std::os::unix::fs::symlink("/dev/null", dir.path().join(C)).unwrap();
    check(&dir, &inputs(&dir, &[""]), &[A]);
    check(&dir, &inputs(&dir, &["20*"]), &[A]);
    check(&dir, &inputs(&dir, &[A, B, C]), &[A, B, C]);
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_never_read_for_comparison() {
    let dir = TestDir::new();
    logs(&dir, &[A]);
    fs::create_dir(dir.path().join("x")).unwrap();
    // Read, it would be empty, and so a copy.
    let device = dir.path().join("x").join(A);
    std::os::unix::fs::symlink("/dev/null", &device).unwrap();
    let device = format!("x/{A}");
    check(&dir, &inputs(&dir, &[A, &device]), &[A, &device]);
}

#[test]
fn of_copies_one_is_taken_and_of_two_servers_both() {
    let long = "x".repeat(4096);
    let (long_a, long_b) = (format!("{long}a\n"), format!("{long}b\n"));
    for (name, first, second, expected) in [
        ("copies, the rest is not looked at", "1\n2\n", "1\n3\n", "a"),
        ("two servers", "1\n", "2\n", "ab"),
        ("the first is empty", "", "1\n", "b"),
        ("the second is empty", "1\n", "", "a"),
        ("both are empty", "", "", "a"),
        ("the first is cut in its first line", "12", "123\n", "b"),
        ("the second is cut in its first line", "123\n", "12", "a"),
        ("cut, but another line", "13", "123\n", "ab"),
        ("a whole line is not cut", "12\n", "123\n", "ab"),
        ("no more than 4 KiB is compared", &long_a, &long_b, "a"),
    ] {
        let dir = TestDir::new();
        let path = |folder| format!("{folder}/{A}");
        dir.file(&path('a'), first);
        dir.file(&path('b'), second);
        let selection = select(&inputs(&dir, &["a", "b"]));
        let expected: Vec<String> = expected.chars().map(path).collect();
        assert_eq!(chosen(&dir, &selection), expected, "{name}");
    }
}

#[test]
fn plain_is_preferred_to_gzip_and_then_the_first_named() {
    let dir = TestDir::new();
    dir.file("a/2017-0427-080000.log.gz", gzip("1\n"));
    dir.file("b/2017-0427-080000.log.gz", gzip("1\n2\n"));
    dir.file("c/2017-0427-080000.log", "1\n");
    dir.file("d/2017-0427-080000.log", "1\n");
    let (a, c, d) = (format!("a/{A}.gz"), format!("c/{A}"), format!("d/{A}"));
    check(&dir, &inputs(&dir, &["a", "b", "c", "d"]), &[&c]);
    check(&dir, &inputs(&dir, &["b", "d", "c"]), &[&d]);
    check(&dir, &inputs(&dir, &["a", "b"]), &[&a]);
}

#[test]
fn an_empty_log_beside_those_of_two_servers_is_dropped() {
    let dir = TestDir::new();
    for (folder, content) in [("a", "1\n"), ("b", ""), ("c", "2\n")] {
        dir.file(&format!("{folder}/{A}"), content);
    }
    for order in [["a", "b", "c"], ["b", "a", "c"]] {
        check(&dir, &inputs(&dir, &order), &[&format!("a/{A}"), &format!("c/{A}")]);
    }
}

#[test]
fn what_cannot_be_compared_is_kept() {
    let dir = TestDir::new();
    let damaged = gzip("1\n")[..12].to_vec();
    dir.file("a/2017-0427-080000.log", "1\n");
    dir.file("b/2017-0427-080000.log.gz", &damaged);
    dir.file("c/2017-0427-080000.log.gz", &damaged);
    let (a, b, c) = (format!("a/{A}"), format!("b/{A}.gz"), format!("c/{A}.gz"));
    check(&dir, &inputs(&dir, &["a", "b", "c"]), &[&a, &b, &c]);
}

#[test]
fn last_takes_the_newest_of_what_is_distinct() {
    let dir = TestDir::new();
    logs(&dir, &[A, B, C, "other"]);
    dir.file("old/2017-0427-082000.log.gz", gzip(format!("{C}\n")));
    let all = &["other", "", "old"];
    for (n, expected) in [
        (0, &[][..]),
        (1, &[C]),
        (2, &[B, C]),
        (3, &[A, B, C]),
        (4, &["other", A, B, C]),
        (5, &["other", A, B, C]),
    ] {
        check(&dir, &last(inputs(&dir, all), n), expected);
    }
}

#[test]
fn last_can_part_the_logs_of_two_servers() {
    let dir = TestDir::new();
    logs(&dir, &["a/2017-0427-080000.log", "b/2017-0427-080000.log"]);
    let request = last(inputs(&dir, &["a", "b"]), 1);
    check(&dir, &request, &["b/2017-0427-080000.log"]);
}

#[test]
fn a_range_takes_the_logs_that_can_hold_a_part_of_it() {
    let dir = TestDir::new();
    logs(&dir, &[A, B, C, D]);
    for (range, expected) in [
        ("2017", &[A, B, C, D][..]),
        ("2016-2017", &[A, B, C, D]),
        ("2016-2016", &[]),
        ("2018", &[D]),
        ("20170427:0811-20170427:0819", &[B]),
        // The next log may be begun within the second in which this one ends.
        ("20170427:0820-20170427:0820", &[B, C]),
        ("20170427:082001-20170427:0820", &[C]),
        ("20170427:0811-20170427:081959", &[B]),
        ("20170427:0811-20170427:082000", &[B, C]),
        ("20170427:075959-20170427:080000", &[A]),
        ("20170427:07-20170427:07", &[]),
        ("20170427:0831", &[D]),
    ] {
        check(&dir, &ranged(inputs(&dir, &[""]), range), expected);
    }
}

#[test]
fn a_range_always_keeps_what_has_no_name() {
    let dir = TestDir::new();
    logs(&dir, &[A, B, "other"]);
    let request = ranged(inputs(&dir, &["", "-", "other"]), "2016-2016");
    check(&dir, &request, &["-", "other"]);
}

#[test]
fn last_counts_within_the_range() {
    let dir = TestDir::new();
    logs(&dir, &[A, B, C, D]);
    let request = last(ranged(inputs(&dir, &[""]), "2017-20170427:0820"), 2);
    check(&dir, &request, &[B, C]);
}

#[test]
fn the_log_of_another_server_does_not_end_this_ones() {
    let dir = TestDir::new();
    logs(&dir, &["a/2017-0427-080000.log", "b/2017-0427-080500.log"]);
    logs(&dir, &["a/2017-0427-081000.log", "b/2017-0427-081000.log"]);
    let request = ranged(inputs(&dir, &["a", "b"]), "20170427:0807-20170427:0808");
    check(&dir, &request, &["a/2017-0427-080000.log", "b/2017-0427-080500.log"]);
}

#[test]
fn a_copy_in_the_same_folder_does_not_end_its_log() {
    let dir = TestDir::new();
    logs(&dir, &[A, B]);
    dir.file("2017-0427-080000.log.gz", gzip(format!("{A}\n")));
    check(&dir, &ranged(inputs(&dir, &[""]), "20170427:0805-20170427:0806"), &[A]);
}

#[test]
fn a_log_that_vanishes_after_its_listing_says_so_when_opened() {
    let dir = TestDir::new();
    logs(&dir, &[A, B]);
    for (names, listed) in [(&[""][..], true), (&["20*"], true), (&[A, B], false)] {
        logs(&dir, &[A]);
        let selection = check(&dir, &inputs(&dir, names), &[A, B]);
        fs::remove_file(dir.path().join(A)).unwrap();
        let results: Vec<Result<_, _>> = counted(&selection).map(Log::open).collect();
        assert!(results[1].is_ok());
        let error = results[0].as_ref().unwrap_err();
        assert_eq!(error.is_vanished(), listed);
        assert_eq!(error.path(), Some(dir.path().join(A).as_path()));
    }
}

#[cfg(unix)]
#[test]
fn a_dangling_link_is_told_when_it_is_opened() {
    let dir = TestDir::new();
    std::os::unix::fs::symlink("gone", dir.path().join(A)).unwrap();
    let selection = check(&dir, &inputs(&dir, &[""]), &[A]);
    let error = selection.logs[0].log.open().unwrap_err();
    assert_eq!(error.io_kind(), Some(io::ErrorKind::NotFound));
    check_problem(&dir, &[A], &[], &format!("{A}: not found"));
}

#[test]
fn a_relative_folder_and_pattern_give_paths_as_written() {
    // The folder in which cargo runs the tests of this crate.
    for pattern in ["Cargo.tom?", "./Cargo.tom?", "sr?/lib.rs"] {
        let request = Request {
            inputs: vec![pattern.into()],
            ..Request::default()
        };
        let selection = select(&request);
        let expected = PathBuf::from(pattern.replace("tom?", "toml").replace("sr?", "src"));
        let paths: Vec<Option<&Path>> = counted(&selection).map(Log::path).collect();
        assert_eq!(paths, [Some(expected.as_path())]);
    }
}
