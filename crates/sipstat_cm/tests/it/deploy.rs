//! The commands of `docs/deploy.md` by which the logs of a time are got back.

use std::fs;

use crate::cookbook::printed;
use crate::harness::{TestDir, gzip, testdata};
use crate::logs::request;

#[test]
fn the_commands_that_get_a_time_back_give_the_same_each_time() {
    let dir = TestDir::new();
    // A log every five minutes, whose message ends in the next one.
    let mut rest = String::new();
    for minute in (0..60).step_by(5) {
        let time = format!("20170427:02{minute:02}00");
        let lines = request("INVITE").at(&time).per_line(100).lines();
        let (first, further) = lines.split_first().unwrap();
        for folder in ["backups", "backups/held/case-4711"] {
            dir.file(
                format!("{folder}/2017-0427-02{minute:02}00.log.gz"),
                gzip(format!("{rest}{first}")),
            );
        }
        rest = further.concat();
    }
    let page = fs::read_to_string(testdata("../docs/deploy.md")).unwrap();
    let commands = page.lines().filter_map(|line| line.strip_prefix("    "));
    let commands = Vec::from_iter(commands.filter(|line| line.contains("sipstat_cm ") && !line.contains("--check")));
    let mut tables = Vec::new();
    for command in &commands {
        let table = printed(&command.replace("/var/home/ftp/pub/ecsbkp", "backups"), dir.path());
        if !command.starts_with("tar") {
            tables.push(table);
        }
    }
    assert_eq!((commands.len(), tables.len()), (5, 4), "{commands:?}");
    // The last one reads what is held and what stands around it, and each log once though it lies in both folders.
    let around = tables.pop().unwrap();
    // The last message has no end.
    let hour = Vec::from_iter((0..55).step_by(5).map(|minute| format!("02{minute:02}")));
    assert_eq!(times(&around), hour);
    assert!(around.starts_with(&tables[0]), "{around}");
    assert!(tables.iter().all(|table| *table == tables[0]), "{tables:#?}");
    assert_eq!(times(&tables[0]), ["0200", "0205", "0210", "0215", "0220"]);
}

/// The times of day of a table's windows.
fn times(table: &str) -> Vec<&str> {
    let windows = table.lines().filter_map(|line| line.strip_prefix("20170427:"));
    windows.filter_map(|window| window.get(..4)).collect()
}
