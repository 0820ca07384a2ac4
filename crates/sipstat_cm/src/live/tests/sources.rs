//! Where what is counted comes from.

use std::fs;

use sip_filter::Interval;

use super::script::{Folder, Run, bye, other};

#[test]
fn logs_that_were_deleted_before_they_were_read_are_told() {
    let dir = Folder::new();
    dir.write("084410", &other("084410"));
    let run = Run::new(&dir, Interval::Min)
        .at(1000, || {
            dir.write("084410", &bye("084411"));
            fs::remove_file(dir.log("084410")).unwrap();
            dir.write("084415", &bye("084415"));
        })
        .at(2000, || {
            fs::write(dir.log("084415"), "").unwrap();
        });
    let told = run.until(3000);
    insta::assert_snapshot!(told.replace(dir.path().to_str().unwrap(), "[DIR]"));
}

#[test]
fn a_folder_that_is_not_there_yet() {
    let dir = Folder::new();
    let mut run = Run::new(&dir, Interval::Sec);
    run.request.folders = vec![dir.path().join("ecs")];
    let run = run
        .at(1000, || dir.write("ecs/084410", &bye("084410")))
        .at(2000, || fs::remove_dir_all(dir.path().join("ecs")).unwrap())
        .at(3000, || dir.write("ecs/084412", &bye("084412")));
    let told = run.until(5000);
    insta::assert_snapshot!(told.replace(dir.path().to_str().unwrap(), "[DIR]"));
}

#[test]
fn windows_wait_for_the_log_that_is_furthest_back_unless_it_is_silent() {
    let dir = Folder::new();
    dir.write("a/084410", &other("084410"));
    dir.write("b/084410", &other("084410"));
    let mut run = Run::new(&dir, Interval::TenSec);
    run.request.folders = vec![dir.path().join("a"), dir.path().join("b")];
    for second in 11..50 {
        let dir = &dir;
        let at = (second - 10) * 1000;
        run = run.at(at, move || {
            dir.write("a/084410", &bye(&format!("0844{second}")));
            // The clock of the other is five seconds behind, and it falls silent.
            if (16..30).contains(&second) {
                dir.write("b/084410", &bye(&format!("0844{}", second - 5)));
            }
        });
    }
    insta::assert_snapshot!(run.until(39_500));
}

#[test]
fn a_log_of_long_ago_holds_nothing_back() {
    let dir = Folder::new();
    dir.write("a/014410", &(bye("014410") + &bye("014411")));
    dir.write("b/084410", &bye("084410"));
    let mut run = Run::new(&dir, Interval::TenSec);
    run.request.inputs = vec![dir.path().join("a").into(), dir.path().join("b").into()];
    let run = run.at(1000, || dir.write("b/084410", &bye("084412"))).at(8000, || {
        dir.write("b/084410", &bye("084420"));
    });
    insta::assert_snapshot!(run.until(24_000));
}

#[test]
fn of_two_logs_that_are_read_first_none_makes_the_other_late() {
    let dir = Folder::new();
    // By its name it comes first.
    dir.write("a/084405", &["084430", "084431", "084435"].map(bye).concat());
    dir.write("b/084410", &["084410", "084411", "084415"].map(bye).concat());
    let mut run = Run::new(&dir, Interval::Sec);
    run.request.inputs = vec![dir.path().join("a").into(), dir.path().join("b").into()];
    insta::assert_snapshot!(run.until(1000));
}

#[test]
fn what_is_chosen_is_read_first_as_in_a_batch() {
    let dir = Folder::new();
    dir.write("083000", &bye("083000"));
    dir.write("084000", &(bye("084000") + &bye("084300")));
    let mut run = Run::new(&dir, Interval::Min);
    run.request.last = Some(2);
    let run = run.at(1000, || dir.write("084301", &bye("084301")));
    insta::assert_snapshot!(run.until(2000));
}

#[test]
fn a_followed_file_that_is_not_a_log_is_told_once() {
    let dir = Folder::new();
    let notes = dir.path().join("notes.txt");
    fs::write(&notes, "not a line of a log\n").unwrap();
    let mut run = Run::new(&dir, Interval::Sec);
    run.request.inputs = vec![notes.clone().into()];
    let run = run
        .at(1000, || fs::write(&notes, "not a line of a log\nnor this\n").unwrap())
        // It is cut to nothing, and a log is written into it.
        .at(2000, || fs::write(&notes, bye("084410") + &bye("084411")).unwrap());
    let told = run.until(5000);
    insta::assert_snapshot!(told.replace(dir.path().to_str().unwrap(), "[DIR]"), @"
      0.00 sipstat_cm: [DIR]/notes.txt: is text, but has no line of an ECS log, which is not read; check the name
      2.00 sipstat_cm: [DIR]/notes.txt: made shorter or replaced; read anew from its start
      4.00 20170427:084410: 1
      5.00 20170427:084411: 1
      5.00 20170427:084412
      5.00 20170427:084413
      5.00 20170427:084414 (partial, to 08:44:14)
      5.00 sipstat_cm: 1 of 2 inputs could not be read, or not to the end
    exit 0
    ");
}
