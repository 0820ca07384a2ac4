//! What each option chooses, in every form in which it can be written, and how tables look.

use crate::harness::{Said, TestDir, sipstat, testdata};
use crate::logs::{Sip, log, request, response};
use crate::tables::{kind_names, kinds, tables, windows};
use insta::assert_snapshot;

/// Requests of several types, and responses of every class to several methods.
fn one_of_each() -> String {
    log(&[
        request("INVITE"),
        request("INVITE").in_dialog(),
        request("BYE"),
        request("CANCEL"),
        request("OPTIONS"),
        request("FOO"),
        response(100, "INVITE"),
        response(180, "INVITE"),
        response(182, "INVITE"),
        response(200, "BYE"),
        response(302, "INVITE"),
        response(404, "OPTIONS"),
        response(480, "INVITE"),
        response(486, "BYE"),
        response(503, "INVITE"),
        response(603, "CANCEL"),
    ])
}

#[track_caller]
fn counted(options: &[&str], content: &str) -> String {
    let said = sipstat().args(options).arg("-").stdin(content).success();
    assert_eq!(said.stderr, "", "{options:?}");
    kind_names(&said.stdout).join(" ")
}

#[test]
fn requests_take_their_responses() {
    for (list, expected) in [
        ("INVITE", "100 180 182 302 480 503 INVITE"),
        ("ReINVITE", "100 180 182 302 480 503 ReINVITE"),
        ("reinvite", "100 180 182 302 480 503 ReINVITE"),
        ("BYE", "200 486 BYE"),
        ("CANCEL|BYE", "200 486 603 BYE CANCEL"),
        ("CANCEL,BYE", "200 486 603 BYE CANCEL"),
        ("cancel,bye|options", "200 404 486 603 BYE CANCEL OPTIONS"),
        ("CANCEL | BYE", "200 486 603 BYE CANCEL"),
        ("OPTIONS", "404 OPTIONS"),
        ("MESSAGE", ""),
        ("none", "100 180 182 200 302 404 480 486 503 603"),
        (
            "ALL",
            "100 180 182 200 302 404 480 486 503 603 BYE CANCEL INVITE OPTIONS ReINVITE other",
        ),
        (
            "all",
            "100 180 182 200 302 404 480 486 503 603 BYE CANCEL INVITE OPTIONS ReINVITE other",
        ),
    ] {
        let content = one_of_each();
        for option in ["--requests", "--request"] {
            assert_eq!(
                counted(&[option, list, "--responses=ALL"], &content),
                expected,
                "{list}"
            );
            let joined = format!("{option}={list}");
            assert_eq!(counted(&["--responses=ALL", &joined], &content), expected, "{list}");
        }
    }
}

#[test]
fn responses_by_the_first_digits_of_their_codes() {
    for (list, expected) in [
        ("4|5|6", "404 480 486 503 603"),
        ("4,5,6", "404 480 486 503 603"),
        ("1", "100 180 182"),
        ("18", "180 182"),
        ("182", "182"),
        ("182|480|5", "182 480 503"),
        ("4xx,18X", "180 182 404 480 486"),
        ("none", ""),
        ("182, 480", "182 480"),
        ("6|6|603", "603"),
        ("699", ""),
        ("ALL", "100 180 182 200 302 404 480 486 503 603"),
        ("all", "100 180 182 200 302 404 480 486 503 603"),
    ] {
        let expected = format!("{expected} BYE CANCEL INVITE OPTIONS ReINVITE other");
        for option in ["--responses", "--response"] {
            let content = one_of_each();
            let found = counted(&["--requests=ALL", option, list], &content);
            assert_eq!(found, expected.trim_start(), "{list}");
        }
    }
}

#[test]
fn what_has_no_name_of_its_own_is_the_last_column() {
    let content = log(&[
        request("FOO"),
        request("invite").out(),
        request("INVITE"),
        response(200, "FOO"),
        response(699, "INVITE"),
        response(700, "INVITE"),
        response(999, "BAR").out(),
    ]);
    let all = ["--requests=ALL", "--responses=ALL"];
    let said = sipstat().args(all).arg("-").stdin(&*content).success();
    assert_snapshot!(said.stdout);
    for (options, expected) in [
        (["--requests=ALL", "--responses=7"], None),
        (["--requests=ALL", "--responses=2"], Some("200 INVITE other")),
        (["--requests=INVITE", "--responses=ALL"], Some("699 INVITE other")),
        (["--requests=INVITE", "--responses=6"], Some("699 INVITE")),
    ] {
        match expected {
            Some(expected) => assert_eq!(counted(&options, &content), expected, "{options:?}"),
            None => drop(sipstat().args(options).arg("-").stdin(&*content).exits(2)),
        }
    }
}

#[test]
fn what_counts_by_default() {
    let expected = "480 486 503 603 BYE CANCEL INVITE ReINVITE";
    assert_eq!(counted(&[], &one_of_each()), expected);
    let spelled = ["--requests=INVITE|ReINVITE|BYE|CANCEL", "--responses=4|5|6", "-iMIN"];
    assert_eq!(counted(&spelled, &one_of_each()), expected);
}

#[test]
fn intervals_in_every_form() {
    for (names, expected) in [
        (
            &["SEC", "S", "sec", "s", "1s"][..],
            "20170427:084412 20170427:084413 20170427:084422 20170427:084500 20170427:085000 20170427:094500 \
             20170428:084500",
        ),
        (
            &["TENSEC", "TSEC", "TS", "TenSec", "ts", "10s"],
            "20170427:08441 20170427:08442 20170427:08450 20170427:08500 20170427:09450 20170428:08450",
        ),
        (
            &["MIN", "M", "min", "m", "1m"],
            "20170427:0844 20170427:0845 20170427:0850 20170427:0945 20170428:0845",
        ),
        (
            &["TENMIN", "TMIN", "T", "tmin", "10m"],
            "20170427:084 20170427:085 20170427:094 20170428:084",
        ),
        (&["HOUR", "H", "hour", "h", "1h"], "20170427:08 20170427:09 20170428:08"),
        (&["DAY", "D", "day", "d", "1d"], "20170427 20170428"),
    ] {
        let times = [
            "20170427:084412",
            "20170427:084413",
            "20170427:084422",
            "20170427:084500",
            "20170427:085000",
            "20170427:094500",
            "20170428:084500",
        ];
        let content = log(&times.map(|time| request("BYE").at(time)));
        for name in names {
            let glued = format!("-i{name}");
            let long = format!("--interval={name}");
            for options in [&["-i", name][..], &["--interval", name], &[&glued], &[&long]] {
                let said = sipstat().args(options).arg("-").stdin(content.as_str()).success();
                assert_eq!(windows(&said.stdout).join(" "), expected, "{options:?}");
            }
        }
    }
}

#[test]
fn the_last_logs() {
    let dir = TestDir::new();
    for second in 10..20 {
        let bye = request("BYE").at(&format!("20170427:0844{second}"));
        dir.file(format!("2017-0427-0844{second}.log"), bye.log());
    }
    dir.file("trace.txt", "of no interest");
    for (options, expected) in [
        (&["-n1"][..], "20170427:084419"),
        (&["-n", "2"], "20170427:084418 20170427:084419"),
        (&["--last", "2"], "20170427:084418 20170427:084419"),
        (&["--last=2"], "20170427:084418 20170427:084419"),
        (
            &["-n3", "-t", "20170427:084400-20170427:084412"],
            "20170427:084410 20170427:084411 20170427:084412",
        ),
        (
            &["-n2", "-t", "2017-20170427:084412"],
            "20170427:084411 20170427:084412",
        ),
    ] {
        let run = sipstat().args(["-i", "SEC"]).args(options);
        let said = run.arg("-d").arg(dir.path()).success();
        assert_eq!(windows(&said.stdout).join(" "), expected, "{options:?}");
        let named = sipstat().args(["-i", "SEC"]).args(options).arg(dir.path().join("20*"));
        assert_eq!(named.success(), said, "{options:?}");
    }
    for count in ["-n10", "-n100", "-n18446744073709551615"] {
        let said = sipstat().args(["-i", "SEC", count]).arg(dir.path()).success();
        assert_eq!(windows(&said.stdout).len(), 10, "{count}");
    }
}

#[test]
fn folders_may_be_given_more_than_once() {
    let dir = TestDir::new();
    dir.file("a/2017-0427-084412.log", request("BYE").log());
    dir.file("b/2017-0427-084512.log", request("CANCEL").at("20170427:084512").log());
    let (a, b) = (dir.path().join("a"), dir.path().join("b"));
    let run = sipstat().arg("-n9").arg("-d").arg(&a).arg("--dir").arg(&b);
    assert_eq!(kind_names(&run.success().stdout), ["BYE", "CANCEL"]);
    let last = sipstat().arg("-n1").arg("-d").arg(&b).arg("-d").arg(&a);
    assert_eq!(kind_names(&last.success().stdout), ["CANCEL"]);
    let twice = sipstat().arg("-n9").arg("-d").arg(&a).arg("-d").arg(&a);
    assert_eq!(kinds(&twice.success().stdout), [("BYE".to_owned(), 1)]);
}

/// Whoever names logs does not ask for those of a folder.
#[test]
fn named_logs_are_read_instead_of_folders() {
    let dir = TestDir::new();
    dir.file("2017-0427-084412.log", request("BYE").log());
    let named = dir.file("named/2017-0427-084412.log", request("CANCEL").log());
    let said = sipstat().arg("-d").arg(dir.path()).arg(named).success();
    assert_eq!(kind_names(&said.stdout), ["CANCEL"]);
}

#[test]
fn options_may_follow_the_files() {
    let dir = TestDir::new();
    let path = dir.file("2017-0427-084412.log", request("BYE").log());
    let said = sipstat().arg(&path).args(["-i", "HOUR"]).success();
    assert_eq!(windows(&said.stdout), ["20170427:08"]);
    let said = sipstat().args(["-i", "HOUR", "--"]).arg(&path).success();
    assert_eq!(windows(&said.stdout), ["20170427:08"]);
}

fn tables_of(messages: &[Sip]) -> Said {
    let options = ["--requests=ALL", "--responses=ALL", "-"];
    sipstat().args(options).stdin(log(messages)).success()
}

#[test]
fn columns_and_rows_have_an_order() {
    let said = tables_of(&[
        response(503, "BYE").ends("10.9.1.1:5061>10.10.1.1:1"),
        request("MESSAGE").ends("10.10.1.1:1>10.9.1.1:5061"),
        request("OPTIONS").ends("10.10.1.1:1>10.9.1.1:443"),
        request("INVITE").in_dialog().out(),
        request("INVITE"),
        response(200, "INVITE").out(),
        response(100, "INVITE").out(),
    ]);
    assert_snapshot!(said.stdout, @"
    20170427:0844                              INVITE   ReINVITE  OPTIONS   MESSAGE     100       200       503
                                              IN  OUT   IN  OUT   IN  OUT   IN  OUT   IN  OUT   IN  OUT   IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0    0    1    0    0    0    0    0    1    0    1    0    0
     10.9.1.1<-443->10.10.1.1                  0    0    0    0    1    0    0    0    0    0    0    0    0    0
     10.9.1.1<-5061->10.10.1.1                 0    0    0    0    0    0    1    0    0    0    0    0    1    0
    ");
}

#[test]
fn the_links_that_are_longest_and_shortest() {
    let said = tables_of(&[
        request("BYE").ends("255.255.255.255:65535>255.255.255.254:65535"),
        request("REGISTER").ends("0.0.0.0:0>0.0.0.0:0"),
    ]);
    assert_snapshot!(said.stdout, @"
    20170427:0844                                BYE     REGISTER
                                               IN  OUT   IN  OUT
     0.0.0.0<-0->0.0.0.0                        0    0    1    0
     255.255.255.254<-65535->255.255.255.255    1    0    0    0
    ");
}

#[test]
fn a_window_in_which_nothing_counts_is_its_time_alone() {
    let said = sipstat().args(["--requests=BYE", "-"]).stdin(log(&[
        request("OPTIONS").at("20170427:0843"),
        request("BYE").at("20170427:0844"),
        request("FOO").at("20170427:0845"),
        request("OPTIONS").at("20170427:0846"),
    ]));
    assert_snapshot!(said.success().stdout, @"
    20170427:0843

    20170427:0844                               BYE
                                              IN  OUT
     10.1.1.1<-5070->10.2.2.2                  1    0

    20170427:0845

    20170427:0846
    ");
}

#[test]
fn wide_numbers_do_not_run_together() {
    // A record as short as one can be.
    let record = "8a 04 01 01 01 01 00 01 04 01 01 01 02 00 01 00 02 42 59 45 20 61 20 53 49 50 2f 32 2e 30 0a 43 53 65 \
                  71 3a 31 20 42 59 45 0a 0a";
    let inward = format!("20170427:084412000:1:a:M:[MST 43 {record}]\n");
    let outward = inward.replace("8a 04", "8b 04");
    let content = inward.repeat(100_000) + &outward.repeat(12_345);
    let said = sipstat().arg("-").stdin(content).success();
    assert_eq!(said.stderr, "");
    assert_snapshot!(said.stdout, @"
    20170427:0844                                 BYE
                                                IN   OUT
     1.1.1.1<-1->1.1.1.2                    100000 12345
    ");
}

#[test]
fn tables_have_a_blank_line_between_and_no_blanks_at_line_ends() {
    for interval in ["SEC", "TENSEC", "MIN", "DAY"] {
        for folder in [
            "readme",
            "rules/windows",
            "rules/requests",
            "rules/responses",
            "rules/link",
        ] {
            for list in ["ALL", "MESSAGE"] {
                let requests = format!("--requests={list}");
                let run = sipstat().args([requests.as_str(), "--responses=ALL", "-i", interval]);
                let text = run.arg(testdata(folder)).success().stdout;
                assert!(
                    !text.starts_with('\n') && text.ends_with('\n') && !text.ends_with("\n\n"),
                    "{text}"
                );
                assert!(!text.contains("\n\n\n"), "{text}");
                for line in text.lines() {
                    assert_eq!(line, line.trim_end());
                }
                let windows = windows(&text);
                assert!(windows.is_sorted_by(|a, b| a < b), "{windows:?}");
                assert_eq!(tables(&text).count(), windows.len());
            }
        }
    }
}

#[test]
fn sums_and_the_busiest_links() {
    let run = |options: &[&str]| {
        let all = ["--requests=ALL", "--responses=ALL", "-i", "HOUR"];
        let said = sipstat().args(all).args(options).arg(testdata("rules/link")).success();
        assert_eq!(said.stderr, "", "{options:?}");
        said.stdout
    };
    assert_snapshot!(run(&["--total", "--top=1"]));
    assert_eq!(run(&["--top", "1000"]).lines().count(), run(&[]).lines().count());
    let refused = sipstat().arg("--top=0").arg("-").exits(2);
    assert_snapshot!(refused.stderr);
}

#[test]
fn codes_by_class() {
    let content = one_of_each();
    let run = |options: &[&str]| {
        sipstat()
            .args(options)
            .args(["--responses=ALL", "--requests=ALL", "-"])
            .stdin(content.clone())
            .success()
    };
    let by_class = kinds(&run(&["--classes"]).stdout);
    let count = |class: &str| by_class.iter().find(|(kind, _)| kind == class).map(|(_, count)| *count);
    let counts = ["1xx", "2xx", "3xx", "4xx", "5xx", "6xx", "INVITE"].map(|class| count(class).unwrap());
    assert_eq!(counts, [3, 1, 1, 3, 1, 1, 1]);
    let of_readme = sipstat().arg("--classes").arg(testdata("readme")).success().stdout;
    assert_eq!(
        of_readme,
        sipstat().arg(testdata("readme")).success().stdout.replace("500", "5xx")
    );
}
