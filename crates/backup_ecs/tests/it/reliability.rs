//! Each promise of `docs/reliability.md` names a test, and each test that it names is there.

use std::fs;
use std::path::Path;

/// Where the tests stand whose files are named.
const PLACES: [&str; 3] = ["crates/ecs-backup/src", "crates/backup_ecs/tests/it", "."];

/// Tasks that test it too.
const TASKS: [&str; 2] = ["crash-test", "cargo xtask simulate"];

/// What stands between marks of code, in turn: names of tests, and behind them the file or folder in which they are.
fn check(cell: &str) -> Result<usize, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut names, mut n_tests) = (Vec::new(), 0);
    for quoted in cell.split('`').skip(1).step_by(2) {
        if quoted.ends_with(".rs") || quoted.contains('/') {
            let paths = PLACES.map(|place| root.join(place).join(quoted));
            let files = paths.map(|path| if path.is_dir() { path.join("main.rs") } else { path });
            let text: String = files.iter().filter_map(|file| fs::read_to_string(file).ok()).collect();
            if text.is_empty() {
                return Err(format!("there is no {quoted}"));
            }
            // A file alone stands for all tests in it.
            n_tests += names.len().max(1);
            for name in names.drain(..) {
                let is_test = |indent| text.contains(&format!("#[test]\n{indent}fn {name}()"));
                if !is_test("") && !is_test("    ") {
                    return Err(format!("there is no {name} in {quoted}"));
                }
            }
        } else if quoted.contains('_') {
            names.push(quoted);
        } else if TASKS.contains(&quoted) {
            n_tests += 1;
        }
    }
    names
        .is_empty()
        .then_some(n_tests)
        .ok_or(format!("in which file are {names:?}?"))
}

#[test]
fn each_promise_names_its_tests_and_they_are_there() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reliability.md");
    let page = fs::read_to_string(page).unwrap();
    let section = page
        .split("\n## ")
        .find(|section| section.starts_with("Promises\n"))
        .unwrap();
    let mut wrong = Vec::new();
    let mut n_promises = 0;
    for promise in section.split("\n### ").skip(1) {
        let (title, text) = promise.split_once('\n').unwrap();
        let tests = text.split_once("\nTests: ").map_or("", |(_, tests)| tests);
        let tests = Vec::from_iter(tests.split_whitespace()).join(" ");
        n_promises += 1;
        match check(&tests) {
            Ok(0) => wrong.push(format!("{title}: no test")),
            Ok(_) => {}
            Err(what) => wrong.push(format!("{title}: {what}")),
        }
    }
    assert!(n_promises > 20, "{n_promises}");
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_test_that_is_not_there_is_found_out() {
    for (cell, expected) in [
        ("`options_are_consistent` (`no.rs`)", "there is no no.rs"),
        ("`no_such_test` (`mail.rs`)", "there is no no_such_test in mail.rs"),
        ("`no_such_test`", "in which file are [\"no_such_test\"]?"),
    ] {
        assert_eq!(check(cell), Err(expected.to_owned()));
    }
    assert_eq!(check("`crash-test`, kill; `mail.rs`"), Ok(2));
    assert_eq!(check("words"), Ok(0));
}
