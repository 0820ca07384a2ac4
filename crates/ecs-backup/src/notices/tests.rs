//! What is told, run after run.

use super::{Ends, HowFar, Notice, Notices, Reader, Told};

const DAY: i64 = 24 * 60 * 60;

fn no_room() -> Notice {
    Notice::once("no room", "DST: no room".to_owned(), "; free some").lasting(Ends::Saved)
}

fn no_logs() -> Notice {
    Notice::once("no logs", "SRC: no logs".to_owned(), "").lasting(Ends::Looked)
}

/// What a run for `20*` tells.
fn run(told: &mut Told, now: i64, notices: &[Notice], end: HowFar) -> Vec<String> {
    run_for(Reader::Mail, "20*", told, (now, notices, end))
}

fn run_for(reader: Reader, files: &str, told: &mut Told, run: (i64, &[Notice], HowFar)) -> Vec<String> {
    let (now, notices, end) = run;
    let mut gathered = Notices::new(reader, files, now);
    notices.iter().for_each(|notice| gathered.add(notice.clone()));
    gathered.lines(end, told)
}

#[test]
fn what_lasts_is_told_when_it_begins_once_a_day_and_when_it_ends() {
    let told = &mut Told::default();
    let mut lines = Vec::new();
    for now in (0..3 * DAY).step_by(600) {
        for line in run(told, now, &[no_room()], HowFar::Saved) {
            lines.push(format!("{now} {line}"));
        }
    }
    lines.extend(run(told, 3 * DAY, &[], HowFar::Saved));
    assert!(run(told, 3 * DAY, &[], HowFar::Saved).is_empty());
    insta::assert_snapshot!(lines.join("\n"), @r"
    0 DST: no room; free some
    85800 DST: no room; free some
    171600 DST: no room; free some
    257400 DST: no room; free some
    this is over: DST: no room
    ");
}

#[test]
fn a_time_in_the_future_counts_as_never() {
    let told = &mut Told::default();
    assert_eq!(run(told, 5 * DAY, &[no_room()], HowFar::Saved).len(), 1);
    assert_eq!(run(told, DAY, &[no_room()], HowFar::Saved).len(), 1);
    assert_eq!(run(told, DAY + 60, &[no_room()], HowFar::Saved).len(), 0);
    assert_eq!(run(told, DAY - 1, &[no_room()], HowFar::Saved).len(), 1);
}

#[test]
fn only_a_run_that_looked_ends_what_lasts_and_that_of_writing_only_one_that_saved() {
    for (end, n_over) in [(HowFar::NotToEnd, 0), (HowFar::Looked, 1), (HowFar::Saved, 2)] {
        let told = &mut Told::default();
        run(told, 0, &[no_room(), no_logs()], HowFar::Saved);
        assert_eq!(run(told, 60, &[], end).len(), n_over, "{end:?}");
        assert_eq!(told.0.len(), 2 - n_over);
    }
    // One that has other logs to back up did not look at these.
    let told = &mut Told::default();
    run(told, 0, &[no_room()], HowFar::Saved);
    assert!(run_for(Reader::Mail, "2017*", told, (60, &[], HowFar::Saved)).is_empty());
    assert_eq!(
        run_for(Reader::Mail, "2017*", told, (60, &[no_room()], HowFar::Saved)).len(),
        1
    );
}

#[test]
fn ten_files_with_one_fault_are_one_line() {
    let denied = |n: u8| Notice::once("SRC: denied", format!("SRC/{n}: denied"), "; be root").lasting(Ends::Saved);
    let gone = Notice::once("gone", "SRC/a: gone".to_owned(), "");
    let mut notices: Vec<_> = (0..10).map(denied).collect();
    notices.extend([gone.clone(), gone]);
    let told = &mut Told::default();
    let lines = run(told, 0, &notices, HowFar::Saved);
    insta::assert_snapshot!(lines.join("\n"), @r"
    SRC/0: denied, and so for 9 more; be root
    SRC/a: gone, and so for 1 more
    ");
    // Another file with the same fault is nothing new, and what happens once is told each time that it happens.
    let lines = run(told, 600, &notices[5..], HowFar::Saved);
    assert_eq!(lines, ["SRC/a: gone, and so for 1 more"]);
}

#[test]
fn whoever_wants_all_is_told_all_and_a_terminal_takes_no_mail_from_others() {
    for (reader, n_mailed) in [(Reader::Log, 0), (Reader::Terminal, 1)] {
        let told = &mut Told::default();
        for _ in 0..2 {
            assert_eq!(run_for(reader, "20*", told, (0, &[no_room()], HowFar::Saved)).len(), 1);
        }
        assert_eq!(run(told, 0, &[no_room()], HowFar::Saved).len(), n_mailed, "{reader:?}");
        assert_eq!(
            run_for(reader, "20*", told, (0, &[], HowFar::Saved)),
            ["this is over: DST: no room"]
        );
        assert_eq!(run(told, 0, &[], HowFar::Saved).len(), n_mailed, "{reader:?}");
    }
}
