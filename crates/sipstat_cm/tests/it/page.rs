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
        "2017-04-27 08:44 to 2017-04-27 08:45:55",
        "08:44: INVITE 4, ReINVITE 37, BYE 11",
        "08:45: INVITE 10, ReINVITE 23, BYE 14</title>",
        "<tr><th>08:44<td>52<td>2<td class=n></tr>",
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

/// All of the range lies between two logs: the page does not say that there were no calls.
#[test]
fn a_range_in_which_nothing_was_logged_is_no_time_without_calls() {
    let dir = TestDir::new();
    dir.file("2017-0427-084412.log", request("BYE").at("20170427:084412345").log());
    dir.file("2017-0427-090000.log", request("BYE").at("20170427:090000345").log());
    let run = |format: &str| {
        let options = ["-t", "20170427:0850-0855", "--total", "--format", format];
        sipstat().args(options).arg(dir.path()).success().stdout
    };
    let page = run("html");
    for expected in [
        "No SIP message was found.",
        "360 s are not covered by the logs",
        "2017-04-27 08:50 to 2017-04-27 08:56: nothing was logged",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    assert_eq!(run("table"), "20170427:085000 to 20170427:085600: nothing was logged\n");
    let rows = run("jsonl");
    assert!(
        rows.starts_with(r#"{"v":1,"kind":"gap","from":"2017-04-27T08:50:00","to":"2017-04-27T08:56:00"}"#),
        "{rows}"
    );
}

#[test]
fn today_ends_with_the_last_line() {
    let dir = TestDir::new();
    dir.file("2017-0427-000000.log", request("BYE").at("20170427:000000345").log());
    let options = ["-t", "today", "--total"];
    let said = sipstat().args(options).arg(dir.path()).success();
    assert!(!said.stdout.contains("nothing was logged"), "{}", said.stdout);
}

#[test]
fn a_file_of_names_has_a_bound() {
    let dir = TestDir::new();
    let names = dir.file("names", vec![b'\n'; (16 << 20) + 1]);
    let log = dir.file("2017-0427-084412.log", request("BYE").log());
    let run = || sipstat().args(["--names".as_ref(), names.as_os_str()]).arg(&log);
    let refused = run().exits(2);
    assert!(
        refused.stderr.ends_with("names: a file of names has at most 16 MB\n"),
        "{}",
        refused.stderr
    );
    std::fs::write(&names, vec![b'\n'; 16 << 20]).unwrap();
    run().success();
}
