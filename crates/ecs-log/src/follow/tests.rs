use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Follower, Lost, Step};
use crate::log::Log;
use crate::name::LogName;
use crate::testdir::{TestDir, gzip};

const A: &str = "2017-0427-084410.log";
const B: &str = "2017-0427-084411.log";
const C: &str = "2017-0427-084412.log";
const D: &str = "2017-0427-084413.log";

/// What the follower does until there is nothing left to do, in words.
fn steps(follower: &mut Follower) -> String {
    let mut buffer = [0; 7];
    let mut steps: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        let step = follower.poll(&mut buffer, SystemTime::now());
        if let Step::Bytes(length) = step {
            text += std::str::from_utf8(&buffer[..length]).unwrap();
            continue;
        }
        if !text.is_empty() {
            steps.push(format!("read {:?}", std::mem::take(&mut text)));
        }
        steps.push(match step {
            Step::Bytes(_) => unreachable!("taken above"),
            Step::Before { length, written } => {
                assert!(written.is_some());
                format!("before {:?}", std::str::from_utf8(&buffer[..length]).unwrap())
            }
            Step::EndOfLog => "end".to_owned(),
            Step::Lost(Lost { known, after, before }) => {
                let name = |name: Option<LogName>| name.map_or("nothing".to_owned(), |name| name.to_string());
                format!("lost {known} between {} and {}", name(after), name(before))
            }
            Step::Restarted(log) => format!(
                "restarted {}",
                log.name().map_or("it".to_owned(), |name| name.to_string())
            ),
            Step::Failed(error) => {
                let text = error.to_string();
                format!("failed {}", text.rsplit('/').next().unwrap())
            }
            Step::FolderGone(error) => format!("gone{}", error.to_string().rsplit_once(':').unwrap().1),
            Step::FolderBack => "back".to_owned(),
            Step::Idle => break,
        });
    }
    steps.join("; ")
}

fn append(path: &Path, text: &str) {
    let mut file = File::options().append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn at_end(dir: &TestDir) -> Follower {
    Follower::at_end(dir.path().to_owned())
}

#[test]
fn it_begins_at_the_end_of_the_newest() {
    let dir = TestDir::new();
    dir.file(A, "a1\n");
    let b = dir.file(B, "b1\nb2");
    dir.file("notes.txt", "no log");
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), r#"before "b1\nb2""#);
    assert_eq!(follower.log().unwrap().name(), LogName::parse(B.as_ref()));
    append(&b, "b3\n");
    assert_eq!(steps(&mut follower), r#"read "b3\n""#);
    assert_eq!(steps(&mut follower), "");
}

#[test]
fn the_bytes_before_fill_the_buffer_at_most() {
    let dir = TestDir::new();
    dir.file(A, "a long line\n");
    assert_eq!(steps(&mut at_end(&dir)), r#"before "g line\n""#);
}

#[test]
fn every_log_that_came_between_is_read_in_order_after_the_old_one_to_its_end() {
    let dir = TestDir::new();
    let a = dir.file(A, "a1\n");
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), r#"before "a1\n""#);
    dir.file(D, "d1\n");
    dir.file(B, "b1\n");
    dir.file(C, "");
    append(&a, "a2\n");
    assert_eq!(
        steps(&mut follower),
        r#"read "a2\n"; end; read "b1\n"; end; end; read "d1\n""#
    );
}

#[test]
fn what_is_written_to_the_old_after_the_last_read_is_read_when_a_newer_is_there() {
    let dir = TestDir::new();
    let a = dir.file(A, "");
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), r#"before """#);
    for n in 0..50 {
        append(&a, "x");
        if n == 49 {
            dir.file(B, "b");
        }
        let expected = if n == 49 {
            r#"read "x"; end; read "b""#
        } else {
            r#"read "x""#
        };
        assert_eq!(steps(&mut follower), expected);
    }
}

#[test]
fn a_name_that_is_less_is_new_all_the_same() {
    // The clock was set back by an hour.
    let dir = TestDir::new();
    dir.file(C, "c");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    dir.file(A, "a");
    assert_eq!(steps(&mut follower), r#"end; read "a""#);
    dir.file(B, "b");
    assert_eq!(steps(&mut follower), r#"end; read "b""#);
}

#[test]
fn logs_that_vanish_before_they_are_read_are_told() {
    let dir = TestDir::new();
    let a = dir.file(A, "");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    append(&a, "a1\n");
    let (b, c) = (dir.file(B, "b"), dir.file(C, "c"));
    dir.file(D, "d");
    let mut buffer = [0; 8];
    assert!(matches!(follower.poll(&mut buffer, SystemTime::now()), Step::Bytes(3)));
    assert!(matches!(follower.poll(&mut buffer, SystemTime::now()), Step::EndOfLog));
    assert_eq!(follower.waiting(), 3);
    fs::remove_file(b).unwrap();
    fs::remove_file(c).unwrap();
    assert_eq!(steps(&mut follower), format!(r#"lost 2 between {A} and {D}; read "d""#));
}

#[test]
fn all_that_was_there_vanished() {
    let dir = TestDir::new();
    dir.file(A, "");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    let b = dir.file(B, "b");
    dir.file(A, "");
    assert!(matches!(follower.poll(&mut [0; 8], SystemTime::now()), Step::EndOfLog));
    fs::remove_file(b).unwrap();
    assert_eq!(steps(&mut follower), format!("lost 1 between {A} and nothing"));
    dir.file(C, "c");
    assert_eq!(steps(&mut follower), r#"read "c""#);
}

#[test]
fn a_log_that_is_deleted_is_read_to_its_end_and_what_may_be_lost_after_it_is_told() {
    let dir = TestDir::new();
    let a = dir.file(A, "");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    append(&a, "a1\n");
    fs::remove_file(a).unwrap();
    dir.file(C, "c");
    let expected = format!(r#"read "a1\n"; end; lost 0 between {A} and {C}; read "c""#);
    assert_eq!(steps(&mut follower), expected);
}

#[test]
fn a_log_that_is_made_shorter_or_replaced_is_read_anew() {
    let dir = TestDir::new();
    let a = dir.file(A, "first\n");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    fs::write(&a, "1\n").unwrap();
    assert_eq!(steps(&mut follower), format!(r#"restarted {A}; read "1\n""#));
    let other = dir.file("other", "longer than before\n");
    fs::rename(other, &a).unwrap();
    #[cfg(unix)]
    assert_eq!(
        steps(&mut follower),
        format!(r#"restarted {A}; read "longer than before\n""#)
    );
}

#[test]
fn an_empty_folder_fills() {
    let dir = TestDir::new();
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), "");
    dir.file(A, "a");
    dir.file(B, "b");
    assert_eq!(steps(&mut follower), r#"read "a"; end; read "b""#);
}

#[test]
fn a_folder_that_is_missing_comes_goes_and_comes_back() {
    let dir = TestDir::new();
    let folder = dir.path().join("ecs");
    let mut follower = Follower::at_end(folder.clone());
    assert_eq!(steps(&mut follower), "gone not found");
    assert_eq!(steps(&mut follower), "");
    let a = dir.file(&format!("ecs/{A}"), "a1\n");
    assert_eq!(steps(&mut follower), r#"back; read "a1\n""#);
    let away = dir.path().join("away");
    fs::rename(&folder, &away).unwrap();
    assert_eq!(steps(&mut follower), "gone not found");
    append(&away.join(A), "a2\n");
    assert_eq!(steps(&mut follower), r#"read "a2\n""#);
    fs::create_dir(&folder).unwrap();
    assert_eq!(steps(&mut follower), "back");
    fs::remove_dir(&folder).unwrap();
    assert_eq!(steps(&mut follower), "gone not found");
    fs::rename(&away, &folder).unwrap();
    append(&a, "a3\n");
    assert_eq!(steps(&mut follower), r#"read "a3\n"; back"#);
    dir.file(&format!("ecs/{B}"), "b1\n");
    assert_eq!(steps(&mut follower), r#"end; read "b1\n""#);
}

#[test]
fn a_compressed_log_is_read_whole() {
    let dir = TestDir::new();
    dir.file(&format!("{A}.gz"), gzip("a1\n"));
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), r#"before ""; end"#);
    dir.file(&format!("{B}.gz"), gzip("b1\n"));
    assert_eq!(steps(&mut follower), r#"read "b1\n"; end"#);
    let whole = gzip("c1\n");
    dir.file(&format!("{C}.gz"), &whole[..whole.len() - 2]);
    dir.file(D, "d1\n");
    assert_eq!(
        steps(&mut follower),
        format!(r#"read "c1\n"; failed {C}.gz: damaged gzip: it is cut off; read "d1\n""#)
    );
}

#[test]
fn a_log_and_its_copy_are_read_once() {
    let dir = TestDir::new();
    let a = dir.file(A, "a1\n");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    dir.file(&format!("{A}.gz"), gzip("a1\n"));
    assert_eq!(steps(&mut follower), "");
    dir.file(&format!("{B}.gz"), gzip("b1\n"));
    dir.file(B, "b1\n");
    assert_eq!(steps(&mut follower), r#"end; read "b1\n""#);
    fs::remove_file(a).unwrap();
    fs::remove_file(dir.path().join(B)).unwrap();
    assert_eq!(steps(&mut follower), "");
}

fn log(path: PathBuf) -> Log {
    Log::at(path, false)
}

#[test]
fn chosen_logs_come_first_then_those_after_them() {
    let dir = TestDir::new();
    dir.file(A, "a");
    let (b, c) = (log(dir.file(B, "b")), log(dir.file(C, "c")));
    dir.file(D, "d");
    let mut follower = Follower::after(dir.path().to_owned(), vec![b, c]);
    assert_eq!(steps(&mut follower), r#"read "b"; end; read "c"; end; read "d""#);
    dir.file("2017-0427-084414.log", "e");
    assert_eq!(steps(&mut follower), r#"end; read "e""#);
}

#[test]
fn one_file_is_followed_as_it_grows_and_is_rotated() {
    let dir = TestDir::new();
    let path = dir.file("trace.txt", "1\n");
    dir.file(A, "another");
    let mut follower = Follower::file(log(path.clone()));
    assert_eq!(steps(&mut follower), r#"read "1\n""#);
    append(&path, "2\n");
    assert_eq!(steps(&mut follower), r#"read "2\n""#);
    fs::rename(&path, dir.path().join("trace.txt.1")).unwrap();
    append(&dir.path().join("trace.txt.1"), "3\n");
    assert_eq!(steps(&mut follower), r#"read "3\n""#);
    dir.file("trace.txt", "4\n");
    #[cfg(unix)]
    assert_eq!(steps(&mut follower), r#"restarted it; read "4\n""#);
}

/// On Unix a folder can be opened, and so be made to look old.
#[cfg(unix)]
#[test]
fn a_folder_that_is_unchanged_for_long_is_not_listed_again() {
    use nix::sys::stat::utimes;
    use nix::sys::time::{TimeVal, TimeValLike};
    let dir = TestDir::new();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let ago = |seconds| TimeVal::seconds(i64::try_from(now.as_secs()).unwrap() - seconds);
    // Not `File::set_modified`, which kernels before 2.6.22 do not know.
    let set_changed = |time: TimeVal| utimes(dir.path(), &time, &time).unwrap();
    let (long_ago, just_now) = (ago(60), ago(1));
    dir.file(A, "");
    set_changed(long_ago);
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), r#"before """#);
    assert_eq!(steps(&mut follower), "");
    dir.file(B, "b");
    set_changed(long_ago);
    assert_eq!(steps(&mut follower), "", "nothing shows that there is a new one");
    set_changed(just_now);
    assert_eq!(steps(&mut follower), r#"end; read "b""#);
    // It may be changed again within the same second.
    dir.file(C, "c");
    set_changed(just_now);
    assert_eq!(steps(&mut follower), r#"end; read "c""#);
}

#[cfg(unix)]
#[test]
fn a_pipe_with_the_name_of_a_log_is_none() {
    use nix::sys::stat::Mode;
    use nix::unistd::mkfifo;
    let dir = TestDir::new();
    let mut follower = at_end(&dir);
    steps(&mut follower);
    mkfifo(&dir.path().join(A), Mode::S_IRWXU).unwrap();
    assert_eq!(steps(&mut follower), "");
}
