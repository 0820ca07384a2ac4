//! However many logs are read at a time, the same is said in the same order.

use crate::harness::{Run, Said, TestDir, gzip, sipstat};
use crate::logs::{Sip, request, response};
use crate::tables::{cells, windows};

/// What the program says with one worker, and must say with any number of them.
#[track_caller]
fn check(run: impl Fn() -> Run, status: i32) -> Said {
    let alone = run().arg("-j1").exits(status);
    for jobs in [&["-j", "2"][..], &["--jobs=3"], &["-j8"], &["-j", "300"], &[]] {
        let said = run().args(jobs).exits(status);
        assert_eq!(said, alone, "{jobs:?}");
    }
    alone
}

/// Numbers that look random and are the same each time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

/// Lines of three processes whose records interleave; one line in 50 is damaged or lost.
pub(crate) fn traffic(random: &mut Random, seconds: u64) -> Vec<String> {
    let mut pending: [Vec<String>; 3] = Default::default();
    let mut lines = Vec::new();
    let mut tick = 0;
    while tick < seconds * 8 {
        let process = usize::try_from(random.below(3)).unwrap();
        if pending[process].is_empty() {
            pending[process] = message(random, tick, process).lines();
            tick += 1;
        }
        let line = pending[process].remove(0);
        match random.below(150) {
            0 => {}
            1 => lines.push(line.replacen("0d", "0x", 1)),
            2 => lines.push(line.replacen(']', "", 1)),
            _ => lines.push(line),
        }
    }
    lines
}

fn message(random: &mut Random, tick: u64, process: usize) -> Sip {
    let (second, millisecond) = (tick / 8, tick % 8 * 125);
    let time = format!("20170427:08{:02}{:02}{millisecond:03}", second / 60, second % 60);
    let port = 5060 + random.below(3);
    let message = match random.below(4) {
        0 => request("INVITE").ends(&format!("10.2.2.2:40000>10.1.1.1:{port}")),
        1 => request("INVITE")
            .in_dialog()
            .ends(&format!("10.1.1.1:40000>10.2.2.2:{port}")),
        2 => request("BYE").ends(&format!("10.3.3.3:40000>10.1.1.1:{port}")),
        _ => response(503, "INVITE").ends(&format!("10.1.1.1:{port}>10.2.2.2:40000")),
    };
    let message = message.at(&time).process(&format!("capro({process})"));
    if random.below(2) == 0 { message.out() } else { message }
}

/// Writes `content` as `count` logs of nearly equal size, cut at any byte; one in ten is empty, one in ten compressed.
fn write_logs(dir: &TestDir, content: &[u8], count: usize, random: &mut Random) {
    let size = content.len() / count;
    let mut begin = 0;
    for n in 0..count {
        let shift = usize::try_from(random.below(200)).unwrap();
        let end = match n % 10 {
            _ if n + 1 == count => content.len(),
            5 => begin,
            _ => size * (n + 1) - shift,
        };
        let name = log_name(n);
        let part = &content[begin..end];
        if n % 10 == 3 {
            dir.file(format!("{name}.gz"), gzip(part));
        } else {
            dir.file(name, part);
        }
        begin = end;
    }
}

/// The name of the `n`th log.
pub(crate) fn log_name(n: usize) -> String {
    format!("2017-0427-08{:02}{:02}.log", n / 60, n % 60)
}

#[test]
fn the_samples() {
    for (folder, interval) in [("readme", "MIN"), ("readme", "SEC"), ("seed-hour", "SEC")] {
        let dir = TestDir::with_logs_of(folder);
        let all = || sipstat().args(["--requests=ALL", "--responses=ALL", "-i", interval]);
        let said = check(|| all().arg(dir.path()), 0);
        assert_eq!(said.stderr, "", "{folder}");
    }
}

#[test]
fn many_small_logs_are_as_one() {
    let mut random = Random(7);
    let content = traffic(&mut random, 300).concat();
    let dir = TestDir::new();
    write_logs(&dir, content.as_bytes(), 300, &mut random);
    let whole = dir.file("whole.txt", &content);
    for interval in ["SEC", "MIN", "DAY"] {
        let run = || sipstat().args(["--requests=ALL", "--responses=ALL", "-i", interval]);
        let said = check(|| run().arg(dir.path()), 0);
        // Where a file ends does not matter.
        let as_one = run().arg(&whole).success();
        assert_eq!(said.stderr, as_one.stderr, "{interval}");
        assert!(said.stdout == as_one.stdout, "{interval}");
        assert!(said.stderr.contains(" records damaged: "), "{}", said.stderr);
    }
    let run = || sipstat().args(["-n250", "-t", "20170427:080010-20170427:080400", "-iS"]);
    let said = check(|| run().arg("-d").arg(dir.path()), 0);
    let windows = windows(&said.stdout);
    assert_eq!(windows.first(), Some(&"20170427:080010"), "{windows:?}");
    assert_eq!(windows.last(), Some(&"20170427:080400"), "{windows:?}");
}

#[test]
fn what_is_told_has_the_order_of_the_logs() {
    let mut random = Random(11);
    let content = traffic(&mut random, 100).concat();
    let dir = TestDir::new();
    write_logs(&dir, content.as_bytes(), 200, &mut random);
    for n in [1, 50, 51, 130, 199] {
        let name = log_name(n);
        let _ = std::fs::remove_file(dir.path().join(&name));
        dir.file(format!("{name}.gz"), [0x1f, 0x8b]);
    }
    let missing = |name: &str| dir.path().join(name);
    let run = || sipstat().arg(missing("z")).arg(dir.path()).arg(missing("a")).arg("-iS");
    let said = check(run, 1);
    let places: Vec<&str> = said.stderr.lines().map(name_of).collect();
    let expected = [
        "z",
        "a",
        "2017-0427-080001.log.gz",
        "2017-0427-080050.log.gz",
        "2017-0427-080051.log.gz",
        "2017-0427-080210.log.gz",
        "2017-0427-080319.log.gz",
        "closing line",
    ];
    assert_eq!(places, expected, "{}", said.stderr);
}

/// The file of `sipstat_cm: [DIR]/FILE: what`.
fn name_of(line: &str) -> &str {
    let path = line.split(": ").nth(1).unwrap();
    path.strip_prefix("[DIR]/").unwrap_or("closing line")
}

#[test]
fn a_log_of_many_links_and_windows_beside_small_ones() {
    let dir = TestDir::new();
    let mut messages = Vec::new();
    for n in 0..3000 {
        let time = format!("20170427:08{:02}{:02}", n / 60, n % 60);
        let ends = format!("10.2.{}.{}:1>10.1.1.1:5060", n / 200, n % 200);
        messages.push(request("BYE").at(&time).ends(&ends));
    }
    // Small ones before, within the same seconds as, and after the large one.
    let parts = [0..10, 10..20, 20..2600, 2600..2610, 2610..3000];
    let lines = |part: &[Sip]| part.iter().flat_map(Sip::lines).collect::<Vec<_>>();
    let mut begun: Vec<String> = Vec::new();
    for (n, part) in parts.into_iter().enumerate() {
        let mut all = std::mem::take(&mut begun);
        all.extend(lines(&messages[part]));
        // The last record goes on in the next log.
        begun = all.split_off(all.len() - 1);
        dir.file(format!("2017-0427-0800{n:02}.log"), all.concat());
    }
    dir.file("2017-0427-080005.log", begun.concat());
    for (interval, n_windows) in [("SEC", 3000), ("MIN", 50), ("DAY", 1)] {
        let said = check(|| sipstat().args(["-i", interval]).arg(dir.path()), 0);
        assert_eq!(said.stderr, "");
        assert_eq!(windows(&said.stdout).len(), n_windows);
        assert_eq!(cells(&said.stdout).len(), 3000);
        assert_eq!(cells(&said.stdout).values().sum::<u64>(), 3000);
    }
}

/// What comes too late for a window that was printed, since there is too much to hold, is the same too.
#[test]
fn a_log_of_more_windows_than_can_be_held_in_no_order() {
    let mut random = Random(5);
    let dir = TestDir::new();
    let message = |_| {
        let second = random.below(20_000);
        let time = format!("20170427:{:02}{:02}{:02}", second / 3600, second / 60 % 60, second % 60);
        request("BYE").at(&time).per_line(1000).log()
    };
    let content: String = (0..30_000).map(message).collect();
    dir.file("2017-0427-000000.log", content);
    let said = check(|| sipstat().arg("-iSEC").arg(dir.path()), 1);
    assert!(said.stderr.contains(" messages not counted"), "{}", said.stderr);
}
