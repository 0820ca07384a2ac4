//! The ways in which the program is run.

/// A way to run the program.
#[derive(Debug)]
pub(super) struct Mode {
    pub(super) name: &'static str,
    /// Words of capitals are names of what lies in the folder in which the program runs.
    pub(super) args: &'static [&'static str],
    /// What standard input is read from.
    pub(super) stdin: Option<&'static str>,
}

const fn mode(name: &'static str, args: &'static [&'static str]) -> Mode {
    let stdin = None;
    Mode { name, args, stdin }
}

const fn piped(name: &'static str, args: &'static [&'static str], from: &'static str) -> Mode {
    let stdin = Some(from);
    Mode { name, args, stdin }
}

/// All modes: each form, and each option that is not Unix's own.
pub(super) const MODES: [Mode; 34] = [
    mode("a folder", &["--requests=ALL", "--responses=ALL", "-iSEC", "LOGS"]),
    mode("a pattern", &["LOGS/2026-*1.log"]),
    mode("gzip, two jobs", &["--requests=ALL", "-iHOUR", "-j2", "GZIP"]),
    mode("tar", &["LOGS.tar"]),
    mode("tar in gzip", &["LOGS.tgz"]),
    mode("zip", &["LOGS.zip"]),
    piped("a log on standard input", &["-"], "LOG"),
    piped("an archive on standard input", &["-"], "LOGS.tgz"),
    mode("the last three logs", &["-n3", "-d", "LOGS"]),
    mode("a range of time", &["-t2026-20270101", "-d", "LOGS"]),
    mode("the last minutes", &["-t2m", "LOGS"]),
    mode("today, by the last line", &["-ttoday", "--interval=TENMIN", "LOGS.zip"]),
    mode("a file that is not there", &["LOGS", "LOGS/2017-0427-000000.log"]),
    mode("wrong usage", &["--interval=WEEK", "LOGS"]),
    mode("CSV", &["--format=csv", "--requests=ALL", "LOGS"]),
    mode("JSON lines", &["--format=jsonl", "LOGS", "LOGS/2017-0427-000000.log"]),
    mode(
        "a page",
        &["--format=html", "--requests=ALL", "--responses=ALL", "LOGS"],
    ),
    mode("a page of calls", &["--format=html", "--calls", "LOGS"]),
    mode(
        "sums, classes and the busiest links",
        &["--total", "--classes", "--top=2", "LOGS"],
    ),
    mode("names and a network", &["--names=NAMES", "--link=inside", "LOGS"]),
    mode("colours", &["--color=always", "LOGS"]),
    mode("calls", &["--calls", "-iHOUR", "LOGS"]),
    mode("calls as CSV", &["--calls", "--format=csv", "LOGS.tgz"]),
    mode("calls as JSON lines", &["--calls", "--format=jsonl", "GZIP"]),
    mode("messages", &["--show", "LOGS"]),
    mode(
        "messages as CSV",
        &["--show", "--format=csv", "--responses=5xx", "GZIP"],
    ),
    mode("messages as JSON lines", &["--show", "--format=jsonl", "LOGS.tar"]),
    mode("whole calls", &["--show", "--whole-calls", "--responses=5xx", "LOGS"]),
    mode("packets", &["--pcap=OUT.pcap", "--show", "LOGS"]),
    mode("packets of damaged records", &["--pcap=OUT.pcap", "--damaged", "GZIP"]),
    mode("a check", &["--check", "-t1h", "-w1", "-c", "-5:1000000", "LOGS"]),
    mode("a check of two folders", &["--check", "-t1h", "-c1:", "LOGS", "GZIP"]),
    mode("a check with wrong usage", &["--check", "--requests=A|B"]),
    mode("logs of a time", &["--list", "-t2026-20270101", "-d", "LOGS"]),
];
