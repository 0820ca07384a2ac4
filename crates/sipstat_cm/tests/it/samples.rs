//! The two examples of the README, byte for byte, whichever way the program gets their logs.

use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::harness::{Run, TestDir, logs_in, sipstat, testdata};

const README: &str = "\
20170427:0844                              INVITE   ReINVITE    BYE       500
                                          IN  OUT   IN  OUT   IN  OUT   IN  OUT
 10.1.1.1<-5070->10.2.2.2                  4    0    5   32    5    6    2    0

20170427:0845                              INVITE   ReINVITE    BYE       500
                                          IN  OUT   IN  OUT   IN  OUT   IN  OUT
 10.1.1.1<-5070->10.2.2.2                 10    0    0   23    4   10    2    0
";

const HOUR: &str = "\
20170427:07                                INVITE     BYE      CANCEL     487       503
                                          IN  OUT   IN  OUT   IN  OUT   IN  OUT   IN  OUT
 10.1.1.1<-5070->10.2.2.2                146    0   25  115    1    0    0    1    1    0
";

/// Each sample: the folder of its logs, the options, what is printed, and how many logs there are.
const SAMPLES: [(&str, &[&str], &str, usize); 2] = [
    ("readme", &[], README, 4),
    (
        "seed-hour",
        &["--requests=INVITE|CANCEL|BYE", "--responses=4|5|6", "-i", "HOUR"],
        HOUR,
        2,
    ),
];

/// Runs both, with what `input` adds to the command line for a folder.
fn check(input: impl Fn(Run, &Path) -> Run) {
    for (folder, options, expected, n_logs) in SAMPLES {
        let logs = testdata(folder);
        assert_eq!(logs_in(&logs).len(), n_logs);
        check_one(input(sipstat().args(options), &logs), expected);
        let copy = TestDir::with_logs_of(folder);
        check_one(input(sipstat().args(options), copy.path()), expected);
    }
}

#[track_caller]
fn check_one(run: Run, expected: &str) {
    let said = run.success();
    assert_eq!(said.stdout, expected);
    assert_eq!(said.stderr, "");
}

#[test]
fn from_a_folder() {
    check(|run, folder| run.arg(folder));
}

#[test]
fn from_the_folder_where_it_runs() {
    check(|run, folder| run.arg(".").current_dir(folder));
    check(|run, folder| run.arg("-d.").arg("-n100").current_dir(folder));
}

#[test]
fn from_named_files_in_any_order() {
    check(|run, folder| run.args(logs_in(folder)));
    check(|run, folder| run.args(logs_in(folder).iter().rev()));
}

#[test]
fn from_a_pattern_that_no_shell_expanded() {
    check(|run, folder| run.arg(folder.join("20*")));
    check(|run, folder| run.arg("2017-0427-0[78]*.lo[g]*").current_dir(folder));
}

#[test]
fn from_a_folder_and_the_last_logs() {
    check(|run, folder| run.arg("-d").arg(folder).arg("-n100"));
    check(|run, folder| run.arg("-d").arg(folder).args(["-n", "4"]));
}

#[test]
fn from_a_range_that_holds_all() {
    check(|run, folder| run.arg("-d").arg(folder).args(["-t", "20170427"]));
}

#[test]
fn from_standard_input() {
    check(|run, folder| {
        let mut content = Vec::new();
        for path in logs_in(folder) {
            let bytes = std::fs::read(path).unwrap();
            let mut decoder = MultiGzDecoder::new(bytes.as_slice());
            if decoder.header().is_some() {
                decoder.read_to_end(&mut content).unwrap();
            } else {
                content.extend(bytes);
            }
        }
        run.arg("-").stdin(content)
    });
}

#[test]
fn compressed_from_standard_input() {
    let (folder, options, expected, _) = SAMPLES[1];
    let parts = logs_in(&testdata(folder))
        .into_iter()
        .map(|path| std::fs::read(path).unwrap());
    let content: Vec<u8> = parts.flatten().collect();
    check_one(sipstat().args(options).arg("-").stdin(content), expected);
}
