//! Disjoint parts of the logs, each read with the logs around it as context, give together what all logs give at once.

use std::convert::Infallible;
use std::fmt::Display;
use std::path::PathBuf;

use ecs_log::Request;
use sip_scan::{Gather, Item, Messages, Origin, Sink, Stamp, Want};
use tempfile::TempDir;

use crate::batch::read;
use crate::logs::{Random, Traffic, write};

/// How many logs one record may lie in behind the one in which it begins.
const AROUND: usize = 4;

/// Keeps what there is to know of each item, damaged ones among them.
struct KeepItems;

impl Gather for KeepItems {
    type Part = Vec<String>;

    fn want(&self) -> Want {
        Want::Text(Messages::ALL)
    }

    fn take(&self, part: &mut Vec<String>, item: &Item<'_>) {
        part.push(match item {
            Item::Message(message) => format!(
                "{:?} {:?} {:?} line {} {:?}",
                message.stamp, message.start_line, message.damage, message.position.line, message.text
            ),
            Item::Damaged(damaged) => {
                format!(
                    "{:?} {:?} line {}",
                    damaged.stamp, damaged.damage, damaged.position.line
                )
            }
            Item::Lines(lines) => format!("{lines:?}"),
            Item::Edge(cut) => format!("{cut:?}"),
        });
    }

    fn held(part: &Vec<String>) -> usize {
        part.iter().map(String::len).sum()
    }
}

/// The items, each with the name of its log before it.
#[derive(Default)]
struct Items {
    log: String,
    all: Vec<String>,
}

impl Sink<Vec<String>> for Items {
    type Error = Infallible;

    fn log(&mut self, name: &dyn Display) {
        self.log = name.to_string();
    }

    fn absorb(&mut self, part: Vec<String>, _from: Origin) -> Result<(), Infallible> {
        self.all
            .extend(part.into_iter().map(|item| format!("{} {item}", self.log)));
        Ok(())
    }

    fn settle(&mut self, _before: Stamp) -> Result<(), Infallible> {
        Ok(())
    }

    fn finish(&mut self, _at: Option<Stamp>) -> Result<(), Infallible> {
        Ok(())
    }
}

fn items(request: &Request, jobs: usize) -> Vec<String> {
    let mut items = Items::default();
    read(&KeepItems, request, jobs, &mut items);
    items.all.sort();
    items.all
}

/// Damages a log somewhere.
fn damage(random: &mut Random, content: &mut Vec<u8>) {
    let Some(at) = content.len().checked_sub(1).map(|last| random.below(last + 1)) else {
        return;
    };
    match random.below(3) {
        0 => content[at] = b"x\n[ 0"[random.below(5)],
        1 => drop(content.drain(at..content.len().min(at + random.below(300)))),
        _ => content.insert(at, b"x\n[ 0"[random.below(5)]),
    }
}

#[test]
fn parts_with_the_logs_around_them_sum_to_the_whole() {
    let mut over_ends = 0;
    for seed in 0..150 {
        let mut random = Random(seed);
        let count = 3 + random.below(12);
        let mut traffic = Traffic::new(&mut random, count);
        for _ in 0..random.below(6) {
            let log = random.below(count);
            damage(&mut random, &mut traffic.files[log].content);
        }
        let dir = TempDir::new().unwrap();
        write(dir.path(), &traffic.files);
        let paths: Vec<PathBuf> = traffic.files.iter().map(|file| dir.path().join(&file.name)).collect();
        let request = |inputs: &[PathBuf], context: Vec<PathBuf>| Request {
            inputs: inputs.iter().map(Into::into).collect(),
            context,
            ..Request::default()
        };
        let whole = items(&request(&paths, Vec::new()), 2);
        let (mut sum, mut alone, mut begin) = (Vec::new(), Vec::new(), 0);
        while begin < count {
            let end = count.min(begin + 1 + random.below(4));
            let before = &paths[begin.saturating_sub(AROUND)..begin];
            let after = &paths[end..count.min(end + AROUND)];
            let part = &paths[begin..end];
            sum.extend(items(&request(part, [before, after].concat()), 1 + random.below(2)));
            alone.extend(items(&request(part, Vec::new()), 1));
            begin = end;
        }
        sum.sort();
        alone.sort();
        assert_eq!(sum, whole, "seed {seed}");
        over_ends += usize::from(alone != whole);
    }
    assert!(over_ends > 50, "the cuts cut records: {over_ends}");
}
