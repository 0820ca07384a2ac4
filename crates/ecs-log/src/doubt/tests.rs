use std::fs::File;

use tempfile::TempDir;

use super::*;
use crate::testing::write;
use crate::when::When;

/// Folders of logs. A log is a folder and the time in its name, `a/0840`.
struct Servers {
    dir: TempDir,
    now: SystemTime,
}

impl Servers {
    /// Each log with the times of its lines. All were written to just now.
    fn new(logs: &[(&str, &[&str])]) -> Servers {
        let dir = crate::testing::folder();
        let servers = Servers {
            dir,
            now: SystemTime::now(),
        };
        for (log, times) in logs {
            let folder = log.split('/').next().unwrap();
            let line = |time: &&str| format!("20171029:{time}000:1:{folder}(1):MED:[x]\n");
            write(&servers.dir, &name(log), times.iter().map(line).collect::<String>());
            servers.age(log, 0);
        }
        servers
    }

    /// Says that a log was written to so many seconds ago.
    fn age(&self, log: &str, seconds: u64) {
        let file = File::options()
            .write(true)
            .open(self.dir.path().join(name(log)))
            .unwrap();
        file.set_modified(self.now - Duration::from_secs(seconds)).unwrap();
    }

    /// What is doubtful of `when` in these folders; nothing where that is empty.
    fn doubt_of(&self, when: &str, folders: &[&str]) -> String {
        let request = Request {
            folders: folders.iter().map(|folder| self.dir.path().join(folder)).collect(),
            ..Request::default()
        };
        let when: When = when.parse().unwrap();
        let checked = when.checked(&request, self.now).unwrap().unwrap();
        let doubt = checked.doubt.unwrap_or_default();
        doubt.replace(&format!("{}/", self.dir.path().display()), "")
    }

    fn doubt(&self, folders: &[&str]) -> String {
        self.doubt_of("5m", folders)
    }
}

fn name(log: &str) -> String {
    let (folder, time) = log.split_once('/').unwrap();
    format!("{folder}/2017-1029-{time}00.log")
}

#[test]
fn a_server_that_stopped() {
    let servers = Servers::new(&[
        ("a/0840", &["084000", "084100"]),
        ("a/0844", &["084400", "084510"]),
        ("b/0844", &["084400", "084510"]),
    ]);
    assert_eq!(servers.doubt(&["a", "b"]), "");
    // An older log may be as old as it is.
    servers.age("a/0840", 9999);
    servers.age("a/0844", 600);
    assert_eq!(servers.doubt(&["a"]), "");
    servers.age("a/0844", 601);
    assert_eq!(
        servers.doubt(&["a"]),
        "nothing was written to the newest log for 10 min"
    );
    assert_eq!(
        servers.doubt(&["a", "b"]),
        "a: nothing was written to the newest log for 10 min"
    );
    assert_eq!(
        servers.doubt(&["b", "a"]),
        "a: nothing was written to the newest log for 10 min"
    );
    assert_eq!(servers.doubt(&["b"]), "");
    assert_eq!(servers.doubt_of("6m", &["a"]), "");
    assert_eq!(servers.doubt_of("20171029:0840-0845", &["a"]), "");
    servers.age("a/0844", 0);
    let folder = servers.dir.path().join("empty");
    std::fs::create_dir(&folder).unwrap();
    for empty in ["empty", "missing"] {
        assert_eq!(servers.doubt(&["a", empty, "b"]), format!("{empty}: no ECS logs"));
    }
    // The same folder in two ways, and the folder above.
    assert_eq!(servers.doubt(&["a", "empty/../a"]), "");
    assert_eq!(servers.doubt(&["a", "."]), "");
    // By its own clock.
    let servers = Servers::new(&[("a/0840", &["084000", "084510"]), ("b/0830", &["083000", "083959"])]);
    assert_eq!(
        servers.doubt(&["a", "b"]),
        "b: the last line is of 20171029:083959, long before those of other folders"
    );
    assert_eq!(servers.doubt_of("6m", &["a", "b"]), "");
}

#[test]
fn a_folder_that_is_not_there_beside_a_good_one() {
    let servers = Servers::new(&[("a/0840", &["084000", "084510"])]);
    for (other, doubt) in [
        ("missing", "missing: no ECS logs"),
        ("a", ""),
        // A log that was named may be deleted since, and a pattern need not match.
        ("a/2017-1029-083000.log", ""),
        ("b*", ""),
    ] {
        let inputs = ["a", other].map(|input| servers.dir.path().join(input).into_os_string());
        let request = Request {
            inputs: inputs.into(),
            ..Request::default()
        };
        let checked = When::Last(time::Duration::minutes(5)).checked(&request, servers.now);
        let said = checked.unwrap().unwrap().doubt.unwrap_or_default();
        assert_eq!(
            said.replace(&format!("{}/", servers.dir.path().display()), ""),
            doubt,
            "{other}"
        );
    }
}

#[test]
fn a_folder_of_backups_may_be_behind_its_server() {
    let servers = Servers::new(&[("a/0840", &["084000", "084100"]), ("a/0844", &["084400", "084510"])]);
    let copy = |log: &str| {
        let to = servers.dir.path().join(name(&log.replace("a/", "b/")));
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(servers.dir.path().join(name(log)), to).unwrap();
        servers.age(&log.replace("a/", "b/"), 9999);
    };
    copy("a/0840");
    assert_eq!(servers.doubt(&["a", "b"]), "");
    copy("a/0844");
    assert_eq!(servers.doubt(&["b", "a"]), "");
    servers.age("a/0844", 9999);
    assert_eq!(
        servers.doubt(&["b", "a"]),
        "nothing was written to the newest log for 2 h"
    );
}

#[test]
fn a_clock_that_was_set_back() {
    let text = "the clock was set back from 02:59:59 to 02:00:00: the newest minutes cannot be told from older ones";
    let night: &[(&str, &[&str])] = &[
        ("a/0159", &["015900", "015959"]),
        ("a/0258", &["025800", "025859"]),
        ("a/0259", &["025900", "025959", "020000", "020001"]),
    ];
    let later = |logs: &[(&'static str, &'static [&'static str])]| Servers::new(&[night, logs].concat());
    assert_eq!(later(&[]).doubt(&["a"]), text);
    assert_eq!(later(&[("a/0201", &["020100", "020200"])]).doubt(&["a"]), text);
    assert_eq!(later(&[("a/0300", &["030000", "030200"])]).doubt(&["a"]), text);
    assert_eq!(later(&[("a/0300", &["030000", "030500"])]).doubt(&["a"]), "");
    assert_eq!(later(&[("a/0300", &["030000", "030459"])]).doubt(&["a"]), text);
    // A day that has an hour twice is a day all the same, when the hour is over.
    assert_eq!(
        later(&[("a/0300", &["030000", "030200"])]).doubt_of("today", &["a"]),
        ""
    );
    assert_eq!(later(&[]).doubt_of("today", &["a"]), text);
    // Before, it is as every day.
    assert_eq!(Servers::new(&night[..2]).doubt(&["a"]), "");
}

#[test]
fn a_log_that_was_written_to_after_the_last_name() {
    let servers = Servers::new(&[("a/0200", &["020000", "020500"]), ("a/0259", &["025900", "025959"])]);
    servers.age("a/0259", 2);
    assert_eq!(servers.doubt(&["a"]), "");
    servers.age("a/0259", 3);
    assert_eq!(
        servers.doubt(&["a"]),
        "2017-1029-020000.log was written to after 2017-1029-025900.log: was the clock set back? The newest minutes cannot be told"
    );
}

#[test]
fn lengths_in_words() {
    let lengths = [1, 119, 120, 7199, 7200, 172_799, 172_800].map(|seconds| length(Duration::from_secs(seconds)));
    insta::assert_snapshot!(lengths.join(", "), @"1 s, 119 s, 2 min, 119 min, 2 h, 47 h, 2 d");
}
