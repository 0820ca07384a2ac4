//! Counts as rows: CSV and lines of JSON.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::IpAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::{TestDir, sipstat, testdata};
use crate::logs::{log, request, response};
use crate::tables::{Cells, cells};
use crate::truth::{inputs_of, truth_files};
use insta::assert_snapshot;
use serde_json::Value;

const ALL: [&str; 2] = ["--requests=ALL", "--responses=ALL"];

fn json(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn counts(text: &str) -> Vec<Value> {
    json(text).into_iter().filter(|row| row["kind"] == "count").collect()
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap()
}

/// The window as tables have it, to the second: `20170427:084412`.
fn window(row: &Value) -> String {
    let (date, time) = text(row, "window").split_once('T').unwrap();
    format!("{}:{}", date.replace('-', ""), time.replace(':', ""))
}

fn link(row: &Value) -> String {
    let mut ends: [IpAddr; 2] = ["near", "far"].map(|side| text(row, side).parse().unwrap());
    ends.sort();
    format!("{}<-{}->{}", ends[0], row["port"], ends[1])
}

/// A row of a truth file: second, link, direction, type and method.
type Key = [String; 5];

fn truth(path: &Path) -> BTreeMap<Key, u64> {
    let content = fs::read_to_string(path).unwrap();
    let rows = content.lines().filter_map(|line| {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let (count, key) = words.split_last()?;
        let is_row = words[0].starts_with("20");
        is_row.then(|| (key.to_vec().try_into().unwrap(), count.parse().unwrap()))
    });
    rows.collect()
}

#[test]
fn each_row_is_what_the_truth_says_with_its_method() {
    for path in truth_files(&testdata("")) {
        let is_cut_short = path.parent().unwrap().ends_with("cut-short");
        let run = sipstat().args(ALL).args(["-i", "SEC", "--format", "jsonl"]);
        let said = run.args(inputs_of(&path)).exits(i32::from(is_cut_short));
        let mut found = BTreeMap::new();
        for row in counts(&said.stdout) {
            let [dir, kind, method] = ["dir", "type", "method"].map(|key| text(&row, key).to_owned());
            let key = [window(&row), link(&row), dir, kind, method];
            *found.entry(key).or_default() += row["n"].as_u64().unwrap();
        }
        assert_eq!(found, truth(&path), "{}", path.display());
    }
}

#[test]
fn rows_add_up_to_the_tables_whatever_is_asked_for_and_however_many_work() {
    for options in [
        vec![],
        vec!["--requests=ALL", "--responses=ALL", "-iSEC"],
        vec!["--requests=INVITE|BYE", "--responses=2|5", "-iTENSEC"],
        vec!["-iHOUR", "--requests=ALL", "--responses=ALL"],
        vec!["-t", "20170427:084430-20170427:084515", "--requests=ALL"],
        vec!["--classes", "--responses=ALL", "-iDAY"],
        vec!["--requests=none", "--responses=4xx"],
        vec!["--link=10.2.2.2:5070", "--requests=ALL", "-i10s"],
    ] {
        let run = |more: &[&str]| {
            sipstat()
                .args(&options)
                .args(more)
                .arg(testdata("readme"))
                .success()
                .stdout
        };
        let table = run(&[]);
        let (json, csv) = (run(&["--format=jsonl", "-j1"]), run(&["--format=csv", "-j1"]));
        for jobs in ["-j2", "-j4"] {
            assert_eq!(run(&["--format=jsonl", jobs]), json, "{options:?}");
            assert_eq!(run(&["--format=csv", jobs]), csv, "{options:?}");
        }
        let mut sums = Cells::new();
        for row in counts(&json) {
            let length = cells(&table).keys().next().unwrap().0.len();
            let side = if row["dir"] == "IN" { "IN" } else { "OUT" };
            let window = window(&row)[..length].to_owned();
            let key = (window, link(&row), text(&row, "type").to_owned(), side);
            *sums.entry(key).or_default() += row["n"].as_u64().unwrap();
        }
        assert_eq!(sums, cells(&table), "{options:?}");
        let as_csv = |row: &Value| {
            let values = HEAD.split(',').map(|key| match &row[key] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            values.collect::<Vec<_>>().join(",")
        };
        let lines: Vec<String> = counts(&json).iter().map(as_csv).collect();
        let expected = [&[HEAD.to_owned()], lines.as_slice()].concat();
        assert_eq!(csv.lines().collect::<Vec<_>>(), expected, "{options:?}");
    }
}

const HEAD: &str = "v,kind,window,seconds,near,far,name,port,serves,dir,method,type,n,partial";

/// A far end that has no name of its own has that of its network, if any.
#[test]
fn the_name_of_the_far_end_stands_beside_it() {
    let dir = TestDir::new();
    dir.file("names", "10.1.1.1 cm\n10.2.0.0/16 carrier, north\n");
    let of = |options: &[&str]| {
        let run = sipstat().args(options).args(["--names", "names"]);
        let said = run.arg(testdata("readme").canonicalize().unwrap());
        said.current_dir(dir.path()).success().stdout
    };
    for made in [&[][..], &["--calls"]] {
        let csv = of(&[made, &["--format=csv"]].concat());
        let rows: Vec<&str> = csv.lines().skip(1).collect();
        assert!(!rows.is_empty());
        assert!(
            rows.iter().all(|row| row.contains(",10.1.1.1,10.2.2.2,\"carrier,\",")),
            "{csv}"
        );
        let json = of(&[made, &["--format=jsonl"]].concat());
        let rows = json
            .lines()
            .filter(|row| row.contains("\"far\":\"10.2.2.2\",\"name\":\"carrier,\","));
        assert_eq!(rows.count(), csv.lines().count() - 1, "{json}");
    }
}

/// Who serves follows from direction and kind; the near side is that of the server in whose logs the messages stand.
#[test]
fn near_and_far_and_who_serves() {
    let content = log(&[
        request("BYE"),
        request("BYE").out(),
        response(200, "BYE"),
        response(200, "BYE").out(),
    ]);
    let run = sipstat().args(ALL).args(["--format", "csv", "-"]).stdin(content);
    assert_snapshot!(run.success().stdout);
}

#[test]
fn what_became_of_the_inputs_is_told_and_the_summary_is_last() {
    let dir = TestDir::new();
    let whole = dir.file("2017-0427-084412.log", log(&[request("INVITE")]));
    let cut = testdata("gzip/cut-short/2017-0427-084412.log.gz");
    let cut = dir.file("2017-0427-084413.log.gz", fs::read(cut).unwrap());
    let other = dir.file("other.log", "a text\n");
    let missing = dir.path().join("missing.log");
    let run = sipstat().args(["--format", "jsonl"]).args([missing, other, cut, whole]);
    let said = run.exits(1);
    let inputs: Vec<&str> = said.stdout.lines().filter(|line| line.contains("\"input\"")).collect();
    assert_snapshot!(inputs.join("\n"));
    let last = json(&said.stdout).pop().unwrap();
    assert_eq!((&last["kind"], &last["messages"]), (&"summary".into(), &3.into()));
    let said = sipstat().args(["--format", "jsonl"]).arg(dir.folder("empty")).exits(2);
    assert_eq!(said.stdout, "", "nothing was there to read");
}

/// Some logs between others are missing: the table says so where more than numbers was asked for, lines of JSON always, live too.
#[test]
fn logs_that_are_missing_are_a_gap() {
    let dir = TestDir::new();
    let mut number = 1001;
    for (name, missing) in [("084412", 0), ("084712", 0), ("085712", 94), ("085812", 0)] {
        number += missing;
        let time = format!("20170427:{name}");
        // As many stamps as a clock that leaps is believed by.
        let others = (0..4).map(|place| {
            number += 1;
            format!("{time}00{place}:{}:lxhost(512):MED:[IPEVT x]\n", number - 1)
        });
        let others: String = others.collect();
        let record = log(&[request("BYE").at(&time)]);
        let record = record.lines().map(|text| {
            let (stamp, rest) = (&text[..18], text[19..].split_once(':').unwrap().1);
            number += 1;
            format!("{stamp}:{}:{rest}\n", number - 1)
        });
        let record: String = record.collect();
        dir.file(format!("2017-0427-{name}.log"), others + &record);
    }
    let run = |more: &[&str]| sipstat().args(more).arg(dir.path()).success().stdout;
    assert_snapshot!(run(&["--total"]));
    let lines = run(&["--format", "jsonl", "-j1"]);
    assert_eq!(run(&["--format", "jsonl", "-j4"]), lines);
    let rows: Vec<&str> = lines.lines().filter(|line| !line.contains("\"input\"")).collect();
    assert_snapshot!(rows.join("\n"));
    assert!(!run(&[]).contains("covered"), "the plain table stays as it was");
    let range = ["-t", "20170427:0844-20170427:0857", "--format", "jsonl"];
    let of_windows = |text: String| {
        // Live, what lies behind the range tells more of its last minute.
        let is_other =
            |line: &&str| !line.contains("\"input\"") && !line.contains("\"2017-04-27T08:57:00\",\"seconds\"");
        text.lines().filter(is_other).map(str::to_owned).collect::<Vec<_>>()
    };
    let (batch, live) = (run(&range), run(&[&["-f"][..], &range].concat()));
    assert!(batch.contains("\"gap\"") && batch.contains("\"missing\":94"), "{batch}");
    assert_eq!(of_windows(live), of_windows(batch));
}

/// Reads CSV with the readers of other programs, as far as they are there.
#[test]
fn another_reader_reads_the_same_csv() {
    let readme = testdata("readme");
    let run = |format: &str| {
        sipstat()
            .args(ALL)
            .args(["--format", format])
            .arg(&readme)
            .success()
            .stdout
    };
    let script = "import csv, json, sys\nfor row in csv.DictReader(sys.stdin): print(json.dumps(row))";
    let expected = counts(&run("jsonl"));
    for reader in [
        &["python3", "-c", script][..],
        &["mlr", "-S", "--icsv", "--ojsonl", "cat"],
        &[
            "duckdb",
            "-jsonlines",
            "-c",
            "FROM read_csv('/dev/stdin', all_varchar = true)",
        ],
    ] {
        let Some(text) = read_by(reader, &run("csv")) else {
            eprintln!("{} is not there: it was not tried", reader[0]);
            continue;
        };
        let read = json(&text);
        assert_eq!(read.len(), expected.len(), "{reader:?}");
        for (read, row) in read.iter().zip(&expected) {
            for key in HEAD.split(',') {
                assert_eq!(plain(&read[key]), plain(&row[key]), "{reader:?}: {key}");
            }
        }
    }
}

/// What a program prints that reads `text`; none if it is not there.
fn read_by(command: &[&str], text: &str) -> Option<String> {
    let mut program = Command::new(command[0]);
    program.args(&command[1..]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = program.spawn().ok()?;
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    Some(String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
}

/// A value without the quotes of a text.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
