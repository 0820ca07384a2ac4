//! Logs that grow, and those that come after them.

use super::*;

#[test]
fn it_begins_at_the_end_of_the_newest() {
    let dir = folder();
    write(&dir, A, "a1\n");
    let b = write(&dir, B, "b1\nb2");
    write(&dir, "notes.txt", "no log");
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), r#"before "b1\nb2""#);
    assert_eq!(follower.log().unwrap().name(), LogName::parse(B.as_ref()));
    append(&b, "b3\n");
    assert_eq!(steps(&mut follower), r#"read "b3\n""#);
    assert_eq!(steps(&mut follower), "");
}

#[test]
fn the_bytes_before_fill_the_buffer_at_most() {
    let dir = folder();
    write(&dir, A, "a long line\n");
    assert_eq!(steps(&mut at_end(&dir)), r#"before "g line\n""#);
}

#[test]
fn every_log_that_came_between_is_read_in_order_after_the_old_one_to_its_end() {
    let dir = folder();
    let a = write(&dir, A, "a1\n");
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), r#"before "a1\n""#);
    write(&dir, D, "d1\n");
    write(&dir, B, "b1\n");
    write(&dir, C, "");
    append(&a, "a2\n");
    assert_eq!(
        steps(&mut follower),
        r#"read "a2\n"; end; read "b1\n"; end; end; read "d1\n""#
    );
}

#[test]
fn what_is_written_to_the_old_after_the_last_read_is_read_when_a_newer_is_there() {
    let dir = folder();
    let a = write(&dir, A, "");
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), r#"before """#);
    for n in 0..50 {
        append(&a, "x");
        if n == 49 {
            write(&dir, B, "b");
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
    let dir = folder();
    write(&dir, C, "c");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    write(&dir, A, "a");
    assert_eq!(steps(&mut follower), r#"end; read "a""#);
    write(&dir, B, "b");
    assert_eq!(steps(&mut follower), r#"end; read "b""#);
}

#[test]
fn a_log_that_is_still_written_to_is_read_on_beside_another_that_came() {
    let came: [(&str, &[u8], &str); 4] = [
        (A, b"old\n", r#"end; read "old\n""#),
        (&format!("{A}.gz"), &gzip("old\n"), r#"end; read "old\n"; end"#),
        (D, b"", "end"),
        ("9999-1231-235959.log", b"far\n", r#"end; read "far\n""#),
    ];
    for (name, content, said) in came {
        let dir = folder();
        let b = write(&dir, B, "");
        let mut follower = at_end(&dir);
        steps(&mut follower);
        let other = write(&dir, name, content);
        assert_eq!(steps(&mut follower), said, "{name}");
        append(&b, "b1\n");
        let is_left = if name.ends_with(".gz") { "" } else { "end; " };
        assert_eq!(steps(&mut follower), format!(r#"{is_left}read "b1\n""#), "{name}");
        append(&b, "b2\n");
        assert_eq!(steps(&mut follower), r#"read "b2\n""#, "{name}");
        write(&dir, C, "c1\n");
        assert_eq!(steps(&mut follower), r#"end; read "c1\n""#, "{name}");
        if !name.ends_with(".gz") {
            append(&other, "o\n");
            assert_eq!(steps(&mut follower), r#"end; read "o\n""#, "{name}");
        }
    }
}

#[test]
fn many_old_logs_do_not_hide_the_one_that_is_written_to() {
    let dir = folder();
    let b = write(&dir, B, "");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    for second in 10..20 {
        write(&dir, &format!("2016-0427-0844{second}.log"), "old\n");
        steps(&mut follower);
    }
    append(&b, "b1\n");
    assert_eq!(steps(&mut follower), r#"end; read "b1\n""#);
    // What was left is read anew if it was cut.
    write(&dir, A, "");
    steps(&mut follower);
    fs::write(&b, "b\n").unwrap();
    assert_eq!(steps(&mut follower), format!(r#"end; restarted {B}; read "b\n""#));
}

#[cfg(unix)]
#[test]
fn a_log_is_read_on_where_a_newer_one_cannot_be_opened() {
    let dir = folder();
    let b = write(&dir, B, "");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    write(&dir, C, b"BZh91AY");
    std::os::unix::fs::symlink("/nowhere/at/all", dir.path().join(D)).unwrap();
    let said = steps(&mut follower);
    assert!(said.contains("failed"), "{said}");
    append(&b, "b1\n");
    assert_eq!(steps(&mut follower), r#"read "b1\n""#);
}

#[test]
fn a_compressed_log_is_read_whole() {
    let dir = folder();
    write(&dir, &format!("{A}.gz"), gzip("a1\n"));
    let mut follower = at_end(&dir);
    assert_eq!(steps(&mut follower), r#"before ""; end"#);
    write(&dir, &format!("{B}.gz"), gzip("b1\n"));
    assert_eq!(steps(&mut follower), r#"read "b1\n"; end"#);
    let whole = gzip("c1\n");
    write(&dir, &format!("{C}.gz"), &whole[..whole.len() - 2]);
    write(&dir, D, "d1\n");
    assert_eq!(
        steps(&mut follower),
        format!(r#"read "c1\n"; failed {C}.gz: damaged gzip: it is cut off; read "d1\n""#)
    );
}

#[test]
fn a_log_and_its_copy_are_read_once() {
    let dir = folder();
    let a = write(&dir, A, "a1\n");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    write(&dir, &format!("{A}.gz"), gzip("a1\n"));
    assert_eq!(steps(&mut follower), "");
    write(&dir, &format!("{B}.gz"), gzip("b1\n"));
    write(&dir, B, "b1\n");
    assert_eq!(steps(&mut follower), r#"end; read "b1\n""#);
    fs::remove_file(a).unwrap();
    fs::remove_file(dir.path().join(B)).unwrap();
    assert_eq!(steps(&mut follower), "");
}

fn log(path: PathBuf) -> Log {
    Log::named(path)
}

#[test]
fn chosen_logs_come_first_then_those_after_them() {
    let dir = folder();
    write(&dir, A, "a");
    let (b, c) = (log(write(&dir, B, "b")), log(write(&dir, C, "c")));
    write(&dir, D, "d");
    let mut follower = Follower::after(dir.path().to_owned(), vec![b, c]);
    assert_eq!(steps(&mut follower), r#"read "b"; end; read "c"; end; read "d""#);
    write(&dir, "2017-0427-084414.log", "e");
    assert_eq!(steps(&mut follower), r#"end; read "e""#);
}

#[test]
fn one_file_is_followed_as_it_grows_and_is_rotated() {
    let dir = folder();
    let path = write(&dir, "trace.txt", "1\n");
    write(&dir, A, "another");
    let mut follower = Follower::file(log(path.clone()));
    assert_eq!(steps(&mut follower), r#"read "1\n""#);
    append(&path, "2\n");
    assert_eq!(steps(&mut follower), r#"read "2\n""#);
    fs::rename(&path, dir.path().join("trace.txt.1")).unwrap();
    append(&dir.path().join("trace.txt.1"), "3\n");
    assert_eq!(steps(&mut follower), r#"read "3\n""#);
    write(&dir, "trace.txt", "4\n");
    #[cfg(unix)]
    assert_eq!(steps(&mut follower), r#"restarted it; read "4\n""#);
}

#[test]
fn a_log_that_was_cut_to_nothing_and_written_anew_is_read_anew() {
    let dir = folder();
    let path = write(&dir, "trace.txt", "1\n");
    let mut follower = Follower::file(log(path.clone()));
    assert_eq!(steps(&mut follower), r#"read "1\n""#);
    for (content, said) in [
        // Longer, as long, and shorter than what was read of it.
        ("2\n3\n", r#"restarted it; read "2\n3\n""#),
        ("4\n5\n", r#"restarted it; read "4\n5\n""#),
        ("6\n", r#"restarted it; read "6\n""#),
        ("", "restarted it"),
        ("7\n", r#"read "7\n""#),
    ] {
        // The file stays the same.
        fs::write(&path, content).unwrap();
        assert_eq!(steps(&mut follower), said, "{content:?}");
    }
    append(&path, "8\n");
    assert_eq!(steps(&mut follower), r#"read "8\n""#);
    // Of a long log the start tells.
    let long = "9".repeat(1000);
    fs::write(&path, format!("{long}\n")).unwrap();
    steps(&mut follower);
    append(&path, &long);
    assert_eq!(steps(&mut follower), format!("read {long:?}"));
    fs::write(&path, format!("10{long}{long}\n")).unwrap();
    assert!(steps(&mut follower).starts_with("restarted it; read \"1099"));
}

#[test]
fn what_is_not_a_log_is_passed_over() {
    let dir = folder();
    let path = write(&dir, A, b"BZh91AY");
    let mut follower = Follower::file(log(path));
    assert_eq!(
        steps(&mut follower),
        format!(
            "failed {A}: is compressed by bzip2, which is not read; unpack it with `bzip2 -d`, and name what was unpacked"
        )
    );
}
