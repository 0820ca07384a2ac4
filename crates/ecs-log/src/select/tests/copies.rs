//! Copies of one log, and logs of two servers with the same name.

use super::*;

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_never_read_for_comparison() {
    let dir = folder();
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
        let dir = folder();
        let path = |folder| format!("{folder}/{A}");
        write(&dir, &path('a'), first);
        write(&dir, &path('b'), second);
        let selection = select(&inputs(&dir, &["a", "b"]));
        let expected: Vec<String> = expected.chars().map(path).collect();
        assert_eq!(chosen(&dir, &selection), expected, "{name}");
    }
}

#[test]
fn plain_is_preferred_to_gzip_and_then_the_first_named() {
    let dir = folder();
    write(&dir, "a/2017-0427-080000.log.gz", gzip("1\n"));
    write(&dir, "b/2017-0427-080000.log.gz", gzip("1\n2\n"));
    write(&dir, "c/2017-0427-080000.log", "1\n");
    write(&dir, "d/2017-0427-080000.log", "1\n");
    let (a, c, d) = (format!("a/{A}.gz"), format!("c/{A}"), format!("d/{A}"));
    check(&dir, &inputs(&dir, &["a", "b", "c", "d"]), &[&c]);
    check(&dir, &inputs(&dir, &["b", "d", "c"]), &[&d]);
    check(&dir, &inputs(&dir, &["a", "b"]), &[&a]);
}

#[test]
fn an_empty_log_beside_those_of_two_servers_is_dropped() {
    let dir = folder();
    for (folder, content) in [("a", "1\n"), ("b", ""), ("c", "2\n")] {
        write(&dir, &format!("{folder}/{A}"), content);
    }
    for order in [["a", "b", "c"], ["b", "a", "c"]] {
        check(&dir, &inputs(&dir, &order), &[&format!("a/{A}"), &format!("c/{A}")]);
    }
}

#[test]
fn what_cannot_be_compared_is_kept() {
    let dir = folder();
    let damaged = gzip("1\n")[..12].to_vec();
    write(&dir, "a/2017-0427-080000.log", "1\n");
    write(&dir, "b/2017-0427-080000.log.gz", &damaged);
    write(&dir, "c/2017-0427-080000.log.gz", &damaged);
    let (a, b, c) = (format!("a/{A}"), format!("b/{A}.gz"), format!("c/{A}.gz"));
    check(&dir, &inputs(&dir, &["a", "b", "c"]), &[&a, &b, &c]);
}
