//! The page that `--format html` writes.

use crate::harness::{TestDir, sipstat, testdata};
use crate::logs::request;

#[test]
fn a_page_holds_what_the_tables_hold() {
    let run = |options: &[&str]| {
        let said = sipstat().args(options).arg(testdata("readme")).success();
        assert_eq!(said.stderr, "", "{options:?}");
        said.stdout
    };
    let page = run(&["--format", "html"]);
    assert!(
        page.starts_with("<!doctype html>") && page.ends_with("</html>\n"),
        "{page}"
    );
    for expected in [
        "2017-04-27 08:44 to 2017-04-27 08:46",
        "08:44: INVITE 4, ReINVITE 37, BYE 11",
        "08:45: INVITE 10, ReINVITE 23, BYE 14</title>",
        "<tr><th>08:44</th><td>52</td><td>2</td>",
        "sipstat_cm --format html ",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    for jobs in ["1", "4"] {
        let again = run(&["-j", jobs, "--format", "html"]);
        assert_eq!(again.replace(&format!("-j {jobs} "), ""), page);
    }
    assert!(run(&["--classes", "--format=html"]).contains("<tr><th>5xx</th>"));
}

#[test]
fn what_could_not_be_read_stands_on_the_page() {
    let dir = TestDir::new();
    dir.file("2017-0427-084412.log", request("BYE").log());
    dir.file("2017-0427-084413.log", "no <log>\n");
    let said = sipstat().args(["--format", "html"]).arg(dir.path()).exits(1);
    for expected in [
        "1 of 2 inputs could not be read, or not to the end; see below",
        "2017-0427-084413.log",
    ] {
        assert!(said.stdout.contains(expected), "{expected}\n{}", said.stdout);
    }
}

#[test]
fn a_page_has_an_end() {
    let dir = TestDir::new();
    for options in [&["-f"][..], &[]] {
        let refused = sipstat()
            .args(options)
            .args(["--format", "html"])
            .current_dir(dir.path())
            .exits(2);
        assert_eq!(
            refused.stderr,
            "sipstat_cm: --format html is written when all has been read: name files or folders, without -f\n"
        );
    }
}
