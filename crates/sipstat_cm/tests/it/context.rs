//! `--context`: the rows of disjoint parts of the logs, each with the logs around it, add up to the rows of all logs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::harness::{TestDir, sipstat};
use crate::logs::{request, response};

/// How many logs one record may go on over.
const AROUND: usize = 4;

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    /// True once in `limit` times.
    fn once_in(&mut self, limit: usize) -> bool {
        self.below(limit) == 0
    }
}

/// The lines of one server, and of each record the bytes from its first line to its last.
fn lines(random: &mut Random) -> (Vec<u8>, Vec<(usize, usize)>) {
    let (mut content, mut records) = (Vec::new(), Vec::new());
    let (mut second, mut number) = (0, 1000);
    for _ in 0..30 + random.below(40) {
        second += random.below(12);
        let time = format!(
            "20170427:08{:02}{:02}{:03}",
            second / 60,
            second % 60,
            random.below(1000)
        );
        let message = match random.below(4) {
            0 => response(503, "INVITE").out(),
            1 => response(200, "OPTIONS"),
            2 => request("BYE").out(),
            _ => request("INVITE").ends("10.2.2.3:40000>10.1.1.1:5060"),
        };
        let (process, per_line) = (format!("capro({})", random.below(2)), 16 + random.below(60));
        let begin = content.len();
        for line in message.at(&time).process(&process).per_line(per_line).lines() {
            number += 1;
            let line = line.replace(":1001:", &format!(":{number}:"));
            if !random.once_in(300) {
                content.extend(line.into_bytes());
            }
        }
        records.push((begin, content.len()));
        if random.once_in(5) {
            number += 1;
            let line = format!("{time}:{number}:b(2):M:[IPEVT IPT_DISC board=PROCR]\n");
            content.extend(line.into_bytes());
        }
    }
    (content, records)
}

/// Logs that are cut anywhere, though no record goes on over more than it may. Some bytes are damaged.
fn logs(random: &mut Random) -> Vec<Vec<u8>> {
    let (mut content, records) = lines(random);
    let mut cuts: Vec<usize> = Vec::new();
    for _ in 0..8 + random.below(60) {
        let cut = random.below(content.len());
        let crowded = records.iter().filter(|(begin, end)| (begin..end).contains(&&cut));
        let is_free =
            |(begin, end): &(usize, usize)| cuts.iter().filter(|cut| (begin..end).contains(cut)).count() < AROUND;
        if crowded.clone().all(is_free) {
            cuts.push(cut);
        }
    }
    // Logs without a line, also more in a row than are given as context.
    for _ in 0..random.below(4) {
        let cut = cuts[random.below(cuts.len())];
        if !records.iter().any(|(begin, end)| (begin + 1..*end).contains(&cut)) {
            cuts.extend(vec![cut; random.below(7)]);
        }
    }
    for _ in 0..random.below(6) {
        let at = random.below(content.len());
        content[at] = b"x\n[ 0"[random.below(5)];
    }
    cuts.extend([0, content.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|ends| content[ends[0]..ends[1]].to_vec()).collect()
}

/// Rows by what they are of: their numbers.
type Rows = BTreeMap<String, BTreeMap<String, Option<u64>>>;

/// Adds up the numbers of rows. What is not known of one part is not known of the sum.
fn add(sum: &mut Rows, printed: &str) {
    // What does not add up, as docs/format.md marks it.
    const OTHERS: [&str; 5] = ["v", "seconds", "partial", "first", "last"];
    for line in printed.lines() {
        let row: Map<String, Value> = serde_json::from_str(line).unwrap();
        if ["gap", "input"].contains(&row["kind"].as_str().unwrap()) {
            continue;
        }
        let (numbers, words): (Vec<_>, Vec<_>) = row
            .iter()
            .filter(|(key, _)| !OTHERS.contains(&key.as_str()))
            .partition(|(key, value)| (value.is_number() || value.is_null()) && *key != "port");
        let all = sum.entry(format!("{words:?}")).or_default();
        for (key, value) in numbers {
            let number = all.entry(key.clone()).or_insert(Some(0));
            *number = number.zip(value.as_u64()).map(|(a, b)| a + b);
        }
    }
}

#[test]
fn rows_of_parts_with_the_logs_around_them_add_up_wherever_the_logs_are_cut() {
    let (mut over_ends, mut damaged, mut missing) = (0, 0, 0);
    for seed in 0..20 {
        let mut random = Random(seed);
        let logs = logs(&mut random);
        let dir = TestDir::new();
        let name = |number: usize| format!("2017-0427-07{:02}{:02}.log", number / 60, number % 60);
        let paths: Vec<PathBuf> = logs
            .iter()
            .enumerate()
            .map(|(number, log)| dir.file(name(number), log))
            .collect();
        let rows = |sum: &mut Rows, part: &[PathBuf], context: &[&[PathBuf]]| {
            let options = ["--requests=ALL", "--responses=ALL", "--format=jsonl"];
            let context = context.concat();
            let context = context.iter().flat_map(|path| ["--context".as_ref(), path.as_os_str()]);
            let mut run = sipstat().args(options).args(context).args(part).command();
            let output = run.output().unwrap();
            // Where a part is less than a line, it is not seen to be of a log, and told; that changes no number.
            assert!(output.status.code().is_some_and(|code| code <= 2), "{output:?}");
            add(sum, &String::from_utf8(output.stdout).unwrap());
        };
        let (mut whole, mut sum, mut alone) = (Rows::new(), Rows::new(), Rows::new());
        rows(&mut whole, &paths, &[]);
        let mut begin = 0;
        while begin < paths.len() {
            let end = paths.len().min(begin + 1 + random.below(12));
            let before = &paths[begin.saturating_sub(AROUND)..begin];
            let after = &paths[end..paths.len().min(end + AROUND)];
            rows(&mut sum, &paths[begin..end], &[before, after]);
            rows(&mut alone, &paths[begin..end], &[]);
            begin = end;
        }
        assert_eq!(sum, whole, "seed {seed}");
        over_ends += u32::from(alone != whole);
        let any = |key: &str| {
            whole.values().any(|row| {
                row.get(key)
                    .is_some_and(|number| number.is_some_and(|number| number > 0))
            })
        };
        damaged += u32::from(any("damaged"));
        missing += u32::from(any("missing"));
    }
    assert!(
        over_ends > 15 && damaged > 10 && missing > 5,
        "{over_ends} {damaged} {missing}"
    );
}

#[test]
fn what_is_followed_has_no_context() {
    let dir = TestDir::new();
    let context = dir.file("2017-0427-083950.log", "");
    let said = sipstat().arg("--context").arg(context).exits(2);
    assert_eq!(
        said.stderr,
        "sipstat_cm: --context is for logs that are there: name files or folders, or give -n or -t\n"
    );
}
