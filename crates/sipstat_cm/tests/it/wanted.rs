//! Which messages count: by the ends of their links, and by their call.

use insta::assert_snapshot;

use crate::harness::{TestDir, sipstat};
use crate::logs::{log, request, response};
use crate::tables::{cells, kind_names, windows};

fn three_links() -> String {
    log(&[
        request("BYE").ends("10.2.2.2:40000>10.1.1.1:5070"),
        response(500, "BYE").ends("10.1.1.1:5070>10.2.2.2:40000").out(),
        request("BYE").ends("10.2.2.3:40000>10.1.1.1:5061"),
        request("BYE").ends("10.3.3.3:40000>10.1.1.1:5070").at("20170427:0845"),
    ])
}

#[test]
fn messages_of_a_link() {
    let dir = TestDir::new();
    let names = dir.file("names", "10.2.2.2 sbc\r\n10.2.0.0/16\tcustomer # all of theirs\r\n");
    for (list, expected) in [
        ("10.2.2.2", "10.1.1.1<-5070->sbc"),
        ("10.1.1.1:5061", "10.1.1.1<-5061->customer"),
        ("10.2.0.0/16", "10.1.1.1<-5061->customer 10.1.1.1<-5070->sbc"),
        ("10.2.2.2<-5070->10.1.1.1", "10.1.1.1<-5070->sbc"),
        (
            "customer:5061|10.3.3.3",
            "10.1.1.1<-5061->customer 10.1.1.1<-5070->10.3.3.3",
        ),
        ("10.1.1.1<-5070->SBC", "10.1.1.1<-5070->sbc"),
        ("10.4.4.4", ""),
    ] {
        let run = sipstat().arg("--link").arg(list).arg("--names").arg(&names);
        let said = run.arg("-").stdin(three_links()).success();
        let mut links: Vec<String> = cells(&said.stdout).into_keys().map(|(_, link, ..)| link).collect();
        links.sort();
        links.dedup();
        assert_eq!(links.join(" "), expected, "{list}");
        assert_eq!(windows(&said.stdout), ["20170427:0844", "20170427:0845"], "{list}");
        assert_eq!(said.stderr, "");
    }
}

#[test]
fn messages_of_a_call_are_of_any_type_unless_types_are_named() {
    let content = log(&[
        request("OPTIONS").call("a@b"),
        response(200, "OPTIONS").call("a@b"),
        request("INVITE").call("a@B"),
        response(486, "INVITE").call("c d"),
        request("BYE"),
    ]);
    for (options, expected) in [
        (&["--call", "a@b"][..], "200 OPTIONS"),
        (&["--call", "a@B", "--call=c d"], "486 INVITE"),
        (&["--call", "a@b", "--call=a@B", "--requests=OPTIONS"], "200 OPTIONS"),
        (&["--call", "a@b", "--responses=4"], "OPTIONS"),
        (&["--call", "a@b", "--link=10.2.2.3"], ""),
        (&["--call", "A@B"], ""),
    ] {
        let said = sipstat().args(options).arg("-").stdin(content.as_str()).success();
        assert_eq!(kind_names(&said.stdout).join(" "), expected, "{options:?}");
    }
}

#[test]
fn what_cannot_be_read_is_said_in_a_line() {
    let dir = TestDir::new();
    let names = dir.file("names", "10.2.2.2 sbc\n10.2.2.3 \u{1b}[2J\n");
    let said = |option: &str, value: &std::path::Path| sipstat().arg(option).arg(value).arg("-").exits(2).stderr;
    assert_snapshot!(said("--names", &names), @r"sipstat_cm: [DIR]/names: line 2: `\u{1b}[2J` is not a name that can be shown; expected an address or a network and its names, such as 10.2.2.2 sbc or 10.2.0.0/16 branch");
    assert_snapshot!(said("--names", &dir.path().join("none")), @"sipstat_cm: [DIR]/none: cannot read the names: No such file or directory (os error 2)");
    assert_snapshot!(said("--names", dir.path()), @"sipstat_cm: [DIR]: cannot read the names: Is a directory (os error 21)");
    assert_snapshot!(said("--link", "10.2.2.2,sbc\u{1b}".as_ref()), @r"sipstat_cm: --link: `sbc\u{1b}` is neither an address nor a name that is known; expected a list, with | or , between, of addresses (10.2.2.2), addresses with a port (10.2.2.2:5070, [2001:db8::1]:5070), networks (10.2.0.0/16), links as they are printed (10.1.1.1<-5070->10.2.2.2), and known names");
    assert_snapshot!(said("--call", "".as_ref()), @"sipstat_cm: a value is required for '--call <ID>' but none was supplied; see --help");
}
