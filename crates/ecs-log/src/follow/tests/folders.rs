//! Folders that are empty, missing or unchanged, and what in them is not a log.

use super::*;

#[test]
fn an_empty_folder_fills() {
    let dir = folder();
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), "");
    write(&dir, A, "a");
    write(&dir, B, "b");
    assert_eq!(steps(&mut follower), r#"read "a"; end; read "b""#);
}

#[test]
fn a_folder_that_is_missing_comes_goes_and_comes_back() {
    let dir = folder();
    let folder = dir.path().join("ecs");
    let mut follower = Follower::at_end(folder.clone());
    assert_eq!(steps(&mut follower), "gone not found");
    assert_eq!(steps(&mut follower), "");
    let a = write(&dir, &format!("ecs/{A}"), "a1\n");
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
    write(&dir, &format!("ecs/{B}"), "b1\n");
    assert_eq!(steps(&mut follower), r#"end; read "b1\n""#);
}

/// On Unix a folder can be opened, and so be made to look old.
#[cfg(unix)]
#[test]
fn a_folder_that_is_unchanged_for_long_is_not_listed_again() {
    use nix::sys::stat::utimes;
    use nix::sys::time::{TimeVal, TimeValLike};
    let dir = folder();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let ago = |seconds| TimeVal::seconds(i64::try_from(now.as_secs()).unwrap() - seconds);
    // Not `File::set_modified`, which kernels before 2.6.22 do not know.
    let set_changed = |time: TimeVal| utimes(dir.path(), &time, &time).unwrap();
    let (long_ago, just_now) = (ago(60), ago(1));
    write(&dir, A, "");
    set_changed(long_ago);
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), r#"before """#);
    assert_eq!(steps(&mut follower), "");
    write(&dir, B, "b");
    set_changed(long_ago);
    assert_eq!(steps(&mut follower), "", "nothing shows that there is a new one");
    set_changed(just_now);
    assert_eq!(steps(&mut follower), r#"end; read "b""#);
    // It may be changed again within the same second.
    write(&dir, C, "c");
    set_changed(just_now);
    assert_eq!(steps(&mut follower), r#"end; read "c""#);
}

#[cfg(unix)]
#[test]
fn a_pipe_with_the_name_of_a_log_is_none() {
    use nix::sys::stat::Mode;
    use nix::unistd::mkfifo;
    let dir = folder();
    let mut follower = at_end(&dir);
    steps(&mut follower);
    mkfifo(&dir.path().join(A), Mode::S_IRWXU).unwrap();
    assert_eq!(steps(&mut follower), "");
}
