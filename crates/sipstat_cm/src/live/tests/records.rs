//! Records that are cut where reading begins or ends, and those that go on elsewhere.

use std::fs;

use sip_filter::Interval;

use super::script::{Folder, Run, bye, lines, other};

#[test]
fn to_begin_or_end_within_a_record_is_no_damage() {
    let dir = Folder::new();
    let [first, rest] = lines("084410");
    let (begin, end) = rest.split_at(70);
    dir.write("084410", &(first.clone() + begin));
    let run = Run::new(&dir, Interval::Sec)
        .at(1000, || dir.write("084410", &(end.to_owned() + &bye("084411"))))
        .at(2000, || dir.write("084410", &first));
    insta::assert_snapshot!(run.until(3000));
}

#[test]
fn a_line_that_a_log_ends_within_goes_on_in_the_next() {
    let dir = Folder::new();
    dir.write("084410", &other("084410"));
    let record = bye("084411");
    let (begin, end) = record.split_at(60);
    let run = Run::new(&dir, Interval::Sec)
        .at(1000, || dir.write("084410", begin))
        .at(1250, || dir.write("084412", &(end.to_owned() + &bye("084412"))));
    insta::assert_snapshot!(run.until(2000));
}

#[test]
fn what_a_log_that_was_replaced_left_unfinished_is_damaged() {
    let dir = Folder::new();
    dir.write("084410", &other("084410"));
    let run = Run::new(&dir, Interval::Sec)
        .at(1000, || dir.write("084410", &lines("084411")[0]))
        .at(2000, || {
            fs::write(dir.path().join("new"), bye("084412")).unwrap();
            fs::rename(dir.path().join("new"), dir.log("084410")).unwrap();
        });
    let told = run.until(3000);
    insta::assert_snapshot!(told.replace(dir.path().to_str().unwrap(), "[DIR]"));
}

#[test]
fn a_file_of_any_name_is_followed_as_it_grows() {
    let dir = Folder::new();
    let path = dir.path().join("trace.txt");
    fs::write(&path, bye("084410")).unwrap();
    let mut run = Run::new(&dir, Interval::Sec);
    run.request.inputs = vec![path.clone().into()];
    let run = run.at(1000, || fs::write(&path, bye("084410") + &bye("084411")).unwrap());
    insta::assert_snapshot!(run.until(4000));
}

/// The record that the archive's last log begins goes on in the folder; so does the last window.
#[test]
fn archives_are_read_first() {
    let [first, rest] = lines("084412");
    let logs = [
        ("084412", bye("084412") + &first),
        ("084410", bye("084410")),
        ("084411", bye("084411")),
    ];
    let dir = Folder::new();
    let mut builder = tar::Builder::new(Vec::new());
    for (begun, content) in &logs {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        let name = format!("ecs/2017-0427-{begun}.log");
        builder.append_data(&mut header, name, content.as_bytes()).unwrap();
    }
    let archive = dir.path().join("old.tar");
    fs::write(&archive, builder.into_inner().unwrap()).unwrap();
    dir.write("ecs/084413", &(rest + &bye("084412") + &bye("084413")));
    let mut run = Run::new(&dir, Interval::Sec);
    run.request.inputs = vec![archive.into(), dir.path().join("ecs").into()];
    let run = run.at(1000, || dir.write("ecs/084413", &bye("084414")));
    insta::assert_snapshot!(run.until(2000));
}
