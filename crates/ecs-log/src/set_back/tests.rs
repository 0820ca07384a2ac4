use std::path::Path;

use super::*;
use crate::find::{Inputs, Request};
use crate::testing::{folder, gzip, write};

/// Lines with these times of day and running numbers.
fn lines(lines: &[(&str, u64)]) -> String {
    let line = |(time, number): &(&str, u64)| format!("20171029:{time}000:{number}:capro(1):MED:[x]\n");
    lines.iter().map(line).collect()
}

/// From when to when the clock was set back in the logs of the folder.
fn found(dir: &Path) -> Vec<String> {
    let request = Request {
        folders: vec![dir.to_owned()],
        ..Request::default()
    };
    let inputs = Inputs::new(&request);
    let set_backs = set_backs(inputs.found.iter());
    let text = |found: SetBack| format!("{} to {}", found.from.time(), found.to.time());
    set_backs.into_iter().map(text).collect()
}

#[test]
fn within_a_log() {
    let long = "x".repeat(40_000);
    let (begin, short) = (lines(&[("025959", 1)]), String::new());
    for (between, end, expected) in [
        (&short, lines(&[("025959", 2)]), &[][..]),
        // Lines may be out of order.
        (&short, lines(&[("025859", 2)]), &[]),
        (
            &short,
            lines(&[("025858", 2), ("030000", 3)]),
            &["2:59:59.0 to 2:58:58.0"],
        ),
        (&long, lines(&[("025859", 2), ("030000", 3)]), &[]),
        // Between what is looked at of a long log.
        (
            &long,
            lines(&[("020000", 2), ("020100", 3)]),
            &["2:59:59.0 to 2:01:00.0"],
        ),
        (&long, lines(&[("030000", 2)]), &[]),
    ] {
        let dir = folder();
        write(&dir, "2017-1029-025958.log", format!("{begin}{between}\n{end}"));
        let mut found = found(dir.path());
        // The lines of a short log are looked at as its first and as its last ones.
        found.dedup();
        assert_eq!(found, expected, "{end}");
    }
    // The end of a long log, and a log that is packed.
    let fall = lines(&[("025959", 7), ("020000", 8)]);
    let dir = folder();
    write(
        &dir,
        "2017-1029-025958.log",
        format!("{}{long}\n{fall}", lines(&[("025958", 6)])),
    );
    assert_eq!(found(dir.path()), ["2:59:58.0 to 2:00:00.0", "2:59:59.0 to 2:00:00.0"]);
    let dir = folder();
    write(&dir, "2017-1029-025958.log.gz", gzip(fall));
    assert_eq!(found(dir.path()), ["2:59:59.0 to 2:00:00.0"]);
}

#[test]
fn a_wrong_stamp_is_no_clock() {
    let dir = folder();
    let content = "20991029:025959000:1:a(1):M:[x]\n".to_owned() + &lines(&[("030000", 2)]);
    write(&dir, "2017-1029-025958.log", content);
    assert_eq!(found(dir.path()), Vec::<String>::new());
}

#[test]
fn where_the_number_of_a_log_goes_on_under_an_earlier_name() {
    for (first, expected) in [(3, &["2:59:59.0 to 2:00:00.0"][..]), (4, &[]), (2, &[])] {
        let dir = folder();
        write(&dir, "2017-1029-025958.log", lines(&[("025958", 1), ("025959", 2)]));
        write(
            &dir,
            "2017-1029-020000.log",
            lines(&[("020000", first), ("020001", first + 1)]),
        );
        assert_eq!(found(dir.path()), expected, "{first}");
    }
    // A number that does not rise tells nothing, nor does a later name.
    let dir = folder();
    write(&dir, "2017-1029-025958.log", lines(&[("025958", 2), ("025959", 2)]));
    write(&dir, "2017-1029-020000.log", lines(&[("020000", 3), ("020001", 3)]));
    write(&dir, "2017-1029-030000.log", lines(&[("030000", 4), ("030001", 5)]));
    write(&dir, "2017-1029-030100.log", lines(&[("030100", 6), ("030101", 7)]));
    assert_eq!(found(dir.path()), Vec::<String>::new());
}
