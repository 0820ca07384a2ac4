//! The choice by time where names, stamps and modification times disagree.

use std::fs::File;
use std::time::{Duration, SystemTime};

use super::*;

/// The night in which summer time ends in Central Europe, at 01:00 UTC.
const NIGHT: &str = "20171029";

/// One o'clock UTC in that night.
fn one_utc() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_509_238_800)
}

/// Lines with these times of day, each long, so that many do not fit into one look.
fn lines(times: &[&str]) -> String {
    let line = |time: &&str| format!("{NIGHT}:{time}000:1:capro(1):MED:[{}]\n", "x".repeat(10_000));
    times.iter().map(line).collect()
}

fn name(time: &str) -> String {
    format!("2017-1029-{time}.log")
}

/// Logs, each the time of its name and those of its lines, and in some forms also a modification time in seconds from one
/// o'clock UTC.
struct Night(TempDir);

impl Night {
    fn new(logs: &[(&str, &[&str])], pack: fn(String) -> Vec<u8>) -> Night {
        let dir = folder();
        for (begun, times) in logs {
            write(&dir, &name(begun), pack(lines(times)));
        }
        Night(dir)
    }

    fn modified(self, times: &[(&str, i64)]) -> Night {
        for (begun, seconds) in times {
            let away = Duration::from_secs(seconds.unsigned_abs());
            let time = if *seconds < 0 {
                one_utc() - away
            } else {
                one_utc() + away
            };
            let file = File::options()
                .write(true)
                .open(self.0.path().join(name(begun)))
                .unwrap();
            file.set_modified(time).unwrap();
        }
        self
    }

    #[track_caller]
    fn check(&self, from: &str, to: &str, expected: &[&str]) {
        let request = ranged(inputs(&self.0, &[""]), &format!("{NIGHT}:{from}-{NIGHT}:{to}"));
        let expected: Vec<String> = expected.iter().map(|begun| name(begun)).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(&self.0, &request, &expected);
    }
}

fn plain(content: String) -> Vec<u8> {
    content.into_bytes()
}

fn packed(content: String) -> Vec<u8> {
    gzip(content)
}

#[test]
fn a_line_from_before_its_log_was_begun_is_found() {
    for pack in [plain, packed] {
        let night = Night::new(
            &[
                ("080000", &["080000"]),
                ("080010", &["080009", "080012"]),
                ("080020", &["080020"]),
                ("080030", &["080030"]),
            ],
            pack,
        );
        night.check("080009", "080009", &["080000", "080010"]);
        night.check("080008", "080008", &["080000"]);
    }
}

#[test]
fn the_last_lines_of_a_plain_log_tell_how_long_it_goes_on() {
    // After the first log the clock was set back by ten minutes.
    let logs: &[(&str, &[&str])] = &[
        ("080000", &["080000", "080500", "081000"]),
        ("080005", &["080005", "080100"]),
        ("080200", &["080200"]),
    ];
    let night = Night::new(logs, plain);
    night.check("080300", "080330", &["080000", "080200"]);
    night.check("081000", "081000", &["080000", "080200"]);
    night.check("081001", "081001", &["080200"]);
    night.check("080150", "080155", &["080000", "080005"]);
}

#[test]
fn a_log_in_which_the_clock_was_set_back_may_hold_any_time_of_a_day() {
    let night = Night::new(
        &[
            ("020000", &["020000", "020003"]),
            ("020004", &["020004", "025900"]),
            ("025957", &["025958", "025959", "020001", "020003"]),
            ("030000", &["030000"]),
            ("030100", &["030100"]),
        ],
        plain,
    );
    night.check("0200", "0200", &["020000", "020004", "025957"]);
    night.check("0301", "0301", &["025957", "030000", "030100"]);
    // Within a second lines may be out of order.
    let night = Night::new(
        &[
            ("080000", &["080001", "080000"]),
            ("080010", &["080010"]),
            ("080020", &[]),
        ],
        plain,
    );
    night.check("080015", "080016", &["080010"]);
}

#[test]
fn modification_times_tell_that_the_clock_was_set_back_within_a_compressed_log() {
    let logs: &[(&str, &[&str])] = &[
        ("020000", &["020000"]),
        ("020004", &["020004"]),
        ("025957", &["025958", "025959", "020003"]),
        ("030000", &["030000"]),
        ("030100", &["030100"]),
    ];
    let times = [
        ("020000", -3596),
        ("020004", -3),
        ("025957", 3600),
        ("030000", 3660),
        ("030100", 3700),
    ];
    let night = Night::new(logs, packed).modified(&times);
    night.check("0200", "0200", &["020000", "020004", "025957"]);
    night.check("0230", "0230", &["020004", "025957"]);
    // Without the times of the server nothing tells that.
    let copied = times.map(|(begun, seconds)| (begun, seconds + 1_000_000));
    let night = Night::new(logs, packed).modified(&copied);
    night.check("0200", "0200", &["020000", "020004"]);
}

#[test]
fn modification_times_tell_which_compressed_log_follows_where_names_of_two_hours_mix() {
    let logs: &[(&str, &[&str])] = &[
        ("020000", &["020000"]),
        ("025000", &["025000"]),
        // Of the second hour.
        ("020500", &["020500"]),
        ("030000", &["030000"]),
    ];
    let times = [("020000", -600), ("025000", 300), ("020500", 3600), ("030000", 3660)];
    let night = Night::new(logs, packed).modified(&times);
    // The log begun at 02:00:00 goes on until 02:50:00, not until 02:05:00.
    night.check("0230", "0230", &["020000", "020500", "025000"]);
    // In the one begun at 02:50:00 the clock was set back.
    night.check("0202", "0203", &["020000", "025000"]);
}

#[test]
fn a_small_step_of_the_clock_back_that_no_name_tells() {
    // Before the end of the first log the clock was set back from 08:00:12 to 08:00:10.
    let times = ["080000", "080001", "080012", "080010", "080010", "080010"];
    for pack in [plain, packed] {
        let night = Night::new(
            &[("080000", &times), ("080011", &["080011"]), ("080020", &["080020"])],
            pack,
        );
        night.check("080012", "080012", &["080000", "080011"]);
        night.check("080013", "080013", &["080000", "080011"]);
        night.check("080014", "080014", &["080011"]);
    }
}

#[test]
fn of_a_thousand_logs_only_those_of_the_range_are_chosen() {
    for pack in [plain, packed] {
        let dir = folder();
        for second in 0..1000 {
            let time = format!("08{:02}{:02}", second / 60, second % 60);
            let line = format!("{NIGHT}:{time}500:1:capro(1):MED:[x]\n");
            write(&dir, &name(&time), pack(line));
        }
        let selection = select(&ranged(inputs(&dir, &[""]), "20171029:0805-20171029:0805"));
        let chosen = chosen(&dir, &selection);
        assert_eq!(
            (chosen.first(), chosen.last()),
            (Some(&name("080457")), Some(&name("080559")))
        );
        assert_eq!(chosen.len(), 63, "three more than hold it");
    }
}

/// Compressed logs without the server's modification times: each the time of its name, the running number of its first line,
/// and the times of its lines.
fn numbered(logs: &[(&str, u64, &[&str])]) -> Night {
    let dir = folder();
    for (begun, number, times) in logs {
        let content = lines(times).replacen(":1:capro", &format!(":{number}:capro"), 1);
        write(&dir, &name(begun), gzip(content));
    }
    Night(dir)
}

#[test]
fn running_numbers_tell_which_compressed_log_follows_where_names_of_two_hours_mix() {
    let night = numbered(&[
        ("020000", 100, &["020000"]),
        ("025000", 200, &["025000", "025959", "020001"]),
        // Of the second hour.
        ("020500", 300, &["020500"]),
        ("030000", 400, &["030000"]),
        ("040000", 500, &["040000"]),
    ]);
    // The log begun at 02:00:00 goes on until 02:50:00, not until 02:05:00.
    night.check("0230", "0230", &["020000", "020500", "025000"]);
    // In the one begun at 02:50:00 the clock was set back.
    night.check("0202", "0203", &["020000", "025000"]);
    // The one of the second hour goes on until the next hour.
    night.check("0255", "0255", &["020500", "025000"]);
    night.check("0330", "0330", &["025000", "030000"]);
}

#[test]
fn running_numbers_that_were_begun_anew_tell_nothing() {
    // Names fall with every other number: these are no clocks that were set back.
    let begun: Vec<String> = (0..20).map(|n| format!("08{n:02}00")).collect();
    let times: Vec<[&str; 1]> = begun.iter().map(|begun| [begun.as_str()]).collect();
    let logs = |number: fn(u64) -> u64| -> Vec<(&str, u64, &[&str])> {
        let logs = begun.iter().zip(&times).zip(0..);
        logs.map(|((begun, times), n)| (begun.as_str(), number(n), times.as_slice()))
            .collect()
    };
    numbered(&logs(|n| n % 10)).check("080530", "080530", &["080500"]);
    // One log is taken for many if the clock seems to have been set back only in it.
    numbered(&logs(|n| if n < 10 { n + 10 } else { n - 10 })).check("080530", "080530", &["080500", "081900"]);
    // As many as may be: eight falls are believed, nine are not.
    numbered(&logs(|n| if n < 16 { n ^ 1 } else { n })).check(
        "081830",
        "081830",
        &[
            "080100", "080300", "080500", "080700", "080900", "081100", "081300", "081500", "081800",
        ],
    );
    numbered(&logs(|n| if n < 18 { n ^ 1 } else { n })).check("081830", "081830", &["081800"]);
}

#[test]
fn what_is_no_running_number_tells_nothing() {
    for line in ["x:capro", ":capro", "18446744073709551616:capro", "1"] {
        let dir = folder();
        write(
            &dir,
            &name("020000"),
            gzip(lines(&["020000"]).replace("1:capro(1)", line)),
        );
        write(&dir, &name("030000"), gzip(lines(&["030000"])));
        Night(dir).check("0245", "0246", &["020000"]);
    }
}
