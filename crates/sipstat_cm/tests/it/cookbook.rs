//! The cookbook is true: each command in it prints what stands below it.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{PROGRAM, TestDir, testdata};

/// What a command prints, run by a shell in `folder`, where `testdata` lies.
pub(crate) fn printed(command: &str, folder: &Path) -> String {
    let programs = Path::new(PROGRAM).parent().unwrap().to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    let paths = env::join_paths([programs].into_iter().chain(env::split_paths(&path))).unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(folder).env("PATH", paths);
    String::from_utf8(shell.output().unwrap().stdout).unwrap()
}

#[test]
fn each_command_prints_what_stands_below_it() {
    let page = fs::read_to_string(testdata("../docs/cookbook.md")).unwrap();
    let dir = TestDir::new();
    let logs = testdata(".").canonicalize().unwrap();
    std::os::unix::fs::symlink(logs, dir.path().join("testdata")).unwrap();
    let blocks = page.split("```\n$ ").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap().split_once('\n').unwrap());
    let blocks: Vec<(&str, &str)> = blocks.collect();
    assert!(blocks.len() >= 10, "{}", blocks.len());
    for (command, expected) in blocks {
        assert_eq!(printed(command, dir.path()), expected, "{command}");
    }
}
