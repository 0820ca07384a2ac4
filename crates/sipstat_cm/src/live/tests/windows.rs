//! When windows are printed.

use std::fs::File;
use std::time::{Duration, SystemTime};

use sip_filter::{Interval, StampRange};

use super::script::{Folder, Run, bye, bye_on, other};

#[test]
fn a_window_is_printed_when_the_clock_of_the_log_has_passed_it() {
    let dir = Folder::new();
    dir.write("084410", &other("084410500"));
    let run = Run::new(&dir, Interval::Sec)
        .at(250, || dir.write("084410", &bye("084410750")))
        .at(500, || dir.write("084410", &(bye("084411") + &bye("084411"))))
        .at(750, || dir.write("084410", &bye("084412999")))
        .at(1000, || dir.write("084413", &bye("084413")))
        .at(1250, || dir.write("084413", &other("084414")));
    insta::assert_snapshot!(run.until(1500));
}

#[test]
fn where_nothing_comes_windows_are_printed_by_the_clock_of_the_machine() {
    let dir = Folder::new();
    dir.write("084410", &other("084410500"));
    let run = Run::new(&dir, Interval::Sec)
        .at(1000, || dir.write("084410", &bye("084411500")))
        .at(7000, || dir.write("084410", &bye("084417500")));
    insta::assert_snapshot!(run.until(12_000));
}

#[test]
fn the_age_of_the_newest_log_tells_the_time_unless_it_is_a_copy_of_long_ago() {
    let told = [3, 9 * 365 * 86_400].map(|age| {
        let dir = Folder::new();
        dir.write("084410", &other("084410"));
        let mut run = Run::new(&dir, Interval::Sec);
        let log = File::options().append(true).open(dir.log("084410")).unwrap();
        log.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        run.age = Duration::from_secs(age);
        run.at(2500, || dir.write("084410", &bye("084415"))).until(5000)
    });
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn a_line_that_comes_late_counts_in_its_own_window_for_two_seconds() {
    let dir = Folder::new();
    dir.write("084410", &other("084410"));
    let run = Run::new(&dir, Interval::Sec)
        .at(1000, || dir.write("084410", &bye("084411")))
        .at(3000, || dir.write("084410", &(other("084413") + &bye("084411999"))))
        .at(4000, || dir.write("084410", &(bye("084414") + &bye("084411999"))))
        .at(4250, || dir.write("084410", &bye("084410")));
    insta::assert_snapshot!(run.until(6000));
}

#[test]
fn when_the_clock_was_set_back_what_comes_again_is_told_until_it_is_where_it_was() {
    let dir = Folder::new();
    dir.write("084458", &other("084458"));
    let mut run = Run::new(&dir, Interval::Min);
    for second in 1..200 {
        let dir = &dir;
        // After a minute it is set back by a minute and a half.
        let time = 44 * 60 + 58 + second - if second > 60 { 90 } else { 0 };
        let time = format!("08{:02}{:02}", time / 60, time % 60);
        let name = format!("09{:02}{:02}", second / 60, second % 60);
        run = run.at(second * 1000, move || dir.write(&name, &bye(&time)));
    }
    insta::assert_snapshot!(run.until(200_500));
}

#[test]
fn a_wrong_stamp_closes_nothing() {
    let dir = Folder::new();
    dir.write("084410", &other("084410"));
    let run = Run::new(&dir, Interval::Min)
        .at(1000, || dir.write("084410", &bye_on("20991231", "235959")))
        .at(1250, || dir.write("084410", &bye("084411")))
        .at(2000, || dir.write("084410", &bye_on("20170428", "084412")))
        .at(2250, || dir.write("084410", &bye("084412")))
        .at(3000, || dir.write("084410", &bye_on("20170427", "996199")))
        .at(3250, || dir.write("084410", &bye("084413")));
    insta::assert_snapshot!(run.until(4000));
}

#[test]
fn a_record_of_the_future_closes_nothing_however_many_lines_it_has() {
    // As it comes in one piece, or in two.
    for pieces in [[18, 0], [5, 13]] {
        let dir = Folder::new();
        dir.write("084410", &other("084410"));
        let mut run = Run::new(&dir, Interval::Sec);
        for (piece, lines) in pieces.into_iter().enumerate() {
            let (at, text) = (
                1000 + 250 * u64::try_from(piece).unwrap(),
                bye_on("20170428", "084412").repeat(lines),
            );
            let dir = &dir;
            run = run.at(at, move || dir.write("084410", &text));
        }
        for second in 12..24 {
            let dir = &dir;
            let at = (second - 10) * 1000;
            run = run.at(at, move || dir.write("084410", &bye(&format!("0844{second}"))));
        }
        let told = run.until(15_000);
        let of_today = told
            .lines()
            .filter(|line| line.contains(" 20170427:0844") && line.ends_with(": 1"));
        assert_eq!(of_today.count(), 12, "{told}");
        assert!(told.contains(" 20170428:084412") && told.ends_with("exit 0"), "{told}");
    }
}

/// One line, or as many as are believed, at the end of the newest log, in its name, or later.
#[test]
fn the_last_date_there_is_does_not_hang_it() {
    let far = |count: u32| -> String {
        (0..count)
            .map(|n| bye_on("99991231", &format!("23595999{n}")))
            .collect()
    };
    for interval in ["s", "ts", "m", "t", "h", "d"] {
        for count in [1, 9] {
            for at in [0, 500] {
                let dir = Folder::new();
                dir.write("084410", &(other("084410") + &far(if at == 0 { count } else { 0 })));
                let run = Run::new(&dir, interval.parse().unwrap())
                    .at(at, || {
                        if at > 0 {
                            dir.write("084410", &far(count))
                        }
                    })
                    .at(1000, || dir.write("084411", &bye("084411")));
                let told = run.until(5000);
                assert!(told.contains("\nexit "), "{interval} {count} {at}: {told}");
            }
        }
        let dir = Folder::new();
        let name = "9999-1231-235959.log";
        std::fs::write(dir.path().join(name), far(1)).unwrap();
        let run = Run::new(&dir, interval.parse().unwrap()).at(1000, || dir.write("084411", &bye("084411")));
        assert!(run.until(5000).contains("exit "), "{interval}");
    }
}

/// Where the only record at the end of the newest log is of a far time, the name of the log tells the time.
#[test]
fn a_wrong_stamp_at_the_end_of_the_log_does_not_tell_the_time() {
    let dir = Folder::new();
    dir.write("084410", &bye_on("20990101", "000000"));
    let run = Run::new(&dir, Interval::Sec).at(1000, || dir.write("084410", &bye("084412")));
    let told = run.until(5000);
    assert!(told.contains(" 20170427:084412: 1"), "{told}");
}

#[test]
fn a_log_that_goes_on_much_later_does_not_print_all_that_was_between() {
    let dir = Folder::new();
    dir.write("084410", &other("084410"));
    let run = Run::new(&dir, Interval::Sec)
        .at(1000, || dir.write("084410", &bye("084411")))
        .at(1250, || {
            dir.write(
                "190000",
                &["190000", "190000001", "190000002", "190000003", "190000004"]
                    .map(bye)
                    .concat(),
            )
        })
        .at(4000, || dir.write("190000", &bye("190003")));
    insta::assert_snapshot!(run.until(8000));
}

#[test]
fn what_came_during_a_long_stop_is_read_before_the_clock_decides() {
    let dir = Folder::new();
    dir.write("084410", &other("084410"));
    let mut run = Run::new(&dir, Interval::Sec).at(1000, || dir.write("084410", &bye("084411")));
    // Nothing runs from 1.25 s to 7.25 s: all of this is there at once.
    for second in 12..18 {
        let dir = &dir;
        run = run.at(1250, move || {
            dir.write(&format!("0844{second}"), &bye(&format!("0844{second}")))
        });
    }
    insta::assert_snapshot!(run.until(3000));
}

/// Stopped wherever it may be, between reading and asking for the time as well.
#[test]
fn a_stop_at_any_moment_makes_nothing_late() {
    // The first look is before anything is followed.
    for stop in 1..60 {
        let dir = Folder::new();
        dir.write("084410", &other("084410"));
        let mut run = Run::new(&dir, Interval::Sec);
        run.stop = Some(stop);
        for half in 2..30 {
            let (second, dir) = (10 + half / 2, &dir);
            let text = bye(&format!("0844{second}{}", if half % 2 == 0 { "100" } else { "600" }));
            run = run.at(500 * half + 50, move || dir.write(&format!("0844{second}"), &text));
        }
        let told = run.until(16_000);
        let counted = told.lines().filter_map(|line| line.split_once(": "));
        let sum: u32 = counted.filter_map(|(_, number)| number.parse::<u32>().ok()).sum();
        assert_eq!(sum, 28, "stopped after {stop}:\n{told}");
    }
}

#[test]
fn it_ends_when_the_range_of_time_is_over() {
    let dir = Folder::new();
    dir.write("084410", &bye("084410"));
    let mut run = Run::new(&dir, Interval::Sec);
    let range: ecs_log::TimeRange = "20170427:084410-20170427:084412".parse().unwrap();
    let stamp = |stamp| sip_scan::Stamp::new(stamp).unwrap();
    run.filter.range = Some(StampRange {
        first: stamp(range.first_stamp()),
        last: stamp(range.last_stamp()),
    });
    run.request.range = Some(range);
    let run = run.at(2000, || dir.write("084412", &bye("084412")));
    insta::assert_snapshot!(run.until(3_600_000));
}
