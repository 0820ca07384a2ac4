mod folders;
mod growing;
mod lost;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Follower, Lost, Step};
use crate::log::Log;
use crate::name::LogName;
use crate::testing::{folder, gzip, write};
use tempfile::TempDir;

const A: &str = "2017-0427-084410.log";
const B: &str = "2017-0427-084411.log";
const C: &str = "2017-0427-084412.log";
const D: &str = "2017-0427-084413.log";

/// What the follower does until there is nothing left to do, in words.
fn steps(follower: &mut Follower) -> String {
    let mut buffer = [0; 7];
    let mut steps: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        let step = follower.poll(&mut buffer, SystemTime::now());
        if let Step::Bytes(length) = step {
            text += std::str::from_utf8(&buffer[..length]).unwrap();
            continue;
        }
        if !text.is_empty() {
            steps.push(format!("read {:?}", std::mem::take(&mut text)));
        }
        steps.push(match step {
            Step::Bytes(_) => unreachable!("taken above"),
            Step::Before { length, written } => {
                assert!(written.is_some());
                format!("before {:?}", std::str::from_utf8(&buffer[..length]).unwrap())
            }
            Step::EndOfLog => "end".to_owned(),
            Step::Lost(Lost { known, after, before }) => {
                let name = |name: Option<LogName>| name.map_or("nothing".to_owned(), |name| name.to_string());
                format!("lost {known} between {} and {}", name(after), name(before))
            }
            Step::Restarted(log) => format!(
                "restarted {}",
                log.name().map_or("it".to_owned(), |name| name.to_string())
            ),
            Step::Failed(error) => {
                let text = error.to_string();
                format!("failed {}", text.rsplit('/').next().unwrap())
            }
            Step::FolderGone(error) => format!("gone{}", error.to_string().rsplit_once(':').unwrap().1),
            Step::FolderBack => "back".to_owned(),
            Step::Idle => break,
        });
    }
    steps.join("; ")
}

fn append(path: &Path, text: &str) {
    let mut file = File::options().append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn at_end(dir: &TempDir) -> Follower {
    Follower::at_end(dir.path().to_owned())
}
