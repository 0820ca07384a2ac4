//! The choice by number and by time.

use super::*;

#[test]
fn last_takes_the_newest_of_what_is_distinct() {
    let dir = folder();
    logs(&dir, &[A, B, C, "other"]);
    write(&dir, "old/2017-0427-082000.log.gz", gzip(format!("{C}\n")));
    let all = &["other", "", "old"];
    for (n, expected) in [
        (0, &[][..]),
        (1, &[C]),
        (2, &[B, C]),
        (3, &[A, B, C]),
        (4, &["other", A, B, C]),
        (5, &["other", A, B, C]),
    ] {
        check(&dir, &last(inputs(&dir, all), n), expected);
    }
}

#[test]
fn last_can_part_the_logs_of_two_servers() {
    let dir = folder();
    logs(&dir, &["a/2017-0427-080000.log", "b/2017-0427-080000.log"]);
    let request = last(inputs(&dir, &["a", "b"]), 1);
    check(&dir, &request, &["b/2017-0427-080000.log"]);
}

#[test]
fn a_range_takes_the_logs_that_can_hold_a_part_of_it() {
    let dir = folder();
    logs(&dir, &[A, B, C, D]);
    for (range, expected) in [
        ("2017", &[A, B, C, D][..]),
        ("2016-2017", &[A, B, C, D]),
        ("2016-2016", &[]),
        ("2018", &[D]),
        ("20170427:0811-20170427:0819", &[B]),
        // The next log may be begun within the second in which this one ends, and the clock may be set back a little.
        ("20170427:0820-20170427:0820", &[B, C]),
        ("20170427:082002-20170427:0820", &[B, C]),
        ("20170427:082003-20170427:0820", &[C]),
        ("20170427:0811-20170427:081959", &[B]),
        ("20170427:0811-20170427:082000", &[B, C]),
        ("20170427:075959-20170427:080000", &[A]),
        ("20170427:07-20170427:07", &[]),
        ("20170427:0831", &[D]),
    ] {
        check(&dir, &ranged(inputs(&dir, &[""]), range), expected);
    }
}

#[test]
fn a_range_always_keeps_what_has_no_name() {
    let dir = folder();
    logs(&dir, &[A, B, "other"]);
    let request = ranged(inputs(&dir, &["", "-", "other"]), "2016-2016");
    check(&dir, &request, &["-", "other"]);
}

#[test]
fn last_counts_within_the_range() {
    let dir = folder();
    logs(&dir, &[A, B, C, D]);
    let request = last(ranged(inputs(&dir, &[""]), "2017-20170427:0820"), 2);
    check(&dir, &request, &[B, C]);
}

#[test]
fn the_log_of_another_server_does_not_end_this_ones() {
    let dir = folder();
    logs(&dir, &["a/2017-0427-080000.log", "b/2017-0427-080500.log"]);
    logs(&dir, &["a/2017-0427-081000.log", "b/2017-0427-081000.log"]);
    let request = ranged(inputs(&dir, &["a", "b"]), "20170427:0807-20170427:0808");
    check(&dir, &request, &["a/2017-0427-080000.log", "b/2017-0427-080500.log"]);
}

#[test]
fn a_copy_in_the_same_folder_does_not_end_its_log() {
    let dir = folder();
    logs(&dir, &[A, B]);
    write(&dir, "2017-0427-080000.log.gz", gzip(format!("{A}\n")));
    check(&dir, &ranged(inputs(&dir, &[""]), "20170427:0805-20170427:0806"), &[A]);
}
