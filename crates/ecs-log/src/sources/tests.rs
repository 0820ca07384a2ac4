mod context;

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{Before, Role};
use crate::find::Request;
use crate::select::select;

/// A folder with logs, each a first line of its own, unless a line is given: `NAME=LINE`.
///
/// Of `a/0800` the path is `a/2017-0427-080000.log`.
fn folder(logs: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for log in logs.split_whitespace() {
        let (short, line) = log.split_once('=').unwrap_or((log, log));
        let (folder, time) = short.split_once('/').unwrap();
        let path = root.path().join(folder).join(format!("2017-0427-{time}00.log"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{line}\n")).unwrap();
    }
    root
}

fn request(root: &Path, inputs: &[&str], last: Option<usize>, range: &str) -> Request {
    Request {
        inputs: inputs
            .iter()
            .map(|input| match *input {
                "-" => OsString::from("-"),
                input => root.join(input).into(),
            })
            .collect(),
        last,
        range: (!range.is_empty()).then(|| range.parse().unwrap()),
        ..Request::default()
    }
}

/// Each log as its source, its short name and `?` if one before it was left out, `+` if it goes on where the one before
/// it in the source ends; in brackets if it is context.
fn listed(root: &Path, request: &Request) -> String {
    let selection = select(request);
    assert!(selection.problems.is_empty(), "{:?}", selection.problems);
    let one = |chosen: &super::Chosen| {
        let path = chosen.log.path().map_or("-".into(), |path| {
            path.strip_prefix(root).unwrap().display().to_string()
        });
        let short = path.replace("2017-0427-", "").replace("00.log", "");
        let before = match chosen.before {
            Before::Nothing => "",
            Before::Listed => "+",
            Before::LeftOut => "?",
        };
        match chosen.role {
            Role::Counted => format!("{}:{before}{short}", chosen.source),
            Role::Context => format!("({}:{before}{short})", chosen.source),
            Role::LeadIn => format!("<{}:{before}{short}>", chosen.source),
        }
    };
    selection.logs.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(logs: &str, inputs: &[&str], last: Option<usize>, range: &str, expected: &str) {
    let root = folder(logs);
    let request = request(root.path(), inputs, last, range);
    assert_eq!(listed(root.path(), &request), expected);
}

const INTERLEAVED: &str = "a/0800 b/0801 a/0802 b/0803 a/0804 b/0805";

#[test]
fn each_folder_is_a_source() {
    let all = "0:a/0800 1:b/0801 0:+a/0802 1:+b/0803 0:+a/0804 1:+b/0805";
    check(INTERLEAVED, &["a", "b"], None, "", all);
    check(
        "a/0800 b/0800 a/0801 b/0801",
        &["b", "a"],
        None,
        "",
        "0:b/0800 1:a/0800 0:+b/0801 1:+a/0801",
    );
}

#[test]
fn what_a_range_leaves_out_is_context_in_its_own_source() {
    for (range, expected) in [
        (
            "20170427:080210-20170427:080220",
            "0:b/0801 1:?a/0802 (0:+b/0803) (1:+a/0804) (0:+b/0805)",
        ),
        (
            "20170427:0804-20170427:0804",
            "0:?a/0802 1:?b/0803 0:+a/0804 (1:+b/0805)",
        ),
        ("20170427:0759-20170427:0759", ""),
        ("20170427:0759-20170427:0800", "0:a/0800 (0:+a/0802) (0:+a/0804)"),
        ("20170427:0806-20170427:0806", "0:?a/0804 1:?b/0805"),
    ] {
        check(INTERLEAVED, &["a", "b"], None, range, expected);
    }
}

#[test]
fn of_the_last_logs_each_source_knows_whether_one_was_left_out() {
    for (last, expected) in [
        (0, ""),
        (1, "0:?b/0805"),
        (3, "0:?b/0803 1:?a/0804 0:+b/0805"),
        (5, "0:b/0801 1:?a/0802 0:+b/0803 1:+a/0804 0:+b/0805"),
        (6, "0:a/0800 1:b/0801 0:+a/0802 1:+b/0803 0:+a/0804 1:+b/0805"),
    ] {
        check(INTERLEAVED, &["a", "b"], Some(last), "", expected);
    }
}

#[test]
fn at_most_four_logs_of_a_source_are_context() {
    let logs = "a/0800 b/0800 a/0801 a/0802 a/0803 a/0804 a/0805 b/0806 a/0807";
    let expected = "0:a/0800 1:b/0800 (0:+a/0801) (0:+a/0802) (0:+a/0803) (0:+a/0804) (1:+b/0806)";
    check(logs, &["a", "b"], None, "20170427:0800-20170427:080030", expected);
    let expected = "0:?a/0800 (0:+a/0801) (0:+a/0802) (0:+a/0803) (0:+a/0804)";
    let logs = format!("{logs} a/0759");
    check(&logs, &["a"], Some(1), "2017-20170427:080030", expected);
}

#[test]
fn backups_that_end_before_the_folder_of_the_server_begins_are_one_source_with_it() {
    let logs = "backups/0800 backups/0801 server/0802 server/0803 server/0804";
    for (last, range, expected) in [
        (
            None,
            "",
            "0:backups/0800 0:+backups/0801 0:+server/0802 0:+server/0803 0:+server/0804",
        ),
        (Some(3), "", "0:?server/0802 0:+server/0803 0:+server/0804"),
        (
            Some(4),
            "",
            "0:?backups/0801 0:+server/0802 0:+server/0803 0:+server/0804",
        ),
        (
            None,
            "2017-20170427:080130",
            "0:backups/0800 0:+backups/0801 (0:+server/0802) (0:+server/0803) (0:+server/0804)",
        ),
        // When the last backup ended is not known, so it is chosen; what comes after it is not.
        (
            None,
            "20170427:080310-20171231",
            "0:?backups/0801 (0:+server/0802) 1:?server/0803 1:+server/0804",
        ),
    ] {
        check(logs, &["backups", "server"], last, range, expected);
        check(logs, &["server", "backups"], last, range, expected);
    }
}

#[test]
fn a_folder_that_goes_on_meanwhile_keeps_others_apart() {
    let logs = "a/0800 b/0801 a/0802 b/0803 c/0804 a/0805 d/0806";
    let expected = "0:a/0800 1:b/0801 0:+a/0802 1:+b/0803 1:+c/0804 0:+a/0805 0:+d/0806";
    check(logs, &["a", "b", "c", "d"], None, "", expected);
    let logs = "a/0800 b/0801 a/0802 c/0803";
    check(
        logs,
        &["a", "b", "c"],
        None,
        "",
        "0:a/0800 1:b/0801 0:+a/0802 0:+c/0803",
    );
    check(
        "a/0800 b/0800 c/0801",
        &["a", "b", "c"],
        None,
        "",
        "0:a/0800 1:b/0800 1:+c/0801",
    );
}

#[test]
fn folders_with_copies_are_one_source() {
    let logs = "a/0800=x a/0801=x a/0803=x b/0801=x b/0802=x b/0803=x b/0804=x";
    for (last, range, expected) in [
        (None, "", "0:a/0800 0:+a/0801 0:+b/0802 0:+a/0803 0:+b/0804"),
        (Some(3), "", "0:?b/0802 0:+a/0803 0:+b/0804"),
        (
            None,
            "2017-20170427:080110",
            "0:a/0800 0:+a/0801 (0:+b/0802) (0:+a/0803) (0:+b/0804)",
        ),
    ] {
        check(logs, &["a", "b"], last, range, expected);
    }
    // Copies that were not looked at, since they were left out, keep nobody apart from the log after.
    check(logs, &["a", "b"], Some(1), "", "0:?b/0804");
}

#[test]
fn an_empty_log_makes_no_folders_one() {
    let logs = "a/0800 a/0801 a/0802 b/0800 b/0802";
    let root = folder(logs);
    fs::write(root.path().join("b/2017-0427-080100.log"), "").unwrap();
    let request = request(root.path(), &["a", "b"], None, "");
    let expected = "0:a/0800 1:b/0800 0:+a/0801 0:+a/0802 1:+b/0802";
    assert_eq!(listed(root.path(), &request), expected);
}

#[test]
fn a_folder_in_an_archive_is_a_source() {
    let root = folder("c/0805");
    let mut tar = tar::Builder::new(Vec::new());
    for short in [
        "a/2017-0427-080000",
        "b/2017-0427-080100",
        "a/2017-0427-080200",
        "b/2017-0427-080300",
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(0);
        tar.append_data(&mut header, format!("{short}.log"), &b""[..]).unwrap();
    }
    fs::write(root.path().join("logs.tar"), tar.into_inner().unwrap()).unwrap();
    let request = request(root.path(), &["logs.tar", "c"], None, "");
    let sources: Vec<(usize, Before)> = select(&request)
        .logs
        .iter()
        .map(|chosen| (chosen.source, chosen.before))
        .collect();
    let (first, next) = (Before::Nothing, Before::Listed);
    assert_eq!(sources, [(0, first), (1, first), (0, next), (1, next), (1, next)]);
}

#[test]
fn what_has_no_ecs_name_is_a_source_of_its_own() {
    let root = folder("a/0800 a/0801");
    fs::write(root.path().join("other"), "1\n").unwrap();
    fs::write(root.path().join("another"), "1\n").unwrap();
    let request = request(root.path(), &["other", "a", "-", "another"], None, "");
    assert_eq!(
        listed(root.path(), &request),
        "0:other 1:- 2:another 3:a/0800 3:+a/0801"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_a_source_of_its_own() {
    let root = folder("a/0800 a/0802");
    std::os::unix::fs::symlink("/dev/null", root.path().join("a/2017-0427-080100.log")).unwrap();
    let pipe = "a/2017-0427-080100.log";
    let all = request(root.path(), &["a", pipe], None, "");
    assert_eq!(listed(root.path(), &all), "0:a/0800 1:a/0801 0:+a/0802");
    let until = request(root.path(), &["a", pipe], None, "2017-20170427:080030");
    assert_eq!(listed(root.path(), &until), "0:a/0800 (0:+a/0802)");
}
