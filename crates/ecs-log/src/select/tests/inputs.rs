//! What files, folders and patterns stand for.

use super::*;

#[test]
fn a_folder_gives_its_ecs_logs_by_time() {
    let dir = folder();
    logs(&dir, &[C, A, B, "messages"]);
    logs(&dir, &["below/2017-0427-081500.log"]);
    fs::create_dir(dir.path().join(D)).unwrap();
    let below = inputs(&dir, &["", "below"]);
    check(&dir, &below, &[A, B, "below/2017-0427-081500.log", C]);
    let found = select(&inputs(&dir, &[""]));
    assert_eq!(chosen(&dir, &found), [A, B, C]);
    assert_eq!((found.problems.len(), found.passed_over.len()), (0, 1), "{found:?}");

    let folders = Request {
        folders: vec![dir.path().to_owned(), dir.path().join("below")],
        ..Request::default()
    };
    check(&dir, &folders, &[A, B, "below/2017-0427-081500.log", C]);
}

#[test]
fn folders_count_only_without_inputs() {
    let dir = folder();
    logs(&dir, &["in/2017-0427-080000.log", "out/2017-0427-081000.log"]);
    let mut request = inputs(&dir, &["in"]);
    request.folders.push(dir.path().join("out"));
    check(&dir, &request, &["in/2017-0427-080000.log"]);
}

#[test]
fn nothing_asked_is_nothing_chosen() {
    let dir = folder();
    check(&dir, &Request::default(), &[]);
    check(&dir, &inputs(&dir, &[""]), &[]);
}

#[test]
fn a_folder_that_cannot_be_listed_is_a_problem_and_the_rest_goes_on() {
    let dir = folder();
    logs(&dir, &[A, "file"]);
    let selection = select(&Request {
        folders: ["file", "gone", ""].iter().map(|name| dir.path().join(name)).collect(),
        ..Request::default()
    });
    assert_eq!(chosen(&dir, &selection), [A]);
    assert_eq!(problems(&dir, &selection), ["file: is not a folder", "gone: not found"]);
    let kinds: Vec<_> = selection.problems.iter().map(crate::error::Error::io_kind).collect();
    assert_eq!(
        kinds,
        [Some(io::ErrorKind::NotADirectory), Some(io::ErrorKind::NotFound)]
    );
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_a_problem() {
    use std::os::unix::fs::PermissionsExt;

    let dir = folder();
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
    let dir = folder();
    logs(&dir, &[A, B, "z", "a.log"]);
    check(
        &dir,
        &inputs(&dir, &[B, "z", "-", A, "a.log", "-"]),
        &["z", "-", "a.log", A, B],
    );
}

#[test]
fn stdin_has_neither_path_nor_name() {
    let dir = folder();
    let selection = check(&dir, &inputs(&dir, &["-", "-"]), &["-"]);
    let log = &selection.logs.first().unwrap().log;
    assert!(log.is_stdin() && log.name().is_none() && log.path().is_none());
    assert_eq!(log.to_string(), "standard input");
}

#[test]
fn what_does_not_exist_is_a_problem() {
    let dir = folder();
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
    let dir = folder();
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
    let dir = folder();
    logs(&dir, &["log[1]", "log1", "old[1]/log2", "old1/log3"]);
    check(&dir, &inputs(&dir, &["log[1]"]), &["log[1]"]);
    check(&dir, &inputs(&dir, &["old[1]/*"]), &["old[1]/log2"]);
}

#[test]
fn a_path_that_is_named_twice_is_one_log() {
    let dir = folder();
    logs(&dir, &[A, B, "other", "below/x"]);
    let names = [B, "other", "below/../other", "", A, "*", "./2017-0427-081000.log"];
    check(&dir, &inputs(&dir, &names), &["other", A, B]);
}

#[cfg(unix)]
#[test]
fn a_link_and_its_target_are_one_log() {
    let dir = folder();
    logs(&dir, &[A, "x/2017-0427-081000.log"]);
    std::os::unix::fs::symlink(dir.path().join(A), dir.path().join("newest")).unwrap();
    std::os::unix::fs::symlink(dir.path().join("x").join(B), dir.path().join(B)).unwrap();
    check(&dir, &inputs(&dir, &["", "newest", "x"]), &[A, B]);
}

#[cfg(unix)]
#[test]
fn only_a_name_given_in_full_can_be_more_than_a_regular_file() {
    let dir = folder();
    logs(&dir, &[A]);
    let _socket = std::os::unix::net::UnixListener::bind(dir.path().join(B)).unwrap();
    std::os::unix::fs::symlink("/dev/null", dir.path().join(C)).unwrap();
    check(&dir, &inputs(&dir, &[""]), &[A]);
    check(&dir, &inputs(&dir, &["20*"]), &[A]);
    check(&dir, &inputs(&dir, &[A, B, C]), &[A, B, C]);
}

#[test]
fn a_log_that_vanishes_after_its_listing_says_so_when_opened() {
    let dir = folder();
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
    let dir = folder();
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
