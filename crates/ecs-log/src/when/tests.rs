use std::fmt::Write as _;

use super::{Request, TimeRange, When};
use crate::testing::{folder, gzip, write};

/// Ends of the range of `text` in the logs that `inputs` name.
#[track_caller]
fn range(text: &str, folder: &std::path::Path, inputs: &[&str]) -> Option<(String, String)> {
    let request = Request {
        inputs: inputs.iter().map(|input| folder.join(input).into()).collect(),
        ..Request::default()
    };
    let range = text.parse::<When>().unwrap().range(&request).unwrap()?;
    let text = |stamp: [u8; 18]| stamp.escape_ascii().to_string();
    Some((text(range.first_stamp()), text(range.last_stamp())))
}

fn line(stamp: &str) -> String {
    format!("{stamp}:1:capro(1):MED:[x]\n")
}

#[test]
fn the_last_so_long_and_whole_days() {
    let dir = folder();
    write(&dir, "2017-0302-080000.log", line("20170302:081205678"));
    let open = "99991231:235959999";
    for (text, first, last) in [
        ("30s", "20170302:081135678", open),
        ("15m", "20170302:075705678", open),
        ("15M", "20170302:075705678", open),
        ("2h", "20170302:061205678", open),
        ("2d", "20170228:081205678", open),
        ("999999999999d", "-9999", open),
        ("today", "20170302:000000000", "20170302:235959999"),
        ("Yesterday", "20170301:000000000", "20170301:235959999"),
        ("20170302:08-09", "20170302:080000000", "20170302:095959999"),
    ] {
        let (found_first, found_last) = range(text, dir.path(), &[""]).expect(text);
        if text != "999999999999d" {
            assert_eq!((found_first.as_str(), found_last.as_str()), (first, last), "{text}");
        }
    }
}

#[test]
fn the_last_whole_minutes() {
    let dir = folder();
    let name = "2017-0302-000000.log";
    let request = Request {
        folders: vec![dir.path().to_owned()],
        ..Request::default()
    };
    for (last, text, expected) in [
        ("000305678", "1m", ["20170302:000200000", "20170302:000259999"]),
        ("000305678", "5m", ["20170301:235800000", "20170302:000259999"]),
        ("000305678", "90s", ["20170302:000130000", "20170302:000259999"]),
        ("000305678", "today", ["20170302:000000000", "20170302:000259999"]),
        ("000105678", "today", ["20170302:000000000", "20170302:000059999"]),
        // Today has one minute at least.
        ("000005678", "today", ["20170302:000000000", "20170302:000059999"]),
        ("000305678", "yesterday", ["20170301:000000000", "20170301:235959999"]),
        (
            "000305678",
            "20170302:0001",
            ["20170302:000100000", "99991231:235959999"],
        ),
    ] {
        write(&dir, name, line(&format!("20170302:{last}")));
        let when = text.parse::<When>().unwrap();
        let checked = when.checked(&request, std::time::SystemTime::now()).unwrap().unwrap();
        let stamps = [checked.range.first_stamp(), checked.range.last_stamp()];
        let stamps = stamps.map(|stamp| stamp.escape_ascii().to_string());
        assert_eq!(stamps, expected, "{text}");
        assert_eq!(checked.doubt, None, "{text}");
    }
    write(&dir, name, "no line of a log\n");
    let when = When::DaysBefore(0);
    assert_eq!(when.checked(&request, std::time::SystemTime::now()), Ok(None));
}

#[test]
fn today_goes_on_to_the_last_line_where_nothing_is_followed() {
    let dir = folder();
    write(&dir, "2017-0302-080000.log", line("20170302:081205678"));
    let request = Request {
        folders: vec![dir.path().to_owned()],
        ..Request::default()
    };
    for (text, expected) in [
        ("today", "20170302:000000000 99991231:235959999"),
        ("yesterday", "20170301:000000000 20170301:235959999"),
        ("5s", "20170302:081200678 99991231:235959999"),
    ] {
        let when = text.parse::<When>().unwrap().to_the_last_line();
        let range = when.range(&request).unwrap().unwrap();
        let stamps = [range.first_stamp(), range.last_stamp()].map(|stamp| stamp.escape_ascii().to_string());
        assert_eq!(stamps.join(" "), expected, "{text}");
    }
}

#[test]
fn the_last_line_of_the_last_log() {
    let dir = folder();
    let lines = |stamps: &[&str]| -> String { stamps.iter().map(|stamp| line(stamp)).collect() };
    let first = |inputs: &[&str]| range("1s", dir.path(), inputs).map(|(first, _)| first);
    write(
        &dir,
        "a/2017-0427-080000.log",
        lines(&["20170427:080001000", "20170427:080002000"]),
    );
    assert_eq!(first(&["a"]).as_deref(), Some("20170427:080001000"));
    // The clock was set back: the last line tells, not the latest.
    write(
        &dir,
        "a/2017-0427-081000.log",
        lines(&["20170427:091000000", "20170427:081002000"]),
    );
    assert_eq!(first(&["a"]).as_deref(), Some("20170427:081001000"));
    // Longer than what is looked at.
    let long = line("20170427:082001000") + &"x".repeat(100_000) + &line("20170427:082005000") + "without a stamp\n";
    write(&dir, "a/2017-0427-082000.log.gz", gzip(long));
    assert_eq!(first(&["a"]).as_deref(), Some("20170427:082004000"));
    // A log that was begun, and has no line yet.
    write(&dir, "a/2017-0427-083000.log", "");
    assert_eq!(first(&["a"]).as_deref(), Some("20170427:082004000"));
    // Without names the latest counts.
    write(&dir, "b.txt", lines(&["20170427:093003000"]));
    write(&dir, "c.txt", lines(&["20170427:083003000"]));
    assert_eq!(first(&["b.txt", "c.txt"]).as_deref(), Some("20170427:093002000"));
    write(&dir, "d.txt", "no line of a log\n");
    assert_eq!(first(&["d.txt"]), None);
    assert_eq!(first(&["none"]), None);
}

#[test]
fn what_is_not_a_time_says_what_is_allowed() {
    let mut said = String::new();
    for text in [
        "0m",
        "99999999999999999999h",
        "9223372036854775807d",
        "-15m",
        "+15m",
        "m",
        "15",
        "15w",
        "1.5h",
        "15 m",
        "tomorrow",
        "",
    ] {
        let error = text.parse::<When>().expect_err(text);
        writeln!(said, "{error}").unwrap();
    }
    insta::assert_snapshot!(said, @"
    `0m` is not a length of time; expected such as 30s, 15m, 2h or 1d
    `99999999999999999999h` is not a length of time; expected such as 30s, 15m, 2h or 1d
    `9223372036854775807d` is not a length of time; expected such as 30s, 15m, 2h or 1d
    `` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday
    `+15m` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday
    `m` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday
    `15` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday
    `15w` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday
    `1.5h` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday
    `15 m` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday
    `tomorrow` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday
    `` is not a time; expected START[-END], each YYYY[mmdd[:HH[MM[SS]]]], such as 20170427:0844-0845, or as 2017-04-27T08:44..2017-04-27T08:45, or 15m, 2h, 1d, today or yesterday
    ");
    let range: TimeRange = "2017".parse().unwrap();
    assert_eq!("2017".parse::<When>(), Ok(When::Range(range)));
}
