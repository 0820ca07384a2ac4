mod copies;
mod inputs;
mod number_and_time;
mod stamps;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Selection, select};
use crate::find::Request;
use crate::log::Log;
use crate::sources::Role;
use crate::testing::{folder, gzip, write};
use tempfile::TempDir;

/// Writes logs with a first line of their own each, so that none is a copy of another.
fn logs(dir: &TempDir, names: &[&str]) {
    for name in names {
        write(dir, name, format!("{name}\n"));
    }
}

/// Inputs below the folder, as a person would name them.
fn inputs(dir: &TempDir, names: &[&str]) -> Request {
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
fn short(dir: &TempDir, log: &Log) -> String {
    match log.path() {
        Some(path) => path.strip_prefix(dir.path()).unwrap().display().to_string(),
        None => "-".to_owned(),
    }
}

fn counted(selection: &Selection) -> impl Iterator<Item = &Log> {
    let counted = selection.logs.iter().filter(|chosen| chosen.role == Role::Counted);
    counted.map(|chosen| &chosen.log)
}

fn chosen(dir: &TempDir, selection: &Selection) -> Vec<String> {
    counted(selection).map(|log| short(dir, log)).collect()
}

fn problems(dir: &TempDir, selection: &Selection) -> Vec<String> {
    let folder = format!("{}/", dir.path().display());
    selection
        .problems
        .iter()
        .map(|error| error.to_string().replace(&folder, ""))
        .collect()
}

#[track_caller]
fn check(dir: &TempDir, request: &Request, expected: &[&str]) -> Selection {
    let selection = select(request);
    assert_eq!(chosen(dir, &selection), expected);
    assert_eq!(problems(dir, &selection), Vec::<String>::new());
    selection
}

#[track_caller]
fn check_problem(dir: &TempDir, names: &[&str], expected: &[&str], problem: &str) {
    let selection = select(&inputs(dir, names));
    assert_eq!(chosen(dir, &selection), expected);
    assert_eq!(problems(dir, &selection), [problem]);
}

const A: &str = "2017-0427-080000.log";
const B: &str = "2017-0427-081000.log";
const C: &str = "2017-0427-082000.log";
const D: &str = "2017-0427-083000.log";
