use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;

use super::{NotMade, WholeFile};

fn create(path: &Path, may_replace: bool) -> Result<WholeFile, NotMade> {
    WholeFile::create(path, may_replace, Arc::default())
}

/// The names in a folder, in order.
fn names(dir: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(dir.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_has_its_name_when_it_is_kept() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a");
    for text in ["one", "two"] {
        let file = create(&path, true).unwrap();
        (&file).write_all(text.as_bytes()).unwrap();
        assert_ne!(fs::read_to_string(&path).unwrap_or_default(), text);
        file.keep().unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        assert_eq!(names(&dir), ["a"]);
    }
}

#[test]
fn a_file_that_is_not_kept_goes_and_what_was_there_stays() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a");
    fs::write(&path, "old").unwrap();
    let file = create(&path, true).unwrap();
    (&file).write_all(b"new").unwrap();
    drop(file);
    assert_eq!(names(&dir), ["a"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
}

#[test]
fn no_other_file_is_replaced_unasked() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a");
    let file = create(&path, false).unwrap();
    fs::write(&path, "another").unwrap();
    let late = file.keep().unwrap_err();
    drop(file);
    let early = create(&path, false).unwrap_err();
    assert_eq!(
        [late.to_string(), early.to_string()],
        ["made by another program meanwhile; not replaced", "is there already"]
    );
    assert_eq!((late.path(), early.path()), (&*path, &*path));
    assert_eq!(fs::read_to_string(&path).unwrap(), "another");
    assert_eq!(names(&dir), ["a"]);
}

#[test]
fn what_cannot_be_a_file() {
    let dir = TempDir::new().unwrap();
    for (path, expected) in [
        (dir.path().to_owned(), "is not a file"),
        (dir.path().join("none/.."), "is not the name of a file"),
    ] {
        let error = create(&path, true).unwrap_err();
        assert_eq!(error.to_string(), expected, "{}", path.display());
    }
    let error = create(&dir.path().join("none/a"), true).unwrap_err();
    assert!(error.to_string().starts_with("cannot write there: "), "{error}");
}

#[test]
fn writing_fails_once_an_end_was_asked_for() {
    let dir = TempDir::new().unwrap();
    let is_to_end = Arc::new(AtomicBool::new(false));
    let file = WholeFile::create(&dir.path().join("a"), false, Arc::clone(&is_to_end)).unwrap();
    (&file).write_all(b"a").unwrap();
    (&file).flush().unwrap();
    is_to_end.store(true, Ordering::Relaxed);
    for error in [(&file).write_all(b"b").unwrap_err(), (&file).flush().unwrap_err()] {
        let not_made = NotMade::of(&error).unwrap();
        assert_eq!(not_made.to_string(), "not made, as the program was ended");
    }
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_what_stands_behind_it_is_replaced() {
    let dir = TempDir::new().unwrap();
    let (path, link) = (dir.path().join("a"), dir.path().join("b"));
    fs::write(&path, "old").unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let file = create(&link, true).unwrap();
    (&file).write_all(b"new").unwrap();
    file.keep().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert!(link.is_symlink());
}
