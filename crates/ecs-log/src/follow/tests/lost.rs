//! Logs that vanish, are replaced or are made shorter.

use super::*;

#[test]
fn logs_that_vanish_before_they_are_read_are_told() {
    let dir = folder();
    let a = write(&dir, A, "");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    append(&a, "a1\n");
    let (b, c) = (write(&dir, B, "b"), write(&dir, C, "c"));
    write(&dir, D, "d");
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
    let dir = folder();
    write(&dir, A, "");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    let b = write(&dir, B, "b");
    write(&dir, A, "");
    assert!(matches!(follower.poll(&mut [0; 8], SystemTime::now()), Step::EndOfLog));
    fs::remove_file(b).unwrap();
    assert_eq!(steps(&mut follower), format!("lost 1 between {A} and nothing"));
    write(&dir, C, "c");
    assert_eq!(steps(&mut follower), r#"read "c""#);
}

#[test]
fn a_log_that_is_deleted_is_read_to_its_end_and_what_may_be_lost_after_it_is_told() {
    let dir = folder();
    let a = write(&dir, A, "");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    append(&a, "a1\n");
    fs::remove_file(a).unwrap();
    write(&dir, C, "c");
    let expected = format!(r#"read "a1\n"; end; lost 0 between {A} and {C}; read "c""#);
    assert_eq!(steps(&mut follower), expected);
}

#[test]
fn a_log_that_is_made_shorter_or_replaced_is_read_anew() {
    let dir = folder();
    let a = write(&dir, A, "first\n");
    let mut follower = at_end(&dir);
    steps(&mut follower);
    fs::write(&a, "1\n").unwrap();
    assert_eq!(steps(&mut follower), format!(r#"restarted {A}; read "1\n""#));
    let other = write(&dir, "other", "longer than before\n");
    fs::rename(other, &a).unwrap();
    #[cfg(unix)]
    assert_eq!(
        steps(&mut follower),
        format!(r#"restarted {A}; read "longer than before\n""#)
    );
}
